import { z } from 'zod';
import { choice, whole, type OptionField } from './option-field';

const language: OptionField<z.ZodString> = {
  schema: z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]+)*$/),
  values: 'a code such as en, de, zh',
  control: { kind: 'text' },
  effect:
    'The language of the texts, whose rules cut them into words: zh, ja, th, lo, km, my without spaces; de, fr, it, ca by rules of their own; all others by the common ones.',
  symbol: 'SpacyTokenizer(lang)',
  usual: 'found out from the letters and small words of the texts',
};

/** Options of tokenization: words or sub-words, language, vocabulary. Each field is made with the helpers of `option-field.ts`. */
export const textOptions = {
  tokenizer: choice(['words', 'sentencepiece'], {
    effect:
      'Words, or sub-words of a SentencePiece unigram model that is learned from the texts (or comes with the pretrained language model).',
    symbol: 'SpacyTokenizer, SentencePieceTokenizer; Kudo 2018',
    usual: 'that of the pretrained language model; words from scratch',
  }),
  language,
  maxVocabulary: whole(100, 1_000_000, {
    effect: 'Most entries of the vocabulary; of sub-words, most pieces.',
    symbol: 'make_vocab(max_vocab), SentencePieceTokenizer(max_vocab_sz)',
    usual: '60,000 words; 30,000 sub-words, fewer for few texts',
  }),
  minCount: whole(1, 1_000_000, {
    effect: 'A word seen less often is unknown.',
    symbol: 'make_vocab(min_freq)',
    usual: '2',
  }),
  unseenWords: choice(['keep', 'drop'], {
    effect:
      'Words that the pretrained language model knows and your texts have not: kept, the classifier can read them in new texts; dropped, its folder is smaller.',
    symbol: 'none (fastai drops them: match_embeds)',
    usual: 'keep',
  }),
} as const;
