import { isPythonSpace, skipSpace, wordCharacterLength } from './python-text';
import { REPEATED_CHARACTER, REPEATED_WORD } from './special-tokens';

/**
 * fastai `replace_rep`: a character that stands three times or more becomes ` xxrep n c `. Scans once, so that a text of
 * a million equal characters costs what any other does.
 */
export function replaceRepeatedCharacters(text: string): string {
  let result = '';
  let copied = 0;
  let i = 0;
  while (i < text.length) {
    const width = codePointWidth(text, i);
    const end = endOfRun(text, i, width);
    const times = (end - i) / width;
    if (times >= 3 && !isPythonSpace(text.charCodeAt(i))) {
      result += `${text.slice(copied, i)} ${REPEATED_CHARACTER} ${times} ${text.slice(i, i + width)} `;
      copied = end;
    }
    i = end;
  }
  return copied === 0 ? text : result + text.slice(copied);
}

function codePointWidth(text: string, index: number): 1 | 2 {
  const code = text.charCodeAt(index);
  if (code < 0xd800 || code > 0xdbff || index + 1 >= text.length) return 1;
  const next = text.charCodeAt(index + 1);
  return next >= 0xdc00 && next <= 0xdfff ? 2 : 1;
}

function endOfRun(text: string, start: number, width: 1 | 2): number {
  const first = text.charCodeAt(start);
  let i = start + width;
  if (width === 1) {
    // A lone high surrogate is a character of its own, unless it is the first half of the pair that follows it.
    while (i < text.length && text.charCodeAt(i) === first && codePointWidth(text, i) === 1) i++;
    return i;
  }
  const second = text.charCodeAt(start + 1);
  while (i + 1 < text.length && text.charCodeAt(i) === first && text.charCodeAt(i + 1) === second) i += 2;
  return i;
}

/**
 * fastai `replace_wrep`: a word that stands three times or more, with white space between, becomes ` xxwrep n word `.
 * Equal to Python's `(?:\s|^)(\w+)\s+((?:\1\s+)+)\1(\s|\W|$)`, without its backtracking.
 */
export function replaceRepeatedWords(text: string): string {
  let result = '';
  let copied = 0;
  let i = 0;
  while (i < text.length) {
    const spaced = isPythonSpace(text.charCodeAt(i));
    if (!spaced && i > 0) {
      i++;
      continue;
    }
    const found = repeatedWordAt(text, spaced ? i + 1 : i);
    if (found === null) {
      i++;
      continue;
    }
    result += `${text.slice(copied, i)} ${REPEATED_WORD} ${found.times} ${found.word} ${text.slice(found.wordsEnd, found.end)}`;
    copied = found.end;
    // Python's next match begins behind the separator, which is used up; `^` holds at 0 only.
    i = Math.max(found.end, 1);
  }
  return copied === 0 ? text : result + text.slice(copied);
}

interface RepeatedWord {
  readonly word: string;
  readonly times: number;
  /** Where the last of the words ends. */
  readonly wordsEnd: number;
  /** One character (the separator) later, or the same at the end of the text. */
  readonly end: number;
}

function repeatedWordAt(text: string, start: number): RepeatedWord | null {
  let wordEnd = start;
  for (let width = 1; wordEnd < text.length && width > 0; wordEnd += width) width = wordCharacterLength(text, wordEnd);
  if (wordEnd === start || wordEnd >= text.length || !isPythonSpace(text.charCodeAt(wordEnd))) return null;
  const word = text.slice(start, wordEnd);
  let times = 1;
  let lastEnd = wordEnd;
  for (;;) {
    const next = skipSpace(text, lastEnd);
    const nextEnd = next + word.length;
    if (next === lastEnd || !text.startsWith(word, next)) break;
    if (nextEnd < text.length && wordCharacterLength(text, nextEnd) > 0) break;
    times++;
    lastEnd = nextEnd;
  }
  if (times < 3) return null;
  const separator = lastEnd < text.length ? codePointWidth(text, lastEnd) : 0;
  return { word, times, wordsEnd: lastEnd, end: lastEnd + separator };
}
