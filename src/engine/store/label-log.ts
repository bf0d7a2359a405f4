import type { DuckDBConnection } from '@duckdb/node-api';
import type { LabelState } from '../../shared/contract';
import { AppError } from '../../shared/errors';
import type { Database } from './database';
import { LabelBook, UNLABELLED } from './label-book';

/** One line of the label log. What a kind does not need is null. */
interface LabelEvent {
  readonly kind: 'set' | 'add' | 'remove' | 'rename';
  readonly rowId: number | null;
  readonly set: number | null;
  readonly previousSet: number | null;
  readonly label: number | null;
  readonly name: string | null;
  readonly previousName: string | null;
}
type Source = 'person' | 'undo' | 'redo';

/**
 * Every change of labels as an event that is kept for good: the newest counts. Undo is one more event that says the
 * opposite of an earlier one, so there is no limit to it and it survives closing and crashes. What came from a file is
 * not undone here. An event is on the disk before the call returns.
 */
export class LabelLog {
  private nextSeq = 0;
  private readonly undoable: number[] = []; // actions, newest last
  private readonly redoable: number[] = [];
  /** Grows with every change, also by an import: what was computed from labels is old then. */
  revision = 0;

  private constructor(
    private readonly database: Database,
    readonly book: LabelBook,
  ) {}

  /** Reads labels, sets, the newest event of each row, and what can be undone. */
  static async load(database: Database, rows: number): Promise<LabelLog> {
    const log = new LabelLog(database, new LabelBook());
    log.book.growTo(rows);
    await log.readVocabulary();
    await log.readRows(0);
    const actions = await database.all(
      `SELECT action, any_value(source), any_value(undoes) FROM label_events WHERE source <> 'file' GROUP BY action ORDER BY action`,
    );
    for (const [action, source, undoes] of actions)
      log.remember(String(source) as Source, Number(action), Number(undoes ?? -1));
    const [last] = await database.all('SELECT max(seq) FROM label_events');
    log.nextSeq = Number(last?.[0] ?? -1) + 1;
    return log;
  }

  /** The first number of `count` new events, kept free for them. */
  reserve(count: number): number {
    const first = this.nextSeq;
    this.nextSeq += count;
    return first;
  }

  /** Takes up what an import has written to the labels, sets and events from `firstSeq` on. */
  async takeUp(firstSeq: number): Promise<void> {
    await this.readVocabulary();
    await this.readRows(firstSeq);
    this.revision++;
  }

  state(rowId: number | null): LabelState {
    const { book } = this;
    const canUndo = this.undoable.length > 0;
    return {
      labels: book.infos(),
      labelled: book.labelled,
      total: book.rows,
      canUndo,
      canRedo: this.redoable.length > 0,
      rowId,
    };
  }

  /**
   * Gives rows exactly these labels, as one step for undo; an empty list takes all away.
   * @throws AppError `bad-input` for an unknown label, `not-found` for an unknown row
   */
  async setLabels(rowIds: readonly number[], names: readonly string[]): Promise<LabelState> {
    const labels = [...new Set(names.map((name) => this.labelId(name)))];
    for (const rowId of rowIds) this.checkRow(rowId);
    const known = labels.length === 0 ? UNLABELLED : this.book.findSet(labels);
    const set = known ?? this.book.setCount;
    const changed = rowIds.filter((rowId) => this.book.setOf(rowId) !== set);
    if (changed.length === 0) return this.state(rowIds[0] ?? null);
    const events = changed.map((rowId) => setEvent(rowId, set, this.book.setOf(rowId)));
    await this.append('person', events, null, async (connection) => {
      if (known === undefined)
        await connection.run("INSERT INTO label_sets VALUES ($1, string_split($2, ',')::INTEGER[])", [
          set,
          labels.sort((a, b) => a - b).join(','),
        ]);
    });
    if (known === undefined) this.book.putSet(set, labels);
    for (const event of events) this.apply(event);
    return this.state(rowIds[0] ?? null);
  }

  /** Adds a label; one that is there already stays as it is. @throws AppError `bad-input` for an empty name */
  async addLabel(wanted: string): Promise<LabelState> {
    const name = labelName(wanted);
    const known = this.book.find(name);
    if (known && !known.removed) return this.state(null);
    const id = known?.id ?? this.book.labelCount;
    const event: LabelEvent = { ...nothing, kind: 'add', label: id, name };
    await this.append('person', [event], null);
    this.apply(event);
    return this.state(null);
  }

  /** Renames a label everywhere. @throws AppError `bad-input` where the new name is taken or the old unknown */
  async renameLabel(from: string, to: string): Promise<LabelState> {
    const label = this.labelId(from);
    const name = labelName(to);
    if (name === from) return this.state(null);
    if (this.book.find(name)) {
      throw new AppError('bad-input', `There is a label "${name}" already.`, {
        hint: 'Choose another name.',
        data: { got: name },
      });
    }
    const event: LabelEvent = { ...nothing, kind: 'rename', label, name, previousName: from };
    await this.append('person', [event], null);
    this.apply(event);
    return this.state(null);
  }

  /** Takes back the newest change that is not taken back yet; without one nothing happens. */
  async undo(): Promise<LabelState> {
    const action = this.undoable[this.undoable.length - 1];
    if (action === undefined) return this.state(null);
    return this.repeat('undo', action, (await this.eventsOf(action)).reverse().map(opposite));
  }

  /** Does again what was last taken back; without such nothing happens. */
  async redo(): Promise<LabelState> {
    const action = this.redoable[this.redoable.length - 1];
    if (action === undefined) return this.state(null);
    return this.repeat('redo', action, await this.eventsOf(action));
  }

