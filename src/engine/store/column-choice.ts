import type { ColumnChoice } from '../../shared/data-types';
import { AppError } from '../../shared/errors';
import type { ImportRole } from './import-rows';

/**
 * Checks what columns are to be against the project: every file has the same number of text columns, and the rows have
 * one label each or several. Several label columns mean several labels for a row.
 *
 * @param labelled rows that have labels already
 * @returns the choice for this file, and the project's from then on (later files bring theirs only where it had no labels)
 * @throws AppError `bad-input`
 */
export function checkedChoice(
  columns: ColumnChoice,
  role: ImportRole,
  project: ColumnChoice | null,
  labelled: number,
): { readonly forFile: ColumnChoice; readonly forProject: ColumnChoice } {
  const forFile: ColumnChoice = { ...columns, multiLabel: columns.multiLabel || columns.labelColumns.length > 1 };
  const { textColumns, labelColumns } = forFile;
  if (textColumns.length === 0) throw refused('at least one text column', 'none', 'Choose the column with the texts.');
  const both = textColumns.find((name) => labelColumns.includes(name));
  if (both !== undefined)
    throw refused('different columns for texts and labels', `"${both}" for both`, 'Choose each column once.');
  if ((role === 'valid' || role === 'test') && labelColumns.length === 0) {
    throw refused(
      `a label column for ${role === 'valid' ? 'validation' : 'test'} rows`,
      'none',
      'Choose the column with the labels.',
    );
  }
  if (project === null) return { forFile, forProject: forFile };
  if (textColumns.length !== project.textColumns.length) {
    throw refused(
      `${String(project.textColumns.length)} text column(s) as in the project`,
      String(textColumns.length),
      'Choose as many text columns as the first file had.',
    );
  }
  const hasLabels = labelColumns.length > 0 && role !== 'unlabelled';
  if (hasLabels && labelled > 0 && forFile.multiLabel !== project.multiLabel) {
    throw refused(
      project.multiLabel ? 'several labels for a row, as in the project' : 'one label for a row, as in the project',
      forFile.multiLabel ? 'several' : 'one',
      'Import this file into a project of its own, or change how its labels are read.',
    );
  }
  const bringsLabels = hasLabels && project.labelColumns.length === 0;
  return { forFile, forProject: bringsLabels ? { ...project, ...labelPart(forFile) } : project };
}

function labelPart({ labelColumns, multiLabel, labelSeparator }: ColumnChoice): Omit<ColumnChoice, 'textColumns'> {
  return { labelColumns, multiLabel, labelSeparator };
}

function refused(expected: string, got: string, hint: string): AppError {
  return new AppError('bad-input', `Expected ${expected}, got ${got}.`, { hint, data: { expected, got } });
}
