import type { DuckDBConnection } from '@duckdb/node-api';
import { CancelledError } from '../../shared/errors';
import type { SourceTable } from '../data/source-table';
import { lineBreakOf, scanStrict, type StrictRows } from '../data/strict-scan';
import { appendColumns } from './append-columns';
import type { BulkLoader } from './bulk-loader';
import { cellName, literal, rowCells, type RowColumns } from './row-sql';

/** Id and import of a row that has been read and is not part of the project yet. */
const NOT_YET = -1;
/** DuckDB reads a path with one of these as a pattern. */
const PATTERN = /[*?[\]{}]/;

interface LoadStrictControl {
  readonly signal?: AbortSignal | undefined;
  /** The share of the work that is done, 0 to 1. */
  readonly onShare: (share: number) => void;
}

/**
 * Lets DuckDB's own reader read a file into the table `rows`, on all cores, while our scan looks whether the file is
 * strict and notes what its rows are made of. The rows have no numbers yet (numbers in the order of the file would bind
 * DuckDB to one core), so no one sees them; {@link numberLoaded} gives them theirs, or {@link dropLoaded} takes them away.
 *
 * @returns what the scan found; null where the file is not strict or DuckDB refuses it
 * @throws CancelledError once `signal` is aborted
 */
export async function loadStrict(
  loader: BulkLoader,
  table: SourceTable,
  columns: RowColumns,
  { signal, onShare }: LoadStrictControl,
): Promise<StrictRows | null> {
  if (PATTERN.test(loader.place)) return null;
  const lineBreak = await lineBreakOf(table);
  if (lineBreak === null) return null;
  // Ends both where one of them gives up, or the caller does (AbortSignal.any is younger than the oldest Electron).
  const gaveUp = new AbortController();
  const { signal: either } = gaveUp;
  const stop = (): void => {
    gaveUp.abort();
  };
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted) stop();
  const scan = scanStrict(table, either).then((found) => {
    if (found === null) gaveUp.abort();
    return found;
  });
  const load = loader
    .lend(table.path, () => loader.run(readSql(loader.place, table, lineBreak, columns), { signal: either, onShare }))
    .then(
      () => true,
      (error: unknown) => {
        gaveUp.abort();
        if (isAboutReading(error) || error instanceof CancelledError) return false;
        throw error;
      },
    );
  const [scanned, loaded] = await Promise.allSettled([scan, load]);
  signal?.removeEventListener('abort', stop);
  if (signal?.aborted) throw new CancelledError();
  if (loaded.status === 'rejected') throw loaded.reason;
  if (scanned.status === 'rejected') {
    if (scanned.reason instanceof CancelledError) return null;
    throw scanned.reason;
  }
  return loaded.value ? scanned.value : null;
}

/**
 * Gives the rows that {@link loadStrict} has read their ids and lines, each held against what the scan found, in the
 * running transaction.
 *
 * @returns false where a row differs; then the transaction must be rolled back
 */
export async function numberLoaded(
  connection: DuckDBConnection,
  { count, lines, sizes }: StrictRows,
  { importId, firstRow }: { readonly importId: number; readonly firstRow: number },
): Promise<boolean> {
  await connection.run('CREATE TEMP TABLE scanned (place INTEGER, line INTEGER, size INTEGER)');
  const places = new Int32Array(count);
  for (let place = 0; place < count; place++) places[place] = place;
  await appendColumns(connection, 'scanned', [
    { type: 'integer', values: places },
    { type: 'integer', values: lines },
    { type: 'integer', values: sizes },
  ]);
  const [bounds] = (
    await connection.runAndReadAll(`SELECT count(*), min(rowid), max(rowid) FROM rows WHERE id = ${String(NOT_YET)}`)
  ).getRows();
  const [read, first, last] = (bounds ?? []).map((bound) => BigInt(String(bound ?? 0)));
  if (read !== BigInt(count) || first === undefined || last !== first + read - 1n) return false;
  // Rows lie in the table as they lay in the file; `line` is the size of what was read until now.
  const numbered = await connection.run(
    `UPDATE rows SET id = (rows.rowid - ${String(first)} + ${String(firstRow)})::INTEGER, import = ${String(importId)},
       line = scanned.line FROM scanned
     WHERE scanned.place = rows.rowid - ${String(first)} AND rows.id = ${String(NOT_YET)} AND rows.line = scanned.size`,
  );
  return numbered.rowsChanged === count;
}

/** Takes away rows that were read and never became part of the project, also those of a killed process. */
export async function dropLoaded(connection: DuckDBConnection): Promise<void> {
  await connection.run(`DELETE FROM rows WHERE id = ${String(NOT_YET)}`);
}

function readSql(path: string, table: SourceTable, lineBreak: StrictRows['lineBreak'], columns: RowColumns): string {
  const { delimiter, quote } = table.layout.dialect;
  // An empty cell is an empty text here, never NULL.
  const cell = (column: number): string => `coalesce(${cellName(column)}, '')`;
  const size = `(${table.columns.map((_, i) => `strlen(${cell(i)})`).join(' + ')})::INTEGER`;
  const types = table.columns.map((_, i) => `${cellName(i)}: 'VARCHAR'`).join(', ');
  const options = [
    'auto_detect = false',
    `columns = {${types}}`,
    `delim = ${literal(delimiter)}`,
    `quote = ${literal(quote)}`,
    `escape = ${literal(quote)}`,
    `new_line = '${lineBreak === '\n' ? '\\n' : '\\r\\n'}'`,
    `header = ${String(table.header)}`,
    `compression = 'none'`,
    // A row is at most half as long as this (see scanStrict), escapes included.
    'max_line_size = 2200000',
    'buffer_size = 8800000',
    'strict_mode = true',
  ];
  const marks = `${String(NOT_YET)} AS id, ${String(NOT_YET)} AS imported, ${size} AS line`;
  return `INSERT INTO rows SELECT ${marks}, ${rowCells(columns, cell)}
    FROM read_csv(${literal(path)}, ${options.join(', ')})`;
}

/** What DuckDB's reader refuses is not wrong with the file: the reader that reads anything says what is. */
function isAboutReading(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    'syscall' in error || /^(Invalid Input|CSV|IO|Conversion|Binder|Parser|Out of Memory) Error/i.test(error.message)
  );
}
