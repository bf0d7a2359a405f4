import type { Dialect, ReadOptions, RejectedRow, RepairedRows } from '../../shared/data-types';
import { openSourceTable, readTable } from './source-table';

/** So many rejected rows are named one by one; all are counted. */
export const LISTED_REJECTS = 1_000;

/** What reading a whole file gave. */
export interface FileCheck {
  readonly encoding: string;
  readonly dialect: Dialect;
  readonly header: boolean;
  readonly columns: string[];
  readonly rows: number;
  readonly rejected: RejectedRow[];
  readonly rejectedCount: number;
  readonly repaired?: RepairedRows; // where there are any
}

/** Adds rows that were repaired to those before; undefined as long as there are none. */
export function withRepaired(
  before: RepairedRows | undefined,
  lines: readonly number[] = [],
): RepairedRows | undefined {
  if (lines.length === 0) return before;
  const listed = [...(before?.lines ?? []), ...lines].slice(0, LISTED_REJECTS);
  return { count: (before?.count ?? 0) + lines.length, lines: listed };
}

/**
 * Reads the whole file and keeps nothing: the exact number of rows, and what would be rejected.
 *
 * @throws AppError of the file system; `no-rows`, `file-format`, `encoding`; CancelledError
 */
export async function checkFile(path: string, options: ReadOptions, signal?: AbortSignal): Promise<FileCheck> {
  const table = await openSourceTable(path, options);
  const rejected: RejectedRow[] = [];
  let rows = 0;
  let rejectedCount = 0;
  let repaired: RepairedRows | undefined;
  for await (const batch of readTable(table, 4_096, signal)) {
    rows += batch.rows.length;
    rejectedCount += batch.rejected.length;
    repaired = withRepaired(repaired, batch.repaired);
    rejected.push(...batch.rejected.slice(0, LISTED_REJECTS - rejected.length));
  }
  const { dialect, header, encoding, columns } = table;
  const found = { encoding: encoding.encoding, dialect, header, columns: [...columns], rows, rejected, rejectedCount };
  return { ...found, ...(repaired && { repaired }) };
}
