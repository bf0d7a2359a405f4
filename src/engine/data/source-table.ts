import { extname } from 'node:path';
import iconv from 'iconv-lite';
import type { Dialect, ReadOptions, SourceFormat } from '../../shared/data-types';
import { AppError } from '../../shared/errors';
import { decodedChunks } from './decoded-chunks';
import { detectEncoding, type DetectedEncoding } from './detect-encoding';
import { guessDialect } from './guess-dialect';
import { guessHeader, uniqueColumnNames } from './guess-header';
import { lineEnd } from './record-parser';
import { RecordReader, type RecordBatch, type RecordLayout } from './record-reader';
import { fastTextTable, looksLikeFastText } from './formats/fasttext-source';
import { openFolder } from './formats/folder-source';
import { isJsonThroughout, looksLikeJson, openJson } from './formats/json-source';
import { openParquet } from './formats/parquet-source';
import { openXlsx } from './formats/xlsx-source';
import { byteChunks } from './byte-chunks';
import { byteOrderMark } from './guess-encoding';
import { emptyFile, isFolder, refuseMarkup, sourceFileBytes } from './source-file';

/** A file (or a folder of texts) with all that must be known to read it: the same answer for preview, check, import and prediction. */
export interface SourceTable {
  readonly path: string;
  readonly encoding: DetectedEncoding;
  readonly dialect: Dialect;
  readonly header: boolean;
  readonly skipLines: number;
  readonly columns: readonly string[]; // unique names
  /** The places of columns whose cells are lists, some of several members ({@link listCell}). */
  readonly lists?: ReadonlySet<number>;
  readonly layout: RecordLayout;
  /** The head of the file as text, what was looked at; `whole` where that is all of it. */
  readonly sample: { readonly text: string; readonly bytes: number; readonly whole: boolean };
  readonly format: SourceFormat;
  readonly sheets: readonly string[]; // of a workbook
  readonly sheet: string | null;
  /** Where it is known without reading all. */
  readonly estimatedRows: number | null;
  /** Reads the rows of what is no delimited text; the header is not among them. */
  readonly read?: (batchSize: number, signal?: AbortSignal) => AsyncGenerator<RecordBatch, void, undefined>;
}

const SAMPLE_CHARACTERS = 1 << 20;

/**
 * Opens what rows can come from: delimited text, one text per line, lines of fastText, JSON Lines and JSON, Excel,
 * Parquet, a folder of text files. What it is is told by its first bytes, not by its name.
 *
 * @throws AppError of the file system; `no-rows`, `file-format`, `encoding`
 */
export async function openSourceTable(path: string, options: ReadOptions): Promise<SourceTable> {
  if (await isFolder(path)) return openFolder(path);
  const bytes = await sourceFileBytes(path);
  const head = await firstBytes(path);
  if (head.subarray(0, 4).toString('latin1') === 'PK\x03\x04') return openXlsx(path, bytes, options);
  if (head.subarray(0, 4).toString('latin1') === 'PAR1') return openParquet(path, bytes);
  if (options.delimiter === undefined) {
    const isCalledTable = /\.(csv|tsv|tab)$/i.test(path);
    if ((isCalledTable ? isJsonThroughout : looksLikeJson)(headText(head, options))) return openJson(path, options);
    refuseMarkup(path, head);
  }
  return openDelimited(path, options);
}

/** The first bytes as text: in the encoding that was chosen or is marked, else as UTF-8. */
function headText(head: Buffer, { encoding }: ReadOptions): string {
  const name = encoding ?? byteOrderMark(head)?.encoding ?? 'utf-8';
  return iconv.encodingExists(name) ? iconv.decode(head, name) : head.toString('utf8');
}

async function firstBytes(path: string): Promise<Buffer> {
  for await (const chunk of byteChunks(path, 0, undefined, 1 << 16)) return chunk;
  return Buffer.alloc(0);
}

/** Finds (or takes from `options`) a delimited file's encoding, dialect, header and columns. */
async function openDelimited(path: string, options: ReadOptions): Promise<SourceTable> {
  const encoding = await detectEncoding(path, options.encoding);
  const sample = await readSample(path, encoding);
  if (sample.whole && sample.text.trim() === '') throw emptyFile(path, 'it has only blank lines');
  if (options.delimiter === undefined && looksLikeFastText(sample.text)) return fastTextTable(path, encoding, sample);
  const lineBreak = !sample.text.includes('\n') && sample.text.includes('\r') ? '\r' : '\n';
  const announced = /^sep=(.)\r?\n/.exec(sample.text)?.[1]; // Excel's way to name the delimiter
  const skipLines = options.skipLines ?? (announced === undefined ? 0 : 1);
  const body = afterLines(sample.text, skipLines, lineBreak);
  const hints = {
    delimiter: options.delimiter ?? announced,
    quote: options.quote,
    extension: extname(path).toLowerCase(),
  };
  const dialect = guessDialect(body, sample.whole, hints, lineBreak);
  const records = await firstRecords(path, encoding, { dialect, lineBreak, skipLines, width: null, minWidth: 0 });
  const first = records[0];
  if (!first)
    throw emptyFile(
      path,
      skipLines > 0 ? `nothing is left after ${String(skipLines)} skipped lines` : 'no row could be read',
    );
  const header = options.header ?? guessHeader(first, records.slice(1));
  const names = header ? headerNames(first, records.slice(1)) : null;
  const width = names?.length ?? commonWidth(records);
  const named = names ? names.findLastIndex((name) => name.trim() !== '') + 1 : width;
  const columns = uniqueColumnNames(names, width);
  const layout = { dialect, lineBreak, skipLines, width, minWidth: Math.max(1, Math.min(named, width)) } as const;
  const format = dialect.delimiter === '\n' ? 'lines' : 'delimited';
  const table = { path, encoding, dialect, header, skipLines, columns, layout, sample, format } as const;
  return { ...table, sheets: [], sheet: null, estimatedRows: null };
}

