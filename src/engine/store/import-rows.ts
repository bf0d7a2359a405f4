import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnChoice, ImportSummary, ReadOptions, RejectedRow } from '../../shared/data-types';
import { AppError, CancelledError } from '../../shared/errors';
import type { ProgressEvent } from '../../shared/jobs';
import { LISTED_REJECTS } from '../data/check-file';
import { SPLIT_CODES } from './assign-splits';
import { columnIndexes, openSourceTable, readTable, type SourceTable } from '../data/source-table';
import { appendColumns, VECTOR_SIZE } from './append-columns';
import type { Database } from './database';
import { importLabels } from './import-labels';
import type { LabelLog } from './label-log';
import { writeMeta } from './schema';

/** What the rows of a file are for: the main data, given validation or test rows, or texts for the language model only. */
export type ImportRole = 'data' | 'valid' | 'test' | 'unlabelled';

/** A file to import, and how. */
export interface ImportOrder {
  readonly path: string;
  readonly options: ReadOptions;
  readonly columns: ColumnChoice;
  readonly role: ImportRole;
  /** The project's columns from this import on. */
  readonly projectColumns: ColumnChoice;
}

/** What an import changes in memory, once it is on the disk. */
export interface ImportTarget {
  readonly database: Database;
  readonly log: LabelLog;
  readonly imports: StoredImport[]; // the new one is added
}

