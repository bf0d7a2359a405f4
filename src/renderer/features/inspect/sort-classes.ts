import { isTooFewOfLabel } from '../../../shared/evidence';
import type { ClassFigures } from '../../../shared/inspect-types';

/** A column of the per-class table. */
export type ClassColumn = 'label' | 'precision' | 'recall' | 'f1' | 'support' | 'baselineF1';

/**
 * The classes in the order of one column; equal ones by their names. Those with too few texts stand last where the order goes by
 * a figure: theirs mean nothing, and would else be the best and the worst of all.
 */
export function sortClasses<C extends Pick<ClassFigures, ClassColumn>>(
  classes: readonly C[],
  by: ClassColumn,
  descending: boolean,
): readonly C[] {
  const sign = descending ? -1 : 1;
  return classes.slice().sort((a, b) => {
    const names = a.label.localeCompare(b.label, undefined, { numeric: true });
    if (by === 'label') return sign * names;
    const few = by === 'support' ? 0 : Number(isTooFewOfLabel(a.support)) - Number(isTooFewOfLabel(b.support));
    if (few !== 0) return few;
    return sign * (a[by] - b[by]) || names;
  });
}
