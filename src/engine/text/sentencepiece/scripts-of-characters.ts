/** Scripts that texts are likely to be in; letters of any other one count as one more script. */
const SCRIPTS = (
  'Latin Cyrillic Greek Han Hiragana Katakana Hangul Thai Arabic Hebrew Devanagari Bengali Tamil Telugu Kannada Malayalam ' +
  'Gujarati Gurmukhi Oriya Sinhala Lao Khmer Myanmar Tibetan Georgian Armenian Ethiopic Mongolian Cherokee Common Inherited'
).split(' ');
/** Marks that take the script of the letter they stand on. */
export const INHERITED = SCRIPTS.indexOf('Inherited');
const HAN = SCRIPTS.indexOf('Han');
const OTHER = SCRIPTS.length;
const JAPANESE: ReadonlySet<number> = new Set([SCRIPTS.indexOf('Hiragana'), SCRIPTS.indexOf('Katakana')]);
const PATTERNS = SCRIPTS.map((script) => new RegExp(`^\\p{Script=${script}}$`, 'u'));
const known = new Map<string, number>();

/**
 * Number of a character's script, as SentencePiece tells them apart when it looks for pieces: kana count as Han, digits
 * and punctuation as one script of their own.
 */
export function scriptOf(character: string): number {
  let script = known.get(character);
  if (script === undefined) {
    const found = PATTERNS.findIndex((pattern) => pattern.test(character));
    script = found < 0 ? OTHER : JAPANESE.has(found) || character === 'ー' ? HAN : found;
    known.set(character, script);
  }
  return script;
}
