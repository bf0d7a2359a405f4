import type { ReadOptions, RejectedRow } from '../../../shared/data-types';
import { AppError } from '../../../shared/errors';
import { decodedChunks } from '../decoded-chunks';
import { detectEncoding, type DetectedEncoding } from '../detect-encoding';
import { ONE_TEXT_PER_LINE } from '../guess-dialect';
import type { RecordBatch } from '../record-reader';
import type { SourceTable } from '../source-table';
import { listCell } from '../../../shared/list-cells';
import { isObject, type FlatRecord, type FlatValue, type JsonObject } from './flatten-record';
import { jsonLines, jsonMembers, type JsonText } from './json-records';
import { shapeOf, type RecordShape } from './record-shapes';

/** The columns are those of the first records. */
const LOOKED_AT = 2_000;
const SHOWN = 100;

/**
 * Opens JSON Lines or a JSON array of records, also as labelling programs write them ({@link shapeOf}): what is inside
 * objects becomes columns, lists become cells with `|` between their members.
 *
 * @throws AppError `file-format`, `no-rows`, `encoding`
 */
export async function openJson(path: string, options: ReadOptions): Promise<SourceTable> {
  const encoding = await detectEncoding(path, options.encoding);
  const isArray = await beginsArray(path, encoding);
  const records = (signal?: AbortSignal): AsyncGenerator<JsonText> =>
    (isArray ? jsonMembers : jsonLines)(decodedChunks(path, encoding, signal));
  const head: JsonText[] = [];
  let whole = true;
  for await (const record of records()) {
    if (head.length >= LOOKED_AT) {
      whole = false;
      break;
    }
    head.push(record);
  }
  const known = head.map(({ text }) => parsed(text)).filter((record) => record !== null);
  const shape = shapeOf(known);
  const flat = known.map(shape);
  const columns = columnsOf(flat);
  const read = known.length;
  if (columns.length === 0 || read === 0) {
    throw new AppError(
      'file-format',
      `${path}: expected records such as {"text": "…", "label": "…"}, got none that can be read.`,
      {
        hint: 'Each line must be one JSON object, or the file one array of objects.',
        data: { file: path },
        says: { sentence: 'noRecords', path },
      },
    );
  }
  const last = head[head.length - 1];
  const share = whole || !last || last.bytes === 0 ? 1 : last.bytes / encoding.bytes;
  return {
    path,
    format: 'json',
    sheets: [],
    sheet: null,
    encoding,
    dialect: ONE_TEXT_PER_LINE,
    header: true,
    skipLines: 0,
    columns,
    lists: listColumns(flat, columns),
    layout: { dialect: ONE_TEXT_PER_LINE, lineBreak: '\n', skipLines: 0, width: columns.length, minWidth: 1 },
    sample: {
      text: head
        .slice(0, SHOWN)
        .map(({ text }) => text.replace(/\s*\n\s*/g, ' '))
        .join('\n'),
      bytes: encoding.bytes,
      whole,
    },
    estimatedRows: whole ? read : Math.round(read / Math.max(share, 1e-9)),
    read: (batchSize, signal) => jsonBatches(records(signal), { columns, shape, batchSize, total: encoding.bytes }),
  };
}

/** True where the first lines of a file are JSON objects, or it begins with a list of them: for one that is called a table. */
export function isJsonThroughout(head: string): boolean {
  const first = head.replace(/^\ufeff?\s*/, '');
  if (/^\[\s*\{\s*"/.test(first)) return true;
  const lines = first.split('\n', 6).filter((line) => line.trim() !== '');
  const whole = lines.length > 5 ? lines.slice(0, 5) : lines;
  return whole.length > 0 && whole.every((line) => line.startsWith('{') && parsed(line.trim()) !== null);
}

/** True for a file that begins as JSON does, whatever its name. */
export function looksLikeJson(head: string): boolean {
  const first = head.replace(/^\ufeff?\s*/, '');
  if (!/^(\{\s*"|\[\s*[{"\]])/.test(first)) return false;
  if (first.startsWith('[')) return true;
  const line = first.split('\n', 1)[0] ?? '';
  return line.length < first.length ? parsed(line.trim()) !== null : true;
}

async function beginsArray(path: string, encoding: DetectedEncoding): Promise<boolean> {
  for await (const { text } of decodedChunks(path, encoding)) {
    const first = text.trimStart()[0];
    if (first !== undefined) return first === '[';
  }
  return false;
}

interface BatchesOf {
  readonly columns: readonly string[];
  readonly shape: RecordShape;
  readonly batchSize: number;
  readonly total: number; // bytes
}

async function* jsonBatches(
  records: AsyncGenerator<JsonText>,
  { columns, shape, batchSize, total }: BatchesOf,
): AsyncGenerator<RecordBatch, void, undefined> {
  let [rows, lines, rejected]: [string[][], number[], RejectedRow[]] = [[], [], []];
  for await (const { line, text, bytes } of records) {
    const record = parsed(text);
    if (record) {
      const flat = shape(record);
      rows.push(columns.map((name) => cellOf(flat.get(name))));
      lines.push(line);
    } else rejected.push({ line, reason: reasonOf(text), text: text.slice(0, 10_000) });
    if (rows.length + rejected.length < batchSize) continue;
    yield { rows, lines, rejected, bytes };
    [rows, lines, rejected] = [[], [], []];
  }
  if (rows.length + rejected.length > 0) yield { rows, lines, rejected, bytes: total };
}

/** A record; a text by itself is one with only that. Null for what is neither. */
function parsed(text: string): JsonObject | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value === 'string') return { text: value };
  return isObject(value) ? value : null;
}

function reasonOf(text: string): string {
  try {
    JSON.parse(text);
    return 'no JSON object';
  } catch (error) {
    return `no valid JSON (${error instanceof Error ? error.message.slice(0, 120) : 'unreadable'})`;
  }
}

/** The names of all columns in the order they come; one that is empty wherever others are inside it is none of its own. */
function columnsOf(records: readonly FlatRecord[]): string[] {
  const filled = new Map<string, boolean>();
  for (const record of records)
    for (const [name, value] of record) filled.set(name, filled.get(name) === true || value.length > 0);
  const names = [...filled.keys()];
  return names.filter((name) => filled.get(name) === true || !names.some((other) => other.startsWith(`${name}.`)));
}

/** The places of the columns with a list in each record that has anything there, and more than one member in some. */
function listColumns(records: readonly FlatRecord[], columns: readonly string[]): ReadonlySet<number> {
  const places = columns.map((_, place) => place);
  return new Set(
    places.filter((place) => {
      const values = records.flatMap((record) => [record.get(columns[place] ?? '') ?? '']).filter((one) => one !== '');
      return values.every((one) => Array.isArray(one)) && values.some((one) => one.length > 1);
    }),
  );
}

function cellOf(value: FlatValue | undefined): string {
  return typeof value === 'string' ? value : listCell(value ?? []);
}
