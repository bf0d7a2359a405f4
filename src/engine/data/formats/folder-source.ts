import { isUtf8 } from 'node:buffer';
import type { Dirent } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import iconv from 'iconv-lite';
import type { RejectedRow } from '../../../shared/data-types';
import { CancelledError } from '../../../shared/errors';
import { ONE_TEXT_PER_LINE } from '../guess-dialect';
import { byteOrderMark, guessByStatistics, isBinary } from '../guess-encoding';
import type { RecordBatch } from '../record-reader';
import { fileError } from '../../weights/file-error';
import { emptyFile } from '../source-file';
import { withEuro } from '../western-pages';
import type { SourceTable } from '../source-table';

const TEXT_FILE = /\.(txt|text|md|eml|log)$|^[^.]+$/i;
const SPLIT_FOLDER = /^(train|training|valid|validation|val|dev|test|testing)$/i;
const UNLABELLED_FOLDER = /^(unsup|unsupervised|unlabell?ed)$/i;
const DEEPEST = 12;
const LARGEST = 1 << 25;
const SHOWN = 100;
const AT_ONCE = 16;

/**
 * Opens a folder of text files: each file is a text, the folder it is in its label. Folders called train, valid or test
 * say on which side a text is. Other files are listed as rejected.
 *
 * @throws AppError `no-rows` where no text file is found
 */
export async function openFolder(folder: string): Promise<SourceTable> {
  const { files, unread } = await textFiles(folder);
  if (files.length === 0) {
    const [first] = unread;
    const but = first ? `; ${first.text} in it cannot be read (${first.reason})` : '';
    throw emptyFile(folder, `no text file (.txt) is in it or its folders${but}`);
  }
  const places = files.map((file) => placeOf(file));
  const hasLabels = places.some(({ label }) => label !== '');
  const hasSplits = places.some(({ split }) => split !== '');
  const columns = ['text', ...(hasLabels ? ['label'] : []), ...(hasSplits ? ['split'] : []), 'file'];
  const row = (text: string, i: number): string[] => {
    const { label = '', split = '' } = places[i] ?? {};
    return [text, ...(hasLabels ? [label] : []), ...(hasSplits ? [split] : []), files[i] ?? ''];
  };
  return {
    path: folder,
    format: 'folder',
    sheets: [],
    sheet: null,
    encoding: { encoding: 'utf-8', reason: 'each file by itself', skipBytes: 0, bytes: files.length, notes: [] },
    dialect: ONE_TEXT_PER_LINE,
    header: true,
    skipLines: 0,
    columns,
    layout: { dialect: ONE_TEXT_PER_LINE, lineBreak: '\n', skipLines: 0, width: columns.length, minWidth: 1 },
    sample: { text: files.slice(0, SHOWN).join('\n'), bytes: files.length, whole: true },
    estimatedRows: files.length,
    read: (batchSize, signal) => folderBatches({ folder, files, unread, row }, batchSize, signal),
  };
}

/** What is in a folder. */
interface FolderFiles {
  readonly files: readonly string[]; // paths from the folder on, with `/`, sorted as people do: 2 before 10
  readonly unread: readonly RejectedRow[]; // folders in it that cannot be read
}

/** Finds the files. @throws AppError of the file system where the folder itself cannot be read */
async function textFiles(folder: string): Promise<FolderFiles> {
  const found: string[] = [];
  const unread: RejectedRow[] = [];
  const visit = async (below: string, depth: number): Promise<void> => {
    let entries: Dirent[];
    try {
      entries = await readdir(path.join(folder, below), { withFileTypes: true });
    } catch (error) {
      if (below === '') throw fileError(folder, 'read', error);
      unread.push({ line: 0, reason: whyUnread(error), text: `${below}/` });
      return;
    }
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const name = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.name.startsWith('.')) continue;
      if (entry.isDirectory() && depth < DEEPEST) await visit(name, depth + 1);
      else if (entry.isFile() && TEXT_FILE.test(entry.name)) found.push(name);
    }
  };
  await visit('', 0);
  const direct = found.filter((name) => !name.includes('/'));
  // Beside labelled folders stand read-me files and word lists: they are no texts.
  const areAsides = direct.length < found.length && direct.length <= 20;
  return { files: areAsides ? found.filter((name) => name.includes('/')) : found, unread };
}

function whyUnread(error: unknown): string {
  return error instanceof Error ? error.message : 'it cannot be read';
}

function placeOf(file: string): { readonly label: string; readonly split: string } {
  const folders = file.split('/').slice(0, -1);
  const split = folders.find((name) => SPLIT_FOLDER.test(name)) ?? '';
  const label = folders.filter((name) => !SPLIT_FOLDER.test(name)).at(-1) ?? '';
  return UNLABELLED_FOLDER.test(label) ? { label: '', split: 'unlabelled' } : { label, split };
}

interface FolderRows extends FolderFiles {
  readonly folder: string;
  readonly row: (text: string, place: number) => string[];
}

async function* folderBatches(
  { folder, files, unread, row }: FolderRows,
  batchSize: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<RecordBatch, void, undefined> {
  let [rows, lines, rejected]: [string[][], number[], RejectedRow[]] = [[], [], [...unread]];
  for (let from = 0; from < files.length; from += AT_ONCE) {
    if (signal?.aborted) throw new CancelledError();
    const read = await Promise.all(files.slice(from, from + AT_ONCE).map((name) => readText(path.join(folder, name))));
    read.forEach((one, i) => {
      const place = from + i;
      if (one.reason !== null) rejected.push({ line: place + 1, reason: one.reason, text: files[place] ?? '' });
      else {
        rows.push(row(one.text, place));
        lines.push(place + 1);
      }
    });
    if (rows.length + rejected.length < batchSize) continue;
    yield { rows, lines, rejected, bytes: from + AT_ONCE };
    [rows, lines, rejected] = [[], [], []];
  }
  if (rows.length + rejected.length > 0) yield { rows, lines, rejected, bytes: files.length };
}

type ReadText = { readonly text: string; readonly reason: null } | { readonly text: ''; readonly reason: string };

async function readText(file: string): Promise<ReadText> {
  try {
    const { size } = await stat(file);
    if (size > LARGEST) return { text: '', reason: `larger than ${String(LARGEST >> 20)} MB` };
    const bytes = await readFile(file);
    const mark = byteOrderMark(bytes);
    if (mark) return { text: iconv.decode(bytes, mark.encoding).trim(), reason: null };
    if (isUtf8(bytes)) return { text: bytes.toString('utf8').trim(), reason: null };
    if (isBinary(bytes)) return { text: '', reason: 'no text' };
    const { encoding } = guessByStatistics(bytes.subarray(0, 1 << 16));
    return { text: withEuro(iconv.decode(bytes, encoding), encoding).trim(), reason: null };
  } catch (error) {
    return { text: '', reason: whyUnread(error) };
  }
}
