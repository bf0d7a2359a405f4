import { DuckDBDataChunk, FLOAT, INTEGER, UTINYINT, VARCHAR, type DuckDBConnection } from '@duckdb/node-api';

/** Rows in one of DuckDB's vectors; a data chunk holds no more. */
export const VECTOR_SIZE = 2048;

const TYPES = { integer: INTEGER, float: FLOAT, tiny: UTINYINT, text: VARCHAR } as const;

/** A column to be appended: all values in order. */
export interface NewColumn {
  readonly type: keyof typeof TYPES;
  readonly values: ArrayLike<number> | readonly string[];
}

/**
 * Appends columns to a table in bulk, vector by vector, without statements and without an object per row.
 *
 * @param columns in the table's order, all of the same length
 */
export async function appendColumns(
  connection: DuckDBConnection,
  table: string,
  columns: readonly NewColumn[],
): Promise<void> {
  const length = columns[0]?.values.length ?? 0;
  if (length === 0) return;
  const appender = await connection.createAppender(table);
  try {
    for (let from = 0; from < length; from += VECTOR_SIZE) {
      appender.appendDataChunk(chunkOf(columns, from, Math.min(VECTOR_SIZE, length - from)));
    }
  } finally {
    appender.closeSync();
  }
}

/** A chunk of `count` rows of `columns`, beginning with row `from`. */
export function chunkOf(columns: readonly NewColumn[], from: number, count: number): DuckDBDataChunk {
  const chunk = DuckDBDataChunk.create(
    columns.map(({ type }) => TYPES[type]),
    count,
  );
  for (const [c, { values }] of columns.entries()) {
    const vector = chunk.getColumnVector(c);
    for (let row = 0; row < count; row++) vector.setItem(row, values[from + row] ?? null);
    vector.flush();
  }
  return chunk;
}
