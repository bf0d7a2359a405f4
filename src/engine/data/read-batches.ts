import type { ReadOptions, RejectedRow } from '../../shared/data-types';
import { columnIndexes, openSourceTable, readTable } from './source-table';

/** Some rows of a file, in order. */
export interface FileBatch {
  /** All columns of the file; `rows[i][c]` is the cell of column `columns[c]`, as it stands in the file. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** The line each row begins on, from 1. */
  readonly lines: readonly number[];
  /** Where the wanted columns stand in a row, in the order they were asked for. */
  readonly wanted: readonly number[];
  /** Rows that could not be read since the last batch. */
  readonly rejected: readonly RejectedRow[];
  readonly bytesRead: number;
  readonly bytesTotal: number;
}

/**
 * Reads any delimited file as a stream, for prediction and evaluation: every column as its original string, order kept,
 * memory for one batch. Gives at least one batch, so that the columns are known even where a file has only a header.
 *
 * @param columns that must be there
 * @throws AppError of the file system; `no-rows`, `file-format`, `encoding`, `no-such-column`; CancelledError
 */
export async function* readBatches(
  path: string,
  options: ReadOptions,
  columns: readonly string[],
  batchSize: number,
  signal?: AbortSignal,
): AsyncGenerator<FileBatch, void, undefined> {
  const table = await openSourceTable(path, options);
  const fixed = { columns: table.columns, wanted: columnIndexes(table, columns), bytesTotal: table.encoding.bytes };
  let batches = 0;
  for await (const { rows, lines, rejected, bytes } of readTable(table, batchSize, signal)) {
    batches++;
    yield { ...fixed, rows, lines, rejected, bytesRead: bytes };
  }
  if (batches === 0) yield { ...fixed, rows: [], lines: [], rejected: [], bytesRead: table.encoding.bytes };
}
