/** Letters and the signs that live in a word's place: text between two of them may be split at hyphens and the like. */
export const LETTER = 1;
/** Letters of scripts without capitals; a full stop between two of them separates sentences. */
export const UNCASED = 2;
/** Symbols that always stand alone: dingbats, arrows, emoji (Unicode category So). */
export const ICON = 4;
/** Punctuation and quotation marks that come off both ends of a word. */
export const PUNCTUATION = 8;
/** Quotation marks. */
export const QUOTE = 16;
/** Currency signs: come off the front, and off the end behind a digit. */
export const CURRENCY = 32;
/** What may stand before a final full stop for it to come off. */
export const BEFORE_STOP = 64;
/** Characters of host names in URLs. */
export const HOST = 128;
/** Combining marks, joiners, emoji modifiers, flags: where one occurs, tokens are kept whole by grapheme cluster. */
export const CLUSTER = 256;
/** Letters of scripts written without spaces between words (Han, kana, Thai, Lao, Khmer, Myanmar). */
export const UNSPACED = 512;
const KNOWN = 0x8000;

const PUNCTUATION_MARKS = '…,:;!?¿؟¡()[]{}<>_#*&。？！，、；：～·।،۔؛٪';
const QUOTATION_MARKS = '\'"”“`‘´’‚,„»«「」『』（）〔〕【】《》〈〉\u2329\u232a⟦⟧';
const CURRENCY_SIGNS = '$£€¥฿﷼₽₴₠₡₢₣₤₥₦₧₨₩₪₫₭₮₯₰₱₲₳₵₶₷₸₹₺₻₼₾₿';
const STOP_AFTER = '%²-+|';

/** Whole Unicode blocks whose characters (signs and digits included) count as uncased letters. */
const UNCASED_BLOCKS: readonly (readonly [number, number])[] = [
  [0x0591, 0x05f4], // Hebrew
  [0x0620, 0x064a], // Arabic and its extensions
  [0x066e, 0x06d5],
  [0x06e5, 0x06ff],
  [0x0750, 0x077f],
  [0x08a0, 0x08bd],
  [0x0900, 0x09ff], // Devanagari, Bengali
  [0x0b80, 0x0bff], // Tamil
  [0x0c00, 0x0cff], // Telugu, Kannada
  [0x0d80, 0x0dff], // Sinhala
  [0x1100, 0x11ff], // Hangul
  [0x1200, 0x137f], // Ethiopic
  [0x2e80, 0x303f], // CJK radicals, symbols and punctuation
  [0x3040, 0x30ff], // kana
  [0x31c0, 0x31ef],
  [0x3200, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xac00, 0xd7af],
  [0xf900, 0xfaff],
  [0xfb1d, 0xfbb1],
  [0xfbd3, 0xfd3d],
  [0xfd50, 0xfdc7],
  [0xfdf0, 0xfdfb],
  [0xfe30, 0xfe4f],
  [0xfe70, 0xfefc],
  [0x1ee00, 0x1eebb],
  [0x1f200, 0x1f2ff],
  [0x20000, 0x2fa1f],
];

const isLetter = /^\p{L}$/u;
const isIcon = /^\p{So}$/u;
const isCluster = /^[\p{M}\p{Emoji_Modifier}\p{Regional_Indicator}\u200c\u200d\u{e0020}-\u{e007f}]$/u;
const isUnspaced = /^[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}ー々]$/u;

function classify(point: number): number {
  const character = String.fromCodePoint(point);
  let flags = 0;
  if (UNCASED_BLOCKS.some(([from, to]) => point >= from && point <= to)) flags |= UNCASED | LETTER;
  if (isLetter.test(character) && point !== 0xaa && point !== 0xba) flags |= LETTER;
  if (isIcon.test(character)) flags |= ICON;
  if (PUNCTUATION_MARKS.includes(character)) flags |= PUNCTUATION | BEFORE_STOP;
  if (QUOTATION_MARKS.includes(character)) flags |= PUNCTUATION | QUOTE | BEFORE_STOP;
  if (CURRENCY_SIGNS.includes(character)) flags |= CURRENCY;
  const digit = point >= 0x30 && point <= 0x39;
  if (flags & LETTER || digit || STOP_AFTER.includes(character)) flags |= BEFORE_STOP;
  const asciiLetter = (point | 0x20) >= 0x61 && (point | 0x20) <= 0x7a && point < 0x80;
  if (asciiLetter || digit || (point >= 0xa1 && point <= 0xffff)) flags |= HOST;
  if (isCluster.test(character)) flags |= CLUSTER;
  if (isUnspaced.test(character)) flags |= UNSPACED;
  return flags;
}

const basicPlane = new Uint16Array(0x10000);
const beyond = new Map<number, number>();

/** The classes (bits above) of a code point; a lone surrogate has none. Computed once for each code point. */
export function classesOf(point: number): number {
  if (point <= 0xffff) {
    const known = basicPlane[point] ?? 0;
    if (known !== 0) return known & ~KNOWN;
    const flags = point >= 0xd800 && point <= 0xdfff ? 0 : classify(point);
    basicPlane[point] = flags | KNOWN;
    return flags;
  }
  let flags = beyond.get(point);
  if (flags === undefined) {
    flags = classify(point);
    beyond.set(point, flags);
  }
  return flags;
}

/** The classes of the character that begins at `index`. */
export function classesAt(text: string, index: number): number {
  const code = text.charCodeAt(index);
  return code >= 0xd800 && code <= 0xdfff ? classesOf(text.codePointAt(index) ?? 0) : classesOf(code);
}

/** The classes of the character that ends just before `index`, which must be above 0. */
export function classesBefore(text: string, index: number): number {
  return classesOf(codePointBefore(text, index));
}

/** The code point that ends just before `index`, which must be above 0. */
export function codePointBefore(text: string, index: number): number {
  const code = text.charCodeAt(index - 1);
  if (code >= 0xdc00 && code <= 0xdfff && index >= 2) {
    const point = text.codePointAt(index - 2) ?? 0;
    if (point > 0xffff) return point;
  }
  return code;
}

/** Whether a code unit is one of the digits 0 to 9. */
export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
