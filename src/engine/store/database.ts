import { totalmem } from 'node:os';
import { resolve } from 'node:path';
import { DuckDBInstance, type DuckDBConnection, type DuckDBResult, type DuckDBValue } from '@duckdb/node-api';
import { AppError } from '../../shared/errors';
import { BulkLoader } from './bulk-loader';
import { literal } from './row-sql';

/** Who has a file open that this process has opened itself. */
const THIS = 'this program';

/** DuckDB guards a file against other processes only; within one process this does. */
const openFiles = new Set<string>();

/**
 * A quarter of the memory, 512 to 768 MB: training needs the rest, and what DuckDB is given it fills with pages that it
 * has read or written once (an import of 1 GB took 2.3 GB with a limit of 4 GB). Beyond it DuckDB works on disk.
 */
function memoryLimit(): string {
  const megabytes = totalmem() / 4 / 2 ** 20;
  return `${String(Math.round(Math.min(768, Math.max(512, megabytes))))}MB`;
}

/**
 * The project's DuckDB file, opened for this process alone: one connection for reading, one for writing, and changes one
 * after the other. Nothing is ever loaded from a network: extensions are off, and so is every file but this one and the
 * one that is being imported.
 */
export class Database {
  private lastChange: Promise<unknown> = Promise.resolve();
  private lastImport: Promise<unknown> = Promise.resolve();
  private readonly others = new Set<DuckDBConnection>();

  private constructor(
    private readonly file: string,
    private readonly instance: DuckDBInstance,
    private readonly reader: DuckDBConnection,
    private readonly writer: DuckDBConnection,
    /** Reads files that are not the project's, while they are imported. */
    readonly loader: BulkLoader,
  ) {}

  /**
   * Opens the file, or makes it. What a killed process had committed is there (write-ahead log); its lock is gone.
   * @throws AppError `project-locked`, `project-format`, `disk-full`, `file-unreadable`
   */
  static async open(path: string): Promise<Database> {
    const file = resolve(path);
    if (openFiles.has(file)) throw locked(file, THIS);
    openFiles.add(file);
    try {
      const instance = await DuckDBInstance.create(file, {
        threads: '2',
        memory_limit: memoryLimit(),
        autoinstall_known_extensions: 'false',
        autoload_known_extensions: 'false',
        allow_community_extensions: 'false',
      });
      const inbox = `${file}.import`;
      const loading = await instance.connect();
      const settings = [
        'enable_progress_bar = true',
        'enable_progress_bar_print = false',
        `allowed_directories = [${literal(inbox)}]`,
        'enable_external_access = false',
        'lock_configuration = true',
      ];
      await loading.run(settings.map((setting) => `SET ${setting}`).join('; '));
      const loader = new BulkLoader(loading, inbox);
      await loader.clear();
      return new Database(file, instance, await instance.connect(), await instance.connect(), loader);
    } catch (error) {
      openFiles.delete(file);
      throw storeError(file, error);
    }
  }

  /** A connection of one's own, for temporary tables or a state of the file; to be given back by {@link disconnect}. */
  async connect(): Promise<DuckDBConnection> {
    const connection = await this.instance.connect();
    this.others.add(connection);
    return connection;
  }

  /** Closes a connection of {@link connect}; what it has begun and not committed is forgotten. */
  disconnect(connection: DuckDBConnection): void {
    if (this.others.delete(connection)) connection.closeSync();
  }

  /** Some rows as plain values; not for many. */
  async all(sql: string, values: DuckDBValue[] = []): Promise<DuckDBValue[][]> {
    return this.guarded(async () => (await this.reader.runAndReadAll(sql, values)).getRows());
  }

  /**
   * Columns of whole numbers, NULL as -1, without an object per row.
   * @param on a connection with a transaction under way, to see what it has written
   */
  async integers(sql: string, values: DuckDBValue[] = [], on = this.reader): Promise<Int32Array[]> {
    return this.numbers(sql, values, (length) => new Int32Array(length), on);
  }

  /** Columns of numbers, NULL as -1. */
  async doubles(sql: string, values: DuckDBValue[] = []): Promise<Float64Array[]> {
    return this.numbers(sql, values, (length) => new Float64Array(length));
  }

