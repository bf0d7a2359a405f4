import { DuckDBInstance, type DuckDBConnection, type DuckDBDataChunk } from '@duckdb/node-api';
import { CancelledError } from '../../shared/errors';
import type { SourceTable } from '../data/source-table';
import type { StrictRows } from '../data/strict-scan';
import { freeChunks } from './chunk-memory';
import { cellName, rowCells, type RowColumns } from './row-sql';

/** Where the rows go. */
export interface StrictTarget {
  readonly importId: number;
  readonly firstRow: number;
  readonly columns: RowColumns;
}

/** Bytes of cells that wait in memory before they are passed on to the table. */
const FLUSHED_BYTES = 1 << 25;
/** DuckDB reads a path with one of these as a pattern. */
const PATTERN = /[*?[\]{}]/;

/**
 * Lets DuckDB's own reader read a file that was found to be strict, and appends its rows to the table `rows`, vector by
 * vector, in the running transaction: no cell becomes a JavaScript string. Each row is held against what the scan found;
 * the first that differs ends it.
 *
 * @returns false where the file cannot be read like this; then the transaction must be rolled back
 * @throws CancelledError once `signal` is aborted
 */
export async function appendStrict(
  connection: DuckDBConnection,
  table: SourceTable,
  rows: StrictRows,
  target: StrictTarget,
  control: { readonly signal?: AbortSignal | undefined; readonly onRows: (rows: number) => void },
): Promise<boolean> {
  if (PATTERN.test(table.path)) return false;
  // An instance of its own, for this file alone: the project's may open no other file.
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '2',
    memory_limit: '384MB',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
  });
  const reader = await instance.connect();
  const appender = await connection.createAppender('rows');
  try {
    const result = await reader.stream(readSql(table, rows, target), [table.path]);
    let done = 0;
    let waiting = 0;
    for (;;) {
      const chunk = await result.fetchChunk();
      if (chunk === null || chunk.rowCount === 0) break;
      if (control.signal?.aborted) throw new CancelledError();
      const bytes = complete(chunk, rows, done, target.firstRow);
      if (bytes === null) return false;
      appender.appendDataChunk(chunk);
      done += chunk.rowCount;
      waiting += bytes;
      if (waiting > FLUSHED_BYTES) {
        appender.flushSync();
        freeChunks();
        waiting = 0;
      }
      control.onRows(done);
    }
    if (control.signal?.aborted) throw new CancelledError();
    appender.closeSync();
    return done === rows.count;
  } catch (error) {
    if (error instanceof CancelledError) throw error;
    // What the other reader refuses is not wrong with the file: the reader that reads anything says what is.
    if (isAboutReading(error)) return false;
    throw error;
  } finally {
    reader.closeSync();
    instance.closeSync();
  }
}

/** Id and line number take the places of what the row was checked by; null where a row is not the one that was scanned. */
function complete(chunk: DuckDBDataChunk, rows: StrictRows, done: number, firstRow: number): number | null {
  const count = chunk.rowCount;
  if (done + count > rows.count) return null;
  const [ids, lines] = [chunk.getColumnVector(0), chunk.getColumnVector(2)];
  let bytes = 0;
  for (let i = 0; i < count; i++) {
    const size = Number(lines.getItem(i));
    if (size !== rows.sizes[done + i]) return null;
    bytes += size;
    ids.setItem(i, firstRow + done + i);
    lines.setItem(i, rows.lines[done + i] ?? 0);
  }
  ids.flush();
  lines.flush();
  return bytes;
}

function readSql(table: SourceTable, { lineBreak }: StrictRows, { importId, columns }: StrictTarget): string {
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
  return `SELECT ${size} AS id, ${String(importId)}::INTEGER AS imported, ${size} AS line, ${rowCells(columns, cell)}
    FROM read_csv($1, ${options.join(', ')})`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function isAboutReading(error: unknown): boolean {
  return (
    error instanceof Error &&
    /^(Invalid Input|CSV|IO|Conversion|Binder|Parser|Out of Memory) Error/i.test(error.message)
  );
}
