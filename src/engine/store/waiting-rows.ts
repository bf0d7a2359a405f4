import { shuffled } from './assign-splits';
import { UNLABELLED, type LabelBook } from './label-book';
import type { PredictionBasis, Predictions } from './predictions';
import type { RowMarks } from './row-marks';
import { RowOrder, sortedByKey } from './row-order';
import type { RowTally } from './row-tally';

/** Rows to label next. */
export interface Candidates {
  readonly rowIds: Int32Array;
  readonly basis: PredictionBasis | 'none';
  /** How many wait in all, without the excluded ones. */
  readonly left: number;
}

/** What the orders are made from. */
interface Sources {
  readonly book: LabelBook;
  readonly marks: RowMarks;
  readonly tally: RowTally;
  readonly predictions: Predictions;
}

/** So many shuffles are kept; each takes four bytes a row. */
const KEPT_SHUFFLES = 3;

/**
 * The rows that wait to be labelled, in the orders in which they are asked for. An order is sorted once and then gone
 * through, so that the next page of a million rows costs no more than that of a thousand.
 */
export class WaitingRows {
  private readonly shuffles = new Map<string, Int32Array>();
  private readonly orders = new Map<string, { readonly key: string; readonly order: RowOrder }>();

  constructor(private readonly sources: Sources) {}

  /** The next rows to label. `uncertain` goes by the kept predictions; rows without one come after, as in the file. */
  next(order: 'uncertain' | 'random' | 'file', limit: number, excluded: readonly number[], seed: number): Candidates {
    const { tally, predictions } = this.sources;
    const exclude = new Set(excluded);
    const left = tally.waiting - [...exclude].filter((row) => tally.isWaiting(row)).length;
    if (order === 'random') return { rowIds: this.take(this.random(seed), limit, exclude), basis: 'none', left };
    if (order === 'file') return { rowIds: this.take(this.file(), limit, exclude), basis: 'none', left };
    const doubted = this.take(this.doubted(), limit, exclude);
    const basis = doubted.length > 0 ? (predictions.basis ?? 'none') : 'none';
    if (doubted.length === limit) return { rowIds: doubted, basis, left };
    const others = this.take(this.unpredicted(), limit - doubted.length, exclude);
    return { rowIds: Int32Array.of(...doubted, ...others), basis, left };
  }

  /** Up to `limit` rows without a label, skipped ones too, picked by the seed. */
  sample(limit: number, seed: number): Int32Array {
    const { book, marks } = this.sources;
    const found: number[] = [];
    for (const row of this.shuffle(seed)) {
      if (found.length >= limit) break;
      if (book.setOf(row) === UNLABELLED && !marks.has(row, 'aside')) found.push(row);
    }
    return Int32Array.from(found);
  }

  private take(order: RowOrder, limit: number, exclude: ReadonlySet<number>): Int32Array {
    const { tally } = this.sources;
    return Int32Array.from(order.take(limit, (row) => tally.isWaiting(row), exclude, tally.returned));
  }

  private random(seed: number): RowOrder {
    return this.order(`random ${String(seed)}`, '', () => this.shuffle(seed));
  }

  private file(): RowOrder {
    return this.order('file', '', () => this.rowsWhere(() => true));
  }

  /** Rows that a model has said something about, the most uncertain first. */
  private doubted(): RowOrder {
    const { predictions } = this.sources;
    return this.order('doubted', String(predictions.revision), () => {
      const known = this.rowsWhere((row) => predictions.uncertaintyOf(row) >= 0);
      const bits = new Uint32Array(1);
      const value = new Float32Array(bits.buffer);
      // The bits of floats from nought on have the order of the floats.
      return sortedByKey(known, (row) => {
        value[0] = predictions.uncertaintyOf(row);
        return 0x7fffffff - (bits[0] ?? 0);
      });
    });
  }

  private unpredicted(): RowOrder {
    const { predictions } = this.sources;
    return this.order('unpredicted', String(predictions.revision), () =>
      this.rowsWhere((row) => predictions.uncertaintyOf(row) < 0),
    );
  }

  /** An order that is made anew where there are other rows, or where `revision` differs. */
  private order(name: string, revision: string, rows: () => Int32Array): RowOrder {
    const key = `${String(this.sources.book.rows)} ${revision}`;
    const kept = this.orders.get(name);
    if (kept?.key === key) return kept.order;
    const order = new RowOrder(rows());
    this.orders.set(name, { key, order });
    return order;
  }

  private shuffle(seed: number): Int32Array {
    const { rows } = this.sources.book;
    const key = `${String(rows)} ${String(seed)}`;
    let order = this.shuffles.get(key);
    if (order === undefined) {
      order = sortedByKey(
        this.rowsWhere(() => true),
        (row) => shuffled(row, seed),
      );
      this.shuffles.set(key, order);
      const [oldest] = this.shuffles.keys();
      if (this.shuffles.size > KEPT_SHUFFLES && oldest !== undefined) this.shuffles.delete(oldest);
    }
    return order;
  }

  private rowsWhere(test: (row: number) => boolean): Int32Array {
    const rows = new Int32Array(this.sources.book.rows);
    let length = 0;
    for (let row = 0; row < rows.length; row++) if (test(row)) rows[length++] = row;
    return rows.slice(0, length);
  }
}
