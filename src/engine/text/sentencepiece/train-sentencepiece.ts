import { AppError } from '../../../shared/errors';
import { applyRules } from '../rules';
import { SPECIAL_TOKENS } from '../special-tokens';
import { PIECE, writeModelProto, type NormalizerSpec, type Piece } from './model-proto';
import { Normalizer, SPACE_MARK } from './normalizer';
import { trainingRuns } from './training-runs';
import { trainUnigram } from './unigram-training';

/** What sub-words are learned from a text. */
export interface SentencePieceTraining {
  /** ISO 639-1 code of the language, which decides on the share of characters that is learned. */
  readonly language: string;
  /** Most pieces; 30,000 where left out. Small texts give fewer. */
  readonly maxPieces?: number;
  /** Exactly so many pieces, as far as the text has them. */
  readonly pieces?: number;
  /** The rules for characters: `nmt_nfkc` of SentencePiece. */
  readonly charsmap: Uint8Array;
}

/** The languages for which fastai's `SentencePieceTokenizer` learns nearly every character (`eu_langs`). */
const EUROPEAN: ReadonlySet<string> = new Set(
  'bg cs da de el en es et fi fr ga hr hu it lt lv mt nl pl pt ro sk sl sv'.split(' '),
);
const MOST_PIECES = 30_000;
/** Pieces that training begins with, for each one that is wanted; and the bounds of that number. */
const SEEDS_PER_PIECE = 20;
const FEWEST_SEEDS = 50_000;
/** Characters of distinct words that are learned from: bounds memory and time. */
const MOST_UNITS = 4_000_000;

/** The special tokens as pieces: each is a word of its own in a text that the rules have gone over. */
export const SPECIAL_PIECES: readonly string[] = SPECIAL_TOKENS.map((token) => SPACE_MARK + token);

/**
 * Learns a unigram model of SentencePiece as fastai's `SentencePieceTokenizer.train` has it learned: from texts that the
 * rules have gone over, with the special tokens as ids 0 to 8 and the unknown piece as id 9.
 * @yields share of the work that is done
 * @returns the bytes of a `.model` file
 * @throws AppError `bad-input` where the texts hold nothing to learn from
 */
export function* trainSentencePiece(
  texts: Iterable<string>,
  options: SentencePieceTraining,
): Generator<number, Uint8Array> {
  const normalizer: NormalizerSpec = {
    name: 'nmt_nfkc',
    charsmap: options.charsmap,
    addDummyPrefix: true,
    removeExtraWhitespaces: true,
    escapeWhitespaces: true,
  };
  const words = new Map<string, number>();
  yield* countWords(texts, new Normalizer(normalizer, SPECIAL_PIECES, false, 'nmt_nfkc'), words);
  const most = options.pieces ?? options.maxPieces ?? MOST_PIECES;
  const meta = SPECIAL_PIECES.length + 1;
  const coverage = EUROPEAN.has(options.language) ? 0.99999 : 0.9998;
  const runs = trainingRuns(words, {
    coverage,
    symbols: SPECIAL_PIECES,
    mostCharacters: Math.max(1, most - meta),
    mostUnits: MOST_UNITS,
  });
  if (runs.counts.length === 0) throw new AppError('bad-input', 'The texts hold no words to learn sub-words from.');
  const characters = runs.alphabet.length - 1;
  const size = options.pieces ?? Math.min(most, usualSize(words.size, characters, meta));
  words.clear();
  const seeds = Math.max(FEWEST_SEEDS, SEEDS_PER_PIECE * size);
  const training = trainUnigram(runs, { size: size - meta, seeds });
  let step = training.next();
  for (; !step.done; step = training.next()) yield 0.1 + 0.9 * step.value;
  const pieces: Piece[] = [
    ...SPECIAL_PIECES.map((text) => ({ text, score: 0, type: PIECE.USER_DEFINED })),
    { text: '<unk>', score: 0, type: PIECE.UNKNOWN },
    ...step.value.map(({ text, score }) => ({ text, score, type: PIECE.NORMAL })),
  ];
  return writeModelProto(pieces, normalizer, { characterCoverage: coverage });
}

/**
 * A quarter of the number of different words, a multiple of 8 (fastai `_get_vocab_sz`). Texts without spaces have few
 * "words" and many characters: at least three pieces a character.
 */
function usualSize(words: number, characters: number, meta: number): number {
  const size = Math.max(words / 4, 3 * characters) + meta;
  return Math.ceil(size / 8) * 8;
}

/** Texts that are gone over before a sign of life. */
const TEXTS_IN_ONE_GO = 500;

function* countWords(
  texts: Iterable<string>,
  normalizer: Normalizer,
  words: Map<string, number>,
): Generator<number, void> {
  let done = 0;
  for (const text of texts) {
    const normalized = normalizer.normalize(applyRules(text));
    for (let start = 0; start < normalized.length;) {
      const next = normalized.indexOf(SPACE_MARK, start + 1);
      const end = next < 0 ? normalized.length : next;
      const word = normalized.slice(start, end);
      words.set(word, (words.get(word) ?? 0) + 1);
      start = end;
    }
    if (++done % TEXTS_IN_ONE_GO === 0) yield 0.1 * (1 - 1 / (1 + done / 5000));
  }
}
