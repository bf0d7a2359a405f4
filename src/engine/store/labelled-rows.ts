import type { Split } from '../../shared/data-types';
import { UNLABELLED, type LabelBook } from './label-book';
import type { RowMarks } from './row-marks';

/** Labelled rows with class numbers: row i has `labels[labelOffsets[i] … labelOffsets[i + 1])`, ascending. */
export interface LabelledRows {
  readonly rowIds: Int32Array;
  readonly labelOffsets: Int32Array;
  readonly labels: Int32Array;
  readonly names: string[]; // by class number, sorted
}

/** The rows of one split, in row order. The classes are the labels that any row in any split has. */
export function labelledRows(
  book: LabelBook,
  splitOf: (row: number) => Split,
  split: Exclude<Split, 'unlabelled'>,
): LabelledRows {
  const used = new Set<number>(); // sets of labels
  const rowIds: number[] = [];
  for (let row = 0; row < book.rows; row++) {
    const set = book.setOf(row);
    if (set === UNLABELLED) continue;
    const itsSplit = splitOf(row);
    if (itsSplit === 'unlabelled') continue;
    used.add(set);
    if (itsSplit === split) rowIds.push(row);
  }
  const ids = [...new Set([...used].flatMap((set) => book.labelsOf(set)))];
  const names = ids.map((id) => book.name(id)).sort();
  const classOf = new Map(ids.map((id) => [id, names.indexOf(book.name(id))]));
  const classesOf = new Map([...used].map((set) => [set, classNumbers(book.labelsOf(set), classOf)]));
  const labelOffsets = new Int32Array(rowIds.length + 1);
  const labels: number[] = [];
  rowIds.forEach((row, i) => {
    for (const label of classesOf.get(book.setOf(row)) ?? []) labels.push(label);
    labelOffsets[i + 1] = labels.length;
  });
  return { rowIds: Int32Array.from(rowIds), labelOffsets, labels: Int32Array.from(labels), names };
}

function classNumbers(labels: readonly number[], classOf: ReadonlyMap<number, number>): number[] {
  return labels.map((id) => classOf.get(id) ?? 0).sort((a, b) => a - b);
}

/** Labelled rows in use, ascending; of very many, as many as wanted from all over the file, which may be sorted by label. */
export function labelledSample(book: LabelBook, marks: RowMarks, most: number): Int32Array {
  const rows = new Int32Array(book.labelled);
  let length = 0;
  for (let row = 0; row < book.rows; row++)
    if (book.setOf(row) !== UNLABELLED && !marks.has(row, 'aside')) rows[length++] = row;
  if (length <= most) return rows.slice(0, length);
  const step = length / most;
  return Int32Array.from({ length: most }, (_, i) => rows[Math.floor(i * step)] ?? 0);
}
