import type { ClassMetrics } from '../../../shared/training-types';

/** A column of the per-class table. */
export type ClassColumn = keyof ClassMetrics;

/** The classes in the order of one column; equal ones by their names. */
export function sortClasses(
  classes: readonly ClassMetrics[],
  by: ClassColumn,
  descending: boolean,
): readonly ClassMetrics[] {
  const sign = descending ? -1 : 1;
  return classes.slice().sort((a, b) => {
    const names = a.label.localeCompare(b.label, undefined, { numeric: true });
    if (by === 'label') return sign * names;
    return sign * (a[by] - b[by]) || names;
  });
}
