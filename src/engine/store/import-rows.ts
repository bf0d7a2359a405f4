import { basename } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnChoice, ImportSummary, ReadOptions, RejectedRow, RepairedRows } from '../../shared/data-types';
import { AppError, CancelledError } from '../../shared/errors';
import type { ProgressEvent } from '../../shared/jobs';
import { LISTED_REJECTS, withRepaired } from '../data/check-file';
import { SPLIT_CODES } from './assign-splits';
import type { StrictRows } from '../data/strict-scan';
import { columnIndexes, openSourceTable, readTable, type SourceTable } from '../data/source-table';
import { appendColumns, VECTOR_SIZE } from './append-columns';
import { BY_PERSON, type ChangeLog } from './change-log';
import type { Database } from './database';
import { importLabels } from './import-labels';
import { keepSummary, progressReporter, summarise, type Staged } from './import-report';
import type { LabelLog } from './label-log';
import { dropLoaded, loadStrict, numberLoaded } from './load-strict';
import type { ImportDetail } from './project-history';
import { cellName, cellOfRow, rowCells, rowColumns } from './row-sql';
import { writeMeta } from './schema';
import { settleSameIds } from './same-ids';
import { clearShelf } from './shelf';

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
  readonly changes: ChangeLog;
  /** The project's columns before this import, and then after it. */
  readonly chosen: { columns: ColumnChoice | null };
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

/** The imports that are in the project, in the order of their rows. */
export async function storedImports(database: Database): Promise<StoredImport[]> {
  const rows = await database.all('SELECT id, role, first_row, row_count FROM imports ORDER BY first_row');
  return rows.map(([id, role, firstRow, count]) => ({
    id: Number(id),
    role: String(role) as ImportRole,
    firstRow: Number(firstRow),
    rows: Number(count),
  }));
}

/** The file's columns by what an import makes of them. */
interface ImportedColumns {
  readonly texts: readonly number[];
  readonly labels: readonly number[];
  readonly split: number | null;
}

/** An import under way: on a connection of its own, for its temporary tables. */
interface RunningImport {
  readonly connection: DuckDBConnection;
  readonly target: ImportTarget;
  readonly order: ImportOrder;
  readonly table: SourceTable;
  readonly columns: ImportedColumns;
  readonly control: ImportControl;
  readonly begun: number;
}

/**
 * Imports a file, all of it or, after an error, a cancel or a kill, nothing. A file that keeps strictly to the rules is
 * read by DuckDB itself, straight into the project; any other goes batch by batch through the reader that reads anything
 * into temporary tables, and from there in one transaction into the project. Both give the same rows.
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
  const columns = {
    texts: columnIndexes(table, order.columns.textColumns),
    labels: order.role === 'unlabelled' ? [] : columnIndexes(table, order.columns.labelColumns),
    split: order.columns.splitColumn ? (columnIndexes(table, [order.columns.splitColumn])[0] ?? null) : null,
  };
  return target.database.oneImport(async () => {
    const connection = await target.database.connect();
    try {
      const running = { connection, target, order, table, columns, control, begun };
      return (await importStrictly(running)) ?? (await importAnything(running));
    } finally {
      target.database.disconnect(connection);
    }
  });
}

/** Reads a strict file with DuckDB's own reader; null where it is not strict, and then nothing has changed. */
async function importStrictly(running: RunningImport): Promise<ImportSummary | null> {
  const { connection, target, table, columns, control } = running;
  const { database } = target;
  const report = progressReporter(table.encoding.bytes, 'bytes', control.onProgress);
  const kinds = rowColumns(table.columns.length, columns.texts);
  // Numbering and labels come last, and take about a tenth of the time.
  const onShare = (share: number): void => report(0.9 * share * table.encoding.bytes);
  let taken = false;
  report(0);
  try {
    const found = await database.guarded(() =>
      loadStrict(database.loader, table, kinds, { signal: control.signal, onShare }),
    );
    if (found === null) return null;
    const summary = await database.exclusively(() => takeInLoaded(running, found));
    taken = summary !== null;
    if (taken) report(table.encoding.bytes);
    return summary;
  } finally {
    if (!taken) await database.guarded(() => dropLoaded(connection));
  }
}

/** Makes rows that are loaded part of the project; null where they are not those of the file. */
async function takeInLoaded(running: RunningImport, found: StrictRows): Promise<ImportSummary | null> {
  const { connection, target, order, table, columns } = running;
  const stored = { id: target.imports.length, role: order.role, firstRow: target.log.book.rows, rows: found.count };
  const kinds = rowColumns(table.columns.length, columns.texts);
  return target.database.guarded(async () => {
    await connection.run('BEGIN');
    try {
      if (await numberLoaded(connection, found, { importId: stored.id, firstRow: stored.firstRow })) {
        const needed = [...new Set([...columns.labels, ...(columns.split === null ? [] : [columns.split])])];
        const cells = needed.map((column) => `, ${cellOfRow(kinds, column)} AS ${cellName(column)}`).join('');
        await connection.run(
          `CREATE TEMP TABLE staging AS SELECT id - ${String(stored.firstRow)} AS id${cells}
           FROM rows WHERE id >= ${String(stored.firstRow)}`,
        );
        return await takeIn(running, stored, { rows: found.count, rejected: [], rejectedCount: 0 });
      }
    } catch (error) {
      // A failed COMMIT has rolled back already; then there is nothing left to do.
      await connection.run('ROLLBACK').catch(() => undefined);
      throw error;
    }
    await connection.run('ROLLBACK');
    return null;
  });
}

