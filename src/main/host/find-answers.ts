import { readBatches, type FileBatch } from '../../engine/data/read-batches';
import type { ColumnChoice, ReadOptions } from '../../shared/data-types';
import type { AnswerColumns } from '../../shared/file-types';
import { namesInCells } from '../../shared/list-cells';
import { LabelSpelling } from './label-spelling';

/** Rows that are looked at, from the file's beginning. */
const lookedAt = 2_000;
/** From this share of known labels on a column is taken for that of the answers. */
const enough = 0.5;
/** What may stand between several labels in a cell, besides what the model was trained with. */
const separators = ['|', ';', ','] as const;
/** A value that is no label is shown so far. */
const exampleCharacters = 60;

/** What is needed of a classifier to know its labels in a file. */
interface LabelledModel {
  readonly labels: readonly string[];
  readonly multiLabel: boolean;
  readonly columns: ColumnChoice;
}

type Column = AnswerColumns['columns'][number];

/**
 * Looks for the column of right answers by its values: the share of filled cells that are the model's labels, case and
 * spaces ignored. Of equals the one that is called as in training, then the fuller one, is taken. Where no column has
 * enough of them, the one that is called as in training.
 * @throws AppError as reading does
 */
export async function findAnswers(
  model: LabelledModel,
  file: { readonly path: string; readonly options: ReadOptions; readonly textColumns: readonly string[] },
): Promise<AnswerColumns> {
  const batch = await firstRows(file.path, file.options);
  const trained = model.columns.labelColumns;
  const columns = batch.columns.flatMap((name, place) => {
    if (file.textColumns.includes(name)) return [];
    return [columnFacts(model, name, batch.rows.map((row) => (row[place] ?? '').trim()))]; // prettier-ignore
  });
  const share = ({ known, filled }: Column): number => (filled === 0 ? 0 : known / filled);
  const called = ({ name }: Column): number => (trained.includes(name) ? 1 : 0);
  const [best] = [...columns].sort((a, b) => share(b) - share(a) || called(b) - called(a) || b.filled - a.filled);
  const rows = batch.rows.length;
  if (best && share(best) >= enough) return { column: best.name, by: 'values', rows, columns };
  const named = columns.find((column) => called(column) === 1 && column.filled > 0);
  return { column: named?.name ?? null, by: named ? 'name' : null, rows, columns };
}

async function firstRows(path: string, options: ReadOptions): Promise<Pick<FileBatch, 'columns' | 'rows'>> {
  for await (const batch of readBatches(path, options, [], lookedAt)) return batch;
  return { columns: [], rows: [] };
}

function columnFacts(model: LabelledModel, name: string, cells: readonly string[]): Column {
  const spelling = new LabelSpelling(model.labels);
  const filled = cells.filter((cell) => cell !== '');
  const isKnown = (cell: string, separator: string | null): boolean => {
    const names = namesInCells([cell], separator);
    return names.length > 0 && names.every((one) => spelling.find(one) !== null);
  };
  const able = model.multiLabel ? [...new Set([model.columns.labelSeparator ?? ';', ...separators])] : [null];
  const counts = able.map((separator) => ({
    separator,
    known: filled.filter((cell) => isKnown(cell, separator)).length,
  }));
  const best = counts.reduce((a, b) => (b.known > a.known ? b : a));
  const example = filled.find((cell) => !isKnown(cell, best.separator)) ?? null;
  return { name, filled: filled.length, ...best, example: example?.slice(0, exampleCharacters) ?? null };
}
