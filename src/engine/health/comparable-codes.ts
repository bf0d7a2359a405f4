import { comparable } from './minhash';

/** What becomes of a UTF-16 code unit: not looked up yet, a space, or no answer without what stands beside it. */
const UNKNOWN = -1;
const SPACE = 0;
const DEPENDS = -2;

const IS_KEPT = /^[\p{L}\p{N}\p{M}]$/u;

/** Becomes of each code unit, looked up when it is first seen; a code above 0 stands for itself. */
const becomes = new Int32Array(65_536).fill(UNKNOWN);
/** Whether a pair of surrogates is a letter, figure or mark; most are pictures and are not. */
const pairs = new Map<number, boolean>();

/**
 * The letters and figures of a text as {@link comparable} gives them, as codes in an array that is used again and again:
 * no string is made of most texts, which matters where there are a million.
 */
export class ComparableCodes {
  codes = new Uint16Array(4096);
  length = 0;
  /** Words, where two characters of Chinese, Japanese or Thai count as one. */
  words = 0;

  /** Takes up a text. */
  read(text: string): void {
    if (text.length > this.codes.length) this.codes = new Uint16Array(2 * text.length);
    if (!this.readQuickly(text)) this.copy(comparable(text));
    this.count();
  }

  /** Reads letter by letter; false where a letter's lower case is longer or depends on its neighbours. */
  private readQuickly(text: string): boolean {
    const { codes } = this;
    let length = 0;
    let gap = false;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      let kept = becomes[code] ?? UNKNOWN;
      if (kept === UNKNOWN) becomes[code] = kept = lookUp(code);
      if (kept === DEPENDS) {
        if (!isPlainPair(text, i)) return false;
        i++;
        kept = SPACE;
      }
      if (kept === SPACE) {
        gap = length > 0;
        continue;
      }
      if (gap) codes[length++] = 32;
      gap = false;
      codes[length++] = kept;
    }
    this.length = length;
    return true;
  }

  private copy(plain: string): void {
    if (plain.length > this.codes.length) this.codes = new Uint16Array(2 * plain.length);
    for (let i = 0; i < plain.length; i++) this.codes[i] = plain.charCodeAt(i);
    this.length = plain.length;
  }

  private count(): void {
    const { codes, length } = this;
    let spaces = 0;
    let unspaced = 0;
    for (let i = 0; i < length; i++) {
      const code = codes[i] ?? 0;
      if (code === 32) spaces++;
      else if (code >= 0x0e00 && isUnspaced(code)) unspaced++;
    }
    this.words = length === 0 ? 0 : spaces + 1 + Math.floor(unspaced / 2);
  }
}

function isUnspaced(code: number): boolean {
  return code <= 0x0e7f || (code >= 0x3040 && code <= 0x30ff) || (code >= 0x3400 && code <= 0x9fff);
}

function lookUp(code: number): number {
  // Surrogates need their partner, and the small sigma its place in the word.
  if ((code >= 0xd800 && code <= 0xdfff) || code === 0x3a3) return DEPENDS;
  const lower = String.fromCharCode(code).toLowerCase();
  if (lower.length !== 1) return DEPENDS;
  return IS_KEPT.test(lower) ? lower.charCodeAt(0) : SPACE;
}

/** Whether two surrogates from `at` on are a character that is no letter, figure or mark. */
function isPlainPair(text: string, at: number): boolean {
  const point = text.codePointAt(at) ?? 0;
  if (point < 0x10000) return false;
  let plain = pairs.get(point);
  if (plain === undefined) pairs.set(point, (plain = !IS_KEPT.test(String.fromCodePoint(point))));
  return plain;
}
