import { Charsmap } from './charsmap';
import type { NormalizerSpec } from './model-proto';

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
  private output = Buffer.alloc(1 << 12);
  private used = 0;

  constructor(spec: NormalizerSpec, symbols: readonly string[], treatWhitespaceAsSuffix: boolean, file: string) {
    this.spec = spec;
    this.suffix = treatWhitespaceAsSuffix;
    this.charsmap = new Charsmap(spec.charsmap, file);
    // The longest symbol counts where several fit.
    this.symbols = symbols.map((symbol) => Buffer.from(symbol, 'utf8')).sort((a, b) => b.length - a.length);
    for (const symbol of this.symbols) this.symbolBytes[symbol[0] ?? 0] = 1;
  }

  /** The text that is cut into pieces. */
  normalize(text: string): string {
    const input = Buffer.from(text, 'utf8'); // lone surrogates become U+FFFD
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
    return this.output.toString('utf8', 0, this.used);
  }

  /**
   * Whether text between white space (space, tab, line end) can be normalized by itself: the white space becomes one
   * space, no rule reaches across it, and none leaves two spaces.
   */
  get worksWordByWord(): boolean {
    const { addDummyPrefix, removeExtraWhitespaces, escapeWhitespaces } = this.spec;
    if (!addDummyPrefix || !removeExtraWhitespaces || !escapeWhitespaces || this.suffix) return false;
    if (this.symbols.some((symbol) => symbol.some((byte) => WORD_ENDS.includes(byte)))) return false;
    let possible = ['a b', 'a\tb', 'a\nb', 'a\rb'].every((text) => this.normalize(text) === '▁a▁b');
    this.charsmap.forEach((key, replacement) => {
      if (key.length > 1 && key.some((byte) => WORD_ENDS.includes(byte))) possible = false;
      for (let i = 1; i < replacement.length; i++) {
        if (replacement[i] === SPACE && replacement[i - 1] === SPACE) possible = false;
      }
    });
    return possible;
  }

  /** Whether a word of ASCII signs alone stays as it is. */
  get keepsAscii(): boolean {
    let kept = true;
    this.charsmap.forEach((key) => {
      if (key.every((byte) => byte > SPACE && byte < 0x7f)) kept = false;
    });
    return kept;
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
    const larger = Buffer.alloc(this.output.length * 2);
    this.output.copy(larger, 0, 0, this.used);
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

/** Space, tab, line feed, carriage return. */
const WORD_ENDS = [SPACE, 0x09, 0x0a, 0x0d];

function isOneSpace(bytes: Uint8Array): boolean {
  return bytes.length === 1 && bytes[0] === SPACE;
}

function startsWith(input: Uint8Array, start: number, symbol: Uint8Array): boolean {
  for (let i = 0; i < symbol.length; i++) if (input[start + i] !== symbol[i]) return false;
  return true;
}

function characterBytes(first: number): number {
  if (first < 0x80) return 1;
  return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}
