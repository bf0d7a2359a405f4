import { AppError } from '../../shared/errors';

/** Class ids of n rows: row i has `labels[offsets[i] … offsets[i + 1])`, ascending; `offsets` has n + 1 entries. */
export interface LabelCsr {
  readonly offsets: Int32Array;
  readonly labels: Int32Array;
}

/** Labels with exactly one class id a row, as {@link LabelCsr}. */
export function singleLabels(classIds: ArrayLike<number>): LabelCsr {
  return { offsets: Int32Array.from({ length: classIds.length + 1 }, (_, i) => i), labels: Int32Array.from(classIds) };
}

/** Several class ids a row, as {@link LabelCsr}. */
export function multiLabels(rows: readonly (readonly number[])[]): LabelCsr {
  const offsets = new Int32Array(rows.length + 1);
  rows.forEach((row, i) => (offsets[i + 1] = (offsets[i] ?? 0) + row.length));
  return { offsets, labels: Int32Array.from(rows.flat()) };
}

/** The labels of some rows, and behind them those of others. */
export function joinLabels(first: LabelCsr, second: LabelCsr): LabelCsr {
  const begin = first.labels.length;
  return {
    offsets: Int32Array.from([...first.offsets, ...second.offsets.subarray(1).map((offset) => offset + begin)]),
    labels: Int32Array.from([...first.labels, ...second.labels]),
  };
}

/** The labels of the rows at these places. */
export function pickLabels({ offsets, labels }: LabelCsr, places: Int32Array): LabelCsr {
  return multiLabels(Array.from(places, (place) => [...labels.subarray(offsets[place], offsets[place + 1])]));
}

/** Number of rows. */
export function rowCount(labels: LabelCsr): number {
  return labels.offsets.length - 1;
}

/**
 * The one class id of each row.
 * @throws AppError `bad-input` when a row has none or several, or an id outside 0 … classes - 1
 */
export function classIdsOf(labels: LabelCsr, classes: number): Int32Array {
  checkIds(labels, classes);
  const n = rowCount(labels);
  for (let i = 0; i < n; i++) {
    const count = (labels.offsets[i + 1] ?? 0) - (labels.offsets[i] ?? 0);
    if (count !== 1)
      throw new AppError('bad-input', `Row ${i} should have exactly one label, got ${count}.`, { data: { row: i } });
  }
  return labels.labels;
}

/**
 * Which labels each row has, as zeros and ones. // [n, classes]
 * @throws AppError `bad-input` for an id outside 0 … classes - 1
 */
export function indicatorsOf(labels: LabelCsr, classes: number): Uint8Array {
  checkIds(labels, classes);
  const n = rowCount(labels);
  const truth = new Uint8Array(n * classes);
  for (let i = 0; i < n; i++) {
    for (let k = labels.offsets[i] ?? 0; k < (labels.offsets[i + 1] ?? 0); k++) {
      truth[i * classes + (labels.labels[k] ?? 0)] = 1;
    }
  }
  return truth;
}

/**
 * Checks that `values` is a matrix [n, classes] of finite numbers for these labels.
 * @throws AppError `bad-input` for another size, `no-rows` for none, `not-a-number` for NaN or infinity
 */
export function checkMatrix(values: Float32Array, labels: LabelCsr, classes: number, what: string): void {
  const n = rowCount(labels);
  if (n < 1) throw new AppError('no-rows', `Expected at least one row to measure ${what}, got none.`);
  if (!Number.isInteger(classes) || classes < 1 || values.length !== n * classes) {
    throw new AppError('bad-input', `Expected ${what} of ${n} rows × ${classes} labels, got ${values.length} numbers.`);
  }
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new AppError(
      'not-a-number',
      `The ${what} of row ${Math.floor(bad / classes)} are not finite (${values[bad]}).`,
    );
  }
}

function checkIds({ labels, offsets }: LabelCsr, classes: number): void {
  if (offsets[0] !== 0 || offsets[offsets.length - 1] !== labels.length) {
    throw new AppError('bad-input', `Label offsets should run from 0 to ${labels.length}.`);
  }
  const bad = labels.find((id) => id < 0 || id >= classes);
  if (bad !== undefined) throw new AppError('bad-input', `Expected label ids from 0 to ${classes - 1}, got ${bad}.`);
}
