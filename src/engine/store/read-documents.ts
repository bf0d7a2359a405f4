import type { DuckDBValue } from '@duckdb/node-api';

/** The texts of one row, by text column. */
export interface RowFields {
  readonly rowId: number;
  readonly fields: string[];
}

/** Asks the store, or a state of it. */
type Query = (sql: string, values: DuckDBValue[]) => Promise<DuckDBValue[][]>;

/** Between the texts that are read as one; hardly any text has it, and then rows are read one by one. */
const SEPARATOR = '\u001f';

/**
 * The texts of rows that follow one another. Where each row has one text they come out of DuckDB as a single string: a
 * string for each would be most of the work.
 */
export async function readDocuments(query: Query, first: number, last: number): Promise<readonly RowFields[]> {
  const [found] = await query(
    `SELECT string_agg(text, '${SEPARATOR}' ORDER BY id), count(*), count(fields) FROM rows WHERE id BETWEEN $1 AND $2`,
    [first, last],
  );
  const [together, count, several] = found ?? [];
  if (typeof together === 'string' && Number(several) === 0) {
    const texts = together.split(SEPARATOR);
    const isWhole = texts.length === Number(count) && texts.length === last - first + 1;
    if (isWhole) return texts.map((text, i) => ({ rowId: first + i, fields: [text] }));
  }
  return readOneByOne(query, first, last);
}

async function readOneByOne(query: Query, first: number, last: number): Promise<readonly RowFields[]> {
  const rows = await query('SELECT id, text, fields FROM rows WHERE id BETWEEN $1 AND $2 ORDER BY id', [first, last]);
  return rows.map(([id, text, fields]) => ({ rowId: Number(id), fields: fieldsOf(text, fields) }));
}

function fieldsOf(text: unknown, fields: unknown): string[] {
  if (fields !== null && typeof fields === 'object' && 'items' in fields && Array.isArray(fields.items))
    return fields.items.map(String);
  return [String(text)];
}
