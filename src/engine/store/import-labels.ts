import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnChoice } from '../../shared/data-types';
import { AppError } from '../../shared/errors';
import { namesInCells } from '../../shared/list-cells';
import { appendColumns } from './append-columns';
import { UNLABELLED, type LabelBook } from './label-book';

/** Between the cells of several label columns; no text has it. */
const CELL_SEPARATOR = '\u001f';
/** More different labels than this are no labels. */
const MOST_LABELS = 2_000;
const FLAG = /^(|0|1|0\.0|1\.0|true|false|yes|no)$/i;
const RAISED = /^(1|1\.0|true|yes)$/i;

/** Where the label columns stand in the staging table, and what is known of them. */
export interface LabelSource {
  readonly sql: readonly string[]; // the columns' names in the staging table
  readonly choice: ColumnChoice;
  readonly path: string;
  readonly where: string; // the rows whose labels count, as a condition on the staging table
}

/**
 * Turns the label cells of the staged rows into labels, sets of labels and label events, all in the running
 * transaction. JavaScript sees each different combination of cells once; the rows stay in DuckDB.
 *
 * Several columns of yes and no (1 and 0) are labels by the columns' names; a row of all no is labelled with none of
 * them. Other cells are names of labels, split at the separator where one was given; empty means not labelled.
 *
 * @param firstRow the id of the first staged row
 * @returns the ids of labels that are there now and were not before
 * @throws AppError `bad-input` where the cells are no labels
 */
export async function importLabels(
  connection: DuckDBConnection,
  source: LabelSource,
  book: LabelBook,
  firstRow: number,
  firstSeq: number,
): Promise<readonly number[]> {
  const trimmed = source.sql.map((name) => `trim(${name})`);
  const key = trimmed.length === 1 ? trimmed.join() : `concat_ws('${CELL_SEPARATOR}', ${trimmed.join(', ')})`;
  const combinations = await connection.runAndReadAll(
    `SELECT DISTINCT ${key} FROM staging WHERE ${source.where} ORDER BY 1`,
  );
  const keys = combinations.getColumns()[0]?.map(String) ?? [];
  const cells = keys.map((one) => one.split(CELL_SEPARATOR));
  const isFlags = source.sql.length > 1 && cells.every((row) => row.every((cell) => FLAG.test(cell)));
  const names = cells.map((row) => (isFlags ? raisedColumns(row, source.choice) : namesIn(row, source.choice)));
  checkNames(names, source);

  const { idOf, brought } = await internLabels(
    connection,
    names.flatMap((row) => row ?? []),
    book,
  );
  const sets = await internSets(
    connection,
    names.map((row) => row && [...new Set(row.map(idOf))].sort((a, b) => a - b)),
    book,
  );
  await connection.run('CREATE OR REPLACE TEMP TABLE combination (key VARCHAR, label_set INTEGER)');
  await appendColumns(connection, 'combination', [
    { type: 'text', values: keys },
    { type: 'integer', values: sets },
  ]);
  await connection.run(
    `INSERT INTO label_events
     SELECT $1 + s.id, $1, 'file', 'set', $2 + s.id, c.label_set, ${String(UNLABELLED)}, NULL, NULL, NULL, NULL, epoch_ms($3::BIGINT)
     FROM staging s JOIN combination c ON c.key = ${key} WHERE c.label_set >= 0 AND ${source.where}`,
    [firstSeq, firstRow, BigInt(Date.now())],
  );
  return brought;
}

/** The label names in a row's cells; null where the row is not labelled. */
function namesIn(cells: readonly string[], { multiLabel, labelSeparator }: ColumnChoice): string[] | null {
  const names = namesInCells(cells, multiLabel ? labelSeparator : null);
  return names.length === 0 ? null : names;
}

function raisedColumns(cells: readonly string[], { labelColumns }: ColumnChoice): string[] | null {
  if (cells.every((cell) => cell === '')) return null;
  return labelColumns.filter((_, i) => RAISED.test(cells[i] ?? ''));
}

function checkNames(names: readonly (readonly string[] | null)[], { choice, path }: LabelSource): void {
  const distinct = new Set(names.flatMap((row) => row ?? [])).size;
  const columns = choice.labelColumns.map((name) => `"${name}"`).join(', ');
  if (distinct > MOST_LABELS) {
    throw new AppError(
      'bad-input',
      `${path}: expected at most ${String(MOST_LABELS)} labels in ${columns}, got ${String(distinct)} different values.`,
      {
        hint: 'Choose the column with the classes; one with texts or numbers of its own in each row is no label.',
        data: { file: path, expected: MOST_LABELS, got: distinct },
        says: { sentence: 'manyLabels', path, columns: [...choice.labelColumns], n: MOST_LABELS, got: distinct },
      },
    );
  }
}

/** Writes the labels that are new, in the order people sort, and gives the id of each name, and those it has brought. */
async function internLabels(
  connection: DuckDBConnection,
  names: readonly string[],
  book: LabelBook,
): Promise<{ readonly idOf: (name: string) => number; readonly brought: readonly number[] }> {
  const distinct = [...new Set(names)].sort(byName);
  const fresh = new Map(distinct.filter((name) => !book.find(name)).map((name, i) => [name, book.labelCount + i]));
  await connection.run('CREATE OR REPLACE TEMP TABLE new_label (id INTEGER, name VARCHAR)');
  await appendColumns(connection, 'new_label', [
    { type: 'integer', values: [...fresh.values()] },
    { type: 'text', values: [...fresh.keys()] },
  ]);
  await connection.run('INSERT INTO labels SELECT id, name, false FROM new_label');
  // A label whose adding was undone is back once a file brings it.
  const back: number[] = [];
  for (const name of distinct) {
    const known = book.find(name);
    if (known?.removed !== true) continue;
    back.push(known.id);
    await connection.run('UPDATE labels SET removed = false WHERE id = $1', [known.id]);
  }
  return {
    idOf: (name) => fresh.get(name) ?? book.find(name)?.id ?? 0,
    brought: [...fresh.values(), ...back],
  };
}

/** The id of each set, new ones written; {@link UNLABELLED} for null. */
async function internSets(
  connection: DuckDBConnection,
  sets: readonly (readonly number[] | null)[],
  book: LabelBook,
): Promise<Int32Array> {
  const fresh = new Map<string, number>();
  const ids = sets.map((set) => {
    if (set === null) return UNLABELLED;
    const known = book.findSet(set) ?? fresh.get(set.join(','));
    if (known !== undefined) return known;
    const id = book.setCount + fresh.size;
    fresh.set(set.join(','), id);
    return id;
  });
  await connection.run('CREATE OR REPLACE TEMP TABLE new_set (id INTEGER, labels VARCHAR)');
  await appendColumns(connection, 'new_set', [
    { type: 'integer', values: [...fresh.values()] },
    { type: 'text', values: [...fresh.keys()] },
  ]);
  await connection.run(
    `INSERT INTO label_sets SELECT id, CASE WHEN labels = '' THEN []::INTEGER[] ELSE string_split(labels, ',')::INTEGER[] END FROM new_set`,
  );
  return Int32Array.from(ids);
}

/** As people sort: 2 before 10. */
function byName(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
