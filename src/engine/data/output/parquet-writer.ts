import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import {
  DOUBLE,
  DuckDBDataChunk,
  DuckDBInstance,
  LIST,
  VARCHAR,
  listValue,
  type DuckDBAppender,
  type DuckDBConnection,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';
import { AppError } from '../../../shared/errors';
import { fileError } from '../../weights/file-error';
import { temporaryBeside } from '../text-file';
import type { OutputCell, OutputColumn, TableWriter } from './table-writer';

/** Rows in one of DuckDB's chunks; more do not fit. */
const CHUNK = 2048;

/**
 * A Parquet file, by DuckDB: rows are collected in a database in a folder beside the wanted file, so that memory does
 * not grow with them, and copied out at the end, in their order. The folder is gone afterwards.
 */
export class ParquetWriter implements TableWriter {
  rows = 0;

  private constructor(
    private readonly path: string,
    private readonly folder: string,
    private readonly columns: readonly OutputColumn[],
    private readonly instance: DuckDBInstance,
    private readonly connection: DuckDBConnection,
    private readonly appender: DuckDBAppender,
  ) {}

  /** Begins a file. @throws AppError of the file system */
  static async create(file: string, columns: readonly OutputColumn[]): Promise<ParquetWriter> {
    const folder = temporaryBeside(file);
    try {
      await mkdir(folder);
      const instance = await DuckDBInstance.create(path.join(folder, 'rows.duckdb'), {
        threads: '2',
        memory_limit: '512MB',
        autoinstall_known_extensions: 'false',
        autoload_known_extensions: 'false',
        allow_community_extensions: 'false',
      });
      const connection = await instance.connect();
      // DuckDB takes names that differ by case alone for the same: columns get their own names on the way out.
      const fields = columns.map(({ kind }, i) => `c${String(i)} ${sqlTypes[kind]}`);
      await connection.run(`CREATE TABLE result (${fields.join(', ')})`);
      return new ParquetWriter(file, folder, columns, instance, connection, await connection.createAppender('result'));
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw writeError(file, error);
    }
  }

  async write(rows: readonly (readonly OutputCell[])[]): Promise<void> {
    const types = this.columns.map(({ kind }) => duckTypes[kind]);
    try {
      for (let start = 0; start < rows.length; start += CHUNK) {
        const part = rows.slice(start, start + CHUNK);
        const chunk = DuckDBDataChunk.create(types, part.length);
        chunk.setRows(part.map((row) => this.columns.map((_, i) => valueOf(row[i] ?? null))));
        this.appender.appendDataChunk(chunk);
      }
      this.appender.flushSync();
    } catch (error) {
      throw writeError(this.path, error);
    }
    this.rows += rows.length;
    await Promise.resolve();
  }

  async close(): Promise<void> {
    const finished = path.join(this.folder, 'result.parquet');
    try {
      this.appender.closeSync();
      const names = this.uniqueNames().map((name, i) => `c${String(i)} AS "${name.replaceAll('"', '""')}"`);
      const target = finished.replaceAll("'", "''");
      await this.connection.run(
        `COPY (SELECT ${names.join(', ')} FROM result ORDER BY rowid) TO '${target}' (FORMAT parquet, COMPRESSION zstd)`,
      );
      this.closeDatabase();
      const handle = await open(finished, 'r+');
      await handle.sync().finally(() => handle.close());
      await rename(finished, this.path);
    } catch (error) {
      throw writeError(this.path, error);
    } finally {
      await this.abort();
    }
  }

  async abort(): Promise<void> {
    this.closeDatabase();
    await rm(this.folder, { recursive: true, force: true });
  }

  #isOpen = true;
  private closeDatabase(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.connection.closeSync();
    this.instance.closeSync();
  }

  /** Readers of Parquet by DuckDB take "Text" and "text" for one column: the later one gets a number. */
  private uniqueNames(): string[] {
    const taken = new Set<string>();
    return this.columns.map(({ name }) => {
      let own = name;
      for (let n = 2; taken.has(own.toLowerCase()); n++) own = `${name} (${String(n)})`;
      taken.add(own.toLowerCase());
      return own;
    });
  }
}

const sqlTypes = { text: 'VARCHAR', number: 'DOUBLE', list: 'VARCHAR[]' } as const;
const duckTypes: Readonly<Record<OutputColumn['kind'], DuckDBType>> = {
  text: VARCHAR,
  number: DOUBLE,
  list: LIST(VARCHAR),
};

function valueOf(cell: OutputCell): DuckDBValue {
  return typeof cell === 'object' && cell !== null ? listValue([...cell]) : cell;
}

function writeError(file: string, error: unknown): AppError {
  const message = error instanceof Error ? error.message : String(error);
  if (/No space left|not enough space|Disk full/i.test(message)) {
    return new AppError('disk-full', `Could not write ${file}: no room left on the disk.`, {
      hint: 'Free some space on this disk, then try again.',
      data: { file },
      says: { sentence: 'diskFull', file },
      cause: error,
    });
  }
  return fileError(file, 'write', error);
}
