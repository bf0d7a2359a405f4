/** Finds equal strings among millions without keeping them: 53 bits of hash each, in an open table of numbers. */
export class TextKeys {
  private readonly keys: Float64Array;
  private readonly owners: Int32Array;
  private readonly mask: number;

  /** @param texts how many may come */
  constructor(texts: number) {
    const slots = 1 << Math.max(4, Math.ceil(Math.log2(Math.max(1, texts) * 1.6)));
    this.keys = new Float64Array(slots);
    this.owners = new Int32Array(slots).fill(-1);
    this.mask = slots - 1;
  }

  /** The number of the first text that was equal to this one; its own where it is the first. */
  firstWith(text: string, own: number): number {
    const [low, high] = hash(text);
    const key = high * 0x100000000 + low;
    for (let slot = low & this.mask; ; slot = (slot + 1) & this.mask) {
      const owner = this.owners[slot] ?? -1;
      if (owner < 0) {
        this.owners[slot] = own;
        this.keys[slot] = key;
        return own;
      }
      if (this.keys[slot] === key) return owner;
    }
  }
}

/** 32 and 21 bits: two multiplicative hashes side by side. */
function hash(text: string): readonly [low: number, high: number] {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x9e3779b1);
    b = Math.imul(b ^ code, 0x5f356495);
  }
  a = Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35);
  b = Math.imul(b ^ (b >>> 16), 0x85ebca6b) ^ Math.imul(a ^ (a >>> 13), 0xc2b2ae35);
  return [a >>> 0, (b >>> 0) & 0x1fffff];
}
