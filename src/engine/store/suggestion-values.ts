import type { RowFilter } from '../../shared/label-types';
import type { Database } from './database';
import type { Predictions } from './predictions';
import { sortedByKey } from './row-order';

/** What the rows of a filter are measured by; null where it does not ask for suggestions by their probability. */
export type SuggestionAsk =
  { readonly kind: 'sure'; readonly label: string } | { readonly kind: 'torn'; readonly label: string; readonly other?: string | undefined }; // prettier-ignore

/** The part of a filter that is about the probability of suggestions. */
export function askOf({ sure, torn }: RowFilter): SuggestionAsk | null {
  if (sure !== undefined) return { kind: 'sure', label: sure.label };
  return torn === undefined ? null : { kind: 'torn', label: torn.label, other: torn.other };
}

/** Probabilities are kept in 32 bits: 0.9 is a little less than 0.9 there, and still 90 per cent. */
const ROUNDING = 1e-6;

/** The whole per cent that a value reaches. */
export function percentReached(value: number): number {
  return Math.floor((value + ROUNDING) * 100);
}

/** The whole per cent that a value stays within. */
export function percentWithin(value: number): number {
  return Math.max(0, Math.ceil((value - ROUNDING) * 100));
}

/**
 * What the kept suggestions say about one label, as one number for each row: its probability (`sure`), or how far the
 * two best labels are apart where it is one of them (`torn`). Read by one query and kept until it is another question.
 */
export class SuggestionValues {
  private kept: { readonly key: string; readonly values: Float32Array } | null = null;

  constructor(
    private readonly database: Database,
    private readonly predictions: Predictions,
    private readonly isMultiLabel: () => boolean,
  ) {}

  /** By row; -1 where it is no answer. // [rows] */
  async of(ask: SuggestionAsk, rows: number): Promise<Float32Array> {
    const multiLabel = this.isMultiLabel();
    const numbers = [...this.predictions.numbersOf(ask.label)];
    const others = ask.kind === 'torn' && ask.other !== undefined ? [...this.predictions.numbersOf(ask.other)] : null;
    const key = JSON.stringify([this.predictions.revision, rows, multiLabel, ask.kind, numbers, others]);
    if (this.kept?.key === key) return this.kept.values;
    const values = new Float32Array(rows).fill(-1);
    const sql =
      ask.kind === 'sure' ? sureSql(numbers) : multiLabel ? halfSql(numbers) : tornSql(numbers, others ?? null);
    if (numbers.length > 0 && others?.length !== 0) {
      const [rowIds, found] = await this.database.doubles(sql);
      rowIds?.forEach((row, i) => (values[row] = found?.[i] ?? -1));
    }
    this.kept = { key, values };
    return values;
  }

  /** Rows in the order of the question: the surest first, or those first that are torn most. */
  async inOrder(ask: SuggestionAsk, rowIds: Int32Array, rows: number): Promise<Int32Array> {
    const values = await this.of(ask, rows);
    const bits = new Uint32Array(1);
    const value = new Float32Array(bits.buffer);
    // The bits of floats from nought on have the order of the floats.
    return sortedByKey(rowIds, (row) => {
      value[0] = Math.max(0, values[row] ?? 0);
      return ask.kind === 'sure' ? 0x7fffffff - (bits[0] ?? 0) : (bits[0] ?? 0);
    });
  }
}

/** Which rows a filter's question lets through. @param values of {@link SuggestionValues.of} */
export function suggestionMatcher({ sure, torn }: RowFilter, values: Float32Array): (row: number) => boolean {
  const from = sure?.from ?? 0;
  if (sure !== undefined)
    return (row) => {
      const value = values[row] ?? -1;
      return value >= 0 && percentReached(value) >= from;
    };
  const within = torn?.within ?? 100;
  return (row) => {
    const value = values[row] ?? -1;
    return value >= 0 && percentWithin(value) <= within;
  };
}

function probabilityOf(numbers: readonly number[]): string {
  const list = numbers.join(', ');
  const cases = [1, 2, 3, 4, 5].map((k) => `WHEN l${String(k)} IN (${list}) THEN p${String(k)}`);
  return `CASE ${cases.join(' ')} ELSE 0 END`;
}

function sureSql(numbers: readonly number[]): string {
  return `SELECT row_id, ${probabilityOf(numbers)} FROM predictions`;
}

/** Labels that do not share their probabilities: a label is in doubt by itself, at a half. */
function halfSql(numbers: readonly number[]): string {
  return `SELECT row_id, abs(2 * ${probabilityOf(numbers)} - 1) FROM predictions`;
}

function tornSql(numbers: readonly number[], others: readonly number[] | null): string {
  const list = numbers.join(', ');
  const isOther = (column: string): string =>
    others === null ? `${column} >= 0` : `${column} IN (${others.join(', ')})`;
  return `SELECT row_id, p1 - p2 FROM predictions
    WHERE (l1 IN (${list}) AND ${isOther('l2')}) OR (l2 IN (${list}) AND ${isOther('l1')})`;
}
