import { runNow } from '../evaluate/in-steps';
import type { SparseRows } from '../evaluate/sparse-rows';
import { TfidfFeatures, type TokenDocuments } from '../evaluate/tfidf-features';

/** Marks that are no words: xxunk, xxpad, xxbos, xxeos, xxfld. */
const NO_WORDS: readonly number[] = [0, 1, 2, 3, 4];
/** Word pairs seen once only say nothing about what two texts share. */
const MOST_FEATURES = 400_000;

/** Texts as sparse rows of length 1: words and word pairs by TF-IDF over these texts. */
export function textRows(documents: TokenDocuments): SparseRows {
  return runNow(TfidfFeatures.fit(documents, { skip: NO_WORDS, mostFeatures: MOST_FEATURES })).rows;
}

/** For each column the rows from `first` to `end` that have it, so that a row is compared in one walk over its words. */
export class SimilarityIndex {
  readonly #rows: SparseRows;
  readonly #first: number;
  readonly #count: number;
  readonly #starts: Int32Array; // [width + 1]
  readonly #places: Int32Array;
  readonly #values: Float32Array;

  constructor(rows: SparseRows, first: number, end: number) {
    this.#rows = rows;
    this.#first = first;
    this.#count = end - first;
    const from = rows.offsets[first] ?? 0;
    const to = rows.offsets[end] ?? 0;
    const starts = new Int32Array(rows.width + 1);
    for (let k = from; k < to; k++) {
      const after = (rows.columns[k] ?? 0) + 1;
      starts[after] = (starts[after] ?? 0) + 1;
    }
    for (let c = 0; c < rows.width; c++) starts[c + 1] = (starts[c + 1] ?? 0) + (starts[c] ?? 0);
    const next = starts.slice();
    this.#places = new Int32Array(to - from);
    this.#values = new Float32Array(to - from);
    for (let i = first; i < end; i++) {
      for (let k = rows.offsets[i] ?? 0; k < (rows.offsets[i + 1] ?? 0); k++) {
        const column = rows.columns[k] ?? 0;
        const at = next[column] ?? 0;
        next[column] = at + 1;
        this.#places[at] = i - first;
        this.#values[at] = rows.values[k] ?? 0;
      }
    }
    this.#starts = starts;
  }

  /** Number of rows in the index. */
  get count(): number {
    return this.#count;
  }

  /** Cosine of one row (of all rows, by its number there) with each row of the index, into `out`. // [count] */
  compare(row: number, out: Float32Array): void {
    out.fill(0);
    const { offsets, columns, values } = this.#rows;
    for (let k = offsets[row] ?? 0; k < (offsets[row + 1] ?? 0); k++) {
      const column = columns[k] ?? 0;
      const value = values[k] ?? 0;
      const end = this.#starts[column + 1] ?? 0;
      for (let at = this.#starts[column] ?? 0; at < end; at++) {
        const place = this.#places[at] ?? 0;
        out[place] = (out[place] ?? 0) + value * (this.#values[at] ?? 0);
      }
    }
  }

  /** {@link compare} with a row of the index, by its place there. */
  compareOwn(place: number, out: Float32Array): void {
    this.compare(this.#first + place, out);
  }
}
