import { stat } from 'node:fs/promises';
import { AppError } from '../../shared/errors';
import { fileError } from '../weights/file-error';

/** Files that are often dropped on an import screen and are no delimited text, by their first bytes. */
const KNOWN_BINARIES: readonly { readonly magic: readonly number[]; readonly what: string; readonly hint: string }[] = [
  {
    magic: [0x50, 0x4b, 0x03, 0x04],
    what: 'a ZIP archive or an Office file such as .xlsx',
    hint: 'Open it in the program that made it and save the sheet as CSV.',
  },
  {
    magic: [0xd0, 0xcf, 0x11, 0xe0],
    what: 'an old Office file such as .xls or .doc',
    hint: 'Open it in the program that made it and save it as CSV.',
  },
  { magic: [0x1f, 0x8b], what: 'a gzip archive', hint: 'Unpack it and choose the file in it.' },
  { magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a], what: 'an xz archive', hint: 'Unpack it and choose the file in it.' },
  { magic: [0x42, 0x5a, 0x68], what: 'a bzip2 archive', hint: 'Unpack it and choose the file in it.' },
  { magic: [0x25, 0x50, 0x44, 0x46, 0x2d], what: 'a PDF', hint: 'Export its texts as CSV or plain text.' },
  { magic: [0x50, 0x41, 0x52, 0x31], what: 'a Parquet file', hint: 'Convert it to CSV first.' },
  { magic: [0x89, 0x50, 0x4e, 0x47], what: 'a PNG picture', hint: 'Choose a CSV, TSV or text file.' },
  { magic: [0xff, 0xd8, 0xff], what: 'a JPEG picture', hint: 'Choose a CSV, TSV or text file.' },
  { magic: [0x7f, 0x45, 0x4c, 0x46], what: 'a program', hint: 'Choose a CSV, TSV or text file.' },
  {
    magic: [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65, 0x20],
    what: 'an SQLite database',
    hint: 'Export the table as CSV first.',
  },
];

/** True for a folder; false also where there is nothing. */
export async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/**
 * The size in bytes of a regular file that is to be read.
 * @throws AppError `file-not-found`, `file-unreadable` (a folder, a device, no permission) or `no-rows` (0 bytes)
 */
export async function sourceFileBytes(path: string): Promise<number> {
  const found = await stat(path).catch((error: unknown) => {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new AppError('file-not-found', `There is no file ${path}.`, {
        hint: 'Check the name and the folder; perhaps it was moved.',
        data: { file: path },
        says: { sentence: 'noFile', path },
        cause: error,
      });
    }
    throw fileError(path, 'read', error);
  });
  if (found.isDirectory()) throw notAFile(path, 'a folder', 'Choose one CSV, TSV or text file in it.');
  if (!found.isFile()) throw notAFile(path, 'a device or a pipe', 'Save the data as a file first.');
  if (found.size === 0) throw emptyFile(path, 'it has 0 bytes');
  return found.size;
}

/**
 * Refuses what is plainly no text, by its first bytes.
 * @throws AppError `file-format`
 */
export function refuseBinary(path: string, head: Uint8Array): void {
  const known = KNOWN_BINARIES.find(({ magic }) => magic.every((byte, i) => head[i] === byte));
  if (known) throw binaryFile(path, known.what, known.hint);
  if (Buffer.from(head.subarray(TAR_AT, TAR_AT + 5)).toString('latin1') === 'ustar')
    throw binaryFile(path, 'a tar archive', 'Unpack it and choose the file or folder in it.');
}

/** Tape archives say what they are behind the first name. */
const TAR_AT = 257;

/**
 * Refuses a web page and other markup, as which some programs save "Excel" files, by how it begins.
 * @throws AppError `file-format`
 */
export function refuseMarkup(path: string, head: Uint8Array): void {
  const first = Buffer.from(head.subarray(0, 512)).toString('latin1').replace(/^ï»¿/, '').trimStart();
  if (!/^<(!doctype html|html|head|body|table|\?xml|workbook)[\s>]/i.test(first)) return;
  const what = /^<\?xml|^<workbook/i.test(first) ? 'XML' : 'a web page (HTML)';
  throw binaryFile(
    path,
    what,
    'Open it in Excel or LibreOffice and save the table as .xlsx or CSV; to read it as text all the same, choose a separator.',
  );
}

/** The error for a file whose content is not text. */
export function binaryFile(path: string, what: string, hint: string): AppError {
  return new AppError('file-format', `${path}: expected delimited text, got ${what}.`, {
    hint,
    data: { file: path, expected: 'delimited text', got: what },
    says: { sentence: 'noFileText', path },
  });
}

/** The error for a file without a single row of data. */
export function emptyFile(path: string, why: string): AppError {
  return new AppError('no-rows', `${path}: expected at least one row, but ${why}.`, {
    hint: 'Check that this is the right file and that it was saved completely.',
    data: { file: path, expected: 'at least one row', got: why },
    says: { sentence: 'noFileRows', path },
  });
}

function notAFile(path: string, got: string, hint: string): AppError {
  return new AppError('file-unreadable', `${path}: expected a file, got ${got}.`, {
    hint,
    data: { file: path, expected: 'a file', got },
    says: { sentence: 'notAFile', path },
  });
}
