import type { IdSummary, ImportSummary } from '../../shared/data-types';
import type { Database } from './database';
import { NO_ACTION, type PlannedAction } from './label-actions';
import { UNLABELLED } from './label-book';
import { markEvents, type RowEvents } from './label-events';
import type { LabelLog } from './label-log';
import { keepSummary, type ImportTarget, type StoredImport } from './import-rows';
import { literal } from './row-sql';

/** So many ids that stand twice in a file are named. */
const NAMED = 20;

/** What rows of a file mean for rows that were there, told by their ids. */
interface PlannedIds {
  readonly plan: PlannedAction;
  readonly summary: IdSummary;
}

/** Rows that belong to one another, in columns. */
interface Pairs {
  readonly fresh: Int32Array; // of the file, ascending
  readonly known: Int32Array; // the newest row of that id that was in use
  readonly isSame: Int32Array; // 1 where the texts are equal
  readonly isByHand: Int32Array; // 1 where a person has labelled the known row
}

/**
 * Compares the rows of a file that was just imported with the rows of the same role that were there, by their ids: of a
 * row that comes again only one stays in use. Where its text is as it was, that is the row that was there; where it has
 * changed, the new one, with the labels of the old one where it brings none. Labels that a person has given are kept
 * against those of the file; labels that came from an earlier file make way. Nothing is deleted: the others are set
 * aside, as one step for undo.
 *
 * The rows are joined by the database, in one pass; what is held in memory is four numbers a pair.
 *
 * @param column the name of the id column, in this file and in those before
 */
async function planSameIds(
  database: Database,
  log: LabelLog,
  imports: readonly StoredImport[],
  stored: StoredImport,
  column: string,
): Promise<PlannedIds> {
  const fresh = keyedRows([stored.id], column);
  const earlier = imports.filter(({ id, role }) => id !== stored.id && role === stored.role).map(({ id }) => id);
  const repeated = await repeatedIds(database, fresh);
  const pairs = earlier.length === 0 ? noPairs() : await pairsOf(database, fresh, keyedRows(earlier, column));
  const settled = settle(log, pairs);
  return {
    plan: settled.plan,
    summary: { ...settled.figures, fresh: stored.rows - pairs.fresh.length, ...repeated },
  };
}

/**
 * Does what {@link planSameIds} says to the newest import, and writes it into that import's summary.
 * The caller holds the database.
 */
export async function settleSameIds(
  { database, log, imports }: Pick<ImportTarget, 'database' | 'log' | 'imports'>,
  column: string,
  summary: ImportSummary,
): Promise<ImportSummary> {
  const stored = imports.at(-1);
  if (stored === undefined) return summary;
  const { plan, summary: ids } = await planSameIds(database, log, imports, stored, column);
  await log.make(plan);
  const told = { ...summary, ids };
  await keepSummary(database, stored.id, told);
  return told;
}

/** SQL for the rows of imports that have an id: id, line, key, text, fields. */
function keyedRows(imports: readonly number[], column: string): string {
  return `SELECT r.id, r.line, r.others[p.place] AS key, r.text, r.fields
    FROM rows r JOIN (
      SELECT id, list_position(other_columns, ${literal(column)}) AS place FROM imports
      WHERE id IN (${imports.map(String).join(', ')})
    ) p ON r.import = p.id
    WHERE r.id >= 0 AND p.place > 0 AND trim(r.others[p.place]) <> ''`;
}

async function repeatedIds(database: Database, fresh: string): Promise<Pick<IdSummary, 'repeated' | 'repeatedCount'>> {
  const found = await database.all(
    `SELECT key, array_to_string(list_slice(list(line ORDER BY line), 1, 5), ','), count(*) OVER ()
     FROM (${fresh}) GROUP BY key HAVING count(*) > 1 ORDER BY min(line) LIMIT ${String(NAMED)}`,
  );
  const repeated = found.map(([key, lines]) => ({ id: String(key), lines: String(lines).split(',').map(Number) }));
  return { repeated, repeatedCount: Number(found[0]?.[2] ?? 0) };
}

