import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import type { Database } from './database';
import { readDocuments, type RowFields } from './read-documents';
import { REVISION } from './text-edits';

/**
 * The texts of all rows as they were at one moment, however long reading them takes: a read transaction of DuckDB on a
 * connection of its own, which does not see what others write meanwhile and does not hold them up. To be closed.
 */
export class TextSnapshot {
  private constructor(
    private readonly database: Database,
    private readonly connection: DuckDBConnection,
    /** Rows that there are; their ids are below. */
    readonly rows: number,
    /** Counts the changes of texts that these texts have in them. */
    readonly revision: number,
  ) {}

  /** The texts as they are now. */
  static async take(database: Database): Promise<TextSnapshot> {
    const connection = await database.connect();
    try {
      await connection.run('BEGIN TRANSACTION READ ONLY');
      // DuckDB takes the snapshot at the first look at a table, so the texts' revision is read within it.
      const found = await connection.runAndReadAll(
        'SELECT (SELECT coalesce(max(id), -1) + 1 FROM rows), (SELECT max(value) FROM meta WHERE key = $1)',
        [REVISION],
      );
      const [rows, revision] = found.getRows()[0] ?? [];
      return new TextSnapshot(database, connection, Number(rows), Number(JSON.parse(String(revision ?? 0))));
    } catch (error) {
      database.disconnect(connection);
      throw error;
    }
  }

  /** The texts in the order of their ids, batch by batch; also several times, the same each time. */
  async *documents(batchSize: number): AsyncGenerator<readonly RowFields[], void, undefined> {
    const query = (sql: string, values: DuckDBValue[]): Promise<DuckDBValue[][]> =>
      this.database.guarded(async () => (await this.connection.runAndReadAll(sql, values)).getRows());
    for (let from = 0; from < this.rows; from += batchSize) {
      yield await readDocuments(query, from, Math.min(this.rows, from + batchSize) - 1);
    }
  }

  /** Lets the texts of this moment go. */
  close(): void {
    this.database.disconnect(this.connection);
  }
}

/** The texts of a {@link TextSnapshot} that is taken at the first batch and let go after the last. */
export async function* textsOfNow(
  database: Database,
  batchSize: number,
): AsyncGenerator<readonly RowFields[], void, undefined> {
  const texts = await TextSnapshot.take(database);
  try {
    yield* texts.documents(batchSize);
  } finally {
    texts.close();
  }
}
