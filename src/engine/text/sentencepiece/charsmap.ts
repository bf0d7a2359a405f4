import { AppError } from '../../../shared/errors';

/*
 * SentencePiece keeps its rules for characters as `<bytes of the trie, uint32><trie><replacements, each ended by 0>`.
 * The trie is a double array of Darts-clone over UTF-8: a unit holds a label, a flag for "a key ends here", and the
 * offset of its children.
 */

/** A rule that fits: so many bytes are replaced by these. */
export interface CharsmapMatch {
  readonly length: number;
  readonly replacement: Uint8Array;
}

/** The rules by which SentencePiece replaces characters before it cuts a text. */
export class Charsmap {
  private readonly units: Uint32Array;
  private readonly replacements: Uint8Array;
  private readonly known = new Map<number, Uint8Array>();

  /** @throws AppError `model-format` */
  constructor(blob: Uint8Array, file: string) {
    if (blob.length === 0) {
      this.units = new Uint32Array(0);
      this.replacements = blob;
      return;
    }
    const size = blob.length > 4 ? new DataView(blob.buffer, blob.byteOffset).getUint32(0, true) : 0;
    if (size === 0 || size % 4 !== 0 || 4 + size >= blob.length) {
      throw new AppError('model-format', `${file}: the rules for characters are damaged.`, {
        hint: 'Copy or make the file again.',
        data: { file },
      });
    }
    // A copy: the place in the file need not be aligned, and slice() of a Buffer would share its memory.
    this.units = new Uint32Array(new Uint8Array(blob.subarray(4, 4 + size)).buffer);
    this.replacements = blob.subarray(4 + size);
  }

  /** The longest rule for the bytes from `start` on, or null. */
  longest(bytes: Uint8Array, start: number, end: number): CharsmapMatch | null {
    const { units } = this;
    if (units.length === 0) return null;
    let length = 0;
    let value = -1;
    let node = offsetOf(units[0] as number);
    for (let i = start; i < end; i++) {
      const byte = bytes[i] as number;
      node ^= byte;
      const unit = units[node];
      if (unit === undefined || labelOf(unit) !== byte) break;
      node ^= offsetOf(unit);
      if (unit & LEAF) {
        length = i + 1 - start;
        value = (units[node] as number) & 0x7fffffff;
      }
    }
    return value < 0 ? null : { length, replacement: this.replacement(value) };
  }

  /** Calls `visit` with each rule: the bytes that it replaces and what stands for them. */
  forEach(visit: (key: readonly number[], replacement: Uint8Array) => void): void {
    const { units } = this;
    if (units.length === 0) return;
    const key: number[] = [];
    const below = (base: number): void => {
      for (let byte = 1; byte < 256; byte++) {
        const unit = units[base ^ byte];
        if (unit === undefined || labelOf(unit) !== byte) continue;
        key.push(byte);
        const children = base ^ byte ^ offsetOf(unit);
        if (unit & LEAF) visit(key, this.replacement((units[children] as number) & 0x7fffffff));
        below(children);
        key.pop();
      }
    };
    below(offsetOf(units[0] as number));
  }

  private replacement(value: number): Uint8Array {
    let found = this.known.get(value);
    if (found === undefined) {
      const end = this.replacements.indexOf(0, value);
      found = this.replacements.subarray(value, end < 0 ? this.replacements.length : end);
      this.known.set(value, found);
    }
    return found;
  }
}

const LEAF = 1 << 8;

/** A unit's label; of one that holds a value it is no byte. */
function labelOf(unit: number): number {
  return (unit & 0x800000ff) >>> 0;
}

function offsetOf(unit: number): number {
  return (unit >>> 10) << ((unit & (1 << 9)) >>> 6);
}
