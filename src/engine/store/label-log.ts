import type { DuckDBConnection } from '@duckdb/node-api';
import type { LabelState } from '../../shared/contract';
import type { LabelInfo } from '../../shared/data-types';
import { AppError } from '../../shared/errors';
import type { AsideReason } from '../../shared/health-types';
import type { LabelSetEntry } from '../../shared/label-set';
import type { Database } from './database';
import { existingOrNew, labelIdOf, labelName, planRelabelling, type PlannedAction } from './label-actions';
import { LabelBook, UNLABELLED } from './label-book';
import type { UsedRows } from './label-effect';
import {
  eventCount,
  markEvents,
  newestValues,
  oppositeAction,
  readAction,
  writeEvents,
  type LabelAction,
  type NameEvent,
  type Source,
} from './label-events';
import { planMove, placeOf } from './label-places';
import { planLabelSet } from './label-set';
import { LabelSteps, stepOf } from './label-steps';
import { RowMarks, type RowMark } from './row-marks';
import { RowTally } from './row-tally';

/** Steps that are kept in memory to be taken back at once: so many, of at most so many events. */
const RECENT_STEPS = 500;
const RECENT_EVENTS = 256;

/**
 * Every change of labels as an event that is kept for good: the newest counts. Undo is one more event that says the
 * opposite of an earlier one, so there is no limit to it and it survives closing and crashes. What came from a file is
 * not undone here ({@link ProjectHistory} can take out a file as a whole). An event is on the disk before the call returns.
 */
export class LabelLog {
  private nextSeq = 0;
  /** Everything that can be taken back, also what is no label: {@link ProjectHistory} knows those. */
  readonly steps = new LabelSteps();
  private readonly recent = new Map<number, LabelAction>();
  readonly marks = new RowMarks();
  readonly tally: RowTally;
  /** Grows with every change, also by an import: what was computed from labels is old then. */
  revision = 0;

  private constructor(
    private readonly database: Database,
    readonly book: LabelBook,
  ) {
    this.tally = new RowTally(book, this.marks);
  }

  /** Reads labels, sets, the newest event of each row, and what can be undone. */
  static async load(database: Database, rows: number): Promise<LabelLog> {
    const log = new LabelLog(database, new LabelBook());
    log.tally.growTo(rows);
    await log.readVocabulary();
    await log.readRows(0);
    await log.readMarks(0);
    await log.readSteps();
    const [last] = await database.all(
      'SELECT greatest((SELECT max(seq) FROM label_events), (SELECT max(number) FROM changes))',
    );
    log.nextSeq = Number(last?.[0] ?? -1) + 1;
    return log;
  }

  /** The first number of `count` new events, kept free for them. */
  reserve(count: number): number {
    const first = this.nextSeq;
    this.nextSeq += count;
    return first;
  }

  /** Takes up what an import has written to the labels, sets and its `count` events from `firstSeq` on. */
  async takeUp(firstSeq: number, count: number): Promise<void> {
    await this.readVocabulary();
    const [rowIds, sets] = await this.database.integers(
      `SELECT row_id, label_set FROM label_events WHERE kind = 'set' AND seq >= $1 AND seq < $2`,
      [firstSeq, firstSeq + count],
    );
    if (rowIds && sets) this.tally.setFreshRows(rowIds, sets);
    this.revision++;
  }

  /** Takes up all that is known of rows that were out of the project and are back, and the steps about them. */
  async takeUpAgain(firstRow: number): Promise<void> {
    await this.readVocabulary();
    await this.readRows(firstRow);
    await this.readMarks(firstRow);
    await this.readSteps();
    this.revision++;
  }

  /** The number of the step that would be taken back next. */
  get lastAction(): number | undefined {
    return this.steps.nextUndo;
  }

  /** The rows that are not set aside, and how many of them have a label. */
  get used(): UsedRows {
    const { marks, tally } = this;
    return {
      count: tally.rows,
      isUsed: (row) => !marks.has(row, 'aside'),
      countOf: (label) => tally.countOf(label),
    };
  }

  /** Labels that are in use or can be, each with its rows; those that are set aside are not counted. */
  labels(): LabelInfo[] {
    return this.book.infos((label) => this.tally.countOf(label));
  }

  state(rowId: number | null): LabelState {
    const { steps, marks, tally } = this;
    return {
      labels: this.labels(),
      labelled: tally.labelled,
      total: tally.rows,
      canUndo: steps.canUndo,
      canRedo: steps.canRedo,
      rowId,
      undoStep: steps.undoStep,
      redoStep: steps.redoStep,
      marks: { flagged: marks.count('flag'), skipped: marks.count('skip'), noted: marks.noted },
    };
  }

  /**
   * Gives rows exactly these labels, as one step for undo; an empty list takes all away, or with `none` says that no
   * label fits.
   * @throws AppError `bad-input` for an unknown label, `not-found` for an unknown row
   */
  async setLabels(rowIds: readonly number[], names: readonly string[], none = false): Promise<LabelState> {
    const labels = names.map((name) => labelIdOf(this.book, name));
    for (const rowId of rowIds) this.checkRow(rowId);
    const unlabelled = labels.length === 0 && !none;
    const plan = planRelabelling(this.book, Int32Array.from(rowIds), () => (unlabelled ? null : labels));
    await this.make(plan);
    return this.state(rowIds[0] ?? null);
  }

