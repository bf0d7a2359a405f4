import { TextFile } from '../text-file';
import { DECIMALS, type OutputCell, type OutputColumn, type TableWriter } from './table-writer';

/** One JSON object a line, with the columns in their order. */
export class JsonLinesWriter implements TableWriter {
  rows = 0;

  private constructor(
    private readonly file: TextFile,
    /** `"name":`, since an object's own order puts names that are numbers first. */
    private readonly keys: readonly string[],
  ) {}

  /** Begins a file. @throws AppError of the file system */
  static async create(path: string, columns: readonly OutputColumn[]): Promise<JsonLinesWriter> {
    const keys = columns.map(({ name }) => `${JSON.stringify(name)}:`);
    return new JsonLinesWriter(await TextFile.create(path), keys);
  }

  async write(rows: readonly (readonly OutputCell[])[]): Promise<void> {
    for (const row of rows) {
      const pairs = this.keys.map((key, i) => key + JSON.stringify(valueOf(row[i] ?? null)));
      this.file.add(`{${pairs.join(',')}}\n`);
      this.rows++;
      if (this.file.isFull) await this.file.flush();
    }
  }

  async close(): Promise<void> {
    await this.file.close();
  }

  async abort(): Promise<void> {
    await this.file.abort();
  }
}

function valueOf(cell: OutputCell): OutputCell {
  return typeof cell === 'number' ? Number(cell.toFixed(DECIMALS)) : cell;
}
