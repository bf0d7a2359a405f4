import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnChoice, Row } from '../../shared/data-types';
import { AppError } from '../../shared/errors';
import { uncertainty } from '../evaluate/uncertainty';
import { appendColumns, type NewColumn } from './append-columns';
import type { Database } from './database';
import type { LabelBook } from './label-book';
import { rowLookUp } from './row-look-up';
import { readMeta, writeMeta } from './schema';

/** Which model a prediction came from. */
export type PredictionBasis = 'classifier' | 'baseline';

/** So many labels are kept of each prediction, best first. */
const KEPT = 5;

/** What models say about rows: the five best labels in the store, the best one and the uncertainty also in memory. */
export class Predictions {
  /** By the number a prediction uses: the label's id in the project, or -1 and its name. */
  private labels: { readonly label: number; readonly name: string }[] = [];
  private best = new Int32Array(0); // by row; -1: not predicted
  private doubt = new Float32Array(0); // by row; -1: not predicted
  basis: PredictionBasis | null = null;
  revision = 0;

  private constructor(
    private readonly database: Database,
    private readonly book: LabelBook,
  ) {}

  static async load(database: Database, book: LabelBook): Promise<Predictions> {
    const predictions = new Predictions(database, book);
    const labels = await database.all('SELECT label, name FROM prediction_labels ORDER BY id');
    predictions.labels = labels.map(([label, name]) => ({ label: Number(label), name: String(name) }));
    predictions.grow();
    const [rowIds, best] = await database.integers('SELECT row_id, l1 FROM predictions');
    const [, doubt] = await database.doubles('SELECT row_id, uncertainty FROM predictions');
    rowIds?.forEach((row, i) => predictions.remember(row, best?.[i] ?? -1, doubt?.[i] ?? -1));
    predictions.basis = (await readMeta(database, 'predictionBasis')) as PredictionBasis | null;
    return predictions;
  }

  /** The best label of a row, or null. */
  bestLabel(row: number): string | null {
    const best = this.best[row] ?? -1;
    return best < 0 ? null : this.nameOf(best);
  }

  /** The numbers that stand for this label in {@link bestNumber}. */
  numbersOf(name: string): ReadonlySet<number> {
    return new Set(this.labels.map((_, i) => i).filter((i) => this.nameOf(i) === name));
  }

  bestNumber(row: number): number {
    return this.best[row] ?? -1;
  }

  /** 0 (certain) to 1, or -1 where nothing is predicted. */
  uncertaintyOf(row: number): number {
    return this.doubt[row] ?? -1;
  }

  /**
   * Keeps predictions, in the place of older ones of these rows.
   *
   * @param probabilities // [rows, labels]
   * @throws AppError `bad-input` where the sizes do not fit
   */
  async save(
    rowIds: ArrayLike<number>,
    names: readonly string[],
    probabilities: Float32Array,
    basis: PredictionBasis,
    choice: ColumnChoice | null,
  ): Promise<void> {
    if (Array.prototype.some.call(rowIds, (row: number) => row >= this.book.rows))
      throw new AppError('bad-input', 'The rows that were predicted are no longer all in the project.');
    const n = rowIds.length;
    if (probabilities.length !== n * names.length) {
      throw new AppError(
        'bad-input',
        `Expected ${String(n)} x ${String(names.length)} probabilities, got ${String(probabilities.length)}.`,
      );
    }
    this.grow();
    const fresh =
      this.labels.length !== names.length || names.some((name, i) => this.nameOf(i) !== name) || basis !== this.basis;
    const labels = names.map((name) => ({ label: this.book.find(name)?.id ?? -1, name }));
    const top = bestLabels(n, names.length, probabilities);
    const doubt = uncertainty(probabilities, n, names.length, { multiLabel: choice?.multiLabel === true });
    await this.database.transaction(async (connection) => {
      if (fresh) {
        await writeMeta(connection, 'predictionBasis', basis);
        await connection.run('DELETE FROM predictions');
        await connection.run('DELETE FROM prediction_labels');
        await appendColumns(connection, 'prediction_labels', [
          { type: 'integer', values: labels.map((_, i) => i) },
          { type: 'integer', values: labels.map(({ label }) => label) },
          { type: 'text', values: labels.map(({ name }) => name) },
        ]);
      } else {
        await connection.run('CREATE OR REPLACE TEMP TABLE predicted_now (row_id INTEGER)');
        await appendColumns(connection, 'predicted_now', [{ type: 'integer', values: rowIds }]);
        await connection.run('DELETE FROM predictions WHERE row_id IN (SELECT row_id FROM predicted_now)');
      }
      await appendColumns(connection, 'predictions', [
        { type: 'integer', values: rowIds },
        { type: 'float', values: doubt },
        ...top,
      ]);
    });
    if (fresh) {
      this.labels = labels;
      this.basis = basis;
      this.best.fill(-1);
      this.doubt.fill(-1);
    }
    for (let i = 0; i < n; i++) this.remember(rowIds[i] ?? 0, top[0]?.values[i] as number, doubt[i] ?? 0);
    this.revision++;
  }

