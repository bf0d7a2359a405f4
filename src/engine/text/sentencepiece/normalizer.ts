import { Charsmap } from './charsmap';
import type { NormalizerSpec } from './model-proto';
import { utf8, utf8Bytes } from './utf8';

const SPACE = 0x20;
/** U+2581, which stands for a space, in UTF-8. */
const MARK = [0xe2, 0x96, 0x81] as const;
/** The character that stands for a space in pieces. */
export const SPACE_MARK = '▁';

/**
 * Makes a text ready for cutting, as `Normalizer::Normalize` of SentencePiece does: characters by rule, spaces collapsed
 * and made visible. Symbols that a person defined are passed as they are.
 */
export class Normalizer {
  private readonly spec: NormalizerSpec;
  private readonly suffix: boolean;
  private readonly charsmap: Charsmap;
  private readonly symbols: readonly Uint8Array[];
  private readonly symbolBytes = new Uint8Array(256);
  private output = new Uint8Array(1 << 12);
  private used = 0;

  constructor(spec: NormalizerSpec, symbols: readonly string[], treatWhitespaceAsSuffix: boolean, file: string) {
    this.spec = spec;
    this.suffix = treatWhitespaceAsSuffix;
    this.charsmap = new Charsmap(spec.charsmap, file);
    // The longest symbol counts where several fit.
    this.symbols = symbols.map((symbol) => utf8Bytes(symbol)).sort((a, b) => b.length - a.length);
    for (const symbol of this.symbols) this.symbolBytes[symbol[0] ?? 0] = 1;
  }

  /** The text that is cut into pieces. */
  normalize(text: string): string {
    const input = utf8Bytes(text); // lone surrogates become U+FFFD
    const { addDummyPrefix, removeExtraWhitespaces } = this.spec;
    let i = 0;
    this.used = 0;
    if (removeExtraWhitespaces) {
      for (let match = this.prefix(input, 0); i < input.length && isOneSpace(match.bytes);) {
        i += match.length;
        match = this.prefix(input, i);
      }
    }
    if (i >= input.length) return '';
    if (!this.suffix && addDummyPrefix) this.putSpace();
    let afterSpace = removeExtraWhitespaces;
    while (i < input.length) {
      const { length, bytes } = this.prefix(input, i);
      let from = 0;
      if (afterSpace) while (bytes[from] === SPACE) from++;
      if (from < bytes.length) {
        for (let k = from; k < bytes.length; k++) this.put(bytes[k] as number);
        afterSpace = removeExtraWhitespaces && bytes[bytes.length - 1] === SPACE;
      }
      i += length;
    }
    if (removeExtraWhitespaces) this.trimEnd();
    if (this.suffix && addDummyPrefix) this.putSpace();
    return utf8(this.output.subarray(0, this.used));
  }

  /**
   * The kinds of white space between which words can be normalized one by one: each becomes one space, no rule reaches
   * across it, and none leaves two spaces. None where the model treats spaces in a way of its own.
   */
  wordSeparators(candidates: readonly string[]): readonly string[] {
    const { addDummyPrefix, removeExtraWhitespaces, escapeWhitespaces } = this.spec;
    if (!addDummyPrefix || !removeExtraWhitespaces || !escapeWhitespaces || this.suffix) return [];
    const spaces = candidates.filter((space) => this.normalize(`a${space}b`) === '▁a▁b');
    const reached = (text: string): boolean => spaces.some((space) => text.includes(space));
    if (this.symbols.some((symbol) => reached(utf8(symbol)))) return [];
    return this.spec.charsmap.length === 0 || isUsual(this.spec.charsmap) || !this.crosses(spaces) ? spaces : [];
  }

  /** Whether a rule holds a space and something else, or makes two spaces; looks at all rules, which takes a while. */
  crosses(spaces: readonly string[]): boolean {
    let found = false;
    this.charsmap.forEach((key, replacement) => {
      const from = utf8(Uint8Array.from(key));
      if (from.length > 1 && spaces.some((space) => from.includes(space))) found = true;
      if (utf8(replacement).includes('  ')) found = true;
    });
    return found;
  }

  /** What the next characters become: a symbol as it is, the longest rule, else the character itself. */
  private prefix(input: Uint8Array, start: number): { readonly length: number; readonly bytes: Uint8Array } {
    if (start >= input.length) return { length: 0, bytes: input.subarray(0, 0) };
    if (this.symbolBytes[input[start] as number]) {
      const symbol = this.symbols.find((each) => startsWith(input, start, each));
      if (symbol !== undefined) return { length: symbol.length, bytes: symbol };
    }
    const rule = this.charsmap.longest(input, start, input.length);
    if (rule !== null) return { length: rule.length, bytes: rule.replacement };
    const length = characterBytes(input[start] as number);
    return { length, bytes: input.subarray(start, start + length) };
  }

  private put(byte: number): void {
    if (byte === SPACE) {
      this.putSpace();
      return;
    }
    this.reserve(1);
    this.output[this.used++] = byte;
  }

  private putSpace(): void {
    this.reserve(MARK.length);
    if (!this.spec.escapeWhitespaces) this.output[this.used++] = SPACE;
    else for (const byte of MARK) this.output[this.used++] = byte;
  }

  private reserve(bytes: number): void {
    if (this.used + bytes <= this.output.length) return;
    const larger = new Uint8Array(this.output.length * 2);
    larger.set(this.output);
    this.output = larger;
  }

  private trimEnd(): void {
    const { output } = this;
    if (!this.spec.escapeWhitespaces) {
      while (this.used > 0 && output[this.used - 1] === SPACE) this.used--;
      return;
    }
    while (this.used >= MARK.length && MARK.every((byte, i) => output[this.used - MARK.length + i] === byte)) {
      this.used -= MARK.length;
    }
  }
}

/**
 * Length and FNV-1a (Fowler, Noll & Vo, 32 bits) of the rules `nmt_nfkc`, which nearly all models have; a test says that
 * {@link Normalizer.crosses} is false for them.
 */
const USUAL = { length: 240007, hash: 0xbcdd3b7b } as const;

function isUsual(charsmap: Uint8Array): boolean {
  if (charsmap.length !== USUAL.length) return false;
  let hash = 0x811c9dc5;
  for (const byte of charsmap) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0 === USUAL.hash;
}

function isOneSpace(bytes: Uint8Array): boolean {
  return bytes.length === 1 && bytes[0] === SPACE;
}

function startsWith(input: Uint8Array, start: number, symbol: Uint8Array): boolean {
  for (let i = 0; i < symbol.length; i++) if (input[start + i] !== symbol[i]) return false;
  return true;
}

/** Bytes of the UTF-8 character that begins with this byte. */
export function characterBytes(first: number): number {
  if (first < 0x80) return 1;
  return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}
