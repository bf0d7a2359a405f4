import {
  ALL_CAPITALS,
  BEGIN,
  CAPITALISED,
  END,
  FIELD,
  PAD,
  REPEATED_CHARACTER,
  REPEATED_WORD,
  UNKNOWN,
} from '../text/special-tokens';

/** Tokens that say nothing to a person. */
const silent: ReadonlySet<string> = new Set([BEGIN, END, PAD]);
const noSpaceBefore = /^([.,;:!?%)\]}]|n't|'(s|m|d|re|ve|ll)?$)/;
const noSpaceAfter = /[([{$#£€]$/;

/**
 * Tokens as a person would write them: rules of capitals and repetitions undone, words joined by blanks, sub-words (a
 * leading ▁ stands for a blank) run together. Words that the vocabulary does not hold become an ellipsis.
 */
export function readableText(tokens: readonly string[], subwords: boolean): string {
  let text = '';
  let next: 'as-is' | 'capital' | 'capitals' = 'as-is';
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] ?? '';
    if (silent.has(token)) continue;
    if (token === FIELD) i += 1;
    else if (token === CAPITALISED) next = 'capital';
    else if (token === ALL_CAPITALS) next = 'capitals';
    else if (token === REPEATED_CHARACTER || token === REPEATED_WORD) {
      const [count, what] = [Math.min(20, Number(tokens[i + 1])), tokens[i + 2] ?? ''];
      i += 2;
      if (Number.isInteger(count) && count > 0)
        text = joined(
          text,
          Array<string>(count)
            .fill(what)
            .join(token === REPEATED_WORD ? ' ' : ''),
          subwords,
        );
    } else {
      const word = token === UNKNOWN ? '…' : token;
      text = joined(text, cased(word, next), subwords);
      next = 'as-is';
    }
  }
  return text.trim();
}

function joined(text: string, word: string, subwords: boolean): string {
  if (subwords) return text + word.replaceAll('▁', ' ');
  const close = text === '' || text.endsWith('\n') || noSpaceBefore.test(word) || noSpaceAfter.test(text);
  return close ? text + word : `${text} ${word}`;
}

/** A sub-word may begin with its blank; the letter behind it is the first. */
function cased(word: string, how: 'as-is' | 'capital' | 'capitals'): string {
  if (how === 'as-is') return word;
  if (how === 'capitals') return word.toUpperCase();
  const at = word.startsWith('▁') ? 1 : 0;
  return word.slice(0, at) + word.slice(at, at + 1).toUpperCase() + word.slice(at + 1);
}