  /** Makes a change that was worked out on the state as it stands; one that changes nothing is no step. */
  async make({ action, newSets }: PlannedAction, rowId: number | null = null): Promise<LabelState> {
    if (eventCount(action) === 0) return this.state(rowId);
    await this.append('person', action, null, async (connection) => {
      for (const [id, labels] of newSets)
        await connection.run(
          "INSERT INTO label_sets SELECT $1, CASE WHEN $2 = '' THEN []::INTEGER[] ELSE string_split($2, ',')::INTEGER[] END",
          [id, labels.join(',')],
        );
    });
    for (const [id, labels] of newSets) this.book.putSet(id, labels);
    this.made(action);
    return this.state(rowId);
  }

  /**
   * Writes a change of rows within a transaction of the caller's, as one step.
   * @returns what takes the change up, to be called once the transaction is through
   */
  async writeWithin(connection: DuckDBConnection, action: LabelAction): Promise<() => void> {
    if (eventCount(action) === 0) return () => undefined;
    const number = this.reserve(eventCount(action));
    await writeEvents(connection, { action: number, source: 'person', undoes: null }, action);
    return () => {
      this.steps.push('person', number, -1);
      this.made(action);
    };
  }

  /** Takes up the newest step, which is on the disk. */
  private made(action: LabelAction): void {
    this.apply(action);
    const made = this.steps.nextUndo ?? -1;
    this.remember(made, action);
    this.steps.describe(made, stepOf(action, this.book));
  }

  /** Adds a label; one that is there already stays as it is. @throws AppError `bad-input` for an empty name */
  addLabel(wanted: string): Promise<LabelState> {
    return this.makeNames(existingOrNew(this.book, wanted).names);
  }

  /** Renames a label everywhere. @throws AppError `bad-input` where the new name is taken or the old unknown */
  async renameLabel(from: string, to: string): Promise<LabelState> {
    const id = labelIdOf(this.book, from);
    const name = labelName(to);
    if (name === from) return this.state(null);
    const taken = this.book.find(name);
    if (taken && (!taken.removed || this.book.countOf(taken.id) > 0)) {
      throw new AppError('bad-input', `There is a label "${name}" already.`, {
        hint: 'Choose another name, or merge the two labels.',
        data: { got: name },
        says: { sentence: 'labelThere', label: name },
      });
    }
    return this.makeNames([{ kind: 'rename', id, name, previousName: from }]);
  }

  /** Says what belongs under a label, and its colour; what is left out stays. @throws AppError `bad-input` */
  describeLabel(
    name: string,
    words: { description?: string | undefined; color?: string | undefined },
  ): Promise<LabelState> {
    const id = labelIdOf(this.book, name);
    const old = this.book.wordsOf(id);
    const { description = old.description, color = old.colour } = words;
    const events: NameEvent[] = [
      { kind: 'describe', id, name: description.trim(), previousName: old.description },
      { kind: 'colour', id, name: color, previousName: old.colour },
    ];
    return this.makeNames(events.filter((event) => event.name !== event.previousName));
  }

  /** Puts a label at another place of the list, from 0. @throws AppError `bad-input` for an unknown one */
  moveLabel(name: string, place: number): Promise<LabelState> {
    return this.makeNames(planMove(this.book, name, place));
  }

  /** Adds, describes and orders labels as a file has them, as one step; labels that it does not name stay behind. */
  takeLabelSet(labels: readonly LabelSetEntry[]): Promise<LabelState> {
    return this.makeNames(planLabelSet(this.book, labels).names);
  }

  /**
   * Puts a mark on rows or takes it off, as one step.
   * @param reason of `aside`: why
   * @throws AppError `not-found` for an unknown row
   */
  mark(rowIds: ArrayLike<number>, mark: RowMark, on: boolean, reason?: AsideReason): Promise<LabelState> {
    const changed = Int32Array.from(rowIds).filter((row) => this.marks.has(row, mark) !== on);
    for (const row of changed) this.checkRow(row);
    const rows = changed.length === 0 ? [] : [markEvents(mark, changed, on, reason)];
    return this.make({ action: { rows, names: [] }, newSets: new Map() }, rowIds[0] ?? null);
  }

  /** Writes a note on a row; an empty one takes it away. @throws AppError `not-found` */
  note(row: number, text: string): Promise<LabelState> {
    this.checkRow(row);
    const name = text.trim();
    const previousName = this.marks.noteOf(row);
    return this.makeNames(name === previousName ? [] : [{ kind: 'note', id: row, name, previousName }], row);
  }

  /** Takes back the newest change that is not taken back yet; without one nothing happens. */
  async undo(): Promise<LabelState> {
    const action = this.steps.nextUndo;
    if (action === undefined) return this.state(null);
    return this.repeat('undo', action, oppositeAction(await this.actionOf(action)));
  }

