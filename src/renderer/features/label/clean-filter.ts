import type { RowFilter } from '../../../shared/label-types';

/** A filter without the parts that ask for nothing. */
export function cleanFilter(filter: RowFilter): RowFilter {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined && value !== ''));
}
