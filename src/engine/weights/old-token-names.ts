import { SPECIAL_TOKENS } from '../text/special-tokens';

/** Special tokens of fast.ai 0.7 and what fastai 2 calls them. */
const MODERN_TOKENS: Readonly<Record<string, string>> = {
  _unk_: 'xxunk',
  _pad_: 'xxpad',
  _bos_: 'xxbos',
  xbos: 'xxbos',
  _eos_: 'xxeos',
  xfld: 'xxfld',
  tk_rep: 'xxrep',
  tk_wrep: 'xxwrep',
  t_up: 'xxup',
};

/** Words under fastai 2's names for special tokens; says in `notes` which were renamed. */
export function renameSpecialTokens(words: readonly string[], notes: string[]): string[] {
  const known = new Set(words);
  return words.map((word) => {
    const modern = Object.hasOwn(MODERN_TOKENS, word) ? MODERN_TOKENS[word] : undefined;
    if (modern === undefined || known.has(modern)) return word;
    known.add(modern);
    notes.push(`The word ${word} is called ${modern} here.`);
    return modern;
  });
}

/** SentencePiece's piece for text that no other piece fits. */
const UNKNOWN_PIECE = '<unk>';

/**
 * The words of a model of sub-words: fastai's SentencePiece tokenizer writes special tokens with the mark of the space
 * before them, and fastai 2 fills places 0 to 8 with the same without it, which no text ever uses. fastai 1 (MultiFiT)
 * takes the pieces' own ids: there unknown text is `<unk>`, and `▁xxunk` is what no text ever uses.
 */
export function subwordNames(words: readonly string[]): string[] {
  const special = new Set(SPECIAL_TOKENS);
  const marked = new Set(words.filter((word) => word.startsWith('▁') && special.has(word.slice(1))));
  const hasOwnIds = words.includes(UNKNOWN_PIECE);
  return words.map((word) => {
    if (hasOwnIds && word === UNKNOWN_PIECE) return 'xxunk';
    // The first of several words of one name counts: these must not be it.
    if (hasOwnIds && (word === '▁xxunk' || word === 'xxunk')) return 'xxfake';
    if (marked.has(word)) return word.slice(1);
    return marked.has(`▁${word}`) ? 'xxfake' : word;
  });
}
