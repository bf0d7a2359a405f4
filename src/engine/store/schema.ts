import type { DuckDBConnection } from '@duckdb/node-api';
import type { Database } from './database';

/**
 * The tables of a project, version 1. Rows are only ever appended, with ids 0, 1, 2 …
 * (-1: read, and not part of the project yet); label events too. Everything
 * about labels follows from `label_events`: for each row the newest event with its id counts.
 */
const TABLES = [
  `CREATE TABLE IF NOT EXISTS meta (key VARCHAR, value VARCHAR)`,
  `CREATE TABLE IF NOT EXISTS imports (
     id INTEGER, path VARCHAR, role VARCHAR, first_row INTEGER, row_count INTEGER,
     text_columns VARCHAR[], other_columns VARCHAR[], summary VARCHAR, imported_at TIMESTAMP)`,
  `CREATE TABLE IF NOT EXISTS rows (
     id INTEGER, import INTEGER, line INTEGER, text VARCHAR, fields VARCHAR[], others VARCHAR[])`,
  `CREATE TABLE IF NOT EXISTS rejects (import INTEGER, line INTEGER, reason VARCHAR, text VARCHAR)`,
  `CREATE TABLE IF NOT EXISTS labels (id INTEGER, name VARCHAR, removed BOOLEAN)`,
  `CREATE TABLE IF NOT EXISTS label_sets (id INTEGER, labels INTEGER[])`,
  `CREATE TABLE IF NOT EXISTS label_events (
     seq INTEGER, action INTEGER, source VARCHAR, kind VARCHAR, row_id INTEGER, label_set INTEGER, previous_set INTEGER,
     label INTEGER, name VARCHAR, previous_name VARCHAR, undoes INTEGER, happened_at TIMESTAMP)`,
  `CREATE TABLE IF NOT EXISTS splits (row_id INTEGER, split UTINYINT)`,
  `CREATE TABLE IF NOT EXISTS given_splits (row_id INTEGER, split UTINYINT)`,
  `CREATE TABLE IF NOT EXISTS test_looks (run VARCHAR, what VARCHAR, happened_at TIMESTAMP)`,
  `CREATE TABLE IF NOT EXISTS remedies (
     id INTEGER, issue VARCHAR, remedy VARCHAR, row_count INTEGER, action INTEGER, undone BOOLEAN, happened_at TIMESTAMP)`,
  `CREATE TABLE IF NOT EXISTS text_edits (
     remedy INTEGER, row_id INTEGER, before_text VARCHAR, before_fields VARCHAR[], after_text VARCHAR,
     after_fields VARCHAR[])`,
  `CREATE TABLE IF NOT EXISTS changes (
     number INTEGER, source VARCHAR, kind VARCHAR, ref INTEGER, row_count INTEGER, name VARCHAR, detail VARCHAR,
     undoes INTEGER, passed BOOLEAN, happened_at TIMESTAMP)`,
  `CREATE TABLE IF NOT EXISTS split_history (change INTEGER, row_id INTEGER, split UTINYINT)`,
  `CREATE TABLE IF NOT EXISTS prediction_labels (id INTEGER, label INTEGER, name VARCHAR)`,
  `CREATE TABLE IF NOT EXISTS predictions (
     row_id INTEGER, uncertainty FLOAT, l1 INTEGER, p1 FLOAT, l2 INTEGER, p2 FLOAT, l3 INTEGER, p3 FLOAT,
     l4 INTEGER, p4 FLOAT, l5 INTEGER, p5 FLOAT)`,
];

/** Makes the tables that are not there yet. */
export async function createTables(database: Database): Promise<void> {
  await database.transaction(async (connection) => {
    for (const table of TABLES) await connection.run(table);
    // Projects that were made before this column was there.
    await connection.run('ALTER TABLE remedies ADD COLUMN IF NOT EXISTS reverted INTEGER');
  });
}

/** A remembered value, or null. */
export async function readMeta(database: Database, key: string): Promise<unknown> {
  const [row] = await database.all('SELECT value FROM meta WHERE key = $1', [key]);
  return row === undefined ? null : (JSON.parse(String(row[0])) as unknown);
}

/** Remembers a value as JSON, within a transaction. */
export async function writeMeta(connection: DuckDBConnection, key: string, value: unknown): Promise<void> {
  await connection.run('DELETE FROM meta WHERE key = $1', [key]);
  await connection.run('INSERT INTO meta VALUES ($1, $2)', [key, JSON.stringify(value)]);
}
