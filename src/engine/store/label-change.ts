import { AppError } from '../../shared/errors';
import type { LabelChange, RowFilter } from '../../shared/label-types';
import { planMerge, planRemoval, planRows, planSplit, type PlannedAction } from './label-actions';
import type { LabelBook } from './label-book';

/** A change as it was asked for, worked out on the rows there are. */
export interface PlannedChange {
  readonly plan: PlannedAction;
  /** Rows that the change looked at; null: all. */
  readonly rowIds: Int32Array | null;
}

/**
 * Works out a change of many rows or of the labels.
 *
 * @param find the rows that a filter lets through, ascending; null for all
 * @throws AppError `bad-input` for unknown labels, and where rows would get several though they can have one
 */
export async function planChange(
  book: LabelBook,
  find: (filter: RowFilter) => Promise<Int32Array | null>,
  change: LabelChange,
  multiLabel: boolean,
): Promise<PlannedChange> {
  switch (change.kind) {
    case 'merge':
      return { plan: planMerge(book, change.labels, change.into), rowIds: null };
    case 'remove':
      return { plan: planRemoval(book, change.label), rowIds: null };
    case 'split': {
      const rowIds = await find({ ...change.filter, label: change.label });
      return { plan: planSplit(book, change.label, change.into, rowIds), rowIds };
    }
    case 'rows': {
      if (!multiLabel && (change.mode === 'add' || change.labels.length > 1)) {
        throw new AppError('bad-input', `Expected one label in the place of another, got "${change.mode}".`, {
          hint: 'This project has one label for each row: choose to replace.',
          data: { got: change.labels },
        });
      }
      const rowIds = without(book, await find(change.filter), change.except ?? []);
      return { plan: planRows(book, rowIds, change.labels, change.mode), rowIds };
    }
  }
}

/** The rows but some. @param rowIds null: all */
function without(book: LabelBook, rowIds: Int32Array | null, except: readonly number[]): Int32Array | null {
  if (except.length === 0) return rowIds;
  const out = new Set(except);
  return (rowIds ?? Int32Array.from({ length: book.rows }, (_, row) => row)).filter((row) => !out.has(row));
}