  /** The kept labels of some rows with their probabilities, best first. */
  async of(rowIds: readonly number[]): Promise<ReadonlyMap<number, NonNullable<Row['predicted']>>> {
    const wanted = rowIds.filter((row) => this.bestNumber(row) >= 0);
    if (wanted.length === 0) return new Map();
    const select = 'SELECT row_id, l1, p1, l2, p2, l3, p3, l4, p4, l5, p5 FROM predictions';
    const rows = await this.database.all(rowLookUp(select, 'row_id', wanted));
    return new Map(
      rows.map(([row, ...pairs]) => [
        Number(row),
        Array.from({ length: KEPT }, (_, k) => ({
          number: Number(pairs[2 * k] ?? -1),
          probability: Number(pairs[2 * k + 1] ?? 0),
        }))
          .filter(({ number }) => number >= 0)
          .map(({ number, probability }) => ({ label: this.nameOf(number), probability })),
      ]),
    );
  }

  /** Forgets all of them. */
  async clear(): Promise<void> {
    await this.database.transaction(async (connection) => {
      await writeMeta(connection, 'predictionBasis', null);
      await connection.run('DELETE FROM predictions');
      await connection.run('DELETE FROM prediction_labels');
    });
    this.labels = [];
    this.basis = null;
    this.best.fill(-1);
    this.doubt.fill(-1);
    this.revision++;
  }

  /** The last rows are no longer there, from this number on: forgets what was said of them, within a transaction. */
  async dropFrom(connection: DuckDBConnection, row: number): Promise<void> {
    await connection.run('DELETE FROM predictions WHERE row_id >= $1', [row]);
  }

  /** Forgets them in memory as well, once that is through. */
  shrinkTo(rows: number): void {
    this.best.fill(-1, rows);
    this.doubt.fill(-1, rows);
    this.revision++;
  }

  /** A renamed label is called by its new name here too. */
  private nameOf(number: number): string {
    const entry = this.labels[number];
    if (!entry) return '';
    return entry.label >= 0 ? this.book.name(entry.label) : entry.name;
  }

  private grow(): void {
    const { rows } = this.book;
    if (rows <= this.best.length) return;
    const best = new Int32Array(rows).fill(-1);
    const doubt = new Float32Array(rows).fill(-1);
    best.set(this.best);
    doubt.set(this.doubt);
    this.best = best;
    this.doubt = doubt;
  }

  private remember(row: number, best: number, doubt: number): void {
    this.best[row] = best;
    this.doubt[row] = doubt;
  }
}

/** Columns l1, p1 … l5, p5: the best labels of each row; -1 and 0 where there are fewer. */
function bestLabels(n: number, classes: number, probabilities: Float32Array): NewColumn[] {
  const labels = Array.from({ length: KEPT }, () => new Int32Array(n).fill(-1));
  const shares = Array.from({ length: KEPT }, () => new Float32Array(n));
  for (let row = 0; row < n; row++) {
    for (let c = 0; c < classes; c++) {
      let number = c;
      let share = probabilities[row * classes + c] ?? 0;
      // Insert into the sorted five: whoever is pushed out goes on to the next place.
      for (let k = 0; k < KEPT; k++) {
        const holder = labels[k]?.[row] ?? -1;
        const held = shares[k]?.[row] ?? 0;
        if (holder >= 0 && held >= share) continue;
        (labels[k] as Int32Array)[row] = number;
        (shares[k] as Float32Array)[row] = share;
        if (holder < 0) break;
        number = holder;
        share = held;
      }
    }
  }
  return labels.flatMap((values, k): NewColumn[] => [
    { type: 'integer', values },
    { type: 'float', values: shares[k] ?? new Float32Array(n) },
  ]);
}
