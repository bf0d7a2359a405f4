import type { DuckDBConnection } from '@duckdb/node-api';
import { appendColumns } from './append-columns';
import type { Database } from './database';
import { readMeta, writeMeta } from './schema';

/** Rows whose texts are changed together. */
const ROWS_AT_ONCE = 4096;
/** Between the columns of a row's texts; no text has it. */
const FIELD_SEPARATOR = '\u001f';
const REVISION = 'textRevision';

/** Counts the changes of texts, also undone ones: what was computed from texts is old once it differs. */
export async function textRevision(database: Database): Promise<number> {
  return Number((await readMeta(database, REVISION)) ?? 0);
}

/**
 * Changes the texts of rows; how they were is kept for {@link toggleTexts}. All of it or, after an error, nothing.
 *
 * @param edit what becomes of a text; of each column by itself where there are several
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

/** Puts texts back as they were before an edit, or makes the edit again; rows that were changed since stay. */
export async function toggleTexts(
  database: Database,
  remedy: number,
  undo: boolean,
  note: (connection: DuckDBConnection) => Promise<void>,
): Promise<void> {
  await database.transaction(async (connection) => {
    await replaceTexts(connection, remedy, undo ? 'before' : 'after', undo ? 'after' : 'before');
    await bumpRevision(database, connection);
    await note(connection);
  });
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

async function bumpRevision(database: Database, connection: DuckDBConnection): Promise<void> {
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
