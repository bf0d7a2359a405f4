import type { Dialect, RejectedRow } from '../../shared/data-types';
import type { DecodedChunk } from './decoded-chunks';
import { lineEnd, RecordParser } from './record-parser';
import { repairLine } from './repair-record';

/** Rows as they were read: cells as strings in the file's columns, and the line each began on (from 1). */
export interface RecordBatch {
  readonly rows: readonly (readonly string[])[];
  readonly lines: readonly number[];
  readonly rejected: readonly RejectedRow[];
  /** The lines of rows with NUL bytes, which became U+FFFD. */
  readonly repaired?: readonly number[];
  readonly bytes: number; // of the file that are behind us
}

/** What is known of a file before its records are read. */
export interface RecordLayout {
  readonly dialect: Dialect;
  readonly lineBreak: '\n' | '\r';
  readonly skipLines: number;
  /** Cells in a row; null takes records as they come. */
  readonly width: number | null;
  /** A row may end here already: what would follow are columns without a name. */
  readonly minWidth: number;
}

/** A record may have this many characters; more is taken for a quotation mark that is never closed. */
const MAX_RECORD = 1 << 25;
/** So much of a rejected line is kept, in characters. */
const KEPT_TEXT = 10_000;

/**
 * Reads records out of decoded text, batch by batch. Blank lines are passed over; a record that does not fit is rejected
 * with its line, reason and text, and reading goes on with the line after it, so that one bad row never costs another.
 */
export class RecordReader {
  private readonly parser: RecordParser;
  private text = '';
  private position = 0;
  private line = 1;
  private eof = false;
  private suspicious = false; // the text at hand may have NUL or undecodable characters
  private noQuoteClosesBefore = 0; // characters from `position` in which no quotation mark is closed

  private rows: string[][] = [];
  private lines: number[] = [];
  private rejected: RejectedRow[] = [];
  private repaired: number[] = [];

  constructor(private readonly layout: RecordLayout) {
    this.parser = new RecordParser(layout.dialect, layout.lineBreak);
  }

  /** All records of `chunks` in batches of about `batchSize`. */
  async *batches(chunks: AsyncIterable<DecodedChunk>, batchSize: number): AsyncGenerator<RecordBatch, void, undefined> {
    let wanted = 0;
    let bytes = 0;
    // A small file is one piece: how far a batch is shows only in what is left of the piece.
    let bytesPerCharacter = 1;
    const behind = (): number => bytes - Math.round((this.text.length - this.position) * bytesPerCharacter);
    for await (const chunk of chunks) {
      bytesPerCharacter = (chunk.bytes - bytes) / Math.max(1, chunk.text.length);
      bytes = chunk.bytes;
      this.append(chunk);
      // A record over many pieces is tried again only when the text has doubled: linear time for a 10 MB cell.
      if (this.text.length < wanted) continue;
      while (this.readUpTo(batchSize)) yield this.take(behind());
      wanted = Math.min(2 * (this.text.length - this.position), MAX_RECORD);
    }
    this.eof = true;
    while (this.readUpTo(batchSize)) yield this.take(behind());
    if (this.rows.length + this.rejected.length > 0) yield this.take(bytes);
  }

  private append(chunk: DecodedChunk): void {
    const rest = this.position < this.text.length ? this.text.slice(this.position) : '';
    const isOdd = chunk.damaged || chunk.text.includes('\0');
    this.suspicious = isOdd || (this.suspicious && /[\0\ufffd]/.test(rest));
    this.text = rest + chunk.text;
    this.position = 0;
  }

  private take(bytes: number): RecordBatch {
    const { rows, lines, rejected, repaired } = this;
    const batch = { rows, lines, rejected, ...(repaired.length > 0 && { repaired }), bytes };
    this.rows = [];
    this.lines = [];
    this.rejected = [];
    this.repaired = [];
    return batch;
  }

  /** Reads until a batch is full (true) or the text at hand is used up (false). */
  private readUpTo(batchSize: number): boolean {
    while (this.rows.length + this.rejected.length < batchSize) {
      if (this.position >= this.text.length) return false;
      if (this.line <= this.layout.skipLines) {
        if (!this.skipLine()) return false;
      } else if (!this.readRecord()) return false;
    }
    return true;
  }

