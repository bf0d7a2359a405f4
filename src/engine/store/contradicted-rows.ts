import { UNLABELLED, type LabelBook } from './label-book';
import type { Predictions } from './predictions';
import type { RowMarks } from './row-marks';

/** A labelled row and how sure a model is that its label is wrong, 0 to 1. */
export interface DoubtedRow {
  readonly row: number;
  readonly doubt: number;
}

/**
 * Labelled rows whose best predicted label is none of theirs, the surest contradiction first. Only rows that were held
 * out of training have kept predictions besides unlabelled ones, so no model is asked about what it has learned by heart.
 */
export function contradictedRows(book: LabelBook, marks: RowMarks, predictions: Predictions): DoubtedRow[] {
  if (predictions.basis !== 'classifier') return [];
  const found: DoubtedRow[] = [];
  for (let row = 0; row < book.rows; row++) {
    const set = book.setOf(row);
    if (set === UNLABELLED || predictions.bestNumber(row) < 0 || marks.has(row, 'aside')) continue;
    const best = predictions.bestLabel(row);
    if (best === null || book.labelsOf(set).some((id) => book.name(id) === best)) continue;
    found.push({ row, doubt: 1 - Math.max(0, predictions.uncertaintyOf(row)) });
  }
  return found.sort((a, b) => b.doubt - a.doubt || a.row - b.row);
}
