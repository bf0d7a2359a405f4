import type { DuckDBConnection } from '@duckdb/node-api';
import type { AppliedRemedy, RemedyId } from '../../shared/health-types';
import { AppError } from '../../shared/errors';
import type { Database } from './database';
import { labelIdOf, planRelabelling, type PlannedAction } from './label-actions';
import { BY_PERSON, isTextChange, type ChangeLog } from './change-log';
import type { HistoryLimits } from './history-limits';
import { UNLABELLED } from './label-book';
import { markEvents, oppositeAction, readAction, type LabelAction, type RowEvents } from './label-events';
import type { LabelLog } from './label-log';
import type { ProjectHistory } from './project-history';
import { editTexts, forgetTexts, toggleTexts } from './text-edits';

/** Labels that are to be one. */
export interface LabelMerge {
  readonly keep: string;
  readonly merge: readonly string[];
}

/** What is to be done, with the rows it is about. */
export type RemedyOrder =
  | { readonly kind: 'set-aside' | 'unlabel'; readonly rows: Int32Array }
  /** The set of labels that each row gets; null sets the row aside. */
  | { readonly kind: 'relabel'; readonly rows: Int32Array; readonly setFor: (row: number) => number | null }
  | { readonly kind: 'merge'; readonly merges: readonly LabelMerge[] }
  | { readonly kind: 'edit'; readonly rows: Int32Array; readonly edit: (text: string) => string };

/** The parts of the store that remedies change, and where they note it. */
export interface RemedyParts {
  readonly database: Database;
  readonly log: LabelLog;
  readonly changes: ChangeLog;
  readonly history: ProjectHistory;
  readonly limits: HistoryLimits;
}

/** What the newest entry about the action in a column of `remedies` is: 'undo', 'redo' or nothing. */
const lastAbout = (column: string): string => `(SELECT arg_max(e.source, e.seq) FROM label_events e
  WHERE e.undoes = r.${column} AND r.${column} IS NOT NULL)`;

/**
 * What was done about the findings of the health report. Rows that are set aside and labels that change are steps of
 * the label log, changed texts are steps of the {@link ChangeLog} and kept as they were, so undo and redo on any screen
 * know them. Each remedy can also be taken back by itself, in any order: what somebody has changed since stays.
 */
export class Remedies {
  private readonly database: Database;
  private readonly log: LabelLog;

  constructor(private readonly parts: RemedyParts) {
    this.database = parts.database;
    this.log = parts.log;
  }

  /** All that were applied, newest first. */
  async list(): Promise<AppliedRemedy[]> {
    const rows = await this.database.all(
      `SELECT r.id, r.issue, r.remedy, r.row_count, epoch_ms(r.happened_at), r.undone, r.reverted IS NOT NULL,
         ${lastAbout('action')}, ${lastAbout('reverted')},
         r.action IS NULL AND r.id NOT IN (SELECT DISTINCT remedy FROM text_edits)
       FROM remedies r ORDER BY r.id DESC`,
    );
    return rows.map(([id, issue, remedy, count, at, undone, reverted, last, lastOfReverting, forgotten]) => ({
      id: Number(id),
      issue: String(issue),
      remedy: String(remedy) as RemedyId,
      rows: Number(count),
      at: new Date(Number(at)).toISOString(),
      undone: last === 'undo' || (reverted === true ? lastOfReverting !== 'undo' : undone === true),
      forgotten: forgotten === true,
    }));
  }

  /** Applies a remedy as one step. @returns the number of rows that were changed */
  async apply(issue: string, remedy: RemedyId, order: RemedyOrder): Promise<number> {
    const [last] = await this.database.all('SELECT coalesce(max(id), 0) FROM remedies');
    const id = Number(last?.[0] ?? 0) + 1;
    if (order.kind === 'edit') return this.editTexts({ id, issue, remedy, rows: 0, action: null }, order);
    const planned = this.plan(order, issue);
    const rows = new Set(planned.action.rows.flatMap(({ rowIds }) => [...rowIds])).size;
    const before = this.log.lastAction;
    await this.log.make(planned);
    const action = this.log.lastAction;
    if (action === undefined || action === before) return 0;
    await this.database.transaction((connection) => write(connection, { id, issue, remedy, rows, action }));
    return rows;
  }

  /**
   * Takes a remedy back, or applies it again, whatever was done since.
   * @throws AppError `not-found`; `bad-input` where the texts as they were are no longer kept
   */
  async setUndone(id: number, undone: boolean): Promise<void> {
    const now = (await this.list()).find((one) => one.id === id);
    if (!now) throw new AppError('not-found', `There is no remedy ${String(id)}.`, { data: { got: id } });
    if (now.undone === undone) return;
    if (now.forgotten) throw forgotten(now);
    const [found] = await this.database.all('SELECT action FROM remedies WHERE id = $1', [id]);
    const action = found?.[0] ?? null;
    const { steps } = this.log;
    const { history } = this.parts;
    // The newest step of all, or the one undone last: then it is that step, and no new one.
    if (undone && this.isAbout(steps.nextUndo, id, action)) return history.repeat('undo');
    if (!undone && this.isAbout(steps.nextRedo, id, action)) return history.repeat('redo');
    if (action === null) return this.toggle(now, undone);
    await this.repeat(Number(action), undone, id);
  }

  private isAbout(step: number | undefined, remedy: number, action: unknown): boolean {
    if (step === undefined) return false;
    if (action !== null) return step === Number(action);
    const change = this.parts.changes.get(step);
    return change !== undefined && isTextChange(change) && change.kind !== 'text-back' && change.ref === remedy;
  }

