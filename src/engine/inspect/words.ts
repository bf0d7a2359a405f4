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

/** A stretch of the text with the tokens that were made of it. */
export interface TextWord {
  readonly start: number; // in the text, inclusive
  readonly end: number; // exclusive
  /** Places of its tokens, with those that only say how it is written (`xxmaj`, `xxrep` …). */
  readonly tokens: readonly number[];
}

/** How far ahead of the last word the next one is looked for: more than any rule takes away. */
const REACH = 400;
/** Before a SentencePiece token: a word begins here. */
const WORD_BEGIN = '▁';

/**
 * Finds the words of a text that its tokens were made of, so that what is known of tokens can be shown in the text as it
 * was written. A token that is not to be found (the rules may have replaced it) belongs to the word before it.
 *
 * @param subwords tokens are SentencePiece's: those without a word's beginning join the word before them
 */
export function wordsOf(text: string, tokens: readonly string[], subwords = false): TextWord[] {
  const lower = lowered(text);
  const words: { start: number; end: number; tokens: number[] }[] = [];
  let waiting: number[] = [];
  let at = 0;
  let place = 0;
  while (place < tokens.length) {
    const token = tokens[place] ?? '';
    if (isSilent(token)) {
      waiting.push(place++);
      continue;
    }
    const taken = takesTokens(tokens, place);
    const places = Array.from({ length: taken }, (_, i) => place + i);
    const found = findWord(text, lower, tokens.slice(place, place + taken), at);
    const joins = subwords && !token.startsWith(WORD_BEGIN) && (found === null || found.start === at);
    const last = words.at(-1);
    if (last && (found === null || joins)) {
      last.tokens.push(...waiting, ...places);
      if (found) last.end = found.end;
      waiting = [];
    } else if (found) {
      words.push({ ...found, tokens: [...waiting, ...places] });
      waiting = [];
    } else {
      waiting.push(...places);
    }
    at = found?.end ?? at;
    place += taken;
  }
  words.at(-1)?.tokens.push(...waiting);
  return words;
}

/** Tokens that no part of the text stands for. */
function isSilent(token: string): boolean {
  return [BEGIN, END, PAD, CAPITALISED, ALL_CAPITALS, UNKNOWN, WORD_BEGIN, ''].includes(token);
}

/** How many tokens say one thing: `xxrep 4 !`, `xxwrep 3 no`, `xxfld 1`. */
function takesTokens(tokens: readonly string[], place: number): number {
  const token = tokens[place];
  if (token === REPEATED_CHARACTER || token === REPEATED_WORD) return Math.min(3, tokens.length - place);
  if (token === FIELD) return Math.min(2, tokens.length - place);
  return 1;
}

function findWord(
  text: string,
  lower: string,
  tokens: readonly string[],
  from: number,
): { start: number; end: number } | null {
  const [first = '', count = '', what = ''] = tokens;
  if (first === FIELD) return null;
  if (first === REPEATED_CHARACTER) return findText(text, lower, what.repeat(Number(count) || 1), from);
  if (first === REPEATED_WORD) return findRepeated(text, lower, what, Number(count) || 1, from);
  return findText(text, lower, first.startsWith(WORD_BEGIN) ? first.slice(1) : first, from);
}

function findText(text: string, lower: string, what: string, from: number): { start: number; end: number } | null {
  if (what === '') return null;
  const window = lower.slice(from, from + REACH + what.length);
  let start = window.indexOf(what.toLowerCase());
  // Letters whose small form has another length stand as they are in `lower`.
  if (start < 0) start = text.slice(from, from + REACH + what.length).indexOf(what);
  return start < 0 ? null : { start: from + start, end: from + start + what.length };
}

function findRepeated(
  text: string,
  lower: string,
  word: string,
  count: number,
  from: number,
): { start: number; end: number } | null {
  const first = findText(text, lower, word, from);
  let last = first;
  for (let i = 1; i < count && last; i++) last = findText(text, lower, word, last.end) ?? last;
  return first && last ? { start: first.start, end: last.end } : null;
}

/** In small letters, every character at its place. */
function lowered(text: string): string {
  const lower = text.toLowerCase();
  if (lower.length === text.length) return lower;
  return Array.from(text, (character) => {
    const small = character.toLowerCase();
    return small.length === character.length ? small : character;
  }).join('');
}
