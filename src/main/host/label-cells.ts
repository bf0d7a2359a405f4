import { namesInCells } from '../../shared/list-cells';
import type { ColumnChoice } from '../../shared/data-types';

const raised = /^(1|1\.0|true|yes)$/i;

/**
 * The labels in a row's label cells, read as an import reads them: names, split where several stand in one cell; or,
 * where the labels are the names of several columns, the columns that say yes.
 *
 * @param known the model's labels
 * @returns null where the row is not labelled
 */
export function labelsOfCells(
  cells: readonly string[],
  { labelColumns, multiLabel, labelSeparator }: ColumnChoice,
  known: readonly string[],
): string[] | null {
  const trimmed = cells.map((cell) => cell.trim());
  if (trimmed.every((cell) => cell === '')) return null;
  const areFlags = labelColumns.length > 1 && known.every((label) => labelColumns.includes(label));
  if (areFlags) return labelColumns.filter((_, i) => raised.test(trimmed[i] ?? ''));
  const names = [...new Set(namesInCells(trimmed, multiLabel ? labelSeparator : null))];
  return names.length === 0 ? null : names;
}