  private skipLine(): boolean {
    const end = this.currentLineEnd();
    if (end === -1) return false;
    this.advance(end);
    return true;
  }

  private readRecord(): boolean {
    const { text, position } = this;
    const limit = this.noQuoteClosesBefore > 0 ? lineEnd(text, position, this.layout.lineBreak) : Infinity;
    const status = this.parser.parse(text, position, this.eof, limit);
    if (status === 'record') {
      this.accept(this.parser.cells, this.parser.end);
      return true;
    }
    if (status === 'more' && text.length - position < MAX_RECORD) return false;
    return this.readBadLine(status);
  }

  private accept(cells: string[], end: number): void {
    const { position, line } = this;
    const fitting = this.fit(cells);
    const text = this.suspicious ? this.text.slice(position, end) : '';
    if (text.includes('\ufffd')) this.reject('bytes that cannot be decoded in this encoding', end);
    else if (fitting) {
      this.rows.push(text.includes('\0') ? fitting.map(withoutNuls) : fitting);
      this.lines.push(line);
      if (text.includes('\0')) this.repaired.push(line);
    } else if (!isBlank(cells)) {
      this.reject(`expected ${plural(this.layout.width ?? 0)}, got ${String(cells.length)}`, end);
    }
    this.advance(end);
  }

  /** One line that cannot be read by the rules: read leniently if that fits, otherwise rejected. */
  private readBadLine(status: 'more' | 'bad-quote' | 'open-quote'): boolean {
    const end = this.currentLineEnd();
    if (end === -1) return false;
    const quoteOpened = this.parser.quoteAt;
    const line = this.text.slice(this.position, end).replace(/\r?\n$|\r$/, '');
    // The quoted text must lie within this line: what reaches over line breaks is not repaired by guessing.
    const repaired =
      this.layout.width === null ? null : repairLine(line, this.layout.dialect, (cells) => this.fit(cells) !== null);
    if (repaired) {
      this.accept(repaired, end);
      return true;
    }
    const cell = String(this.parser.cells.length + 1);
    const inThisLine = quoteOpened < end;
    if (status === 'bad-quote') this.reject(`text after the closing quotation mark of cell ${cell}`, end);
    else this.reject(`the quotation mark that opens ${inThisLine ? `cell ${cell}` : 'a cell'} is never closed`, end);
    if (status !== 'bad-quote') this.noQuoteClosesBefore = this.text.length - this.position;
    this.advance(end);
    return true;
  }

  /** The cells as a row of the file's width, or null. Empty cells beyond the last column are dropped. */
  private fit(cells: string[]): string[] | null {
    const { width, minWidth } = this.layout;
    if (width === null) return isBlank(cells) ? null : cells;
    if (cells.length === width) return width === 1 && cells[0]?.trim() === '' ? null : cells;
    if (cells.length > width)
      return cells.slice(width).every((cell) => cell.trim() === '') ? cells.slice(0, width) : null;
    if (cells.length < minWidth || isBlank(cells)) return null;
    return [...cells, ...Array<string>(width - cells.length).fill('')];
  }

  private reject(reason: string, end: number): void {
    const text = this.text.slice(this.position, Math.min(end, this.position + KEPT_TEXT)).replace(/\r?\n$|\r$/, '');
    this.rejected.push({ line: this.line, reason, text });
  }

  private currentLineEnd(): number {
    const at = this.text.indexOf(this.layout.lineBreak, this.position);
    if (at !== -1) return at + 1;
    return this.eof || this.text.length - this.position >= MAX_RECORD ? this.text.length : -1;
  }

  private advance(end: number): void {
    for (let at = this.position; ; this.line++) {
      at = this.text.indexOf(this.layout.lineBreak, at) + 1;
      if (at === 0 || at > end) break;
    }
    this.noQuoteClosesBefore = Math.max(0, this.noQuoteClosesBefore - (end - this.position));
    this.position = end;
  }
}

/** NUL bytes behind a text are what programs fill it up with; elsewhere a character was lost. */
function withoutNuls(cell: string): string {
  return cell.replace(/\0+$/, '').replace(/\0+/g, '\ufffd');
}

function isBlank(cells: readonly string[]): boolean {
  return cells.length === 1 && (cells[0] ?? '').trim() === '';
}

function plural(cells: number): string {
  return cells === 1 ? '1 cell' : `${String(cells)} cells`;
}
