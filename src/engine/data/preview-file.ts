import type { ImportPreview, ReadOptions } from '../../shared/data-types';
import { profileColumns } from './profile-columns';
import type { RecordBatch } from './record-reader';
import { openSourceTable, readTable, type SourceTable } from './source-table';

/** How many rows and lines a preview shows, from how many rows columns are judged, and how much of a cell is shown. */
const SHOWN_ROWS = 100;
const JUDGED_ROWS = 1_000;
const SHOWN_CHARACTERS = 2_000;

/**
 * Looks at the first lines of a file: raw and parsed side by side, with everything that was guessed. `options` override
 * guesses.
 *
 * @throws AppError of the file system; `no-rows`, `file-format`, `encoding`
 */
export async function previewFile(path: string, options: ReadOptions): Promise<ImportPreview> {
  const table = await openSourceTable(path, options);
  const first = await firstBatch(table);
  const columns = profileColumns(table.columns, first.rows, table.lists);
  return {
    path,
    bytes: table.encoding.bytes,
    encoding: table.encoding.encoding,
    encodingReason: table.encoding.reason,
    dialect: table.dialect,
    header: table.header,
    skipLines: table.skipLines,
    columns,
    rawLines: rawLines(table),
    rows: first.rows.slice(0, SHOWN_ROWS).map((row) => row.map((cell) => (cell === '' ? null : shown(cell)))),
    estimatedRows: table.estimatedRows ?? estimateRows(table, first),
    notes: [...table.encoding.notes, ...notesOn(table, first)],
    format: table.format,
    sheets: [...table.sheets],
    sheet: table.sheet,
  };
}

async function firstBatch(table: SourceTable): Promise<RecordBatch> {
  for await (const batch of readTable(table, JUDGED_ROWS)) return batch;
  return { rows: [], lines: [], rejected: [], bytes: 0 };
}

function rawLines(table: SourceTable): ImportPreview['rawLines'] {
  return table.sample.text
    .slice(0, SHOWN_ROWS * SHOWN_CHARACTERS)
    .split(table.layout.lineBreak)
    .slice(0, SHOWN_ROWS)
    .map((text, i) => ({ line: i + 1, text: shown(text.replace(/\r$/, '')) }))
    .filter(({ text }, i, all) => text !== '' || i < all.length - 1);
}

/** Exact where the first batch holds all rows, else by the length of the rows in it. */
function estimateRows({ encoding, sample, layout }: SourceTable, { rows, rejected, lines }: RecordBatch): number {
  const count = rows.length + rejected.length;
  if (count < JUDGED_ROWS - 1) return rows.length;
  const lastLine = Math.max(lines[lines.length - 1] ?? 1, rejected[rejected.length - 1]?.line ?? 1);
  let end = 0;
  for (let line = 0; line < lastLine && end >= 0; line++) end = sample.text.indexOf(layout.lineBreak, end) + 1 || -1;
  const readShare = end > 0 ? end / sample.text.length : 1;
  return Math.round((rows.length / readShare) * (encoding.bytes / Math.max(1, sample.bytes)));
}

function notesOn(table: SourceTable, { rows, rejected, repaired = [] }: RecordBatch): string[] {
  const { header, columns, dialect, skipLines } = table;
  const notes: string[] = [];
  if (skipLines > 0)
    notes.push(`The first ${skipLines === 1 ? 'line is' : `${String(skipLines)} lines are`} not read.`);
  if (rows.length === 0) notes.push(header ? 'The file has a header but no rows.' : 'No row could be read.');
  if (table.format === 'lines') notes.push('No separator was found: each line is taken as one text.');
  else if (dialect.quote === '' && table.format === 'delimited')
    notes.push('Quotation marks are taken as part of the texts.');
  if (header && columns.some((name) => /^column\d+$/.test(name)))
    notes.push('Columns without a name are called column1, column2 …');
  const [first] = rejected;
  if (first) {
    const many = rejected.length === 1 ? '1 row' : `${String(rejected.length)} rows`;
    notes.push(`Of the first rows ${many} cannot be read; the first is line ${String(first.line)}: ${first.reason}.`);
  }
  if (repaired.length > 0) {
    const many = repaired.length === 1 ? '1 row has' : `${String(repaired.length)} rows have`;
    notes.push(`Of the first rows ${many} NUL bytes, read as �; the first is line ${String(repaired[0])}.`);
  }
  return notes;
}

function shown(text: string): string {
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}
