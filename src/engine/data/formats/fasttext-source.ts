import { decodedChunks, type DecodedChunk } from '../decoded-chunks';
import type { DetectedEncoding } from '../detect-encoding';
import { ONE_TEXT_PER_LINE } from '../guess-dialect';
import { listCell } from '../../../shared/list-cells';
import type { RecordBatch } from '../record-reader';
import type { SourceTable } from '../source-table';
import { jsonLines } from './json-records';

const LABEL = /(?:^|\s)__label__(\S+)/g;
const COLUMNS = ['text', 'label'] as const;

/** Whether nearly all lines begin with a label as fastText wants them: `__label__spam win a prize`. */
export function looksLikeFastText(sample: string): boolean {
  const lines = sample.split('\n', 200).filter((line) => line.trim() !== '');
  return lines.length > 0 && lines.filter((line) => line.startsWith('__label__')).length >= 0.9 * lines.length;
}

/** The table in a file of fastText's lines: a text each, with any number of labels in front of it. */
export function fastTextTable(path: string, encoding: DetectedEncoding, sample: SourceTable['sample']): SourceTable {
  const lines = sample.text.split('\n');
  const several = lines.some((line) => [...line.matchAll(LABEL)].length > 1);
  return {
    path,
    format: 'fasttext',
    sheets: [],
    sheet: null,
    encoding,
    dialect: ONE_TEXT_PER_LINE,
    header: true,
    skipLines: 0,
    columns: COLUMNS,
    lists: new Set(several ? [1] : []),
    layout: { dialect: ONE_TEXT_PER_LINE, lineBreak: '\n', skipLines: 0, width: COLUMNS.length, minWidth: 1 },
    sample,
    estimatedRows: Math.round((lines.length - 1) * (encoding.bytes / Math.max(1, sample.bytes))),
    read: (batchSize, signal) => fastTextBatches(decodedChunks(path, encoding, signal), batchSize, encoding.bytes),
  };
}

async function* fastTextBatches(
  chunks: AsyncIterable<DecodedChunk>,
  batchSize: number,
  total: number,
): AsyncGenerator<RecordBatch, void, undefined> {
  let [rows, lines]: [string[][], number[]] = [[], []];
  for await (const { line, text, bytes } of jsonLines(chunks)) {
    const labels = [...text.matchAll(LABEL)].map(([, name = '']) => name);
    rows.push([text.replaceAll(LABEL, ' ').trim(), listCell(labels)]);
    lines.push(line);
    if (rows.length < batchSize) continue;
    yield { rows, lines, rejected: [], bytes };
    [rows, lines] = [[], []];
  }
  if (rows.length > 0) yield { rows, lines, rejected: [], bytes: total };
}
