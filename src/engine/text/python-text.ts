/*
 * fastai's rules are Python; Python and JavaScript differ in what white space and a word character are. These are
 * Python's notions: `str.isspace`, and `\w` as letters, numbers and the underscore, without combining marks.
 */

/** Whether Python's `str.isspace` holds for a UTF-16 code unit (no white space lies outside the basic plane). */
export function isPythonSpace(code: number): boolean {
  if (code <= 0x20) return code === 0x20 || (code >= 0x09 && code <= 0x0d) || (code >= 0x1c && code <= 0x1f);
  if (code < 0x1680) return code === 0x85 || code === 0xa0;
  return (
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  );
}

const letterOrNumber = /^[\p{L}\p{N}]/u;

/** Length in code units of the word character (Python `\w`) at `index`, or 0 where there is none. */
export function wordCharacterLength(text: string, index: number): number {
  const code = text.charCodeAt(index);
  if (code < 0x80) return isAsciiWord(code) ? 1 : 0;
  const point = text.codePointAt(index) ?? 0;
  if (!letterOrNumber.test(String.fromCodePoint(point))) return 0;
  return point > 0xffff ? 2 : 1;
}

function isAsciiWord(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || (code >= 0x30 && code <= 0x39) || code === 0x5f
  );
}

/** Index of the first position at or after `index` that is not white space (or the length of the text). */
export function skipSpace(text: string, index: number): number {
  let i = index;
  while (i < text.length && isPythonSpace(text.charCodeAt(i))) i++;
  return i;
}

/** Index of the first position at or after `index` that is white space (or the length of the text). */
export function skipNonSpace(text: string, index: number): number {
  let i = index;
  while (i < text.length && !isPythonSpace(text.charCodeAt(i))) i++;
  return i;
}

/** Python `str.strip()`. */
export function pythonStrip(text: string): string {
  const start = skipSpace(text, 0);
  let end = text.length;
  while (end > start && isPythonSpace(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}