  /** Does again what was last taken back; without such nothing happens. */
  async redo(): Promise<LabelState> {
    const action = this.steps.nextRedo;
    if (action === undefined) return this.state(null);
    return this.repeat('redo', action, await this.actionOf(action));
  }

  private makeNames(names: readonly NameEvent[], rowId: number | null = null): Promise<LabelState> {
    return this.make({ action: { rows: [], names }, newSets: new Map() }, rowId);
  }

  private async repeat(source: Source, number: number, action: LabelAction): Promise<LabelState> {
    await this.append(source, action, number);
    this.apply(action);
    await this.readWords();
    const note = action.names.find(({ kind }) => kind === 'note')?.id;
    return this.state(action.rows[0]?.rowIds[0] ?? note ?? null);
  }

  private async readSteps(): Promise<void> {
    await this.steps.load(this.database);
    await this.readWords();
  }

  /** Looks up the figures of the steps to take back and do again next, where a session before this one has made them. */
  async readWords(): Promise<void> {
    const { nextUndo, undoStep, nextRedo, redoStep } = this.steps;
    for (const [action, known] of [
      [nextUndo, undoStep],
      [nextRedo, redoStep],
    ] as const)
      if (action !== undefined && known === null)
        this.steps.describe(action, stepOf(await this.actionOf(action), this.book));
  }

  /** What a step has done, out of memory where it is not long ago. */
  private async actionOf(number: number): Promise<LabelAction> {
    const known = this.recent.get(number);
    if (known) return known;
    const action = await readAction(this.database, number);
    this.remember(number, action);
    return action;
  }

  private remember(number: number, action: LabelAction): void {
    if (eventCount(action) > RECENT_EVENTS) return;
    this.recent.set(number, action);
    const [oldest] = this.recent.keys();
    if (this.recent.size > RECENT_STEPS && oldest !== undefined) this.recent.delete(oldest);
  }

  /** Writes events as one action, all or none. */
  private async append(
    source: Source,
    action: LabelAction,
    undoes: number | null,
    before: (connection: DuckDBConnection) => Promise<void> = () => Promise.resolve(),
  ): Promise<void> {
    const number = this.reserve(eventCount(action));
    await this.database.transaction(async (connection) => {
      await before(connection);
      for (const event of action.names) await writeLabel(connection, event, this.book);
      await writeEvents(connection, { action: number, source, undoes }, action);
    });
    this.steps.push(source, number, undoes ?? -1);
  }

  private apply({ rows, names }: LabelAction): void {
    const { book, marks, tally } = this;
    this.revision++;
    for (const { kind, id, name } of names) {
      if (kind === 'note') marks.setNote(id, name);
      else if (kind === 'describe') book.setWords(id, { description: name });
      else if (kind === 'colour') book.setWords(id, { colour: name });
      else if (kind === 'place') book.setWords(id, { place: placeOf(name) });
      else book.putLabel({ id, name, removed: kind === 'remove' });
    }
    for (const { kind, rowIds, values } of rows) {
      rowIds.forEach((row, i) => {
        const value = values[i] ?? UNLABELLED;
        if (kind === 'set') tally.setRow(row, value);
        else tally.setMark(row, kind, value === 1);
      });
    }
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

  private async readRows(firstRow: number): Promise<void> {
    const [rowIds, sets] = await this.database.integers(newestValues('set', firstRow));
    if (rowIds && sets) this.tally.setFreshRows(rowIds, sets);
  }

  private async readMarks(firstRow: number): Promise<void> {
    const names = await this.database.all(
      `SELECT kind, coalesce(label, row_id), arg_max(name, seq) FROM label_events
       WHERE kind IN ('describe', 'colour', 'place', 'note') AND coalesce(row_id, $1) >= $1 GROUP BY 1, 2`,
      [firstRow],
    );
    for (const [kind, id, name] of names) {
      if (kind === 'note') this.marks.setNote(Number(id), String(name));
      else if (kind === 'place') this.book.setWords(Number(id), { place: placeOf(String(name)) });
      else this.book.setWords(Number(id), { [kind === 'colour' ? 'colour' : 'description']: String(name) });
    }
    for (const mark of ['flag', 'skip', 'keep', 'aside'] as const) {
      const [rowIds, values] = await this.database.integers(newestValues(mark, firstRow));
      rowIds?.forEach((row, i) => this.tally.setMark(row, mark, values?.[i] === 1));
    }
  }

  private checkRow(rowId: number): void {
    if (Number.isInteger(rowId) && rowId >= 0 && rowId < this.book.rows) return;
    throw new AppError('not-found', `There is no row ${String(rowId)}; rows are 0 to ${String(this.book.rows - 1)}.`, {
      data: { got: rowId },
    });
  }
}

/** Keeps the table of labels in step with an event about one. */
async function writeLabel(connection: DuckDBConnection, { kind, id, name }: NameEvent, book: LabelBook): Promise<void> {
  if (kind !== 'add' && kind !== 'remove' && kind !== 'rename') return;
  if (id < book.labelCount) await connection.run('DELETE FROM labels WHERE id = $1', [id]);
  await connection.run('INSERT INTO labels VALUES ($1, $2, $3)', [id, name, kind === 'remove']);
}
