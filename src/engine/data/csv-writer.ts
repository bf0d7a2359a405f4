import { randomBytes } from 'node:crypto';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../../shared/errors';
import { fileError } from '../weights/file-error';

const FLUSH_CHARACTERS = 1 << 18;

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
  private pending: string[] = [];
  private pendingLength = 0;
  /** Rows written so far, without the header. */
  rows = 0;

  private constructor(
    private readonly path: string,
    private readonly temporary: string,
    private readonly handle: FileHandle,
    private readonly columns: number,
    private readonly delimiter: string,
  ) {}

  /**
   * Begins a file and writes its header.
   * @throws AppError of the file system
   */
  static async create(path: string, columns: readonly string[], delimiter = ','): Promise<CsvWriter> {
    const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}.tmp`);
    const handle = await open(temporary, 'wx').catch((error: unknown) => {
      throw fileError(path, 'write', error);
    });
    const writer = new CsvWriter(path, temporary, handle, columns.length, delimiter);
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
      if (this.pendingLength >= FLUSH_CHARACTERS) await this.flush();
    }
  }

  /** Ends the file and puts it in its place, over an older one. */
  async close(): Promise<void> {
    try {
      await this.flush();
      await this.handle.sync();
      await this.handle.close();
      await rename(this.temporary, this.path);
    } catch (error) {
      await this.abort();
      throw fileError(this.path, 'write', error);
    }
  }

  /** Gives the file up: nothing is left of it. */
  async abort(): Promise<void> {
    await this.handle.close().catch(() => undefined); // closed already where close() has failed after it
    await rm(this.temporary, { force: true });
  }

  private add(row: readonly string[]): void {
    // A single empty cell would be a blank line, which readers pass over.
    const only = row.length === 1 && row[0] === '' ? '""' : null;
    const line = `${only ?? row.map((cell) => csvCell(cell, this.delimiter)).join(this.delimiter)}\n`;
    this.pending.push(line);
    this.pendingLength += line.length;
  }

  private async flush(): Promise<void> {
    if (this.pendingLength === 0) return;
    const text = this.pending.join('');
    this.pending = [];
    this.pendingLength = 0;
    try {
      await this.handle.appendFile(text, 'utf8');
    } catch (error) {
      throw fileError(this.path, 'write', error);
    }
  }
}
