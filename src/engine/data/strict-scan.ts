import { isUtf8 } from 'node:buffer';
import { open } from 'node:fs/promises';
import { CancelledError } from '../../shared/errors';
import { fileError } from '../weights/file-error';
import { unfinishedUtf8 } from './byte-chunks';
import { growNumbers } from './grow-numbers';
import type { SourceTable } from './source-table';

/** What a strict file is made of: one entry a row of data, in order. */
export interface StrictRows {
  readonly count: number;
  /** The line each row begins on, from 1. */
  readonly lines: Int32Array;
  /** Bytes of all cells of each row, without quotation marks, escapes and delimiters. */
  readonly sizes: Int32Array;
  readonly lineBreak: '\n' | '\r\n';
}

const LF = 10;
const CR = 13;
/** A longer row is left to the reader that reads anything. */
const LONGEST_ROW = 1 << 20;
const SCAN_BYTES = 1 << 22;
/** A record has not ended in the bytes at hand. */
const MORE = -1;
/** Something that is not strictly regular. */
const ODD = -2;

/**
 * Looks whether a file keeps strictly to RFC 4180 (UTF-8, as many cells in every row, quotation marks only round whole
 * cells, one kind of line break, no NUL), and notes what each row is made of. A reader that is not ours may then be used
 * for it, and checked row by row.
 *
 * @returns null where the file is anything but strict
 * @throws AppError of the file system; CancelledError once `signal` is aborted
 */
export async function scanStrict(
  table: SourceTable,
  signal?: AbortSignal,
  onBytes: (bytes: number) => void = () => undefined,
  chunkBytes = SCAN_BYTES,
): Promise<StrictRows | null> {
  if (!isCandidate(table)) return null;
  const scan = new StrictScan(table);
  // One buffer for the whole file; what has not ended in it moves to its front.
  const buffer = Buffer.alloc(chunkBytes + LONGEST_ROW);
  let used = 0;
  let bytes = table.encoding.skipBytes;
  const handle = await open(table.path, 'r').catch((error: unknown) => {
    throw fileError(table.path, 'read', error);
  });
  try {
    for (;;) {
      if (signal?.aborted) throw new CancelledError();
      const { bytesRead } = await handle.read(buffer, used, chunkBytes, bytes);
      const whole = buffer.subarray(0, used + bytesRead);
      const eof = bytesRead === 0;
      const letters = whole.subarray(0, whole.length - (eof ? 0 : unfinishedUtf8(whole)));
      if (!isUtf8(letters) || letters.includes(0)) return null;
      const done = scan.take(whole, eof);
      if (done === ODD) return null;
      if (eof) return scan.rows();
      used = whole.length - done;
      if (used > LONGEST_ROW) return null;
      whole.copyWithin(0, done);
      bytes += bytesRead;
      onBytes(bytes);
    }
  } catch (error) {
    throw error instanceof CancelledError ? error : fileError(table.path, 'read', error);
  } finally {
    await handle.close();
  }
}

/** What the first line ends with in a file that could be strict; null where none can be, whatever it holds. */
export async function lineBreakOf(table: SourceTable): Promise<StrictRows['lineBreak'] | null> {
  if (!isCandidate(table)) return null;
  const handle = await open(table.path, 'r').catch((error: unknown) => {
    throw fileError(table.path, 'read', error);
  });
  try {
    const { buffer, bytesRead } = await handle.read(
      Buffer.alloc(LONGEST_ROW),
      0,
      LONGEST_ROW,
      table.encoding.skipBytes,
    );
    const end = buffer.subarray(0, bytesRead).indexOf(LF);
    return end > 0 && buffer[end - 1] === CR ? '\r\n' : '\n';
  } catch (error) {
    throw fileError(table.path, 'read', error);
  } finally {
    await handle.close();
  }
}

/** Whether dialect and encoding are such that a file could be strict. */
function isCandidate(table: SourceTable): boolean {
  const { encoding, layout, header, columns } = table;
  // What is no delimited text has a reader of its own.
  if ('read' in table && table.read !== undefined) return false;
  const { delimiter, quote, escape } = layout.dialect;
  const ascii = (character: string): boolean => character.length === 1 && character.charCodeAt(0) < 0x80;
  return (
    encoding.encoding === 'utf-8' &&
    layout.lineBreak === '\n' &&
    layout.skipLines === 0 &&
    layout.width !== null &&
    layout.width > 1 &&
    (!header || columns.length === layout.width) &&
    ascii(delimiter) &&
    delimiter !== '\n' &&
    (quote === '' || (ascii(quote) && (escape === '' || escape === quote)))
  );
}