/** How to follow an import, and how to stop it. */
export interface ImportControl {
  readonly onProgress?: ((event: ProgressEvent) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** An import that is in the project. */
export interface StoredImport {
  readonly id: number;
  readonly role: ImportRole;
  readonly firstRow: number;
  readonly rows: number;
}

/** What was read into the temporary tables of a connection. */
interface Staged {
  readonly rows: number;
  readonly rejected: readonly RejectedRow[];
  readonly rejectedCount: number;
}

/**
 * Imports a file: its rows go batch by batch into temporary tables, and from there in one transaction into the project.
 * Either everything is in it afterwards, or, after an error, a cancel or a kill, nothing.
 *
 * @throws AppError of the file and its columns; `no-rows`; `bad-input`; CancelledError
 */
export async function importRows(
  target: ImportTarget,
  order: ImportOrder,
  control: ImportControl,
): Promise<ImportSummary> {
  const begun = performance.now();
  const table = await openSourceTable(order.path, order.options);
  const textColumns = columnIndexes(table, order.columns.textColumns);
  const labelColumns = order.role === 'unlabelled' ? [] : columnIndexes(table, order.columns.labelColumns);
  const [splitColumn = null] = order.columns.splitColumn ? columnIndexes(table, [order.columns.splitColumn]) : [];
  const connection = await target.database.connect();
  try {
    const staged = await target.database.guarded(() => stage(connection, table, control));
    refuseNothing(table, staged);
    return await target.database.exclusively(async () => {
      const stored = await commit(connection, target, order, table, {
        textColumns,
        labelColumns,
        splitColumn,
        rows: staged.rows,
      });
      const summary = summarise(target.log, stored, staged, (performance.now() - begun) / 1000);
      await target.database.transaction((writer) =>
        writer.run('UPDATE imports SET summary = $1 WHERE id = $2', [JSON.stringify(summary), stored.id]),
      );
      return summary;
    });
  } finally {
    connection.closeSync();
  }
}

/** Brings the staged rows into the project: on the disk in one transaction, then in memory. */
async function commit(
  connection: DuckDBConnection,
  { database, log, imports }: ImportTarget,
  order: ImportOrder,
  table: SourceTable,
  {
    textColumns,
    labelColumns,
    splitColumn,
    rows,
  }: {
    readonly textColumns: number[];
    readonly labelColumns: number[];
    readonly splitColumn: number | null;
    readonly rows: number;
  },
): Promise<StoredImport> {
  const stored: StoredImport = { id: imports.length, role: order.role, firstRow: log.book.rows, rows };
  const firstSeq = log.reserve(rows);
  await database.transaction(async () => {
    await moveRows(connection, table, stored, textColumns);
    if (splitColumn !== null) await keepSides(connection, splitColumn, stored.firstRow);
    if (labelColumns.length > 0) {
      const where = splitColumn === null ? 'true' : `coalesce(${sideSql(splitColumn)}, 0) <> ${String(NOT_LABELLED)}`;
      const source = { sql: labelColumns.map(cellName), choice: order.columns, path: order.path, where };
      await importLabels(connection, source, log.book, stored.firstRow, firstSeq);
    }
    await writeMeta(connection, 'columnChoice', order.projectColumns);
  }, connection);
  imports.push(stored);
  log.book.growTo(stored.firstRow + rows);
  await log.takeUp(firstSeq);
  return stored;
}

/** What a cell of a split column can say: a side's code, or that the row's label is not to be used. */
const NOT_LABELLED = SPLIT_CODES.heldBack;

/** The side that a cell names, as SQL for its code; NULL where it names none. */
function sideSql(column: number): string {
  return `CASE
    WHEN regexp_matches(lower(trim(${cellName(column)})), '^(train|training|learn)$') THEN ${String(SPLIT_CODES.train)}
    WHEN regexp_matches(lower(trim(${cellName(column)})), '^(valid|validation|val|dev|eval)$') THEN ${String(SPLIT_CODES.valid)}
    WHEN regexp_matches(lower(trim(${cellName(column)})), '^(test|testing|held[ _-]?out)$') THEN ${String(SPLIT_CODES.test)}
    WHEN regexp_matches(lower(trim(${cellName(column)})), '^(unsup|unsupervised|unlabell?ed)$') THEN ${String(NOT_LABELLED)}
  END`;
}

async function keepSides(connection: DuckDBConnection, column: number, firstRow: number): Promise<void> {
  await connection.run(
    `INSERT INTO given_splits SELECT $1 + id, ${sideSql(column)} FROM staging
     WHERE ${sideSql(column)} IN (${[SPLIT_CODES.train, SPLIT_CODES.valid, SPLIT_CODES.test].join(', ')})`,
    [firstRow],
  );
}

/** Reads the file into temporary tables: `staging` (id from 0, line, cells) and `staging_rejects`. */
async function stage(
  connection: DuckDBConnection,
  table: SourceTable,
  { onProgress, signal }: ImportControl,
): Promise<Staged> {
  const cells = table.columns.map((_, i) => `${cellName(i)} VARCHAR`).join(', ');
  await connection.run(`CREATE TEMP TABLE staging (id INTEGER, line INTEGER, ${cells})`);
  await connection.run('CREATE TEMP TABLE staging_rejects (line INTEGER, reason VARCHAR, text VARCHAR)');
  const report = progressReporter(table.encoding.bytes, onProgress);
  const rejected: RejectedRow[] = [];
  let rows = 0;
  let rejectedCount = 0;
  for await (const batch of readTable(table, VECTOR_SIZE, signal)) {
    const first = rows;
    await appendColumns(connection, 'staging', [
      { type: 'integer', values: batch.rows.map((_, i) => first + i) },
      { type: 'integer', values: batch.lines },
      ...table.columns.map((_, c) => ({ type: 'text' as const, values: batch.rows.map((row) => row[c] ?? '') })),
    ]);
    await appendColumns(connection, 'staging_rejects', [
      { type: 'integer', values: batch.rejected.map(({ line }) => line) },
      { type: 'text', values: batch.rejected.map(({ reason }) => reason) },
      { type: 'text', values: batch.rejected.map(({ text }) => text) },
    ]);
    rows += batch.rows.length;
    rejectedCount += batch.rejected.length;
    rejected.push(...batch.rejected.slice(0, LISTED_REJECTS - rejected.length));
    report(batch.bytes);
  }
  if (signal?.aborted) throw new CancelledError();
  return { rows, rejected, rejectedCount };
}

/** Moves the staged rows behind those that are there. */
async function moveRows(
  connection: DuckDBConnection,
  table: SourceTable,
  stored: StoredImport,
  textColumns: readonly number[],
): Promise<void> {
  const texts = textColumns.map(cellName);
  const others = table.columns.map((_, i) => i).filter((i) => !textColumns.includes(i));
  const list = (names: readonly string[]): string => (names.length === 0 ? 'NULL' : `[${names.join(', ')}]`);
  const text =
    texts.length === 1
      ? (texts[0] ?? '')
      : `array_to_string(list_filter(${list(texts)}, lambda cell: cell <> ''), chr(10))`;
  await connection.run(
    `INSERT INTO rows SELECT $1 + id, $2, line, ${text}, ${texts.length === 1 ? 'NULL' : list(texts)}, ${list(others.map(cellName))}
     FROM staging ORDER BY id`,
    [stored.firstRow, stored.id],
  );
  await connection.run('INSERT INTO rejects SELECT $1, line, reason, text FROM staging_rejects', [stored.id]);
  await connection.run('CREATE TEMP TABLE column_name (place INTEGER, is_text INTEGER, name VARCHAR)');
  const places = [...textColumns, ...others];
  await appendColumns(connection, 'column_name', [
    { type: 'integer', values: places.map((_, i) => i) },
    { type: 'integer', values: places.map((_, i) => Number(i < textColumns.length)) },
    { type: 'text', values: places.map((column) => table.columns[column] ?? '') },
  ]);
  const names = (isText: number): string =>
    `(SELECT list(name ORDER BY place) FROM column_name WHERE is_text = ${String(isText)})`;
  await connection.run(
    `INSERT INTO imports VALUES ($1, $2, $3, $4, $5, ${names(1)}, ${names(0)}, NULL, epoch_ms($6::BIGINT))`,
    [stored.id, table.path, stored.role, stored.firstRow, stored.rows, BigInt(Date.now())],
  );
}

function refuseNothing(table: SourceTable, { rows, rejected, rejectedCount }: Staged): void {
  if (rows > 0) return;
  const [first] = rejected;
  const why = first
    ? `all ${String(rejectedCount)} were rejected; line ${String(first.line)}: ${first.reason}`
    : 'it has only a header';
  throw new AppError('no-rows', `${table.path}: expected at least one row, but ${why}.`, {
    hint: first
      ? 'Check the separator, the quotation mark and the encoding.'
      : 'Check that the file was saved completely.',
    data: { file: table.path, rejected: rejected.slice(0, 20), rejectedCount },
  });
}

function summarise(log: LabelLog, { firstRow, rows }: StoredImport, staged: Staged, seconds: number): ImportSummary {
  const counts = new Map<number, number>();
  let labelled = 0;
  for (let row = firstRow; row < firstRow + rows; row++) {
    const set = log.book.setOf(row);
    if (set < 0) continue;
    labelled++;
    for (const label of log.book.labelsOf(set)) counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  const labels = [...counts].sort(([a], [b]) => a - b).map(([id, count]) => ({ name: log.book.name(id), count }));
  return { rows, labelled, rejected: [...staged.rejected], rejectedCount: staged.rejectedCount, labels, seconds };
}

/** Reports at most four times a second, and at the end. */
function progressReporter(total: number, onProgress: ImportControl['onProgress']): (done: number) => void {
  const begun = performance.now();
  let last = 0;
  return (done) => {
    const now = performance.now();
    if (!onProgress || (now - last < 250 && done < total)) return;
    last = now;
    const secondsLeft = done > 0 ? ((now - begun) / 1000) * (total / done - 1) : null;
    onProgress({ type: 'count', stage: 'import', done, total, unit: 'bytes', secondsLeft });
  };
}

function cellName(column: number): string {
  return `c${String(column)}`;
}
