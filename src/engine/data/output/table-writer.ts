import type { OutputFormat } from '../../../shared/file-types';
import { CsvWriter } from '../csv-writer';
import { JsonLinesWriter } from './json-lines-writer';
import { ParquetWriter } from './parquet-writer';

/** A column of a table that is written: texts, numbers, or lists of texts. */
export interface OutputColumn {
  readonly name: string;
  readonly kind: 'text' | 'number' | 'list';
}

/** A cell of such a column; null: nothing. A list may be empty. */
export type OutputCell = string | number | null | readonly string[];

/**
 * Writes a table row by row. The file has its name only once {@link close} is done; until then, and after
 * {@link abort}, there is no part of it under that name. Await each {@link write}: that is the back-pressure.
 */
export interface TableWriter {
  /** Rows written so far. */
  readonly rows: number;
  write(rows: readonly (readonly OutputCell[])[]): Promise<void>;
  close(): Promise<void>;
  abort(): Promise<void>;
}

/** Decimals of a number: probabilities beyond the sixth tell nothing. */
export const DECIMALS = 6;

/**
 * Begins a table in one of the forms that Thaw writes.
 *
 * @param listSeparator what stands between the members of a list where a format has no lists (CSV, TSV)
 * @throws AppError of the file system
 */
export async function createTableWriter(
  path: string,
  format: OutputFormat,
  columns: readonly OutputColumn[],
  listSeparator: string,
): Promise<TableWriter> {
  switch (format) {
    case 'csv':
      return DelimitedWriter.create(path, columns, ',', listSeparator);
    case 'tsv':
      return DelimitedWriter.create(path, columns, '\t', listSeparator);
    case 'jsonl':
      return JsonLinesWriter.create(path, columns);
    case 'parquet':
      return ParquetWriter.create(path, columns);
  }
}

/** Cells as text between commas or tabs. */
class DelimitedWriter implements TableWriter {
  private constructor(
    private readonly writer: CsvWriter,
    private readonly listSeparator: string,
  ) {}

  static async create(
    path: string,
    columns: readonly OutputColumn[],
    delimiter: string,
    listSeparator: string,
  ): Promise<DelimitedWriter> {
    const names = columns.map(({ name }) => name);
    return new DelimitedWriter(await CsvWriter.create(path, names, delimiter), listSeparator);
  }

  get rows(): number {
    return this.writer.rows;
  }

  async write(rows: readonly (readonly OutputCell[])[]): Promise<void> {
    await this.writer.write(rows.map((row) => row.map((cell) => this.textOf(cell))));
  }

  async close(): Promise<void> {
    await this.writer.close();
  }

  async abort(): Promise<void> {
    await this.writer.abort();
  }

  private textOf(cell: OutputCell): string {
    if (cell === null) return '';
    if (typeof cell === 'string') return cell;
    return typeof cell === 'number' ? cell.toFixed(DECIMALS) : cell.join(this.listSeparator);
  }
}
