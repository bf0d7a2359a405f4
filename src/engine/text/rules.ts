import { isPythonSpace, pythonStrip, skipNonSpace, skipSpace } from './python-text';
import { unescapeHtml } from './html-unescape';
import { replaceRepeatedCharacters, replaceRepeatedWords } from './repeats';
import { ALL_CAPITALS, BEGIN, CAPITALISED, FIELD, UNKNOWN } from './special-tokens';

/** What fastai's `fix_html` replaces before it unescapes, in this order. */
const LEFTOVERS: readonly (readonly [string, string])[] = [
  ['#39;', "'"],
  ['amp;', '&'],
  ['#146;', "'"],
  ['nbsp;', ' '],
  ['#36;', '$'],
  ['\\n', '\n'],
  ['quot;', "'"],
  ['<br />', '\n'],
  ['\\"', '"'],
  ['<unk>', UNKNOWN],
  [' @.@ ', '.'],
  [' @-@ ', '-'],
  ['...', ' …'],
];

/** fastai `fix_html`: mends what HTML and earlier tokenizers left in the text, then unescapes it. */
export function fixHtml(text: string): string {
  let result = text;
  for (const [from, to] of LEFTOVERS) if (result.includes(from)) result = result.split(from).join(to);
  return unescapeHtml(result);
}

/** fastai `spec_add_spaces`: spaces round `/`, `#` and the backslash. */
export function spaceSpecialCharacters(text: string): string {
  return text.replace(/[/#\\]/g, ' $& ');
}

/** fastai `rm_useless_spaces`: several spaces become one; other white space stays. */
export function collapseSpaces(text: string): string {
  return text.replace(/ {2,}/g, ' ');
}

/** fastai `replace_all_caps`: a word in capitals becomes lower case behind `xxup`, a single letter just lower case. */
export function markAllCapitals(text: string): string {
  return mapChunks(text, (chunk) => (capitals(chunk) === 'all' ? marked(ALL_CAPITALS, chunk) : chunk));
}

/** fastai `replace_maj`: a word that begins with a capital and has no other becomes lower case behind `xxmaj`. */
export function markCapitalised(text: string): string {
  return mapChunks(text, (chunk) => (capitals(chunk) === 'first' ? marked(CAPITALISED, chunk) : chunk));
}

/** fastai `lowercase`: lower case, stripped, with `xxbos` in front. */
export function lowercase(text: string): string {
  return `${BEGIN} ${pythonStrip(text.toLowerCase())}`;
}

/** fastai's eight rules by their Python names, in the order in which they are applied. */
export const TEXT_RULES: readonly { readonly name: string; readonly apply: (text: string) => string }[] = [
  { name: 'fix_html', apply: fixHtml },
  { name: 'replace_rep', apply: replaceRepeatedCharacters },
  { name: 'replace_wrep', apply: replaceRepeatedWords },
  { name: 'spec_add_spaces', apply: spaceSpecialCharacters },
  { name: 'rm_useless_spaces', apply: collapseSpaces },
  { name: 'replace_all_caps', apply: markAllCapitals },
  { name: 'replace_maj', apply: markCapitalised },
  { name: 'lowercase', apply: lowercase },
];

/** Applies all rules: the text as fastai hands it to the word tokenizer. */
export function applyRules(text: string): string {
  return TEXT_RULES.reduce((current, rule) => rule.apply(current), text);
}

/** fastai `_join_texts` with field marks: one field as it is; several as `xxfld 1 … xxfld 2 …`. */
export function joinFields(fields: readonly string[]): string {
  if (fields.length === 1) return fields[0] ?? '';
  return fields.map((field, index) => `${FIELD} ${index + 1} ${field}`).join(' ');
}

/**
 * How the capitals of a word (text between white space) stand: `all` for `[A-Z]+[^a-z\s]*`, `first` for
 * `[A-Z][^A-Z\s]*`, both of ASCII letters only as in fastai, else `none`.
 */
export function capitals(chunk: string): 'all' | 'first' | 'none' {
  if (!isCapital(chunk.charCodeAt(0))) return 'none';
  let small = false;
  let more = false;
  for (let i = 1; i < chunk.length; i++) {
    const code = chunk.charCodeAt(i);
    if (code >= 0x61 && code <= 0x7a) small = true;
    else if (isCapital(code)) more = true;
  }
  if (!small) return 'all';
  return more ? 'none' : 'first';
}

function isCapital(code: number): boolean {
  return code >= 0x41 && code <= 0x5a;
}

function marked(mark: string, chunk: string): string {
  return chunk.length > 1 ? `${mark} ${chunk.toLowerCase()}` : chunk.toLowerCase();
}

/** Replaces each run of characters that are not white space; the white space between stays as it is. */
function mapChunks(text: string, map: (chunk: string) => string): string {
  const parts: string[] = [];
  let i = 0;
  while (i < text.length) {
    const space = isPythonSpace(text.charCodeAt(i));
    const end = space ? skipSpace(text, i) : skipNonSpace(text, i);
    const part = text.slice(i, end);
    parts.push(space ? part : map(part));
    i = end;
  }
  return parts.join('');
}
