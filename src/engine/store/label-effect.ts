import type { LabelEffect } from '../../shared/label-types';
import { UNLABELLED, type LabelBook } from './label-book';
import type { PlannedChange } from './label-change';
import type { RowEvents } from './label-events';

/** The rows that are not set aside. */
export interface UsedRows {
  readonly count: number;
  readonly isUsed: (row: number) => boolean;
  readonly countOf: (label: number) => number;
}

/** So many rows are shown with a preview. */
const EXAMPLES = 20;

/** Rows to show with a preview: so many from all over the change, or of an order the next ones from a place on. */
export function examplesOf(changed: Int32Array, inOrder: Int32Array | null, from: number): Int32Array {
  if (inOrder !== null) return inOrder.subarray(from, from + EXAMPLES);
  const step = Math.max(1, Math.ceil(changed.length / EXAMPLES));
  return Int32Array.from({ length: Math.ceil(changed.length / step) }, (_, i) => changed[i * step] ?? 0);
}

/**
 * What a planned change does, in figures; `changed` are the rows.
 *
 * Rows that are set aside change too, and are told nowhere.
 */
export function effectOf(
  book: LabelBook,
  { plan, rowIds }: PlannedChange,
  used: UsedRows,
): Omit<LabelEffect, 'examples' | 'changed'> & { readonly changed: Int32Array } {
  const sets = plan.action.rows.find(({ kind }) => kind === 'set');
  const labelsOf = (set: number): readonly number[] => plan.newSets.get(set) ?? book.labelsOf(set);
  const byLabel = new Map<number, number>(); // by label: rows gained and lost
  let losing = 0;
  let overwritten = 0;
  const changed = sets?.rowIds.filter((row) => used.isUsed(row)) ?? new Int32Array(0);
  for (const { before, after, rows } of pairsOf(sets, used)) {
    const now = labelsOf(before);
    const then = labelsOf(after);
    for (const id of now) byLabel.set(id, (byLabel.get(id) ?? 0) - rows);
    for (const id of then) byLabel.set(id, (byLabel.get(id) ?? 0) + rows);
    if (after === UNLABELLED) losing += rows;
    if (now.some((id) => !then.includes(id))) overwritten += rows;
  }
  const fresh = new Map(plan.action.names.filter(({ kind }) => kind === 'add').map(({ id, name }) => [id, name]));
  const gone = plan.action.names.filter(({ kind }) => kind === 'remove').map(({ id }) => id);
  const shown = new Set([...[...byLabel].filter(([, by]) => by !== 0).map(([id]) => id), ...gone, ...fresh.keys()]);
  return {
    matched: rowIds?.length ?? used.count,
    changed,
    losing,
    overwritten,
    labels: [...shown].map((id) => ({
      name: fresh.get(id) ?? book.name(id),
      before: used.countOf(id),
      after: used.countOf(id) + (byLabel.get(id) ?? 0),
    })),
  };
}

/** What becomes of what, and for how many rows: few pairs of sets, however many rows. */
function pairsOf(
  events: RowEvents | undefined,
  { isUsed }: UsedRows,
): Iterable<{ before: number; after: number; rows: number }> {
  const pairs = new Map<number, { before: number; after: number; rows: number }>();
  const length = events?.rowIds.length ?? 0;
  for (let i = 0; i < length; i++) {
    if (!isUsed(events?.rowIds[i] ?? 0)) continue;
    const before = events?.previous[i] ?? UNLABELLED;
    const after = events?.values[i] ?? UNLABELLED;
    const key = before * 2 ** 26 + after; // sets stay far below
    const pair = pairs.get(key);
    if (pair) pair.rows++;
    else pairs.set(key, { before, after, rows: 1 });
  }
  return pairs.values();
}
