import { isUtf8 } from 'node:buffer';
import chardet from 'chardet';
import iconv from 'iconv-lite';
import { unfinishedUtf8 } from './byte-chunks';
import { otherWesternPage } from './western-pages';

/** An encoding by its iconv name, and why it was taken. */
export interface EncodingGuess {
  readonly encoding: string;
  readonly reason: string;
}

const BYTE_ORDER_MARKS: readonly { readonly encoding: string; readonly bytes: readonly number[] }[] = [
  { encoding: 'utf-8', bytes: [0xef, 0xbb, 0xbf] },
  { encoding: 'utf-32le', bytes: [0xff, 0xfe, 0, 0] }, // before utf-16le, which begins alike
  { encoding: 'utf-32be', bytes: [0, 0, 0xfe, 0xff] },
  { encoding: 'utf-16le', bytes: [0xff, 0xfe] },
  { encoding: 'utf-16be', bytes: [0xfe, 0xff] },
];

/**
 * Names of the detector as the names that people's files really are in. The ISO parts are taken for the Windows pages
 * that contain them: printable characters are the same, and 0x80-0x9f are quotes and dashes there instead of control
 * codes (the WHATWG encoding standard does so for Latin-1 and Latin-5).
 */
const REAL_NAMES: Readonly<Record<string, string>> = {
  'ISO-8859-1': 'windows-1252',
  'ISO-8859-8': 'windows-1255',
  'ISO-8859-9': 'windows-1254',
  'EUC-KR': 'cp949',
  Shift_JIS: 'shift_jis',
  'EUC-JP': 'euc-jp',
  Big5: 'big5',
  GB18030: 'gb18030',
  'KOI8-R': 'koi8-r',
};

/** The byte order mark at the start of a file, if any. */
export function byteOrderMark(head: Uint8Array): { readonly encoding: string; readonly length: number } | null {
  const found = BYTE_ORDER_MARKS.find(({ bytes }) => bytes.every((byte, i) => head[i] === byte));
  return found ? { encoding: found.encoding, length: found.bytes.length } : null;
}

/**
 * UTF-16 without a byte order mark: ASCII characters (at least line breaks, digits, separators) leave zero bytes on one
 * side of each pair and hardly any on the other. In the letters of most scripts that side is a small number throughout.
 */
export function guessUtf16(sample: Uint8Array): EncodingGuess | null {
  const zeros = [0, 0]; // at even places, at odd ones
  const small = [0, 0];
  for (let i = 0; i + 1 < sample.length; i += 2) {
    for (const side of [0, 1] as const) {
      const byte = sample[i + side] ?? 0;
      if (byte === 0) zeros[side] = (zeros[side] ?? 0) + 1;
      if (byte < 0x20) small[side] = (small[side] ?? 0) + 1;
    }
  }
  const [even = 0, odd = 0] = zeros;
  const pairs = sample.length / 2;
  const share = (even + odd) / pairs; // of the characters
  const side = odd > 20 * even ? 1 : even > 20 * odd ? 0 : null;
  if (share < 0.02 || side === null) return null;
  // Chinese or Japanese has few zero bytes, and is no valid UTF-8; text with a few stray NUL bytes mostly is.
  const isPlain = isUtf8(sample.subarray(0, sample.length - unfinishedUtf8(sample)));
  const isOneScript = (small[side] ?? 0) > 0.8 * pairs && (small[1 - side] ?? 0) < 0.5 * pairs;
  if (share < 0.25 && isPlain && !isOneScript) return null;
  return { encoding: side === 1 ? 'utf-16le' : 'utf-16be', reason: 'zero bytes as in UTF-16, no byte order mark' };
}

/** Between letters of text there may be so many NUL bytes: cells filled up to a fixed width. */
const MOST_NULS = 0.4;

/**
 * Whether a sample has more bytes that no text has than an accident explains: control codes but tabs, breaks, escape.
 * NUL bytes are what programs pad texts with.
 */
