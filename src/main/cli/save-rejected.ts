import path from 'node:path';
import type { RejectedRow } from '../../shared/data-types';
import { saveRejectedRows } from '../host/save-rows';
import { integer } from './human';
import type { Output } from './output';

/** Rows that could not be read and are named on the terminal. */
const named = 3;

/**
 * Names the first rows that could not be read, with line and reason, and writes all that are known into a file where one
 * is wanted.
 * @param count of all of them
 * @returns the file, or null
 */
export async function saveRejected(
  output: Output,
  file: string | undefined,
  rows: readonly RejectedRow[],
  count: number,
): Promise<string | null> {
  for (const { line, reason } of rows.slice(0, named)) output.say(`  line ${integer(line)}: ${reason}`);
  if (count > named && file === undefined) output.say('  --rejected FILE.csv writes them all, with line and reason.');
  if (file === undefined || count === 0) return null;
  const written = await saveRejectedRows(rows, path.resolve(file));
  output.say(`${integer(written.rows)} of ${integer(count)} unreadable rows: ${written.file}`);
  return written.file;
}
