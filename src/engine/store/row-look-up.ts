import type { RowHead } from '../../shared/data-types';
import type { Database } from './database';

/** Some of the rows that a filter lets through. */
export interface RowPage {
  readonly total: number; // rows that it lets through in all
  readonly rows: RowHead[];
}

/** The text of a row, or its beginning with the length of the whole. */
export interface TextHead {
  readonly text: string;
  /** Characters (code points) in the whole text, where `text` is only its beginning. */
  readonly textLength?: number;
}

/** Texts by the ids of their rows. @param head characters that are read of each; without it whole texts */
export async function textsOf(
  database: Database,
  ids: readonly number[],
  head?: number,
): Promise<ReadonlyMap<number, TextHead>> {
  // DuckDB's left() and length() count code points: no pair of surrogates is cut in two.
  const columns = head === undefined ? 'text, 0' : `left(text, ${String(head)}), length(text)`;
  const found = await database.all(rowLookUp(`SELECT id, ${columns} FROM rows`, 'id', ids));
  return new Map(
    found.map(([id, text, length]) => {
      const isCut = Number(length) > (head ?? Infinity);
      return [Number(id), { text: String(text), ...(isCut && { textLength: Number(length) }) }];
    }),
  );
}

/** Rows nearer to each other than one of DuckDB's vectors are read together. */
const NEAR = 2048;
/** From so many places on, one pass over all rows between the first and the last is cheaper than a look at each. */
const MOST_PLACES = 64;

/**
 * SQL that reads some rows of a table whose ids ascend. Each place is looked up by itself: ids that lie far apart in one
 * list would have DuckDB read every text between them (of a million rows 140 ms of processor time for 20, instead of 20).
 *
 * @param select as in `SELECT id, text FROM rows`
 * @param id the column of ids
 */
export function rowLookUp(select: string, id: string, ids: readonly number[]): string {
  const sorted = [...new Set(ids)].sort((a, b) => a - b);
  const places: number[][] = [];
  for (const one of sorted) {
    const place = places[places.length - 1];
    if (place && one - (place[place.length - 1] ?? 0) <= NEAR) place.push(one);
    else places.push([one]);
  }
  const wanted = places.length > MOST_PLACES ? [sorted] : places;
  return wanted.map((place) => `${select} WHERE ${condition(id, place)}`).join(' UNION ALL ');
}

function condition(id: string, ascending: readonly number[]): string {
  const first = ascending[0] ?? -1;
  const last = ascending[ascending.length - 1] ?? -1;
  const range = `${id} BETWEEN ${String(first)} AND ${String(last)}`;
  return last - first + 1 === ascending.length ? range : `${range} AND ${id} IN (${ascending.join(', ')})`;
}
