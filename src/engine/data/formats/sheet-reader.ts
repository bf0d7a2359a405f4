import { plainText, type Workbook } from './workbook';
import { attribute, XmlScanner } from './xml-scanner';
import type { ZipFile } from './zip-file';

/** A row of a sheet that has at least one cell with something in it. */
export interface SheetRow {
  readonly line: number; // its number in the sheet
  readonly cells: readonly string[];
  readonly share: number; // of the sheet that is read, 0 to 1, as far as it can be told
}

const DAY = 86_400_000;
/** A sheet is about so many times as large as its packed form: for the progress only. */
const MOST_COLUMNS = 4_096;

/** Reads the rows of one sheet as they come. */
export class SheetReader {
  private found: SheetRow[] = [];
  private cells: string[] = [];
  private line = 0;
  private column = 0;
  private type = '';
  private style = 0;
  private value = '';
  private reading = false;
  private rowsTotal = 0;

  constructor(private readonly book: Workbook) {}

  async *rows(zip: ZipFile, part: string): AsyncGenerator<SheetRow, void, undefined> {
    const scanner = new XmlScanner({
      open: (name, attributes) => this.open(name, attributes),
      close: (name) => this.close(name),
      text: (text) => {
        if (this.reading) this.value += text;
      },
    });
    const decoder = new TextDecoder();
    for await (const chunk of zip.read(part)) {
      scanner.write(decoder.decode(chunk, { stream: true }));
      const ready = this.found;
      this.found = [];
      yield* ready;
    }
    yield* this.found;
  }

  private open(name: string, attributes: string): void {
    switch (name) {
      case 'dimension':
        this.rowsTotal = Number(/:[A-Z]+(\d+)$/.exec(attribute(attributes, 'ref') ?? '')?.[1] ?? 0);
        break;
      case 'row':
        this.line = Number(attribute(attributes, 'r') ?? this.line + 1);
        this.cells = [];
        this.column = 0;
        break;
      case 'c':
        this.column = columnOf(attribute(attributes, 'r')) ?? this.column;
        this.type = attribute(attributes, 't') ?? 'n';
        this.style = Number(attribute(attributes, 's') ?? 0);
        this.value = '';
        break;
      case 'v':
      case 't':
        this.reading = true;
        break;
    }
  }

  private close(name: string): void {
    if (name === 'v' || name === 't') this.reading = false;
    else if (name === 'c') {
      if (this.column < MOST_COLUMNS) {
        while (this.cells.length < this.column) this.cells.push('');
        this.cells[this.column] = this.cell();
      }
      this.column++;
    } else if (name === 'row' && this.cells.some((cell) => cell.trim() !== '')) {
      const share = this.rowsTotal > 0 ? Math.min(1, this.line / this.rowsTotal) : 0;
      this.found.push({ line: this.line, cells: this.cells, share });
    }
  }

  private cell(): string {
    const { value, type } = this;
    switch (type) {
      case 's':
        return this.book.shared[Number(value)] ?? '';
      case 'b':
        return value === '1' ? 'true' : 'false';
      case 'e':
        return ''; // an error such as #N/A
      case 'str':
      case 'inlineStr':
        return plainText(value);
      default:
        return this.number(value);
    }
  }

  private number(value: string): string {
    if (value === '') return '';
    const number = Number(value);
    if (!Number.isFinite(number)) return value;
    if (this.book.isDate[this.style] === true) return dateOf(number, this.book.from1904);
    return String(Number(number.toPrecision(15))); // Excel counts to fifteen figures
  }
}

/** B12 is column 1. */
function columnOf(reference: string | null): number | null {
  const letters = /^[A-Z]+/.exec(reference ?? '')?.[0];
  if (letters === undefined) return null;
  let column = 0;
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}

/** Days since 1900 (with the 29 February 1900 that never was) or 1904, as ISO 8601. */
function dateOf(days: number, from1904: boolean): string {
  const shift = from1904 ? 24_107 : days < 60 ? 25_568 : 25_569;
  const time = new Date(Math.round((days - shift) * DAY));
  if (Number.isNaN(time.getTime())) return String(days);
  const iso = time.toISOString();
  if (days < 1) return iso.slice(11, 19);
  return iso.endsWith('T00:00:00.000Z') ? iso.slice(0, 10) : iso.slice(0, 19).replace('T', ' ');
}
