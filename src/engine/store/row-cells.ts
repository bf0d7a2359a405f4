import type { DuckDBValue } from '@duckdb/node-api';
import type { Database } from './database';

/** Rows asked for in one query. */
const ROWS_AT_ONCE = 2000;

/** What the file said of rows, besides their labels: the texts by column, and the columns that nobody chose. */
export class RowCells {
  constructor(private readonly database: Database) {}

  /** The texts of rows by text column, in the order asked for. */
  async fields(rowIds: ArrayLike<number>): Promise<string[][]> {
    const found = await this.byRow(rowIds, 'SELECT id, text, fields FROM rows', ([, text, fields]) => {
      const items = itemsOf(fields);
      return items.length > 0 ? items.map(String) : [String(text)];
    });
    return Array.from(rowIds, (row) => found.get(row) ?? ['']);
  }

  /** The columns besides the texts that any import has brought, in the order of the files. */
  async columns(): Promise<string[]> {
    const lists = await this.database.all('SELECT other_columns FROM imports ORDER BY id');
    return [...new Set(lists.flatMap(([list]) => itemsOf(list).map(String)))];
  }

  /** The cells of one such column, in the order asked for; null where a row's file has no such column. */
  async values(rowIds: ArrayLike<number>, column: string): Promise<(string | null)[]> {
    const places = new Map(
      (await this.database.all('SELECT id, list_position(other_columns, $1) FROM imports', [column])).map(
        ([id, place]) => [
          Number(id),
          Number(place ?? 0), // counted from 1; 0 or NULL: it has none
        ],
      ),
    );
    const found = await this.byRow(rowIds, 'SELECT id, import, others FROM rows', ([, source, others]) => {
      const place = places.get(Number(source)) ?? 0;
      const cell = place > 0 ? itemsOf(others)[place - 1] : null;
      return cell === null || cell === undefined ? null : String(cell);
    });
    return Array.from(rowIds, (row) => found.get(row) ?? null);
  }

  private async byRow<T>(
    rowIds: ArrayLike<number>,
    select: string,
    valueOf: (row: readonly DuckDBValue[]) => T,
  ): Promise<ReadonlyMap<number, T>> {
    const wanted = Array.from(rowIds).filter((row) => Number.isInteger(row) && row >= 0);
    const found = new Map<number, T>();
    for (let start = 0; start < wanted.length; start += ROWS_AT_ONCE) {
      const part = wanted.slice(start, start + ROWS_AT_ONCE);
      const bounds = [part.reduce((a, b) => Math.min(a, b)), part.reduce((a, b) => Math.max(a, b))];
      const sql = `${select} WHERE id BETWEEN $1 AND $2 AND id IN (${part.join(', ')})`;
      for (const row of await this.database.all(sql, bounds)) found.set(Number(row[0]), valueOf(row));
    }
    return found;
  }
}

/** The members of a list, none for NULL. */
function itemsOf(value: DuckDBValue | undefined): readonly DuckDBValue[] {
  const isList = value !== null && typeof value === 'object' && 'items' in value && Array.isArray(value.items);
  return isList ? (value.items as readonly DuckDBValue[]) : [];
}
