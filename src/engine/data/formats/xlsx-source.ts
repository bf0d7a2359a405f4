import type { ReadOptions, RejectedRow } from '../../../shared/data-types';
import { AppError, CancelledError } from '../../../shared/errors';
import { ONE_TEXT_PER_LINE } from '../guess-dialect';
import { guessHeader, uniqueColumnNames } from '../guess-header';
import type { RecordBatch } from '../record-reader';
import { binaryFile, emptyFile } from '../source-file';
import type { SourceTable } from '../source-table';
import { SheetReader, type SheetRow } from './sheet-reader';
import { readWorkbook } from './workbook';
import { ZipFile } from './zip-file';

const LOOKED_AT = 1_000;
const SHOWN = 100;

/**
 * Opens a sheet of an .xlsx workbook: the one that `options.sheet` names, else the first of the large ones with rows: what
 * comes before the data is often a page of notes. Lines above the table (a title, a date) are found and skipped.
 *
 * @throws AppError `file-format` for other ZIP archives; `no-rows`; `bad-input` for an unknown sheet
 */
export async function openXlsx(path: string, bytes: number, options: ReadOptions): Promise<SourceTable> {
  const zip = await ZipFile.open(path);
  if (!zip.has('xl/workbook.xml'))
    throw binaryFile(path, 'a ZIP archive that is no .xlsx workbook', 'Unpack it and choose the file or folder in it.');
  const book = await readWorkbook(zip);
  const wanted = options.sheet === undefined ? book.sheets : book.sheets.filter(({ name }) => name === options.sheet);
  if (wanted.length === 0) {
    throw new AppError(
      'bad-input',
      `${path}: expected a sheet "${options.sheet ?? ''}", got ${book.sheets.map(({ name }) => `"${name}"`).join(', ')}.`,
      {
        hint: 'Choose one of the sheets that are there.',
        says: { sentence: 'noSheet', path, wanted: options.sheet ?? '', got: book.sheets.map(({ name }) => name) },
      },
    );
  }
  for (const { name, part } of largeFirst(wanted, zip)) {
    const read = (): AsyncGenerator<SheetRow> => new SheetReader(book).rows(zip, part);
    const head: SheetRow[] = [];
    for await (const row of read()) if (head.push(row) >= LOOKED_AT) break;
    if (head.length === 0) continue;
    return sheetTable({ path, bytes, sheet: name, sheets: book.sheets.map((one) => one.name), read, head, options });
  }
  throw emptyFile(path, 'its sheets are empty');
}

/** Sheets of at least half of the largest one's size in their order, then the others. */
function largeFirst<S extends { readonly part: string }>(sheets: readonly S[], zip: ZipFile): readonly S[] {
  const most = Math.max(0, ...sheets.map(({ part }) => zip.packedBytes(part)));
  const isLarge = ({ part }: S): boolean => zip.packedBytes(part) * 2 >= most;
  return [...sheets.filter(isLarge), ...sheets.filter((sheet) => !isLarge(sheet))];
}

interface OpenSheet {
  readonly path: string;
  readonly bytes: number;
  readonly sheet: string;
  readonly sheets: readonly string[];
  readonly read: () => AsyncGenerator<SheetRow>;
  readonly head: readonly SheetRow[];
  readonly options: ReadOptions;
}

function sheetTable({ path, bytes, sheet, sheets, read, head, options }: OpenSheet): SourceTable {
  const skipLines = options.skipLines ?? linesAbove(head);
  const body = head.filter(({ line }) => line > skipLines);
  const first = body[0];
  if (!first) throw emptyFile(path, `nothing is left after ${String(skipLines)} skipped lines`);
  const width = Math.max(...body.slice(0, 100).map(({ cells }) => cells.length));
  const padded = body.map(({ cells }) => padTo(cells, width));
  const header = options.header ?? (body.length > 1 && guessHeader(padded[0] ?? [], padded.slice(1)));
  const columns = uniqueColumnNames(header ? (padded[0] ?? []) : null, width);
  const notes = sheets.length > 1 ? [`Sheet "${sheet}" of ${String(sheets.length)} is read.`] : [];
  const firstLine = header ? first.line + 1 : first.line;
  return {
    path,
    format: 'xlsx',
    sheets,
    sheet,
    encoding: { encoding: 'utf-8', reason: 'Excel workbook', skipBytes: 0, bytes, notes },
    dialect: ONE_TEXT_PER_LINE,
    header,
    skipLines,
    columns,
    layout: { dialect: ONE_TEXT_PER_LINE, lineBreak: '\n', skipLines, width, minWidth: 1 },
    sample: { text: rawText(head), bytes, whole: head.length < LOOKED_AT },
    estimatedRows: head.length < LOOKED_AT ? body.length - Number(header) : null,
    read: (batchSize, signal) => sheetBatches(read(), { width, firstLine, bytes, batchSize, signal }),
  };
}

/** Rows before the first that is about as wide as most are: titles, dates, remarks. */
function linesAbove(head: readonly SheetRow[]): number {
  const filled = head.map(({ cells }) => cells.filter((cell) => cell !== '').length);
  const usual = [...filled].sort((a, b) => a - b)[filled.length >> 1] ?? 1;
  const place = filled.findIndex((count) => count >= Math.max(1, Math.ceil(usual * 0.6)));
  return place <= 0 ? 0 : (head[place]?.line ?? 1) - 1;
}

interface BatchesOf {
  readonly width: number;
  readonly firstLine: number;
  readonly bytes: number;
  readonly batchSize: number;
  readonly signal: AbortSignal | undefined;
}

async function* sheetBatches(
  rows: AsyncGenerator<SheetRow>,
  { width, firstLine, bytes, batchSize, signal }: BatchesOf,
): AsyncGenerator<RecordBatch, void, undefined> {
  let [kept, lines, rejected]: [string[][], number[], RejectedRow[]] = [[], [], []];
  let done = 0;
  for await (const { line, cells, share } of rows) {
    if (signal?.aborted) throw new CancelledError();
    if (line < firstLine) continue;
    done = share * bytes;
    if (cells.slice(width).some((cell) => cell.trim() !== '')) {
      const reason = `expected ${String(width)} cells, got ${String(cells.length)}`;
      rejected.push({ line, reason, text: cells.join('\t').slice(0, 10_000) });
    } else {
      kept.push(padTo(cells.slice(0, width), width));
      lines.push(line);
    }
    if (kept.length + rejected.length < batchSize) continue;
    yield { rows: kept, lines, rejected, bytes: done };
    [kept, lines, rejected] = [[], [], []];
  }
  if (kept.length + rejected.length > 0) yield { rows: kept, lines, rejected, bytes };
}

function padTo(cells: readonly string[], width: number): string[] {
  return cells.length >= width ? [...cells] : [...cells, ...Array<string>(width - cells.length).fill('')];
}

/** The first lines of the sheet, each at its place: empty ones are lines too. */
function rawText(head: readonly SheetRow[]): string {
  const lines: string[] = [];
  for (const row of head) {
    if (row.line > SHOWN) break;
    lines[row.line - 1] = rawLine(row);
  }
  return Array.from(lines, (line) => line ?? '').join('\n');
}

function rawLine({ cells }: SheetRow): string {
  return cells.map((cell) => cell.replace(/\s*\n\s*/g, ' ⏎ ')).join(' | ');
}