async function pairsOf(database: Database, fresh: string, known: string): Promise<Pairs> {
  const [freshIds, knownIds, same, byHand] = await database.integers(
    `WITH fresh AS (${fresh}),
     put AS (SELECT row_id FROM label_events WHERE kind = 'aside' GROUP BY row_id HAVING arg_max(label_set, seq) = 1),
     -- The newest row of each id that is in use: however often an id stands there, no row meets more than one other.
     known AS (
       SELECT key, max(id) AS id, arg_max(text, id) AS text, arg_max(fields, id) AS fields
       FROM (${known}) WHERE id NOT IN (SELECT row_id FROM put) GROUP BY key),
     pairs AS (
       SELECT f.id AS fresh_id, k.id AS known_id,
              (f.text = k.text AND f.fields IS NOT DISTINCT FROM k.fields)::INTEGER AS same
       FROM fresh f JOIN known k ON f.key = k.key),
     givers AS (
       SELECT row_id, (arg_max(source, seq) <> 'file')::INTEGER AS by_hand FROM label_events
       WHERE kind = 'set' AND row_id IN (SELECT known_id FROM pairs) GROUP BY row_id)
     SELECT fresh_id, known_id, same, coalesce(by_hand, 0) FROM pairs LEFT JOIN givers ON row_id = known_id
     ORDER BY fresh_id, known_id`,
  );
  if (!freshIds || !knownIds || !same || !byHand) return noPairs();
  return { fresh: freshIds, known: knownIds, isSame: same, isByHand: byHand };
}

/** Which row of each pair stays, and with which labels. */
function settle(
  { book }: LabelLog,
  pairs: Pairs,
): { plan: PlannedAction; figures: Pick<IdSummary, 'changed' | 'same' | 'labelsKept' | 'labelsTaken'> } {
  const figures = { changed: 0, same: 0, labelsKept: 0, labelsTaken: 0 };
  const aside = new Set<number>();
  const sets = new Map<number, number>(); // row → the set of labels that it gets
  const standing = new Set<number>(); // known rows that come again as they were
  pairs.known.forEach((row, i) => pairs.isSame[i] === 1 && standing.add(row));
  pairs.fresh.forEach((fresh, i) => {
    const known = pairs.known[i] ?? 0;
    const isSame = pairs.isSame[i] === 1;
    const [stays, goes] = isSame ? [known, fresh] : [fresh, known];
    figures[isSame ? 'same' : 'changed']++;
    if (goes === fresh || !standing.has(known)) aside.add(goes);
    const [brought, had] = [book.setOf(fresh), book.setOf(known)];
    const isKept = had !== UNLABELLED && (brought === UNLABELLED || pairs.isByHand[i] === 1);
    if (brought !== UNLABELLED && had !== UNLABELLED && brought !== had)
      figures[isKept ? 'labelsKept' : 'labelsTaken']++;
    const wanted = isKept ? had : brought;
    if (book.setOf(stays) !== wanted) sets.set(stays, wanted);
  });
  if (aside.size === 0 && sets.size === 0) return { plan: NO_ACTION, figures };
  const rows: RowEvents[] = [];
  const labelled = Int32Array.from([...sets.keys()].sort((a, b) => a - b));
  if (labelled.length > 0)
    rows.push({
      kind: 'set',
      rowIds: labelled,
      values: labelled.map((row) => sets.get(row) ?? UNLABELLED),
      previous: labelled.map((row) => book.setOf(row)),
    });
  const put = Int32Array.from([...aside].sort((a, b) => a - b));
  if (put.length > 0) rows.push(markEvents('aside', put, true, 'id'));
  return { plan: { action: { rows, names: [] }, newSets: new Map() }, figures };
}

function noPairs(): Pairs {
  const none = new Int32Array(0);
  return { fresh: none, known: none, isSame: none, isByHand: none };
}
