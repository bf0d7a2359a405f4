/** The token of every word that the vocabulary does not hold; id 0. */
export const UNKNOWN = 'xxunk';
/** Fills short documents up in a batch; id 1. */
export const PAD = 'xxpad';
/** The first token of every document. */
export const BEGIN = 'xxbos';
/** End of a document; has its place in the vocabulary, the rules do not write it (as in fastai). */
export const END = 'xxeos';
/** Stands before the number of a text column when a row has several. */
export const FIELD = 'xxfld';
/** `xxrep n c`: the character `c` stood `n` times. */
export const REPEATED_CHARACTER = 'xxrep';
/** `xxwrep n w`: the word `w` stood `n` times. */
export const REPEATED_WORD = 'xxwrep';
/** The next word was in capitals. */
export const ALL_CAPITALS = 'xxup';
/** The next word began with a capital. */
export const CAPITALISED = 'xxmaj';

/** All special tokens in the order of their ids 0 to 8 (fastai `defaults.text_spec_tok`). */
export const SPECIAL_TOKENS: readonly string[] = [
  UNKNOWN,
  PAD,
  BEGIN,
  END,
  FIELD,
  REPEATED_CHARACTER,
  REPEATED_WORD,
  ALL_CAPITALS,
  CAPITALISED,
];

/** Id of {@link UNKNOWN} in every vocabulary. */
export const UNKNOWN_ID = 0;
/** Id of {@link PAD} in every vocabulary. */
export const PAD_ID = 1;
