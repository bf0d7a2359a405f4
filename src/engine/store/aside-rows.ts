import { asideReasons, asideReasonSchema, type AsideReason } from '../../shared/health-types';
import type { Database } from './database';
import type { LabelLog } from './label-log';

/** The rows that are set aside, each with why. */
export interface AsideRows {
  readonly rows: Int32Array; // ascending
  readonly reasons: Uint8Array; // [rows], places in `asideReasons`
}

const OTHER = asideReasons.indexOf('other');
const NOTHING = -1;

/** Reads why each row that is set aside is; the caller holds the database. */
export async function readAsideRows(database: Database, { book, marks }: LabelLog): Promise<AsideRows> {
  const rows = marks.rowsWith('aside');
  if (rows.length === 0) return { rows, reasons: new Uint8Array(0) };
  const [rowIds, steps, isTakenBack] = await database.integers(
    `SELECT row_id, CASE source WHEN 'redo' THEN undoes ELSE action END, (source = 'undo')::INTEGER
     FROM label_events WHERE kind = 'aside' ORDER BY seq`,
  );
  if (!rowIds || !steps || !isTakenBack) return { rows, reasons: new Uint8Array(rows.length).fill(OTHER) };
  const newest = newestEvents(rowIds, isTakenBack, book.rows);
  const reasonOf = await reasonsOfSteps(database);
  const reasons = Uint8Array.from(rows, (row) => reasonOf.get(steps[newest[row] ?? NOTHING] ?? NOTHING) ?? OTHER);
  return { rows, reasons };
}

/** The rows that are set aside for one reason, ascending. */
export function rowsAsideFor({ rows, reasons }: AsideRows, reason: AsideReason): Int32Array {
  const wanted = asideReasons.indexOf(reason);
  return rows.filter((_, i) => reasons[i] === wanted);
}

/**
 * For each row the event that counts, by its place among the events. Undo takes the newest back first: what a row was
 * set aside for before counts again then, although it is an older event.
 */
function newestEvents(rowIds: Int32Array, isTakenBack: Int32Array, rows: number): Int32Array {
  const newest = new Int32Array(rows).fill(NOTHING);
  const before = new Int32Array(rowIds.length);
  rowIds.forEach((row, i) => {
    const now = newest[row] ?? NOTHING;
    if (isTakenBack[i] === 1) newest[row] = before[now] ?? NOTHING;
    else {
      before[i] = now;
      newest[row] = i;
    }
  });
  return newest;
}

/** Places in `asideReasons` by the numbers of steps. Projects from before reasons were noted know remedies only. */
async function reasonsOfSteps(database: Database): Promise<ReadonlyMap<number, number>> {
  const found = await database.all(
    `SELECT e.action, any_value(coalesce(e.name, r.issue)) FROM label_events e LEFT JOIN remedies r ON r.action = e.action
     WHERE e.kind = 'aside' AND e.source = 'person' GROUP BY e.action`,
  );
  return new Map(
    found.map(([step, name]) => {
      const reason = asideReasonSchema.safeParse(name);
      return [Number(step), reason.success ? asideReasons.indexOf(reason.data) : OTHER];
    }),
  );
}
