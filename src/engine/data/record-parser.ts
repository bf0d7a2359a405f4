import type { Dialect } from '../../shared/data-types';

/**
 * How parsing one record ended: `record` (cells are ready), `more` (the text at hand ends inside it), `bad-quote` (text
 * between a closing quotation mark and the next delimiter), `open-quote` (a quotation mark that is never closed).
 */
export type ParseStatus = 'record' | 'more' | 'bad-quote' | 'open-quote';

const LF = 10;
const CR = 13;

/**
 * Cuts one record after the other out of delimited text (RFC 4180, any delimiter, quotes or none, doubled or
 * backslash-escaped quotes). A quotation mark counts only where a cell begins; elsewhere it is text. Written for speed:
 * the result stands in fields that the next call overwrites.
 */
export class RecordParser {
  /** Cells of the last record; a new array each time. */
  cells: string[] = [];
  /** Index after the last record and its line break. */
  end = 0;
  /** Index of the quotation mark of the cell that failed. */
  quoteAt = 0;
  /** Since the beginning: cells in quotes, and quotation marks inside cells without. */
  quotedCells = 0;
  strayQuotes = 0;

  private readonly delimiter: string;
  private readonly delimiterCode: number;
  private readonly quote: string;
  private readonly quoteCode: number; // -1: no quoting
  private readonly escape: string;
  private readonly lineBreak: number;

  /** @param lineBreak CR only for files of old Macs, which have no LF at all */
  constructor(dialect: Dialect, lineBreak: '\n' | '\r' = '\n') {
    this.delimiter = dialect.delimiter;
    this.delimiterCode = dialect.delimiter.charCodeAt(0);
    this.quote = dialect.quote;
    this.quoteCode = dialect.quote === '' ? -1 : dialect.quote.charCodeAt(0);
    this.escape = dialect.quote === '' ? '' : dialect.escape === '' ? dialect.quote : dialect.escape;
    this.lineBreak = lineBreak === '\r' ? CR : LF;
  }

  /**
   * Parses the record that starts at `start`.
   *
   * @param eof whether `text` ends where the file ends
   * @param quoteLimit index up to which a quoted cell may reach; beyond it counts as never closed
   */
  parse(text: string, start: number, eof: boolean, quoteLimit = Infinity): ParseStatus {
    this.cells = [];
    for (let at = start; ;) {
      const code = text.charCodeAt(at); // NaN at the end of the text
      const next = code === this.quoteCode ? this.quoted(text, at, eof, quoteLimit) : this.plain(text, at, eof);
      if (typeof next === 'string') return next;
      if (next < 0) {
        this.end = -next;
        return 'record';
      }
      at = next;
    }
  }

  /** A cell without quotes. Returns the index of the next cell, or minus the end of the record. */
  private plain(text: string, from: number, eof: boolean): number | 'more' {
    const { delimiterCode, quoteCode, lineBreak } = this;
    for (let at = from; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === lineBreak) {
        this.cells.push(text.slice(from, this.withoutCr(text, from, at)));
        return -(at + 1);
      }
      if (code === delimiterCode && this.isDelimiter(text, at)) {
        this.cells.push(text.slice(from, at));
        return at + this.delimiter.length;
      }
      if (code === quoteCode) this.strayQuotes++;
    }
    if (!eof) return 'more';
    this.cells.push(text.slice(from, this.withoutCr(text, from, text.length)));
    return -Math.max(1, text.length);
  }

  private quoted(text: string, open: number, eof: boolean, limit: number): number | ParseStatus {
    this.quoteAt = open;
    const close = this.closingQuote(text, open + 1, Math.min(limit, text.length));
    // The character after the quote decides, so at the end of the text at hand there is more to read.
    if (close === -1) return eof || limit <= text.length ? 'open-quote' : 'more';
    const after = close + 1;
    if (after + this.delimiter.length > text.length && !eof) return 'more';
    const code = text.charCodeAt(after);
    const crlf =
      code === CR && this.lineBreak === LF && (text.charCodeAt(after + 1) === LF || after + 1 === text.length);
    const ends = after >= text.length || code === this.lineBreak || crlf;
    if (!ends && !this.isDelimiter(text, after)) return 'bad-quote';
    if (crlf && after + 1 === text.length && !eof) return 'more';
    this.quotedCells++;
    this.cells.push(this.unescape(text.slice(open + 1, close)));
    if (!ends) return after + this.delimiter.length;
    return -Math.min(after + (crlf ? 2 : 1), text.length);
  }

  /** Index of the next quotation mark that is not escaped, or -1. */
  private closingQuote(text: string, from: number, to: number): number {
    const doubled = this.escape === this.quote;
    for (let at = from; ; at++) {
      at = text.indexOf(this.quote, at);
      if (at === -1 || at >= to) return -1;
      if (!doubled) {
        let escapes = 0;
        while (at - 1 - escapes >= from && text[at - 1 - escapes] === this.escape) escapes++;
        if (escapes % 2 === 0) return at;
      } else if (text.charCodeAt(at + 1) === this.quoteCode) at++;
      else return at;
    }
  }

  private unescape(cell: string): string {
    if (!cell.includes(this.escape)) return cell;
    if (this.escape === this.quote) return cell.replaceAll(this.quote + this.quote, this.quote);
    const { quote, escape } = this;
    return cell.replaceAll(escape + quote, quote).replaceAll(escape + escape, escape);
  }

  private isDelimiter(text: string, at: number): boolean {
    return this.delimiter.length === 1
      ? text.charCodeAt(at) === this.delimiterCode
      : text.startsWith(this.delimiter, at);
  }

  private withoutCr(text: string, from: number, to: number): number {
    return this.lineBreak === LF && to > from && text.charCodeAt(to - 1) === CR ? to - 1 : to;
  }
}

/** Index after the line that begins at `start` and its line break; the end of the text where there is none. */
export function lineEnd(text: string, start: number, lineBreak: '\n' | '\r'): number {
  const at = text.indexOf(lineBreak, start);
  return at === -1 ? text.length : at + 1;
}