  /**
   * Lets changes happen one after the other: what `work` reads of the project's state, writes and remembers belongs
   * together. Not to be called inside itself.
   */
  async exclusively<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.lastChange.then(work);
    this.lastChange = turn.catch(() => undefined);
    return turn;
  }

  /** Lets imports happen one after the other; changes that {@link exclusively} guards go on meanwhile. */
  async oneImport<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.lastImport.then(work);
    this.lastImport = turn.catch(() => undefined);
    return turn;
  }

  /**
   * Runs `work` as one transaction: all of it is on the disk afterwards, or nothing.
   *
   * @param on another connection than the writing one, where temporary tables are needed
   */
  async transaction<T>(
    work: (connection: DuckDBConnection) => Promise<T>,
    on: DuckDBConnection = this.writer,
  ): Promise<T> {
    return this.guarded(() => inTransaction(on, work));
  }

  /** Lets `work`'s errors of DuckDB become the errors of the project. */
  async guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw storeError(this.file, error);
    }
  }

  /** Waits for the change that is under way, then closes the file. */
  async close(): Promise<void> {
    await this.lastChange;
    this.reader.closeSync();
    this.writer.closeSync();
    this.loader.close();
    // One left open would keep the file open, also for the next who opens it.
    for (const connection of this.others) this.disconnect(connection);
    this.instance.closeSync();
    openFiles.delete(this.file);
  }

  private async numbers<T extends Int32Array | Float64Array>(
    sql: string,
    values: DuckDBValue[],
    make: (length: number) => T,
    on = this.reader,
  ): Promise<T[]> {
    return this.guarded(async () => {
      const result: DuckDBResult = await on.run(sql, values);
      const chunks = await result.fetchAllChunks();
      const length = chunks.reduce((sum, chunk) => sum + chunk.rowCount, 0);
      return Array.from({ length: result.columnCount }, (_, column) => {
        const numbers = make(length);
        let at = 0;
        for (const chunk of chunks) {
          const vector = chunk.getColumnVector(column);
          const { rowCount } = chunk; // asks DuckDB each time
          for (let row = 0; row < rowCount; row++) numbers[at++] = Number(vector.getItem(row) ?? -1);
        }
        return numbers;
      });
    });
  }
}

async function inTransaction<T>(
  connection: DuckDBConnection,
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  await connection.run('BEGIN');
  try {
    const result = await work(connection);
    await connection.run('COMMIT');
    return result;
  } catch (error) {
    // A failed COMMIT has rolled back already; then there is nothing left to do.
    await connection.run('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

function locked(file: string, who: string, process?: number): AppError {
  return new AppError('project-locked', `The project is open already, in ${who}: ${file}.`, {
    hint: 'Close it there, then open it here.',
    data: { file, who },
    says: { sentence: 'projectLocked', file, by: who === THIS ? 'this' : 'another', process },
  });
}

/** An error of DuckDB in the words of the project. */
function storeError(file: string, error: unknown): unknown {
  if (error instanceof AppError || !(error instanceof Error)) return error;
  const { message } = error;
  const more = { data: { file }, cause: error };
  if (/Could not set lock|being used by another process/i.test(message)) {
    const process = /PID (\d+)/.exec(message)?.[1];
    if (process === undefined) return locked(file, 'another program');
    return locked(file, `another program (process ${process})`, Number(process));
  }
  if (/No space left|not enough space|Disk full/i.test(message)) {
    return new AppError('disk-full', `No room left on the disk for ${file}.`, {
      ...more,
      hint: 'Free some space on this disk, then try again.',
      says: { sentence: 'diskFull', file },
    });
  }
  if (/^Out of Memory/i.test(message)) {
    return new AppError('out-of-memory', `The project's store ran out of memory: ${message}`, {
      ...more,
      hint: 'Close other programs, then try again.',
      says: { sentence: 'memory' },
    });
  }
  if (/not a valid DuckDB database|Corrupt|WAL file|storage version|newer version of DuckDB/i.test(message)) {
    return new AppError('project-format', `${file} cannot be read: ${message}`, {
      ...more,
      hint: 'The file is damaged or of a newer Thaw. Take it from a copy of the project.',
      says: { sentence: 'unreadable', path: file },
    });
  }
  if (/^IO Error: (Cannot open|Could not)|Permission denied/i.test(message)) {
    return new AppError('file-unreadable', `${file} cannot be opened: ${message}`, {
      ...more,
      hint: 'Check that the folder is there and yours to write in.',
      says: { sentence: 'unreadable', path: file },
    });
  }
  return error;
}
