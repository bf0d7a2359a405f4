/**
 * A tree of strings over 16-bit units in one hash table of typed arrays: node 0 is the root, a child is found with one
 * look-up, and a node may carry a value.
 */
export class PieceTrie {
  private parents: Int32Array;
  private units: Uint16Array;
  private children: Int32Array;
  private values: Int32Array;
  private nodes = 1;
  private mask: number;

  /** @param expected about how many nodes there will be */
  constructor(expected = 1 << 10) {
    const size = 2 ** Math.ceil(Math.log2(Math.max(16, expected * 2)));
    this.parents = new Int32Array(size).fill(-1);
    this.units = new Uint16Array(size);
    this.children = new Int32Array(size);
    this.values = new Int32Array(size).fill(-1);
    this.mask = size - 1;
  }

  /** The child of `node` for a unit, or -1. */
  child(node: number, unit: number): number {
    const { parents, units, mask } = this;
    for (let slot = hash(node, unit) & mask; ; slot = (slot + 1) & mask) {
      const parent = parents[slot] as number;
      if (parent === node && units[slot] === unit) return this.children[slot] as number;
      if (parent < 0) return -1;
    }
  }

  /** The value of a node, -1 for none. */
  value(node: number): number {
    return this.values[node] as number;
  }

  /** Adds a string given as units; one that is there gets the new value. */
  add(units: ArrayLike<number>, start: number, end: number, value: number): void {
    let node = 0;
    for (let i = start; i < end; i++) {
      const unit = units[i] as number;
      const child = this.child(node, unit);
      node = child >= 0 ? child : this.insert(node, unit);
    }
    this.values[node] = value;
  }

  private insert(node: number, unit: number): number {
    if (this.nodes * 2 >= this.parents.length) this.grow();
    const child = this.nodes++;
    this.put(node, unit, child);
    return child;
  }

  private put(node: number, unit: number, child: number): void {
    const { parents, mask } = this;
    let slot = hash(node, unit) & mask;
    while ((parents[slot] as number) >= 0) slot = (slot + 1) & mask;
    parents[slot] = node;
    this.units[slot] = unit;
    this.children[slot] = child;
  }

  private grow(): void {
    const { parents, units, children, values } = this;
    const size = parents.length * 2;
    this.parents = new Int32Array(size).fill(-1);
    this.units = new Uint16Array(size);
    this.children = new Int32Array(size);
    this.values = new Int32Array(size).fill(-1);
    this.values.set(values.subarray(0, this.nodes));
    this.mask = size - 1;
    for (let slot = 0; slot < parents.length; slot++) {
      const parent = parents[slot] as number;
      if (parent >= 0) this.put(parent, units[slot] as number, children[slot] as number);
    }
  }
}

function hash(node: number, unit: number): number {
  let mixed = Math.imul(node, 0x9e3779b1) ^ Math.imul(unit, 0x85ebca6b);
  mixed ^= mixed >>> 15;
  return mixed >>> 0;
}
