import { UNLABELLED, type LabelBook } from './label-book';
import type { RowMark, RowMarks } from './row-marks';

/**
 * How many rows are in use, labelled, and waiting to be labelled. Every change of a row's labels or marks goes through
 * here and is counted as it happens, so that no figure on a screen takes longer the more rows there are.
 */
export class RowTally {
  private asideLabelled = 0;
  private readonly asideByLabel: number[] = [];
  private waitingRows = 0;
  /** Grows each time a row waits again: whoever has gone past it begins anew. */
  returned = 0;

  constructor(
    private readonly book: LabelBook,
    private readonly marks: RowMarks,
  ) {}

  /** Rows that are not set aside. */
  get rows(): number {
    return this.book.rows - this.marks.count('aside');
  }

  /** Labelled rows that are not set aside. */
  get labelled(): number {
    return this.book.labelled - this.asideLabelled;
  }

  /** Rows that wait to be labelled, see {@link isWaiting}. */
  get waiting(): number {
    return this.waitingRows;
  }

  /** Rows with a label, without those that are set aside. */
  countOf(label: number): number {
    return this.book.countOf(label) - (this.asideByLabel[label] ?? 0);
  }

  /** Whether a row waits to be labelled: it has no label, was not skipped, and is not set aside. */
  isWaiting(row: number): boolean {
    const { book, marks } = this;
    return book.setOf(row) === UNLABELLED && !marks.has(row, 'skip') && !marks.has(row, 'aside');
  }

  /** Makes room for rows; new ones wait. */
  growTo(rows: number): void {
    this.waitingRows += rows - this.book.rows;
    this.book.growTo(rows);
    this.returned++;
  }

  /** The last rows are no longer there, from this number on. */
  shrinkTo(rows: number): void {
    const { book, marks } = this;
    for (let row = rows; row < book.rows; row++) {
      this.setRow(row, UNLABELLED);
      for (const mark of marks.allOf(row)) this.setMark(row, mark, false);
      marks.setNote(row, '');
    }
    this.waitingRows -= book.rows - rows; // without label and mark all of them waited
    book.growTo(rows);
    this.returned++;
  }

  /** Gives a row another set of labels. */
  setRow(row: number, set: number): void {
    const waited = this.isWaiting(row);
    const isAside = this.marks.has(row, 'aside');
    if (isAside) this.countAside(row, -1);
    this.book.setRow(row, set);
    if (isAside) this.countAside(row, 1);
    this.note(waited, this.isWaiting(row));
  }

  /** Gives rows that have just come, without label or mark and each named once, their sets of labels. */
  setFreshRows(rowIds: Int32Array, sets: Int32Array): void {
    const before = this.book.labelled;
    this.book.setFreshRows(rowIds, sets);
    this.waitingRows -= this.book.labelled - before;
  }

  /** Puts a mark on a row or takes it off. */
  setMark(row: number, mark: RowMark, on: boolean): void {
    if (this.marks.has(row, mark) === on) return;
    const waited = this.isWaiting(row);
    this.marks.set(row, mark, on);
    if (mark === 'aside') this.countAside(row, on ? 1 : -1);
    this.note(waited, this.isWaiting(row));
  }

  private countAside(row: number, by: number): void {
    const set = this.book.setOf(row);
    if (set === UNLABELLED) return;
    this.asideLabelled += by;
    for (const label of this.book.labelsOf(set)) this.asideByLabel[label] = (this.asideByLabel[label] ?? 0) + by;
  }

  private note(waited: boolean, waits: boolean): void {
    if (waited === waits) return;
    this.waitingRows += waits ? 1 : -1;
    if (waits) this.returned++;
  }
}