/** Reads any file into temporary tables, then moves its rows into the project. */
async function importAnything(running: RunningImport): Promise<ImportSummary> {
  const { connection, target, order, table, columns, control } = running;
  const staged = await target.database.guarded(() => stage(connection, table, control));
  refuseNothing(table, staged);
  return target.database.exclusively(() =>
    target.database.guarded(async () => {
      const { rows } = staged;
      const stored = { id: target.imports.length, role: order.role, firstRow: target.log.book.rows, rows };
      await connection.run('BEGIN');
      try {
        await moveRows(connection, table, stored, columns.texts);
        return await takeIn(running, stored, staged);
      } catch (error) {
        // A failed COMMIT has rolled back already; then there is nothing left to do.
        await connection.run('ROLLBACK').catch(() => undefined);
        throw error;
      }
    }),
  );
}

/**
 * Ends the transaction that has brought the rows: sides and labels out of `staging`, the note of the import, what becomes
 * of rows that were there already, commit; then the same in memory.
 */
async function takeIn(running: RunningImport, stored: StoredImport, staged: Staged): Promise<ImportSummary> {
  const { connection, target, order, table, columns } = running;
  const { database, log, imports, changes } = target;
  const firstSeq = log.reserve(stored.rows);
  let labels: readonly number[] = [];
  if (columns.split !== null) await keepSides(connection, columns.split, stored.firstRow);
  if (columns.labels.length > 0) {
    const where = columns.split === null ? 'true' : `coalesce(${sideSql(columns.split)}, 0) <> ${String(NOT_LABELLED)}`;
    const source = { sql: columns.labels.map(cellName), choice: order.columns, path: order.path, where };
    labels = await importLabels(connection, source, log.book, stored.firstRow, firstSeq);
  }
  await noteImport(connection, table, stored, columns.texts);
  await writeMeta(connection, 'columnChoice', order.projectColumns);
  const detail: ImportDetail = { columns: target.chosen.columns, labels };
  const change = { kind: 'import', ref: stored.id, rows: stored.rows, name: basename(order.path), detail } as const;
  await changes.write(connection, firstSeq, BY_PERSON, change);
  // The rows that come have the numbers of those that were taken out: these cannot come back any more.
  await clearShelf(database, connection, () => false, stored.firstRow);
  const { idColumn } = order.columns;
  const compared =
    idColumn === undefined
      ? null
      : await settleSameIds({ connection, database, log, imports }, stored, firstSeq, idColumn);
  // The last moment at which nothing has changed yet.
  if (running.control.signal?.aborted) throw new CancelledError();
  await connection.run('COMMIT');
  imports.push(stored);
  target.chosen.columns = order.projectColumns;
  log.tally.growTo(stored.firstRow + stored.rows);
  await log.takeUp(firstSeq, stored.rows);
  changes.took(firstSeq, BY_PERSON, change);
  const told = summarise(log, stored, staged, (performance.now() - running.begun) / 1000);
  const summary = compared === null ? told : { ...told, ids: compared.summary };
  compared?.took();
  await keepSummary(database, stored.id, summary);
  return summary;
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
  const report = progressReporter(table.encoding.bytes, table.format === 'folder' ? 'texts' : 'bytes', onProgress);
  const rejected: RejectedRow[] = [];
  let rows = 0;
  let rejectedCount = 0;
  let repaired: RepairedRows | undefined;
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
    repaired = withRepaired(repaired, batch.repaired);
    rejected.push(...batch.rejected.slice(0, LISTED_REJECTS - rejected.length));
    report(batch.bytes);
  }
  if (signal?.aborted) throw new CancelledError();
  return { rows, rejected, rejectedCount, repaired };
}

/** Moves the staged rows behind those that are there. */
async function moveRows(
  connection: DuckDBConnection,
  table: SourceTable,
  stored: StoredImport,
  texts: readonly number[],
): Promise<void> {
  const cells = rowCells(rowColumns(table.columns.length, texts), cellName);
  await connection.run(`INSERT INTO rows SELECT $1 + id, $2, line, ${cells} FROM staging ORDER BY id`, [
    stored.firstRow,
    stored.id,
  ]);
  await connection.run('INSERT INTO rejects SELECT $1, line, reason, text FROM staging_rejects', [stored.id]);
}

/** Writes down that and how the file was imported. */
async function noteImport(
  connection: DuckDBConnection,
  table: SourceTable,
  stored: StoredImport,
  textColumns: readonly number[],
): Promise<void> {
  const { texts, others } = rowColumns(table.columns.length, textColumns);
  const places = [...texts, ...others];
  await connection.run('CREATE TEMP TABLE column_name (place INTEGER, is_text INTEGER, name VARCHAR)');
  await appendColumns(connection, 'column_name', [
    { type: 'integer', values: places.map((_, i) => i) },
    { type: 'integer', values: places.map((_, i) => Number(i < texts.length)) },
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
    says: { sentence: 'noFileRows', path: table.path },
  });
}
