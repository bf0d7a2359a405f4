import { AppError } from '../../shared/errors';
import type { ColumnChoice, ImportPreview, LabelDoubt } from '../../shared/data-types';

/** The columns that a command was given; what is left out is guessed. */
export interface ColumnFlags {
  readonly text?: readonly string[] | undefined;
  readonly label?: readonly string[] | undefined;
  readonly multiLabel?: boolean | undefined;
  readonly separator?: string | undefined;
}

/**
 * Decides on a file's columns from the flags and, where they say nothing, from how the columns look.
 *
 * @param labels whether label columns are wanted: false for rows that only feed the language model
 * @returns the choice, and sentences on what was guessed
 * @throws AppError `no-such-column` naming the columns there are
 */
export function chooseColumns(
  preview: ImportPreview,
  flags: ColumnFlags,
  labels: boolean,
): { readonly choice: ColumnChoice; readonly said: readonly string[] } {
  const said: string[] = [];
  const names = preview.columns.map((column) => column.name);
  const known = (wanted: readonly string[]): readonly string[] => {
    for (const name of wanted) if (!names.includes(name)) throw noSuchColumn(preview.path, name, names);
    return wanted;
  };
  const guess = (role: 'text' | 'label'): string[] => {
    const found = preview.columns.filter((column) => column.suggestedRole === role).map((column) => column.name);
    if (found.length === 0) throw nothingToGuess(preview.path, role, names);
    said.push(
      `Taking ${quoted(found)} as the ${role} ${found.length === 1 ? 'column' : 'columns'} (--${role} chooses).`,
    );
    return found;
  };
  const textColumns = flags.text ? known(flags.text) : guess('text');
  const labelColumns = !labels ? [] : flags.label ? known(flags.label) : guess('label');
  const lists = preview.columns.find(({ name, lists }) => lists === true && labelColumns.includes(name));
  const multiLabel = flags.multiLabel ?? (labelColumns.length > 1 || lists !== undefined);
  if (multiLabel && flags.multiLabel === undefined && lists)
    said.push(`"${lists.name}" holds lists: a row can have several labels.`);
  for (const { name, labelDoubt } of preview.columns)
    if (labelDoubt !== undefined && labelColumns.includes(name)) said.push(doubtOn(name, labelDoubt));
  if (labels && flags.separator !== undefined && !multiLabel)
    said.push(
      `--separator "${flags.separator}" has no effect without --multi-label: each cell is taken as one label. (What parts the columns is --delimiter.)`,
    );
  const labelSeparator =
    multiLabel && labelColumns.length <= 1
      ? (flags.separator ?? lists?.suggestedSeparator ?? ';')
      : (flags.separator ?? null);
  return {
    choice: { textColumns: [...textColumns], labelColumns: [...labelColumns], multiLabel, labelSeparator },
    said,
  };
}

function doubtOn(name: string, doubt: LabelDoubt): string {
  return doubt === 'unique'
    ? `"${name}" has a value of its own in nearly every row: as labels they cannot be learned.`
    : `"${name}" holds many different numbers: each of them becomes a label of its own.`;
}

/** Names in quotation marks, parted by commas. */
export function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}

function noSuchColumn(file: string, name: string, names: readonly string[]): AppError {
  return new AppError('no-such-column', `${file} has no column "${name}". Its columns are ${quoted(names)}.`, {
    hint: 'Column names are case-sensitive. Does the file have a header row? Try --header or --no-header.',
    data: { file, column: name, columns: names },
  });
}

function nothingToGuess(file: string, role: string, names: readonly string[]): AppError {
  return new AppError(
    'no-such-column',
    `No column of ${file} looks like a ${role}. Its columns are ${quoted(names)}.`,
    {
      hint: `Name it with --${role} COLUMN.`,
      data: { file, columns: names },
    },
  );
}