  private async editTexts(remedy: NewRemedy, order: RemedyOrder & { readonly kind: 'edit' }): Promise<number> {
    const { changes, limits } = this.parts;
    const kind = remedy.remedy === 'repair-text' ? 'repair-text' : 'strip-markup';
    const number = this.log.reserve(1);
    const change = (rows: number) => ({ kind, ref: remedy.id, rows, name: '', detail: null }) as const;
    let passed: number[] = [];
    const edited = await editTexts(this.database, remedy.id, order.rows, order.edit, async (connection, rows) => {
      if (rows === 0) return;
      await write(connection, { ...remedy, rows });
      await changes.write(connection, number, BY_PERSON, change(rows));
      const gone = await forgetTexts(connection, limits.textBytes);
      passed = changes
        .undoable()
        .filter(([, old]) => isTextChange(old) && gone.includes(old.ref))
        .map(([one]) => one);
      await changes.pass(connection, passed);
    });
    if (edited === 0) return 0;
    changes.took(number, BY_PERSON, change(edited));
    await changes.passed(passed);
    return edited;
  }

  /** Takes a change of texts back by itself, or makes it again: a step like any other. */
  private async toggle({ id, rows }: AppliedRemedy, undone: boolean): Promise<void> {
    const kind = undone ? 'text-back' : 'text-again';
    await this.parts.changes.make({ kind, ref: id, rows, name: '', detail: null }, (connection) =>
      toggleTexts(this.database, connection, id, undone),
    );
  }

  /** Says the opposite of an earlier action, or the same again, for the rows that still are as it left them. */
  private async repeat(number: number, undone: boolean, id: number): Promise<void> {
    const original = await readAction(this.database, number);
    const wanted = undone ? oppositeAction(original) : original;
    const rows = wanted.rows.map((events) => this.stillSo(events)).filter(({ rowIds }) => rowIds.length > 0);
    const before = this.log.lastAction;
    await this.log.make({ action: { rows, names: wanted.names }, newSets: new Map() });
    const made = this.log.lastAction === before ? null : (this.log.lastAction ?? null);
    await this.database.transaction(async (connection) => {
      await connection.run('UPDATE remedies SET undone = $1, action = $2, reverted = $3 WHERE id = $4', [
        undone,
        undone ? number : (made ?? number),
        undone ? made : null,
        id,
      ]);
    });
  }

  private stillSo(events: RowEvents): RowEvents {
    const { kind, rowIds, values, previous } = events;
    const { book, marks } = this.log;
    const now = (row: number): number => (kind === 'set' ? book.setOf(row) : Number(marks.has(row, kind)));
    const keep = (_: unknown, i: number): boolean => now(rowIds[i] ?? 0) === previous[i];
    return { ...events, rowIds: rowIds.filter(keep), values: values.filter(keep), previous: previous.filter(keep) };
  }

  private plan(order: Exclude<RemedyOrder, { kind: 'edit' }>, issue: string): PlannedAction {
    switch (order.kind) {
      case 'set-aside':
        return plain({ rows: [this.aside(order.rows, issue)], names: [] });
      case 'unlabel':
        return planRelabelling(this.log.book, order.rows, () => null);
      case 'relabel':
        return plain({ rows: this.relabelled(order.rows, order.setFor, issue), names: [] });
      case 'merge':
        return this.merge(order.merges);
    }
  }

  private aside(rows: Int32Array, reason: string): RowEvents {
    const rowIds = rows.filter((row) => !this.log.marks.has(row, 'aside'));
    return markEvents('aside', rowIds, true, reason);
  }

  private relabelled(rows: Int32Array, setFor: (row: number) => number | null, issue: string): RowEvents[] {
    const { book } = this.log;
    const changed = rows.filter((row) => ![null, book.setOf(row)].includes(setFor(row)));
    const events: RowEvents[] = [
      {
        kind: 'set',
        rowIds: changed,
        values: changed.map((row) => setFor(row) ?? UNLABELLED),
        previous: changed.map((row) => book.setOf(row)),
      },
      this.aside(
        rows.filter((row) => setFor(row) === null),
        issue,
      ),
    ];
    return events.filter(({ rowIds }) => rowIds.length > 0);
  }

  private merge(merges: readonly LabelMerge[]): PlannedAction {
    const { book } = this.log;
    const becomes = new Map<number, number>();
    for (const { keep, merge } of merges) {
      const target = labelIdOf(book, keep);
      for (const name of merge) if (labelIdOf(book, name) !== target) becomes.set(labelIdOf(book, name), target);
    }
    const names = [...becomes.keys()].map((id) => ({
      kind: 'remove' as const,
      id,
      name: book.name(id),
      previousName: '',
    }));
    return planRelabelling(
      book,
      null,
      (ids) => (ids?.some((id) => becomes.has(id)) ? ids.map((id) => becomes.get(id) ?? id) : ids),
      names,
    );
  }
}

function plain(action: LabelAction): PlannedAction {
  return { action, newSets: new Map() };
}

/** A remedy as it is written down. */
interface NewRemedy {
  readonly id: number;
  readonly issue: string;
  readonly remedy: RemedyId;
  readonly rows: number;
  readonly action: number | null; // null for changed texts
}

async function write(connection: DuckDBConnection, { id, issue, remedy, rows, action }: NewRemedy): Promise<void> {
  await connection.run('INSERT INTO remedies VALUES ($1, $2, $3, $4, $5, false, epoch_ms($6::BIGINT), NULL)', [
    id,
    issue,
    remedy,
    rows,
    action,
    BigInt(Date.now()),
  ]);
}

function forgotten({ id, issue }: AppliedRemedy): AppError {
  return new AppError('bad-input', `The texts as they were before "${issue}" are no longer kept.`, {
    hint: 'Only the newest changes of texts are. Import the file again to have its texts as they were.',
    data: { got: id },
  });
}
