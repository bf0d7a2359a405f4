import { DuckDBInstance, DuckDBListValue, type DuckDBConnection, type DuckDBValue } from '@duckdb/node-api';
import { AppError, CancelledError } from '../../../shared/errors';
import { ONE_TEXT_PER_LINE } from '../guess-dialect';
import { uniqueColumnNames } from '../guess-header';
import { listCell } from '../../../shared/list-cells';
import type { RecordBatch } from '../record-reader';
import { emptyFile } from '../source-file';
import type { SourceTable } from '../source-table';

const SHOWN = 100;
const LOOKED_AT = 2_000;
/** Opens a Parquet file; lists become cells with `|` between their members. @throws AppError `file-format`, `no-rows` */
export async function openParquet(path: string, bytes: number): Promise<SourceTable> {
  return withDuckdb(path, async (connection) => {
    const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${source(path)}`);
    const fields = described.getRows().map(([name, type]) => ({ name: String(name), type: String(type) }));
    const counted = await connection.runAndReadAll(`SELECT count(*) FROM ${source(path)}`);
    const rows = Number(counted.getRows()[0]?.[0] ?? 0);
    if (rows === 0) throw emptyFile(path, 'it has no rows');
    const select = `SELECT ${fields.map(asText).join(', ')} FROM ${source(path)}`;
    const head = (await connection.runAndReadAll(`${select} LIMIT ${String(SHOWN)}`)).getRows();
    const columns = uniqueColumnNames(
      fields.map(({ name }) => name),
      fields.length,
    );
    return {
      path,
      format: 'parquet',
      sheets: [],
      sheet: null,
      encoding: { encoding: 'utf-8', reason: 'Parquet', skipBytes: 0, bytes, notes: [] },
      dialect: ONE_TEXT_PER_LINE,
      header: true,
      skipLines: 0,
      columns,
      lists: await listColumns(connection, path, fields),
      layout: { dialect: ONE_TEXT_PER_LINE, lineBreak: '\n', skipLines: 0, width: columns.length, minWidth: 1 },
      sample: {
        text: head.map((row) => row.map((cell) => cellOf(cell).replace(/\n/g, ' ⏎ ')).join(' | ')).join('\n'),
        bytes,
        whole: true,
      },
      estimatedRows: rows,
      read: (batchSize, signal) => parquetBatches(path, select, { rows, bytes, batchSize, signal }),
    } satisfies SourceTable;
  });
}

interface BatchesOf {
  readonly rows: number;
  readonly bytes: number;
  readonly batchSize: number;
  readonly signal: AbortSignal | undefined;
}

async function* parquetBatches(
  path: string,
  select: string,
  { rows: total, bytes, batchSize, signal }: BatchesOf,
): AsyncGenerator<RecordBatch, void, undefined> {
  const { instance, connection } = await connect(path);
  try {
    const result = await connection.stream(select);
    let done = 0;
    let rows: string[][] = [];
    for (;;) {
      if (signal?.aborted) throw new CancelledError();
      const chunk = await result.fetchChunk();
      if (!chunk || chunk.rowCount === 0) break;
      for (const row of chunk.getRows()) rows.push(row.map(cellOf));
      while (rows.length >= batchSize) {
        const batch = rows.splice(0, batchSize);
        yield batchOf(batch, done, (bytes * (done + batch.length)) / total);
        done += batch.length;
      }
    }
    if (rows.length > 0) yield batchOf(rows, done, bytes);
    rows = [];
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function batchOf(rows: readonly string[][], before: number, bytes: number): RecordBatch {
  return { rows, lines: rows.map((_, i) => before + i + 1), rejected: [], bytes };
}

interface Field {
  readonly name: string;
  readonly type: string; // as DuckDB calls it
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function isPlainList({ type }: Field): boolean {
  return type.endsWith('[]') && !type.includes('STRUCT') && !type.slice(0, -2).endsWith(']');
}

function asText(field: Field): string {
  return `${quoted(field.name)}::VARCHAR${isPlainList(field) ? '[]' : ''}`;
}

function cellOf(value: DuckDBValue): string {
  if (value instanceof DuckDBListValue) return listCell(value.items.filter((one) => one !== null).map(String));
  return value === null ? '' : String(value);
}

/** The places of the list columns in which some of the first rows have more than one member. */
async function listColumns(
  connection: DuckDBConnection,
  path: string,
  fields: readonly Field[],
): Promise<ReadonlySet<number>> {
  const lists = fields.flatMap((field, place) => (isPlainList(field) ? [{ name: quoted(field.name), place }] : []));
  if (lists.length === 0) return new Set();
  const longest = lists.map(({ name }) => `max(len(${name}))`).join(', ');
  const head = `SELECT ${lists.map(({ name }) => name).join(', ')} FROM ${source(path)} LIMIT ${String(LOOKED_AT)}`;
  const [found = []] = (await connection.runAndReadAll(`SELECT ${longest} FROM (${head})`)).getRows();
  return new Set(lists.filter((_, i) => Number(found[i] ?? 0) > 1).map(({ place }) => place));
}

/** The file and no other: characters that DuckDB would take for a pattern are put in brackets. */
function source(path: string): string {
  return `read_parquet('${path.replace(/[[*?]/g, '[$&]').replaceAll("'", "''")}')`;
}

async function connect(path: string): Promise<{ instance: DuckDBInstance; connection: DuckDBConnection }> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '2',
    memory_limit: '1GB',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
  });
  try {
    return { instance, connection: await instance.connect() };
  } catch (error) {
    instance.closeSync();
    throw unreadable(path, error);
  }
}

async function withDuckdb<T>(path: string, work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const { instance, connection } = await connect(path);
  try {
    return await work(connection);
  } catch (error) {
    throw unreadable(path, error);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function unreadable(path: string, error: unknown): unknown {
  if (error instanceof AppError || !(error instanceof Error)) return error;
  return new AppError('file-format', `${path} cannot be read as Parquet: ${error.message.split('\n')[0] ?? ''}`, {
    hint: 'Check that it was saved completely.',
    data: { file: path },
    says: { sentence: 'noParquet', path },
    cause: error,
  });
}
