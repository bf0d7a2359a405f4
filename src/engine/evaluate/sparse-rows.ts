/**
 * A sparse matrix in rows (CSR): row i has the columns `columns[offsets[i] … offsets[i + 1])` with the values beside
 * them.
 */
export interface SparseRows {
  readonly rows: number;
  readonly width: number; // number of columns
  readonly offsets: Int32Array; // [rows + 1]
  readonly columns: Int32Array;
  readonly values: Float32Array;
}

/** A growing list of whole numbers in one typed array. */
export class IntList {
  #items = new Int32Array(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#items.length) {
      const grown = new Int32Array(this.#items.length * 2);
      grown.set(this.#items);
      this.#items = grown;
    }
    this.#items[this.#length++] = value;
  }

  clear(): void {
    this.#length = 0;
  }

  /** The items so far; a view that the next push may leave behind. */
  view(): Int32Array {
    return this.#items.subarray(0, this.#length);
  }
}
