import {
  BEFORE_STOP,
  classesAt,
  classesBefore,
  codePointBefore,
  CURRENCY,
  ICON,
  isDigit,
  LETTER,
  PUNCTUATION,
  QUOTE,
  UNCASED,
} from './char-classes';

/*
 * spaCy's published rules for what comes off the front and the end of a word and what splits it inside, read one
 * character at a time instead of by regular expressions. Texts are in lower case here (fastai's rules ran before), so
 * the rules about capitals have nothing to do.
 */

/** What a language says about the ends and the inside of a word. All work on `text[start, end)`. */
export interface AffixRules {
  /** Length of what comes off the front, or 0. */
  prefixLength(text: string, start: number, end: number): number;
  /** Length of what comes off the end, or 0; looks behind no further than `start`. */
  suffixLength(text: string, start: number, end: number): number;
  /** Length of the separator that begins at `i` inside the word, or 0. */
  infixLength(text: string, start: number, i: number, end: number): number;
}

const DOT = 0x2e;
const UNITS: ReadonlySet<string> = new Set(
  (
    'km km² km³ m m² m³ dm dm² dm³ cm cm² cm³ mm mm² mm³ ha µm nm yd in ft kg g mg µg t lb oz m/s km/h kmh mph mbar mb ' +
    'kb gb tb % км км² км³ м м² м³ дм дм² дм³ см см² см³ мм мм² мм³ нм кг г мг м/с км/ч мбар кб мб гб тб ' +
    'كم كم² كم³ م م² م³ سم سم² سم³ مم مم² مم³ غرام جرام جم كغ ملغ كوب اكواب'
  ).split(' '),
);
const LONGEST_UNIT = 5;

function prefixLength(text: string, start: number, end: number): number {
  const code = text.charCodeAt(start);
  if (code === DOT) {
    const run = dotRunEnd(text, start, end) - start;
    return run > 1 ? run : 0;
  }
  // § % = — –
  if (code === 0xa7 || code === 0x25 || code === 0x3d || code === 0x2014 || code === 0x2013) return 1;
  if (code === 0x2b) return start + 1 < end && isDigit(text.charCodeAt(start + 1)) ? 0 : 1;
  const classes = classesAt(text, start);
  if (classes & (PUNCTUATION | CURRENCY)) return 1;
  return classes & ICON ? characterLength(text, start) : 0;
}

function englishSuffixLength(text: string, start: number, end: number): number {
  if (end <= start) return 0;
  const last = text.charCodeAt(end - 1);
  if (last === 0x73 && end - start >= 2) {
    const mark = text.charCodeAt(end - 2);
    if (mark === 0x27 || mark === 0x2019) return 2;
  }
  return last === 0x2014 || last === 0x2013 ? 1 : commonSuffixLength(text, start, end);
}

/** As in English, but numbers keep their full stop (they are ordinals), and `'s` and dashes stay. */
function germanSuffixLength(text: string, start: number, end: number): number {
  if (end <= start) return 0;
  const last = text.charCodeAt(end - 1);
  if (last === 0x2f) return 1;
  if (end - start >= 2) {
    const before = text.charCodeAt(end - 2);
    if (last === 0x27 && before === 0x27) return 2;
    if (last === DOT && isDigit(before)) return 0;
  }
  return commonSuffixLength(text, start, end);
}

function commonSuffixLength(text: string, start: number, end: number): number {
  const last = text.charCodeAt(end - 1);
  if (last === DOT) return dotSuffixLength(text, start, end);
  // The sign …… comes off as one.
  if (last === 0x2026) return end - start >= 2 && text.charCodeAt(end - 2) === 0x2026 ? 2 : 1;
  const classes = classesBefore(text, end);
  if (classes & PUNCTUATION) return 1;
  if (classes & ICON) return codePointBefore(text, end) > 0xffff ? 2 : 1;
  if (last === 0x2b || classes & CURRENCY) return end - start >= 2 && isDigit(text.charCodeAt(end - 2)) ? 1 : 0;
  return unitLength(text, start, end);
}

function dotSuffixLength(text: string, start: number, end: number): number {
  let first = end - 1;
  while (first > start && text.charCodeAt(first - 1) === DOT) first--;
  if (end - first > 1) return end - first;
  return first > start && classesBefore(text, first) & BEFORE_STOP ? 1 : 0;
}

function unitLength(text: string, start: number, end: number): number {
  for (let length = 1; length <= LONGEST_UNIT && end - length > start; length++) {
    if (!isDigit(text.charCodeAt(end - length - 1))) continue;
    return UNITS.has(text.slice(end - length, end)) ? length : 0;
  }
  return 0;
}

function englishInfixLength(text: string, start: number, i: number, end: number): number {
  const code = text.charCodeAt(i);
  if ((code >= 0x61 && code <= 0x7a) || isDigit(code)) return 0;
  switch (code) {
    case DOT:
      return dotInfixLength(text, start, i, end);
    case 0x2026:
      return 1;
    case 0x2c: // ,
      return letterBefore(text, start, i) && letterAt(text, i + 1, end) ? 1 : 0;
    case 0x2b: // + * ^ between numbers
    case 0x2a:
    case 0x5e:
      return betweenNumbers(text, start, i, end) ? 1 : 0;
    case 0x3a: // : < > = /
    case 0x3c:
    case 0x3e:
    case 0x3d:
    case 0x2f:
      return letterOrDigitBefore(text, start, i) && letterAt(text, i + 1, end) ? 1 : 0;
    case 0x2d: // - – — ~
      if (betweenNumbers(text, start, i, end)) return 1;
      return hyphenLength(text, start, i, end);
    case 0x2013:
    case 0x2014:
    case 0x7e:
      return hyphenLength(text, start, i, end);
    default:
      return code > 0x7f && classesAt(text, i) & ICON ? characterLength(text, i) : 0;
  }
}

