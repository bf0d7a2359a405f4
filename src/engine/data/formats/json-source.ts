import type { ReadOptions, RejectedRow } from '../../../shared/data-types';
import { AppError } from '../../../shared/errors';
import { decodedChunks } from '../decoded-chunks';
import { detectEncoding, type DetectedEncoding } from '../detect-encoding';
import { ONE_TEXT_PER_LINE } from '../guess-dialect';
import type { RecordBatch } from '../record-reader';
import type { SourceTable } from '../source-table';
import { jsonLines, jsonMembers, type JsonText } from './json-records';
import { LIST_SEPARATOR } from './parquet-source';

/** The columns are those of the first records. */
const LOOKED_AT = 2_000;
const SHOWN = 100;

/** Opens JSON Lines or a JSON array of records. @throws AppError `file-format`, `no-rows`, `encoding` */
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
  const columns = columnsOf(head);
  const read = head.filter(({ text }) => parsed(text) !== null).length;
  if (columns.length === 0 || read === 0) {
    throw new AppError(
      'file-format',
      `${path}: expected records such as {"text": "…", "label": "…"}, got none that can be read.`,
      {
        hint: 'Each line must be one JSON object, or the file one array of objects.',
        data: { file: path },
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
    read: (batchSize, signal) => jsonBatches(records(signal), columns, batchSize, encoding.bytes),
  };
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

async function* jsonBatches(
  records: AsyncGenerator<JsonText>,
  columns: readonly string[],
  batchSize: number,
  total: number,
): AsyncGenerator<RecordBatch, void, undefined> {
  let [rows, lines, rejected]: [string[][], number[], RejectedRow[]] = [[], [], []];
  for await (const { line, text, bytes } of records) {
    const record = parsed(text);
    if (record) {
      rows.push(columns.map((name) => cellOf(record[name])));
      lines.push(line);
    } else rejected.push({ line, reason: reasonOf(text), text: text.slice(0, 10_000) });
    if (rows.length + rejected.length < batchSize) continue;
    yield { rows, lines, rejected, bytes };
    [rows, lines, rejected] = [[], [], []];
  }
  if (rows.length + rejected.length > 0) yield { rows, lines, rejected, bytes: total };
}

/** A record; a text by itself is one with only that. Null for what is neither. */
function parsed(text: string): Readonly<Record<string, unknown>> | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value === 'string') return { text: value };
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

function reasonOf(text: string): string {
  try {
    JSON.parse(text);
    return 'no JSON object';
  } catch (error) {
    return `no valid JSON (${error instanceof Error ? error.message.slice(0, 120) : 'unreadable'})`;
  }
}

function columnsOf(head: readonly JsonText[]): string[] {
  const names = new Set<string>();
  for (const { text } of head) for (const name of Object.keys(parsed(text) ?? {})) names.add(name);
  return [...names];
}

/** A value as a cell: lists of plain values with `|` between them, other structures as JSON. */
function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const isPlain = Array.isArray(value) && value.every((one) => ['string', 'number', 'boolean'].includes(typeof one));
  return isPlain ? (value as unknown[]).map(String).join(LIST_SEPARATOR) : JSON.stringify(value);
}
