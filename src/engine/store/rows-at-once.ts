import type { Database } from './database';
import { UNLABELLED, type LabelBook } from './label-book';
import type { RowMarks } from './row-marks';

/**
 * Which rows got their label together with others in one step ("Label many"). How many there are of each label says what
 * somebody searched for, not how frequent the label is. What came from a file is not meant, nor a row that was looked at
 * by itself afterwards.
 *
 * @returns 1 or 0 // [rows]
 */
export async function rowsLabelledAtOnce(database: Database, book: LabelBook, marks: RowMarks): Promise<Uint8Array> {
  const atOnce = new Uint8Array(book.rows);
  // Steps that change the labels of many labelled rows (merge, split) leave it as it was; so does taking one back.
  const [rowIds, together] = await database.integers(
    `WITH given AS (
       SELECT seq, row_id, previous_set, count(*) OVER (PARTITION BY action) > 1 AS together FROM label_events
       WHERE kind = 'set' AND source IN ('person', 'redo')
     )
     SELECT row_id, arg_max(together, seq)::INTEGER FROM given WHERE NOT together OR previous_set = $1 GROUP BY row_id`,
    [UNLABELLED],
  );
  rowIds?.forEach((row, i) => {
    const counts = together?.[i] === 1 && book.setOf(row) !== UNLABELLED && !marks.has(row, 'keep');
    atOnce[row] = Number(counts);
  });
  return atOnce;
}
