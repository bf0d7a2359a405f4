/** A growing array of 32-bit numbers. */
export class IdBuffer {
  private array: Uint32Array;
  private used = 0;

  constructor(capacity = 1024) {
    this.array = new Uint32Array(capacity);
  }

  /** How many numbers are in it. */
  get length(): number {
    return this.used;
  }

  /** Appends one number. */
  push(value: number): void {
    if (this.used === this.array.length) this.grow(this.used + 1);
    this.array[this.used++] = value;
  }

  /** Appends `source[start, end)`. */
  pushAll(source: Int32Array, start: number, end: number): void {
    const { used } = this;
    if (used + end - start > this.array.length) this.grow(used + end - start);
    const { array } = this;
    for (let i = start; i < end; i++) array[used + i - start] = source[i] as number;
    this.used = used + end - start;
  }

  /** The numbers as a view that is valid until the next change. */
  view(): Uint32Array {
    return this.array.subarray(0, this.used);
  }

  /** Empties the buffer and keeps its memory. */
  clear(): void {
    this.used = 0;
  }

  private grow(needed: number): void {
    const larger = new Uint32Array(Math.max(needed, this.array.length * 2));
    larger.set(this.array);
    this.array = larger;
  }
}
