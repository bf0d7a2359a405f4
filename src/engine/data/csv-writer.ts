import { AppError } from '../../shared/errors';
import { TextFile } from './text-file';

/** A cell as RFC 4180 writes it: in quotes where it has to be. */
export function csvCell(cell: string, delimiter = ','): string {
  const needsQuotes = /["\r\n]/.test(cell) || cell.includes(delimiter) || cell.startsWith(' ') || cell.endsWith(' ');
  return needsQuotes ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/**
 * Writes a CSV file (UTF-8, RFC 4180 quoting) row by row. What was written becomes the wanted file only with
 * {@link close}; before that it stands beside it under another name, so that nobody takes half a file for a whole one.
 * Await each {@link write}: that is the back-pressure.
 */
export class CsvWriter {
  /** Rows written so far, without the header. */
  rows = 0;

  private constructor(
    private readonly path: string,
    private readonly file: TextFile,
    private readonly columns: number,
    private readonly delimiter: string,
  ) {}

  /**
   * Begins a file and writes its header.
   * @throws AppError of the file system
   */
  static async create(path: string, columns: readonly string[], delimiter = ','): Promise<CsvWriter> {
    const writer = new CsvWriter(path, await TextFile.create(path), columns.length, delimiter);
    writer.add(columns);
    return writer;
  }

  /**
   * Writes rows; resolves once there is room for more.
   * @throws AppError `bad-input` where a row has another number of cells than the header; of the file system
   */
  async write(rows: readonly (readonly string[])[]): Promise<void> {
    for (const row of rows) {
      if (row.length !== this.columns) {
        throw new AppError(
          'bad-input',
          `${this.path}: expected ${String(this.columns)} cells a row, got ${String(row.length)}.`,
        );
      }
      this.add(row);
      this.rows++;
      if (this.file.isFull) await this.file.flush();
    }
  }

  /** Ends the file and puts it in its place, over an older one. */
  async close(): Promise<void> {
    await this.file.close();
  }

  /** Gives the file up: nothing is left of it. */
  async abort(): Promise<void> {
    await this.file.abort();
  }

  private add(row: readonly string[]): void {
    // A single empty cell would be a blank line, which readers pass over.
    const only = row.length === 1 && row[0] === '' ? '""' : null;
    this.file.add(`${only ?? row.map((cell) => csvCell(cell, this.delimiter)).join(this.delimiter)}\n`);
  }
}
