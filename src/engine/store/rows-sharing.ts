import type { Database } from './database';

/** A word and how much it says, more for rarer ones. */
export interface TellingWord {
  readonly word: string;
  readonly weight: number;
}

/** With more rows than these a share of them is searched: an answer within a second is worth more than the last row. */
const MOST_SEARCHED = 400_000;
/** Rows that follow one another are searched or passed over together: what is passed over is not read. */
const TOGETHER = 2048;

/**
 * Rows whose texts hold some of these words, those with the weightiest first; of equals the earlier row. In very large
 * projects every second, third … stretch of rows is looked at.
 */
export async function rowsSharing(
  database: Database,
  rows: number,
  words: readonly TellingWord[],
  limit: number,
): Promise<Int32Array> {
  if (words.length === 0) return new Int32Array(0);
  const step = Math.ceil(rows / MOST_SEARCHED);
  const score = words.map((_, i) => `contains(low, $${String(2 * i + 2)})::INTEGER * $${String(2 * i + 3)}::DOUBLE`);
  const [found = new Int32Array(0)] = await database.integers(
    `SELECT id FROM (SELECT id, ${score.join(' + ')} AS score
       FROM (SELECT id, lower(text) AS low FROM rows WHERE id >= 0 AND (id // ${String(TOGETHER)}) % $1 = 0))
     WHERE score > 0 ORDER BY score DESC, id LIMIT ${String(Math.trunc(limit))}`,
    [step, ...words.flatMap(({ word, weight }) => [word.toLowerCase(), weight])],
  );
  return found;
}
