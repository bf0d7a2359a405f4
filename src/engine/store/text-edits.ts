import type { DuckDBConnection } from '@duckdb/node-api';
import { appendColumns } from './append-columns';
import type { Database } from './database';
import { readMeta, writeMeta } from './schema';

/** Rows whose texts are changed together. */
const ROWS_AT_ONCE = 4096;
/** Between the columns of a row's texts; no text has it. */
const FIELD_SEPARATOR = '\u001f';
/** Under which name the store counts the changes of texts. */
export const REVISION = 'textRevision';

/** Counts the changes of texts, also undone ones: what was computed from texts is old once it differs. */
export async function textRevision(database: Database): Promise<number> {
  return Number((await readMeta(database, REVISION)) ?? 0);
}

/**
 * Changes the texts of rows; how they were is kept for {@link toggleTexts}. All of it or, after an error, nothing.
 *
 * @param edit what becomes of a text; of each column by itself where there are several
 * @param note is called within the transaction
 * @returns the number of rows that have changed
 */
export async function editTexts(
  database: Database,
  remedy: number,
  rowIds: Int32Array,
  edit: (text: string) => string,
  note: (connection: DuckDBConnection, changed: number) => Promise<void>,
): Promise<number> {
  return database.transaction(async (connection) => {
    let changed = 0;
    for (let from = 0; from < rowIds.length; from += ROWS_AT_ONCE)
      changed += await editSome(connection, remedy, rowIds.slice(from, from + ROWS_AT_ONCE), edit);
    await replaceTexts(connection, remedy, 'after', 'before');
    await bumpRevision(database, connection);
    await note(connection, changed);
    return changed;
  });
}

/**
 * Puts texts back as they were before a remedy, or changes them again, within a transaction; rows that were changed
 * since stay.
 */
export async function toggleTexts(
  database: Database,
  connection: DuckDBConnection,
  remedy: number,
  undo: boolean,
): Promise<void> {
  await replaceTexts(connection, remedy, undo ? 'before' : 'after', undo ? 'after' : 'before');
  await connection.run('UPDATE remedies SET undone = $1 WHERE id = $2', [undo, remedy]);
  await bumpRevision(database, connection);
}

/**
 * Forgets the oldest changes of texts beyond `most` bytes, within a transaction; the newest is kept whatever its size.
 * @returns the remedies whose texts are forgotten
 */
export async function forgetTexts(connection: DuckDBConnection, most: number): Promise<number[]> {
  const size = (side: string): string =>
    `strlen(${side}_text) + coalesce(strlen(array_to_string(${side}_fields, '')), 0)`;
  const found = await connection.runAndReadAll(
    `SELECT remedy, sum(${size('before')} + ${size('after')}) FROM text_edits GROUP BY remedy ORDER BY remedy DESC`,
  );
  let kept = 0;
  const forgotten = found.getRows().flatMap(([remedy, bytes], place) => {
    kept += Number(bytes);
    return place > 0 && kept > most ? [Number(remedy)] : [];
  });
  if (forgotten.length > 0) await connection.run('DELETE FROM text_edits WHERE remedy <= $1', [Math.max(...forgotten)]);
  return forgotten;
}

async function replaceTexts(
  connection: DuckDBConnection,
  remedy: number,
  to: 'before' | 'after',
  from: 'before' | 'after',
): Promise<void> {
  await connection.run(
    `UPDATE rows SET text = e.${to}_text, fields = e.${to}_fields FROM text_edits e
     WHERE e.remedy = $1 AND rows.id = e.row_id AND rows.text = e.${from}_text`,
    [remedy],
  );
}

/** Says that texts are others than before, within a transaction: what was made from them is made anew. */
export async function bumpRevision(database: Database, connection: DuckDBConnection): Promise<void> {
  await writeMeta(connection, REVISION, (await textRevision(database)) + 1);
}

/** Notes what becomes of some rows; the rows themselves are changed afterwards, all at once. */
async function editSome(
  connection: DuckDBConnection,
  remedy: number,
  rowIds: Int32Array,
  edit: (text: string) => string,
): Promise<number> {
  await connection.run('CREATE OR REPLACE TEMP TABLE edit_rows (id INTEGER)');
  await appendColumns(connection, 'edit_rows', [{ type: 'integer', values: rowIds }]);
  const found = await connection.runAndReadAll(
    `SELECT id, text, coalesce(array_to_string(fields, '${FIELD_SEPARATOR}'), ''), fields IS NOT NULL
     FROM rows JOIN edit_rows USING (id) ORDER BY id`,
  );
  const edits = found.getRows().map(([id, text, fields, several]) => {
    if (several !== true) return { id: Number(id), before: String(text), text: edit(String(text)), fields: '' };
    const parts = String(fields).split(FIELD_SEPARATOR).map(edit);
    const joined = parts.filter((part) => part !== '').join('\n');
    return { id: Number(id), before: String(text), text: joined, fields: parts.join(FIELD_SEPARATOR) };
  });
  const changed = edits.filter(({ before, text }) => before !== text);
  await connection.run('CREATE OR REPLACE TEMP TABLE edit_now (id INTEGER, text VARCHAR, fields VARCHAR)');
  await appendColumns(connection, 'edit_now', [
    { type: 'integer', values: changed.map(({ id }) => id) },
    { type: 'text', values: changed.map(({ text }) => text) },
    { type: 'text', values: changed.map(({ fields }) => fields) },
  ]);
  await connection.run(
    `INSERT INTO text_edits
     SELECT $1, r.id, r.text, r.fields, n.text,
       CASE WHEN r.fields IS NULL THEN NULL ELSE string_split(n.fields, '${FIELD_SEPARATOR}') END
     FROM edit_now n JOIN rows r USING (id)`,
    [remedy],
  );
  await connection.run('DROP TABLE edit_now');
  await connection.run('DROP TABLE edit_rows');
  return changed.length;
}
