import type { Row } from '../../shared/data-types';

/** Marks that a person can put on a row, besides its labels. */
export type RowMark = 'flag' | 'skip' | 'keep' | 'aside';

const BITS: Readonly<Record<RowMark, number>> = { flag: 1, skip: 2, keep: 4, aside: 8 };

/** Flags, skips, labels that were looked at again and kept, rows that are set aside and not used, and notes: one byte a row, and the notes as text. */
export class RowMarks {
  private bits = new Uint8Array(0);
  private readonly counts: Record<RowMark, number> = { flag: 0, skip: 0, keep: 0, aside: 0 };
  private readonly notes = new Map<number, string>();

  has(row: number, mark: RowMark): boolean {
    return ((this.bits[row] ?? 0) & BITS[mark]) !== 0;
  }

  /** All marks of a row. */
  allOf(row: number): readonly RowMark[] {
    return (this.bits[row] ?? 0) === 0 ? [] : (Object.keys(BITS) as RowMark[]).filter((mark) => this.has(row, mark));
  }

  /** Whether a row has the marks that are to be on and lacks those that are to be off; undefined: either will do. */
  matcher(wanted: Readonly<Partial<Record<RowMark, boolean | undefined>>>): (row: number) => boolean {
    let mask = 0;
    let on = 0;
    for (const [mark, bit] of Object.entries(BITS) as [RowMark, number][]) {
      if (wanted[mark] === undefined) continue;
      mask |= bit;
      if (wanted[mark]) on |= bit;
    }
    const { bits } = this;
    return (row) => ((bits[row] ?? 0) & mask) === on;
  }

  count(mark: RowMark): number {
    return this.counts[mark];
  }

  get noted(): number {
    return this.notes.size;
  }

  noteOf(row: number): string {
    return this.notes.get(row) ?? '';
  }

  set(row: number, mark: RowMark, on: boolean): void {
    if (this.has(row, mark) === on) return;
    if (row >= this.bits.length) {
      const larger = new Uint8Array(Math.max(row + 1, this.bits.length * 2));
      larger.set(this.bits);
      this.bits = larger;
    }
    this.bits[row] = (this.bits[row] ?? 0) ^ BITS[mark];
    this.counts[mark] += on ? 1 : -1;
  }

  setNote(row: number, note: string): void {
    if (note === '') this.notes.delete(row);
    else this.notes.set(row, note);
  }

  /** The rows with a mark, ascending. */
  rowsWith(mark: RowMark): Int32Array {
    const { bits } = this;
    const bit = BITS[mark];
    const rows = new Int32Array(this.counts[mark]);
    let length = 0;
    for (let row = 0; row < bits.length; row++) if (((bits[row] ?? 0) & bit) !== 0) rows[length++] = row;
    return rows;
  }

  /** As a screen sees them; undefined where the row has none. */
  of(row: number): Row['marks'] {
    const note = this.noteOf(row);
    const bits = this.bits[row] ?? 0;
    if (bits === 0 && note === '') return undefined;
    return { flagged: this.has(row, 'flag'), skipped: this.has(row, 'skip'), kept: this.has(row, 'keep'), note };
  }
}
