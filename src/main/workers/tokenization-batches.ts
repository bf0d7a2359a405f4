import { joinFields } from '../../engine/text/rules';
import type { PackedStrings } from '../../engine/text/token-dictionary';

/** About how many code units go to a worker at once: large enough to make the message cheap, small enough to share out. */
const BATCH_UNITS = 1 << 17;

/** Collects documents as code units, ready to be transferred to a worker. */
export class TextPacker {
  private bytes = Buffer.allocUnsafeSlow(BATCH_UNITS * 2);
  private used = 0;
  private ends: number[] = [];

  /** True when nothing is collected. */
  get empty(): boolean {
    return this.ends.length === 0;
  }

  /** True when it is time to {@link take}. */
  get full(): boolean {
    return this.used >= BATCH_UNITS * 2;
  }

  /** Adds a document with its fields. */
  add(fields: readonly string[]): void {
    const text = joinFields(fields);
    const needed = this.used + text.length * 2;
    if (needed > this.bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.bytes.length * 2));
      this.bytes.copy(larger, 0, 0, this.used);
      this.bytes = larger;
    }
    this.used += this.bytes.write(text, this.used, 'utf16le');
    this.ends.push(this.used / 2);
  }

  /** What was collected; the packer is empty afterwards. */
  take(): PackedStrings {
    const packed = { units: new Uint16Array(this.bytes.buffer, 0, this.used / 2), ends: Uint32Array.from(this.ends) };
    this.bytes = Buffer.allocUnsafeSlow(BATCH_UNITS * 2);
    this.used = 0;
    this.ends = [];
    return packed;
  }
}

/** The buffers behind packed strings, to be named as transferred. */
export function buffersOf(packed: PackedStrings): ArrayBuffer[] {
  return [packed.units.buffer as ArrayBuffer, packed.ends.buffer as ArrayBuffer];
}