/** German keeps words with hyphens whole, and splits at brackets and quotation marks inside words. */
function germanInfixLength(text: string, start: number, i: number, end: number): number {
  const code = text.charCodeAt(i);
  if ((code >= 0x61 && code <= 0x7a) || isDigit(code)) return 0;
  const betweenLetters = (length: number): number =>
    letterBefore(text, start, i) && letterAt(text, i + length, end) ? length : 0;
  switch (code) {
    case DOT:
      return dotInfixLength(text, start, i, end, UNCASED);
    case 0x2026:
      return 1;
    case 0x2f: // /
      return letterOrDigitBefore(text, start, i) && letterOrDigitAt(text, i + 1, end) ? 1 : 0;
    case 0x2d: // -
      if (i > start && isDigit(text.charCodeAt(i - 1)) && i + 1 < end && isDigit(text.charCodeAt(i + 1))) return 1;
      return text.charCodeAt(i + 1) === code ? betweenLetters(2) : 0;
    case 0x27: // '
      return 0;
    default:
      if (GERMAN_SEPARATORS.includes(text.charAt(i)) || classesAt(text, i) & QUOTE) return betweenLetters(1);
      return code > 0x7f && classesAt(text, i) & ICON ? characterLength(text, i) : 0;
  }
}

const GERMAN_SEPARATORS = ',!?:<>=()[]';

function germanPrefixLength(text: string, start: number, end: number): number {
  return text.startsWith('``', start) && end - start >= 2 ? 2 : prefixLength(text, start, end);
}

function letterOrDigitAt(text: string, i: number, end: number): boolean {
  return i < end && (isDigit(text.charCodeAt(i)) || (classesAt(text, i) & LETTER) !== 0);
}

function dotInfixLength(text: string, start: number, i: number, end: number, next = UNCASED | QUOTE): number {
  const run = dotRunEnd(text, i, end) - i;
  if (run > 1) return run;
  if (i === start || i + 1 >= end) return 0;
  return classesBefore(text, i) & (LETTER | (next & QUOTE)) && classesAt(text, i + 1) & next ? 1 : 0;
}

function betweenNumbers(text: string, start: number, i: number, end: number): boolean {
  if (i === start || i + 1 >= end || !isDigit(text.charCodeAt(i - 1))) return false;
  const next = text.charCodeAt(i + 1);
  return isDigit(next) || next === 0x2d;
}

/** `-`, `–`, `—`, `~`, and `--`, `---`, `——`, behind a letter or digit and before a letter. */
function hyphenLength(text: string, start: number, i: number, end: number): number {
  if (!letterOrDigitBefore(text, start, i)) return 0;
  const code = text.charCodeAt(i);
  const longest = code === 0x2d ? 3 : code === 0x2014 ? 2 : 1;
  let length = 1;
  while (length < longest && i + length < end && text.charCodeAt(i + length) === code) length++;
  return letterAt(text, i + length, end) ? length : 0;
}

function letterBefore(text: string, start: number, i: number): boolean {
  return i > start && (classesBefore(text, i) & LETTER) !== 0;
}

function letterOrDigitBefore(text: string, start: number, i: number): boolean {
  return i > start && (isDigit(text.charCodeAt(i - 1)) || (classesBefore(text, i) & LETTER) !== 0);
}

function letterAt(text: string, i: number, end: number): boolean {
  return i < end && (classesAt(text, i) & LETTER) !== 0;
}

function dotRunEnd(text: string, start: number, end: number): number {
  let i = start;
  while (i < end && text.charCodeAt(i) === DOT) i++;
  return i;
}

function characterLength(text: string, index: number): number {
  return (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
}

const english: AffixRules = { prefixLength, suffixLength: englishSuffixLength, infixLength: englishInfixLength };
const german: AffixRules = {
  prefixLength: germanPrefixLength,
  suffixLength: germanSuffixLength,
  infixLength: germanInfixLength,
};

/** What loses its vowel before another in French, Italian and Catalan (`l'homme`, `dell'anno`): a token of its own. */
const ELIDED: ReadonlySet<string> = new Set(
  (
    'l d j m n s t c qu lorsqu puisqu quoiqu jusqu presqu ' +
    'un all dell nell dall sull coll quell quest bell sant tutt mezz anch com dov cos nient senz'
  ).split(' '),
);
const LONGEST_ELISION = 6;

function romancePrefixLength(text: string, start: number, end: number): number {
  for (let i = start + 1; i <= start + LONGEST_ELISION && i + 1 < end; i++) {
    const code = text.charCodeAt(i);
    if (code !== 0x27 && code !== 0x2019) continue;
    return ELIDED.has(text.slice(start, i)) && letterAt(text, i + 1, end)
      ? i + 1 - start
      : prefixLength(text, start, end);
  }
  return prefixLength(text, start, end);
}

const romance: AffixRules = { ...english, prefixLength: romancePrefixLength };

/** The rules for a language: `de`, and `fr`, `it`, `ca` have their own, all others take the English ones. */
export function affixRulesFor(language: string): AffixRules {
  if (language === 'de') return german;
  return language === 'fr' || language === 'it' || language === 'ca' ? romance : english;
}
