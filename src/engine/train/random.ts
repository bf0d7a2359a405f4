/**
 * The one generator of a run (xoshiro128**, Blackman & Vigna 2018): masks, shuffles, window lengths and first weights all
 * come from it, and its state is in every checkpoint, so a run that was stopped goes on as if it had not been.
 */
export class Random {
  private state: Uint32Array;

  constructor(seed: number) {
    // splitmix32 spreads a small seed over the whole state.
    let x = seed >>> 0;
    this.state = Uint32Array.from({ length: 4 }, () => {
      x = (x + 0x9e3779b9) >>> 0;
      let z = x;
      z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
      z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
      return (z ^ (z >>> 15)) >>> 0;
    });
  }

  /** 32 random bits. */
  bits(): number {
    const s = this.state;
    const product = Math.imul(s[1]!, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = s[1]! << 9;
    s[2]! ^= s[0]!;
    s[3]! ^= s[1]!;
    s[1]! ^= s[2]!;
    s[0]! ^= s[3]!;
    s[2]! ^= shifted;
    s[3] = (s[3]! << 11) | (s[3]! >>> 21);
    return result;
  }

  /** Uniform in [0, 1). */
  uniform(): number {
    return this.bits() / 0x1_0000_0000;
  }

  /** Uniform among 0 … n − 1. */
  below(n: number): number {
    return Math.floor(this.uniform() * n);
  }

  /** Standard normal (Box & Muller 1958). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** A pair of seeds for a kernel's own generator. */
  seedPair(): readonly [number, number] {
    return [this.bits() | 0, this.bits() | 0];
  }

  /** Shuffles in place (Fisher & Yates). */
  shuffle<A extends Int32Array | unknown[]>(items: A): A {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [items[i], items[j]] = [items[j]!, items[i]!];
    }
    return items;
  }

  /** Uniform values in [−bound, bound), for first weights. */
  uniforms(count: number, bound: number): Float32Array {
    const values = new Float32Array(count);
    for (let i = 0; i < count; i++) values[i] = (2 * this.uniform() - 1) * bound;
    return values;
  }

  readState(): readonly number[] {
    return [...this.state];
  }

  writeState(state: readonly number[]): void {
    this.state = Uint32Array.from(state);
  }
}