export function isBinary(sample: Uint8Array): boolean {
  let controls = 0;
  let nuls = 0;
  for (const byte of sample) {
    if (byte === 0) {
      nuls++;
      continue;
    }
    const isText =
      byte >= 0x20 ? byte !== 0x7f : byte === 9 || byte === 10 || byte === 12 || byte === 13 || byte === 0x1b;
    if (!isText) controls++;
  }
  const others = sample.length - nuls;
  return nuls > MOST_NULS * sample.length || controls > Math.max(8, 0.02 * others) || controls * 2 > others;
}

/** Multi-byte UTF-8 characters and places that are not UTF-8, in a sample that begins and ends between characters. */
export function countUtf8(sample: Uint8Array): { readonly characters: number; readonly damaged: number } {
  let characters = 0;
  let damaged = 0;
  for (let i = 0; i < sample.length;) {
    const byte = sample[i] ?? 0;
    const length =
      byte < 0x80
        ? 1
        : byte >= 0xc2 && byte < 0xe0
          ? 2
          : byte >= 0xe0 && byte < 0xf0
            ? 3
            : byte >= 0xf0 && byte < 0xf5
              ? 4
              : 0;
    let whole = length > 0;
    for (let k = 1; k < length && whole; k++) whole = ((sample[i + k] ?? 0) & 0xc0) === 0x80;
    if (!whole) damaged++;
    else if (length > 1) characters++;
    i += whole ? length : 1;
  }
  return { characters, damaged };
}

/** The likeliest encoding of bytes that are neither marked nor UTF, from character statistics and spelling. */
export function guessByStatistics(sample: Uint8Array): EncodingGuess {
  const guess = likeliestPage(sample);
  return otherWesternPage(sample, guess.encoding) ?? guess;
}

function likeliestPage(sample: Uint8Array): EncodingGuess {
  const candidates = chardet
    .analyse(sample)
    .filter(({ name, confidence }) => confidence > 0 && !/^(ASCII|UTF-|ISO-2022)/.test(name))
    .map(({ name, confidence }) => ({ encoding: realName(name, sample), confidence }))
    .filter(({ encoding }) => iconv.encodingExists(encoding))
    .slice(0, 6)
    .map((one) => ({
      ...one,
      score: one.confidence - 100 * oddShare(iconv.decode(Buffer.from(sample), one.encoding)),
    }));
  const best = candidates.reduce<(typeof candidates)[number] | null>(
    (a, b) => (a === null || b.score > a.score ? b : a),
    null,
  );
  // Statistics over a few letters are noise, and Western European is by far the most common of the one-byte pages.
  const isNoise =
    best === null || best.confidence < 5 || (best.encoding.startsWith('windows-') && looksWestern(sample));
  if (best === null || (isNoise && best.encoding !== 'windows-1252')) {
    return {
      encoding: 'windows-1252',
      reason: 'not UTF-8, too few foreign letters to tell more: Western European assumed',
    };
  }
  return { encoding: best.encoding, reason: `statistics (${String(best.confidence)} %)` };
}

function realName(name: string, sample: Uint8Array): string {
  if (name === 'ISO-8859-2' && sample.some((byte) => byte >= 0x80 && byte < 0xa0)) return 'windows-1250';
  if (name === 'ISO-8859-7' && sample.some((byte) => byte >= 0x80 && byte < 0xa0)) return 'windows-1253';
  return REAL_NAMES[name] ?? name.toLowerCase();
}

/** Whether the sample has hardly any foreign letters, and those it has read well as Western European. */
function looksWestern(sample: Uint8Array): boolean {
  const letters = new Set(sample.filter((byte) => byte >= 0xc0)).size;
  return letters <= 4 && oddShare(iconv.decode(Buffer.from(sample), 'windows-1252')) === 0;
}

/**
 * Share of the non-ASCII characters that look wrong: what could not be decoded, control codes, and signs such as ¹ or ¿
 * between two letters, as Polish read as Western European has them.
 */
function oddShare(text: string): number {
  const foreign = text.match(/[^\x00-\x7f]/g)?.length ?? 0;
  const odd = text.match(/[\ufffd\u0080-\u009f]|(?<=\p{L})[\p{No}\p{Sc}\p{So}¿¡×÷¦§¶ªº](?=\p{L})/gu)?.length ?? 0;
  return foreign === 0 ? 0 : odd / foreign;
}
