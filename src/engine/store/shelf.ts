import type { DuckDBConnection } from '@duckdb/node-api';
import type { Database } from './database';
import type { StoredImport } from './import-rows';

/** The tables that hold something of an import's rows, and the columns that say which row or import. */
const TABLES = [
  { table: 'rows', column: 'id', of: 'row' },
  { table: 'label_events', column: 'row_id', of: 'row' },
  { table: 'splits', column: 'row_id', of: 'row' },
  { table: 'given_splits', column: 'row_id', of: 'row' },
  { table: 'rejects', column: 'import', of: 'import' },
  { table: 'imports', column: 'id', of: 'import' },
] as const;

/**
 * Moves the newest import with all that is known of its rows out of the project's tables into others that nothing but
 * {@link putBack} reads, within a transaction. The tables are there only as long as something is in them.
 *
 * @param change the import's number among the changes
 */
export async function shelve(
  connection: DuckDBConnection,
  change: number,
  { id, firstRow }: StoredImport,
): Promise<void> {
  for (const { table, column, of } of TABLES) {
    const from = of === 'row' ? firstRow : id;
    await connection.run(
      `CREATE TABLE IF NOT EXISTS shelved_${table} AS SELECT 0::INTEGER AS change, * FROM ${table} LIMIT 0`,
    );
    await connection.run(`INSERT INTO shelved_${table} SELECT $1, * FROM ${table} WHERE ${column} >= $2`, [
      change,
      from,
    ]);
    await connection.run(`DELETE FROM ${table} WHERE ${column} >= $1`, [from]);
  }
}

/** Moves an import back to where it was, within a transaction. */
export async function putBack(connection: DuckDBConnection, change: number): Promise<void> {
  for (const { table } of TABLES) {
    await connection.run(`INSERT INTO ${table} SELECT * EXCLUDE (change) FROM shelved_${table} WHERE change = $1`, [
      change,
    ]);
    await connection.run(`DELETE FROM shelved_${table} WHERE change = $1`, [change]);
  }
}

/**
 * Throws away what lies on the shelf and can no longer be put back, within a transaction.
 *
 * @param keeps whether a change can still be made again
 * @param rows of the project now: changes of texts of others go as well
 */
export async function clearShelf(
  database: Database,
  connection: DuckDBConnection,
  keeps: (change: number) => boolean,
  rows: number,
): Promise<void> {
  const [shelf] = await database.all("SELECT 1 FROM duckdb_tables() WHERE table_name = 'shelved_imports'");
  if (!shelf) return;
  const lying = await database.all('SELECT DISTINCT change FROM shelved_imports');
  const kept = lying.map(([change]) => Number(change)).filter(keeps);
  for (const { table } of TABLES) {
    if (kept.length === 0) await connection.run(`DROP TABLE shelved_${table}`);
    else await connection.run(`DELETE FROM shelved_${table} WHERE change NOT IN (${kept.join(', ')})`);
  }
  if (kept.length === 0) await connection.run('DELETE FROM text_edits WHERE row_id >= $1', [rows]);
}
