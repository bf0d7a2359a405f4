import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { finished } from 'node:stream/promises';

/** Lines that are written at a time. */
const LINES = 4096;

/** Writes a text file of many lines without holding them in memory; it has its name only once it is whole. */
export async function writeRows(
  file: string,
  header: string,
  rows: number,
  lineOf: (row: number) => string,
): Promise<void> {
  const stream = createWriteStream(`${file}.part`);
  stream.write(`${header}\n`);
  for (let first = 0; first < rows; first += LINES) {
    let part = '';
    for (let row = first; row < Math.min(rows, first + LINES); row++) part += `${lineOf(row)}\n`;
    if (!stream.write(part)) await once(stream, 'drain');
  }
  stream.end();
  await finished(stream);
  await rename(`${file}.part`, file);
}
