import type { DuckDBConnection } from '@duckdb/node-api';
import type { Database } from './database';
import { appendColumns } from './append-columns';

/** What an event about a row says: its labels, or a mark (1 or 0) that a person has put on it. */
export type RowEventKind = 'set' | 'flag' | 'skip' | 'keep' | 'aside';
/** What an event about a label, or a row's note, says. */
export type NameEventKind = 'add' | 'remove' | 'rename' | 'describe' | 'colour' | 'place' | 'note';
/** Who made an event. */
export type Source = 'person' | 'undo' | 'redo';

/** Events of one kind about many rows, in columns: a million of them are three arrays. */
export interface RowEvents {
  readonly kind: RowEventKind;
  readonly rowIds: Int32Array;
  readonly values: Int32Array; // a set of labels, or 1 and 0
  readonly previous: Int32Array;
  /** Of `aside`: why, as an `AsideReason`. */
  readonly reason?: string | undefined;
}

/** The events that put a mark on rows, or take it off; none of them may be so already. */
export function markEvents(
  kind: Exclude<RowEventKind, 'set'>,
  rowIds: Int32Array,
  on: boolean,
  reason?: string,
): RowEvents {
  const all = (value: boolean): Int32Array => new Int32Array(rowIds.length).fill(Number(value));
  return { kind, rowIds, values: all(on), previous: all(!on), reason };
}

/** SQL for what counts now of one kind about each row from `firstRow` on, the newest event: row_id, value. */
export function newestValues(kind: RowEventKind, firstRow = 0): string {
  return `SELECT row_id, arg_max(label_set, seq) AS value FROM label_events
    WHERE kind = '${kind}' AND row_id >= ${String(firstRow)} GROUP BY row_id`;
}

/** One event about a label, or about the note of a row. */
export interface NameEvent {
  readonly kind: NameEventKind;
  /** The label's id; for `note` the row. */
  readonly id: number;
  readonly name: string;
  readonly previousName: string;
}

/** One step for undo: everything that happens together. */
export interface LabelAction {
  readonly rows: readonly RowEvents[];
  readonly names: readonly NameEvent[];
}

/** From so many events on they are written in bulk instead of one by one. */
const BULK = 64;

/** The action that takes another one back. */
export function oppositeAction({ rows, names }: LabelAction): LabelAction {
  return {
    rows: rows.map((events) => ({ ...events, values: events.previous, previous: events.values })),
    names: [...names].reverse().map(oppositeName),
  };
}

function oppositeName(event: NameEvent): NameEvent {
  if (event.kind === 'add') return { ...event, kind: 'remove' };
  if (event.kind === 'remove') return { ...event, kind: 'add' };
  return { ...event, name: event.previousName, previousName: event.name };
}

/** Number of events of an action. */
export function eventCount({ rows, names }: LabelAction): number {
  return names.length + rows.reduce((sum, { rowIds }) => sum + rowIds.length, 0);
}

/** What is written beside each event of an action. */
export interface ActionHead {
  readonly action: number; // the number of its first event
  readonly source: Source;
  readonly undoes: number | null;
}

/** Writes the events of an action, within a transaction; labels and sets are written by the caller. */
export async function writeEvents(connection: DuckDBConnection, head: ActionHead, action: LabelAction): Promise<void> {
  const at = BigInt(Date.now());
  const insert = await connection.prepare(
    'INSERT INTO label_events VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, epoch_ms($12::BIGINT))',
  );
  let seq = head.action;
  const one = async (kind: string, ...values: (number | string | null)[]): Promise<void> => {
    insert.bind([seq++, head.action, head.source, kind, ...values, head.undoes, at]);
    await insert.run();
  };
  try {
    for (const { kind, id, name, previousName } of action.names) {
      const isNote = kind === 'note';
      await one(kind, isNote ? id : null, null, null, isNote ? null : id, name, previousName);
    }
    for (const events of action.rows) {
      if (events.rowIds.length < BULK) {
        for (const [i, row] of events.rowIds.entries())
          await one(
            events.kind,
            row,
            events.values[i] ?? 0,
            events.previous[i] ?? 0,
            null,
            events.reason ?? null,
            null,
          );
        continue;
      }
      await writeInBulk(connection, head, events, seq, at);
      seq += events.rowIds.length;
    }
  } finally {
    insert.destroySync();
  }
}

async function writeInBulk(
  connection: DuckDBConnection,
  { action, source, undoes }: ActionHead,
  { kind, rowIds, values, previous, reason }: RowEvents,
  firstSeq: number,
  at: bigint,
): Promise<void> {
  await connection.run(
    'CREATE OR REPLACE TEMP TABLE events_now (seq INTEGER, row_id INTEGER, value INTEGER, previous INTEGER)',
  );
  await appendColumns(connection, 'events_now', [
    { type: 'integer', values: rowIds.map((_, i) => firstSeq + i) },
    { type: 'integer', values: rowIds },
    { type: 'integer', values },
    { type: 'integer', values: previous },
  ]);
  await connection.run(
    `INSERT INTO label_events
     SELECT seq, $1, $2, $3, row_id, value, previous, NULL, $4, NULL, $5, epoch_ms($6::BIGINT) FROM events_now ORDER BY seq`,
    [action, source, kind, reason ?? null, undoes, at],
  );
  await connection.run('DROP TABLE events_now');
}

/** Reads an action back, to repeat it or to take it back. */
export async function readAction(database: Database, action: number): Promise<LabelAction> {
  const kinds = await database.all(
    `SELECT kind, any_value(name) FROM label_events
     WHERE action = $1 AND kind IN ('set', 'flag', 'skip', 'keep', 'aside') GROUP BY kind`,
    [action],
  );
  const rows: RowEvents[] = [];
  for (const [kind, name] of kinds) {
    const [rowIds, values, previous] = await database.integers(
      'SELECT row_id, label_set, previous_set FROM label_events WHERE action = $1 AND kind = $2 ORDER BY seq',
      [action, String(kind)],
    );
    const reason = name === null || name === undefined ? {} : { reason: String(name) };
    if (rowIds && values && previous)
      rows.push({ kind: String(kind) as RowEventKind, rowIds, values, previous, ...reason });
  }
  const names = await database.all(
    `SELECT kind, coalesce(label, row_id), name, previous_name FROM label_events
     WHERE action = $1 AND kind NOT IN ('set', 'flag', 'skip', 'keep', 'aside') ORDER BY seq`,
    [action],
  );
  return {
    rows,
    names: names.map(([kind, id, name, previousName]) => ({
      kind: String(kind) as NameEventKind,
      id: Number(id),
      name: String(name ?? ''),
      previousName: String(previousName ?? ''),
    })),
  };
}
