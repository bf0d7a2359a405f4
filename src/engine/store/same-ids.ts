import type { DuckDBConnection } from '@duckdb/node-api';
import type { IdSummary } from '../../shared/data-types';
import { appendColumns } from './append-columns';
import type { ImportTarget, StoredImport } from './import-rows';
import { UNLABELLED } from './label-book';
import { markEvents, newestValues, type LabelAction, type RowEvents } from './label-events';
import type { LabelLog } from './label-log';
import { literal } from './row-sql';

/** So many ids that stand twice in a file are named. */
const NAMED = 20;

/** Where an import under way is compared: in its own transaction, which sees the rows that it brings. */
export interface ComparedWithin extends Pick<ImportTarget, 'database' | 'log' | 'imports'> {
  readonly connection: DuckDBConnection;
}

/** What the comparison said, and what takes its changes up once the transaction is through. */
export interface SettledIds {
  readonly summary: IdSummary;
  readonly took: () => void;
}

/** Rows that belong to one another, in columns. */
interface Pairs {
  readonly fresh: Int32Array; // of the file, ascending
  readonly known: Int32Array; // the newest row of that id that was in use
  readonly isSame: Int32Array; // 1 where the texts are equal
  readonly isByHand: Int32Array; // 1 where a person has labelled the known row
  readonly brought: Int32Array; // the set of labels that the file gives the fresh row
}

/**
 * Compares the rows of a file that is being imported with the rows of the same role that were there, by their ids, in the
 * transaction that brings them: of a row that comes again only one stays in use. Where its text is as it was, that is the
 * row that was there; where it has changed, the new one, on the same side of the split and with the labels of the old one
 * where it brings none. Labels that a person has given are kept against those of the file; labels that came from an
 * earlier file make way. Nothing is deleted: the others are set aside, as one step for undo.
 *
 * The rows are joined by the database, in one pass; what is held in memory is five numbers a pair. The caller holds the
 * database.
 *
 * @param firstSeq the number of the import's first event
 * @param column the name of the id column, in this file and in those before
 */
export async function settleSameIds(
  { connection, database, log, imports }: ComparedWithin,
  stored: StoredImport,
  firstSeq: number,
  column: string,
): Promise<SettledIds> {
  const fresh = keyedRows([stored.id], column);
  const earlier = imports.filter(({ id, role }) => id !== stored.id && role === stored.role).map(({ id }) => id);
  const repeated = await repeatedIds(connection, fresh);
  const pairs =
    earlier.length === 0
      ? noPairs()
      : await pairsOf({ database, connection }, fresh, keyedRows(earlier, column), firstSeq);
  const { action, figures } = settle(log, pairs);
  await keepSides(connection, pairs);
  const took = await log.writeWithin(connection, action);
  return { summary: { ...figures, fresh: stored.rows - pairs.fresh.length, ...repeated }, took };
}

