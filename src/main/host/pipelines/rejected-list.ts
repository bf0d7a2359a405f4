import type { RejectedRow } from '../../../shared/data-types';
import { mostRejected } from '../../../shared/file-types';

/** The rows of a file that could not be read: all counted, the first ones kept. */
export class RejectedList {
  count = 0;
  readonly first: RejectedRow[] = [];

  add(rows: readonly RejectedRow[]): void {
    this.count += rows.length;
    this.first.push(...rows.slice(0, mostRejected - this.first.length));
  }
}