/**
 * All rows of an opened file without its header, in order, as strings.
 *
 * @throws AppError of the file system; CancelledError once `signal` is aborted
 */
export async function* readTable(
  table: SourceTable,
  batchSize: number,
  signal?: AbortSignal,
): AsyncGenerator<RecordBatch, void, undefined> {
  if (table.read) {
    yield* table.read(batchSize, signal);
    return;
  }
  let headerAhead = table.header;
  const chunks = decodedChunks(table.path, table.encoding, signal);
  for await (const batch of new RecordReader(table.layout).batches(chunks, batchSize)) {
    if (headerAhead && batch.rows.length + batch.rejected.length > 0) {
      headerAhead = false;
      yield withoutHeader(batch);
    } else yield batch;
  }
}

/**
 * The places of the named columns.
 * @throws AppError `no-such-column`
 */
export function columnIndexes(table: SourceTable, names: readonly string[]): number[] {
  return names.map((name) => {
    const index = table.columns.indexOf(name);
    if (index >= 0) return index;
    throw new AppError('no-such-column', `${table.path}: expected a column "${name}", got ${listed(table.columns)}.`, {
      hint: table.header
        ? 'Choose one of the columns that are there.'
        : 'The file seems to have no header line; columns are then called column1, column2 …',
      data: { file: table.path, expected: name, got: table.columns },
      says: { sentence: 'noColumn', path: table.path, wanted: name, got: [...table.columns] },
    });
  });
}

function listed(names: readonly string[]): string {
  return (
    names
      .slice(0, 20)
      .map((name) => `"${name}"`)
      .join(', ') + (names.length > 20 ? ' …' : '')
  );
}

/** The header is the first record there is, fitting or not (it may have fewer cells than the rows). */
function withoutHeader(batch: RecordBatch): RecordBatch {
  const isRejected = (batch.rejected[0]?.line ?? Infinity) < (batch.lines[0] ?? Infinity);
  if (isRejected) return { ...batch, rejected: batch.rejected.slice(1) };
  return { ...batch, rows: batch.rows.slice(1), lines: batch.lines.slice(1) };
}

async function readSample(path: string, encoding: DetectedEncoding): Promise<SourceTable['sample']> {
  let text = '';
  let bytes = 0;
  for await (const chunk of decodedChunks(path, encoding)) {
    // Break once more is there than is wanted: only then the sample is known not to be the whole file.
    if (text.length >= SAMPLE_CHARACTERS) return { text, bytes, whole: false };
    text += chunk.text;
    bytes = chunk.bytes;
  }
  return { text, bytes, whole: true };
}

async function firstRecords(
  path: string,
  encoding: DetectedEncoding,
  layout: RecordLayout,
): Promise<(readonly string[])[]> {
  const batches = new RecordReader(layout).batches(decodedChunks(path, encoding), 1_000);
  for await (const batch of batches) if (batch.rows.length > 0) return [...batch.rows];
  return [];
}

/**
 * The header says how many columns there are, unless every row has more: then row numbers stand before the first named
 * column (as R writes them), or columns without a name follow the last.
 */
function headerNames(first: readonly string[], rest: readonly (readonly string[])[]): readonly string[] {
  const more = (rest.length === 0 ? 0 : commonWidth(rest)) - first.length;
  if (more <= 0 || rest.some((row) => row.slice(first.length).every((cell) => cell.trim() === ''))) return first;
  if (more === 1 && rest.every((row) => /^\d+$/.test(row[0] ?? ''))) return ['', ...first];
  return [...first, ...Array<string>(more).fill('')];
}

function commonWidth(records: readonly (readonly string[])[]): number {
  const counts = new Map<number, number>();
  for (const { length } of records) counts.set(length, (counts.get(length) ?? 0) + 1);
  return [...counts].reduce((a, b) => (b[1] > a[1] || (b[1] === a[1] && b[0] > a[0]) ? b : a), [1, 0] as [
    number,
    number,
  ])[0];
}

function afterLines(text: string, lines: number, lineBreak: '\n' | '\r'): string {
  let at = 0;
  for (let i = 0; i < lines; i++) at = lineEnd(text, at, lineBreak);
  return text.slice(at);
}
