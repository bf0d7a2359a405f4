/** Second token of a feature that is a single word. */
export const NO_TOKEN = -1;
/** Second token of a feature that is a piece of words; its number stands for the first. */
export const PIECE = -2;

/**
 * Numbers word pairs (and single words, as a pair with {@link NO_TOKEN}, and pieces, as one with {@link PIECE}) from 0 on in the order they are first seen: a
 * hash table with open addressing in typed arrays, because a Map of millions of pairs takes ten times the memory.
 */
export class NgramIndex {
  #slots: Int32Array; // number of the pair + 1; 0 is free
  #mask: number;
  #first: Int32Array;
  #second: Int32Array;
  #size = 0;

  constructor(expected = 1024) {
    const capacity = 2 ** Math.ceil(Math.log2(Math.max(16, expected * 2)));
    this.#slots = new Int32Array(capacity);
    this.#mask = capacity - 1;
    this.#first = new Int32Array(capacity / 2);
    this.#second = new Int32Array(capacity / 2);
  }

  get size(): number {
    return this.#size;
  }

  /** First tokens by number. */
  get first(): Int32Array {
    return this.#first.subarray(0, this.#size);
  }

  /** Second tokens by number; {@link NO_TOKEN} for a single word. */
  get second(): Int32Array {
    return this.#second.subarray(0, this.#size);
  }

  /** The number of a pair, or -1. */
  find(first: number, second: number): number {
    return (this.#slots[this.#slotOf(first, second)] ?? 0) - 1;
  }

  /** The number of a pair, which is added if new. */
  add(first: number, second: number): number {
    const slot = this.#slotOf(first, second);
    const known = this.#slots[slot] ?? 0;
    if (known > 0) return known - 1;
    const id = this.#size++;
    this.#slots[slot] = id + 1;
    this.#first[id] = first;
    this.#second[id] = second;
    if (this.#size === this.#first.length) this.#grow();
    return id;
  }

  #slotOf(first: number, second: number): number {
    let slot = hashPair(first, second) & this.#mask;
    for (;;) {
      const id = (this.#slots[slot] ?? 0) - 1;
      if (id < 0 || (this.#first[id] === first && this.#second[id] === second)) return slot;
      slot = (slot + 1) & this.#mask;
    }
  }

  #grow(): void {
    const capacity = this.#slots.length * 2;
    this.#slots = new Int32Array(capacity);
    this.#mask = capacity - 1;
    this.#first = enlarge(this.#first, capacity / 2);
    this.#second = enlarge(this.#second, capacity / 2);
    for (let id = 0; id < this.#size; id++) {
      this.#slots[this.#slotOf(this.#first[id] ?? 0, this.#second[id] ?? 0)] = id + 1;
    }
  }
}

function hashPair(first: number, second: number): number {
  let h = Math.imul(first, 0x9e3779b1) ^ Math.imul(second + 2, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  return h ^ (h >>> 13);
}

function enlarge(items: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(length);
  larger.set(items);
  return larger;
}