  private async repeat(source: Source, action: number, events: readonly LabelEvent[]): Promise<LabelState> {
    await this.append(source, events, action);
    for (const event of events) this.apply(event);
    return this.state(events.find(({ rowId }) => rowId !== null)?.rowId ?? null);
  }

  /** Writes events as one action, all or none. */
  private async append(
    source: Source,
    events: readonly LabelEvent[],
    undoes: number | null,
    before: (connection: DuckDBConnection) => Promise<void> = () => Promise.resolve(),
  ): Promise<void> {
    const action = this.reserve(events.length);
    await this.database.transaction(async (connection) => {
      await before(connection);
      for (const event of events) await writeLabel(connection, event, this.book);
      const insert = await connection.prepare(
        'INSERT INTO label_events VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, epoch_ms($12::BIGINT))',
      );
      const at = BigInt(Date.now());
      for (const [i, e] of events.entries()) {
        insert.bind([
          action + i,
          action,
          source,
          e.kind,
          e.rowId,
          e.set,
          e.previousSet,
          e.label,
          e.name,
          e.previousName,
          undoes,
          at,
        ]);
        await insert.run();
      }
      insert.destroySync();
    });
    this.remember(source, action, undoes ?? -1);
  }

  private remember(source: Source, action: number, undoes: number): void {
    if (source === 'undo') {
      this.undoable.pop();
      this.redoable.push(undoes);
    } else if (source === 'redo') {
      this.redoable.pop();
      this.undoable.push(undoes);
    } else {
      this.undoable.push(action);
      this.redoable.length = 0;
    }
  }

  private apply(event: LabelEvent): void {
    const { book } = this;
    this.revision++;
    if (event.kind === 'set') book.setRow(event.rowId ?? 0, event.set ?? UNLABELLED);
    else book.putLabel({ id: event.label ?? 0, name: event.name ?? '', removed: event.kind === 'remove' });
  }

  private async eventsOf(action: number): Promise<LabelEvent[]> {
    const rows = await this.database.all(
      'SELECT kind, row_id, label_set, previous_set, label, name, previous_name FROM label_events WHERE action = $1 ORDER BY seq',
      [action],
    );
    const number = (value: unknown): number | null => (value === null ? null : Number(value));
    const text = (value: unknown): string | null => (value === null ? null : String(value));
    return rows.map(([kind, rowId, set, previousSet, label, name, previousName]) => ({
      kind: String(kind) as LabelEvent['kind'],
      rowId: number(rowId),
      set: number(set),
      previousSet: number(previousSet),
      label: number(label),
      name: text(name),
      previousName: text(previousName),
    }));
  }

  private async readVocabulary(): Promise<void> {
    const labels = await this.database.all('SELECT id, name, removed FROM labels ORDER BY id');
    for (const [id, name, removed] of labels)
      this.book.putLabel({ id: Number(id), name: String(name), removed: removed === true });
    const sets = await this.database.all(
      `SELECT id, array_to_string(labels, ',') FROM label_sets WHERE id >= $1 ORDER BY id`,
      [this.book.setCount],
    );
    for (const [id, ids] of sets) this.book.putSet(Number(id), ids === '' ? [] : String(ids).split(',').map(Number));
  }

  private async readRows(firstSeq: number): Promise<void> {
    const [rowIds, sets] = await this.database.integers(
      `SELECT row_id, arg_max(label_set, seq) FROM label_events WHERE kind = 'set' AND seq >= $1 GROUP BY row_id`,
      [firstSeq],
    );
    rowIds?.forEach((rowId, i) => this.book.setRow(rowId, sets?.[i] ?? UNLABELLED));
  }

  private labelId(name: string): number {
    const label = this.book.find(name);
    if (label && !label.removed) return label.id;
    throw new AppError('bad-input', `There is no label "${name}".`, { hint: 'Add it first.', data: { got: name } });
  }

  private checkRow(rowId: number): void {
    if (Number.isInteger(rowId) && rowId >= 0 && rowId < this.book.rows) return;
    throw new AppError('not-found', `There is no row ${String(rowId)}; rows are 0 to ${String(this.book.rows - 1)}.`, {
      data: { got: rowId },
    });
  }
}

const nothing = { rowId: null, set: null, previousSet: null, label: null, name: null, previousName: null } as const;

function setEvent(rowId: number, set: number, previousSet: number): LabelEvent {
  return { ...nothing, kind: 'set', rowId, set, previousSet };
}

function opposite(event: LabelEvent): LabelEvent {
  switch (event.kind) {
    case 'set':
      return { ...event, set: event.previousSet, previousSet: event.set };
    case 'rename':
      return { ...event, name: event.previousName, previousName: event.name };
    case 'add':
      return { ...event, kind: 'remove' };
    case 'remove':
      return { ...event, kind: 'add' };
  }
}

async function writeLabel(
  connection: DuckDBConnection,
  { kind, label, name }: LabelEvent,
  book: LabelBook,
): Promise<void> {
  if (kind === 'set' || label === null || name === null) return;
  if (label < book.labelCount) await connection.run('DELETE FROM labels WHERE id = $1', [label]);
  await connection.run('INSERT INTO labels VALUES ($1, $2, $3)', [label, name, kind === 'remove']);
}

/** A label's name without spaces around it. @throws AppError `bad-input` for an empty one */
function labelName(name: string): string {
  const trimmed = name.trim();
  if (trimmed !== '') return trimmed;
  throw new AppError('bad-input', 'Expected a name for the label, got an empty one.', { hint: 'Type a name.' });
}
