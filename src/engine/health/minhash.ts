/*
 * MinHash signatures of texts (Broder 1997) in one permutation (Li, Owen and Zhang 2012) with empty bins filled from
 * others (Shrivastava 2017), one byte for each bin (b-bit minwise hashing, Li and König 2010). Two signatures agree in
 * about as many bytes as the texts share of their pieces of five letters.
 */

/** Letters in a piece of text. */
const PIECE = 5;
/** Texts with fewer pieces say too little to be called nearly the same. */
const FEWEST_PIECES = 8;
const BASE = 0x01000193;
const BASE_TO_PIECE = Array.from({ length: PIECE - 1 }).reduce<number>((power) => Math.imul(power, BASE), 1);

/** Letters and figures in lower case with single spaces between words: what two texts are compared by. */
export function comparable(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, ' ')
    .trim();
}

/** Makes signatures of a fixed number of bytes. */
export class MinHasher {
  private readonly least: Int32Array;
  private letters = new Uint16Array(1024);

  /** @param bins bytes in a signature, a power of two from 32 to 256 */
  constructor(readonly bins: number) {
    this.least = new Int32Array(bins);
  }

  /**
   * Writes the signature of a {@link comparable} text to `into` at `at`.
   * @returns false where the text is too short to have one
   */
  sign(text: string, into: Uint8Array, at: number): boolean {
    if (text.length > this.letters.length) this.letters = new Uint16Array(2 * text.length);
    for (let i = 0; i < text.length; i++) this.letters[i] = text.charCodeAt(i);
    return this.signCodes(this.letters, text.length, into, at);
  }

  /** {@link sign} for a text as UTF-16 codes, of which the first `length` count. */
  signCodes(codes: Uint16Array, length: number, into: Uint8Array, at: number): boolean {
    if (length - PIECE + 1 < FEWEST_PIECES) return false;
    const { least, bins } = this;
    const shift = 32 - Math.log2(bins);
    least.fill(-1);
    let rolling = 0;
    for (let i = 0; i < length; i++) {
      if (i >= PIECE) rolling = (rolling - Math.imul(codes[i - PIECE] ?? 0, BASE_TO_PIECE)) | 0;
      rolling = (Math.imul(rolling, BASE) + (codes[i] ?? 0)) | 0;
      if (i < PIECE - 1) continue;
      const hash = mixed(rolling);
      const bin = hash >>> shift;
      const value = hash & ((1 << shift) - 1);
      const before = least[bin] ?? -1;
      if (before < 0 || value < before) least[bin] = value;
    }
    for (let bin = 0; bin < bins; bin++) into[at + bin] = mixed(this.filled(bin)) & 0xff;
    return true;
  }

  /** The value of a bin, or that of the bin which stands in for an empty one. */
  private filled(bin: number): number {
    let at = bin;
    for (let attempt = 1; (this.least[at] ?? -1) < 0; attempt++) {
      at = mixed(Math.imul(bin + 1, 0x9e3779b1) + attempt) & (this.bins - 1);
    }
    return this.least[at] ?? 0;
  }
}

/** The share of pieces that two signatures say their texts have in common, 0 to 1 (Jaccard). */
export function similarity(signatures: Uint8Array, bins: number, a: number, b: number): number {
  let same = 0;
  const first = a * bins;
  const second = b * bins;
  for (let bin = 0; bin < bins; bin++) same += Number(signatures[first + bin] === signatures[second + bin]);
  const chance = 1 / 256;
  return Math.max(0, (same / bins - chance) / (1 - chance));
}

/** The finaliser of MurmurHash3. */
export function mixed(value: number): number {
  let x = value ^ (value >>> 16);
  x = Math.imul(x, 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}