/** A row that takes another's place is on its side of the split, unless its file says otherwise. */
async function keepSides(connection: DuckDBConnection, { fresh, known, isSame }: Pairs): Promise<void> {
  const replaced = fresh.map((_, i) => i).filter((i) => isSame[i] === 0);
  if (replaced.length === 0) return;
  await connection.run('CREATE TEMP TABLE replaced (fresh INTEGER, known INTEGER)');
  await appendColumns(connection, 'replaced', [
    { type: 'integer', values: replaced.map((i) => fresh[i] ?? 0) },
    { type: 'integer', values: replaced.map((i) => known[i] ?? 0) },
  ]);
  const anew = 'fresh NOT IN (SELECT row_id FROM given_splits)';
  for (const table of ['splits', 'given_splits'])
    await connection.run(
      `INSERT INTO ${table} SELECT fresh, split FROM replaced JOIN ${table} ON row_id = known WHERE ${anew}`,
    );
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

async function repeatedIds(
  connection: DuckDBConnection,
  fresh: string,
): Promise<Pick<IdSummary, 'repeated' | 'repeatedCount'>> {
  const result = await connection.runAndReadAll(
    `SELECT key, array_to_string(list_slice(list(line ORDER BY line), 1, 5), ','), count(*) OVER ()
     FROM (${fresh}) GROUP BY key HAVING count(*) > 1 ORDER BY min(line) LIMIT ${String(NAMED)}`,
  );
  const found = result.getRows();
  const repeated = found.map(([key, lines]) => ({ id: String(key), lines: String(lines).split(',').map(Number) }));
  return { repeated, repeatedCount: Number(found[0]?.[2] ?? 0) };
}

async function pairsOf(
  { database, connection }: Pick<ComparedWithin, 'database' | 'connection'>,
  fresh: string,
  known: string,
  firstSeq: number,
): Promise<Pairs> {
  const [freshIds, knownIds, same, byHand, brought] = await database.integers(
    `WITH fresh AS (${fresh}),
     put AS (SELECT row_id FROM (${newestValues('aside')}) WHERE value = 1),
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
       WHERE kind = 'set' AND row_id IN (SELECT known_id FROM pairs) GROUP BY row_id),
     brought AS (SELECT row_id, label_set FROM label_events WHERE kind = 'set' AND seq >= $1)
     SELECT fresh_id, known_id, same, coalesce(by_hand, 0), coalesce(brought.label_set, ${String(UNLABELLED)})
     FROM pairs LEFT JOIN givers ON givers.row_id = known_id LEFT JOIN brought ON brought.row_id = fresh_id
     ORDER BY fresh_id, known_id`,
    [firstSeq],
    connection,
  );
  if (!freshIds || !knownIds || !same || !byHand || !brought) return noPairs();
  return { fresh: freshIds, known: knownIds, isSame: same, isByHand: byHand, brought };
}

/** Which row of each pair stays, and with which labels. */
function settle(
  { book }: LabelLog,
  pairs: Pairs,
): { action: LabelAction; figures: Pick<IdSummary, 'changed' | 'same' | 'labelsKept' | 'labelsTaken'> } {
  const figures = { changed: 0, same: 0, labelsKept: 0, labelsTaken: 0 };
  const aside = new Set<number>();
  const sets = new Map<number, number>(); // row → the set of labels that it gets
  const broughtBy = new Map<number, number>(); // fresh row → its set of labels, which the book does not know yet
  const standing = new Set<number>(); // known rows that come again as they were
  pairs.known.forEach((row, i) => pairs.isSame[i] === 1 && standing.add(row));
  pairs.fresh.forEach((fresh, i) => {
    const known = pairs.known[i] ?? 0;
    const isSame = pairs.isSame[i] === 1;
    const [stays, goes] = isSame ? [known, fresh] : [fresh, known];
    figures[isSame ? 'same' : 'changed']++;
    if (goes === fresh || !standing.has(known)) aside.add(goes);
    const [brought, had] = [pairs.brought[i] ?? UNLABELLED, book.setOf(known)];
    broughtBy.set(fresh, brought);
    const isKept = had !== UNLABELLED && (brought === UNLABELLED || pairs.isByHand[i] === 1);
    if (brought !== UNLABELLED && had !== UNLABELLED && brought !== had)
      figures[isKept ? 'labelsKept' : 'labelsTaken']++;
    const wanted = isKept ? had : brought;
    if ((isSame ? had : brought) !== wanted) sets.set(stays, wanted);
  });
  const rows: RowEvents[] = [];
  const labelled = Int32Array.from([...sets.keys()].sort((a, b) => a - b));
  if (labelled.length > 0)
    rows.push({
      kind: 'set',
      rowIds: labelled,
      values: labelled.map((row) => sets.get(row) ?? UNLABELLED),
      previous: labelled.map((row) => broughtBy.get(row) ?? book.setOf(row)),
    });
  const put = Int32Array.from([...aside].sort((a, b) => a - b));
  if (put.length > 0) rows.push(markEvents('aside', put, true, 'id'));
  return { action: { rows, names: [] }, figures };
}

function noPairs(): Pairs {
  const none = new Int32Array(0);
  return { fresh: none, known: none, isSame: none, isByHand: none, brought: none };
}
