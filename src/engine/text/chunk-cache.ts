/** Entries kept at most; a cache that is full starts anew (its content is only a short cut, never a result). */
const MOST_ENTRIES = 1 << 18;
const MOST_UNITS = 1 << 23;
const MOST_IDS = 1 << 22;
/** Longer chunks are rarely seen twice and are not kept. */
export const LONGEST_CACHED = 48;

/**
 * Remembers the token ids of chunks of text (what stands between white space), as spaCy's tokenizer does. Keys are code
 * units in one array and values ids in another: a look-up makes no string and no object.
 */
export class ChunkCache {
  private table = new Int32Array(1 << 12).fill(-1);
  private entries = 0;
  private hashes = new Int32Array(1 << 10);
  private keyStarts = new Int32Array((1 << 10) + 1);
  private idStarts = new Int32Array((1 << 10) + 1);
  private keys = new Uint16Array(1 << 14);
  private ids = new Int32Array(1 << 12);

  /** Number of the entry for `units[start, end)` with its `hash`, or -1. */
  find(units: Uint16Array, start: number, end: number, hash: number): number {
    const { table, hashes, keyStarts, keys } = this;
    const mask = table.length - 1;
    const length = end - start;
    for (let slot = (hash ^ (hash >>> 15)) & mask; ; slot = (slot + 1) & mask) {
      const entry = table[slot] as number;
      if (entry < 0) return -1;
      if (hashes[entry] !== hash) continue;
      const key = keyStarts[entry] as number;
      if ((keyStarts[entry + 1] as number) - key !== length) continue;
      let i = 0;
      while (i < length && keys[key + i] === units[start + i]) i++;
      if (i === length) return entry;
    }
  }

  /** Where the ids of an entry begin in {@link idsOf}; they end where those of the next one begin. */
  idStart(entry: number): number {
    return this.idStarts[entry] as number;
  }

  /** The array that holds the ids of all entries; do not keep it beyond the next {@link add}. */
  get idsOf(): Int32Array {
    return this.ids;
  }

  /** Remembers the ids of a chunk that is not in the cache. */
  add(units: Uint16Array, start: number, end: number, hash: number, ids: readonly number[]): void {
    const keyEnd = (this.keyStarts[this.entries] as number) + end - start;
    const idEnd = (this.idStarts[this.entries] as number) + ids.length;
    if (this.entries === MOST_ENTRIES || keyEnd > MOST_UNITS || idEnd > MOST_IDS) {
      this.clear();
      this.add(units, start, end, hash, ids);
      return;
    }
    this.reserve(keyEnd, idEnd);
    const entry = this.entries++;
    this.keys.set(units.subarray(start, end), keyEnd - (end - start));
    this.ids.set(ids, idEnd - ids.length);
    this.hashes[entry] = hash;
    this.keyStarts[entry + 1] = keyEnd;
    this.idStarts[entry + 1] = idEnd;
    this.insert(entry, hash);
  }

  /** Forgets everything. */
  private clear(): void {
    this.table.fill(-1);
    this.entries = 0;
  }

  private reserve(keyEnd: number, idEnd: number): void {
    if (keyEnd > this.keys.length) this.keys = grown(this.keys, Uint16Array, keyEnd);
    if (idEnd > this.ids.length) this.ids = grown(this.ids, Int32Array, idEnd);
    if (this.entries + 1 >= this.hashes.length) {
      this.hashes = grown(this.hashes, Int32Array, this.entries + 2);
      this.keyStarts = grown(this.keyStarts, Int32Array, this.hashes.length + 1);
      this.idStarts = grown(this.idStarts, Int32Array, this.hashes.length + 1);
    }
    if (this.entries * 2 >= this.table.length) {
      this.table = new Int32Array(this.table.length * 4).fill(-1);
      for (let entry = 0; entry < this.entries; entry++) this.insert(entry, this.hashes[entry] as number);
    }
  }

  private insert(entry: number, hash: number): void {
    const mask = this.table.length - 1;
    let slot = (hash ^ (hash >>> 15)) & mask;
    while ((this.table[slot] as number) >= 0) slot = (slot + 1) & mask;
    this.table[slot] = entry;
  }
}

function grown<T extends Uint16Array | Int32Array>(array: T, make: new (length: number) => T, needed: number): T {
  const larger = new make(Math.max(needed, array.length * 2));
  larger.set(array);
  return larger;
}