/** Goes through a file record by record, in memory for the numbers of its rows only. */
class StrictScan {
  private readonly delimiter: number;
  private readonly quote: number; // -1: no quoting
  private readonly width: number;
  private lines = new Int32Array(1 << 12);
  private sizes = new Int32Array(1 << 12);
  private count = 0;
  private line = 1;
  private headerAhead: boolean;
  private carriageReturns: boolean | null = null;
  /** Of the record last read. */
  private cells = 0;
  private size = 0;

  constructor({ layout, header }: SourceTable) {
    this.delimiter = layout.dialect.delimiter.charCodeAt(0);
    this.quote = layout.dialect.quote === '' ? -1 : layout.dialect.quote.charCodeAt(0);
    this.width = layout.width ?? 0;
    this.headerAhead = header;
  }

  /** Takes all records that end in `bytes`. Returns where the first begins that does not, or ODD. */
  take(bytes: Buffer, eof: boolean): number {
    let at = 0;
    while (at < bytes.length) {
      const end = this.record(bytes, at, eof);
      if (end === MORE) return at;
      if (end === ODD || !this.accept()) return ODD;
      this.countLines(bytes, at, end);
      at = end;
    }
    return at;
  }

  /** What was found; null where there is no row. */
  rows(): StrictRows | null {
    if (this.count === 0) return null;
    const lineBreak = this.carriageReturns === true ? '\r\n' : '\n';
    const { count } = this;
    return { count, lineBreak, lines: this.lines.subarray(0, count), sizes: this.sizes.subarray(0, count) };
  }

  /** Notes the record that was read; false where it has not as many cells as the file has columns. */
  private accept(): boolean {
    // Blank lines are passed over, but not before the header.
    if (this.cells === 1 && this.size === 0) return !this.headerAhead;
    if (this.cells !== this.width || this.size > LONGEST_ROW) return false;
    if (this.headerAhead) {
      this.headerAhead = false;
      return true;
    }
    if (this.count === this.lines.length) {
      this.lines = growNumbers(this.lines);
      this.sizes = growNumbers(this.sizes);
    }
    this.lines[this.count] = this.line;
    this.sizes[this.count++] = this.size;
    return true;
  }

  private countLines(bytes: Buffer, from: number, to: number): void {
    for (let at = bytes.indexOf(LF, from); at !== -1 && at < to; at = bytes.indexOf(LF, at + 1)) this.line++;
  }

  /** The end of the record that begins at `start`, line break included. */
  private record(bytes: Buffer, start: number, eof: boolean): number {
    this.cells = 0;
    this.size = 0;
    for (let at = start; ;) {
      const end = bytes[at] === this.quote ? this.quoted(bytes, at, eof) : this.plain(bytes, at);
      if (end < 0) return end;
      this.cells++;
      const code = bytes[end];
      if (code === this.delimiter) {
        at = end + 1;
        if (at === bytes.length && !eof) return MORE;
        continue;
      }
      if (code === LF) return this.broken(false) ? end + 1 : ODD;
      if (code === undefined) return eof ? end : MORE;
      // What follows is a carriage return, or was seen to be odd before.
      if (bytes[end + 1] === undefined && !eof) return MORE;
      return bytes[end + 1] === LF && this.broken(true) ? end + 2 : ODD;
    }
  }

  /** Whether the line breaks before were of the same kind. */
  private broken(carriageReturn: boolean): boolean {
    this.carriageReturns ??= carriageReturn;
    return this.carriageReturns === carriageReturn;
  }

  /** The end of a cell without quotation marks: at the delimiter, a line break, or where the bytes end. */
  private plain(bytes: Buffer, from: number): number {
    const { delimiter, quote } = this;
    let at = from;
    for (; at < bytes.length; at++) {
      const code = bytes[at] as number;
      if (code === delimiter || code === LF || code === CR) break;
      if (code === quote) return ODD;
    }
    this.size += at - from;
    return at;
  }

  /** The end of a cell in quotation marks, behind the closing one. */
  private quoted(bytes: Buffer, open: number, eof: boolean): number {
    let doubled = 0;
    for (let from = open + 1; ;) {
      const close = bytes.indexOf(this.quote, from);
      if (close === -1) return eof ? ODD : MORE;
      const after = bytes[close + 1];
      if (after === undefined && !eof) return MORE;
      if (after === this.quote) {
        doubled++;
        from = close + 2;
        continue;
      }
      this.size += close - open - 1 - doubled;
      const ends = after === this.delimiter || after === LF || after === CR || after === undefined;
      return ends ? close + 1 : ODD;
    }
  }
}
