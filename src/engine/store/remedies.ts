import type { DuckDBConnection } from '@duckdb/node-api';
import type { AppliedRemedy, RemedyId } from '../../shared/health-types';
import { AppError } from '../../shared/errors';
import type { Database } from './database';
import { labelIdOf, planRelabelling, type PlannedAction } from './label-actions';
import { UNLABELLED } from './label-book';
import { oppositeAction, readAction, type LabelAction, type RowEvents } from './label-events';
import type { LabelLog } from './label-log';
import { editTexts, toggleTexts } from './text-edits';

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

/**
 * What was done about the findings of the health report. Rows that are set aside and labels that change are steps of
 * the label log, so undo and redo on any screen know them; changed texts are kept as they were. Each remedy can also be
 * taken back by itself, in any order: what somebody has changed since stays.
 */
export class Remedies {
  constructor(
    private readonly database: Database,
    private readonly log: LabelLog,
  ) {}

  /** All that were applied, newest first. */
  async list(): Promise<AppliedRemedy[]> {
    const rows = await this.database.all(
      `SELECT r.id, r.issue, r.remedy, r.row_count, epoch_ms(r.happened_at), r.undone,
         (SELECT arg_max(e.source, e.seq) FROM label_events e WHERE e.undoes = r.action AND r.action IS NOT NULL)
       FROM remedies r ORDER BY r.id DESC`,
    );
    return rows.map(([id, issue, remedy, count, at, undone, last]) => ({
      id: Number(id),
      issue: String(issue),
      remedy: String(remedy) as RemedyId,
      rows: Number(count),
      at: new Date(Number(at)).toISOString(),
      undone: undone === true || last === 'undo',
    }));
  }

  /** Applies a remedy as one step. @returns the number of rows that were changed */
  async apply(issue: string, remedy: RemedyId, order: RemedyOrder): Promise<number> {
    const [last] = await this.database.all('SELECT coalesce(max(id), 0) FROM remedies');
    const id = Number(last?.[0] ?? 0) + 1;
    if (order.kind === 'edit') {
      return editTexts(this.database, id, order.rows, order.edit, (connection, changed) =>
        write(connection, { id, issue, remedy, rows: changed, action: null }),
      );
    }
    const planned = this.plan(order);
    const rows = new Set(planned.action.rows.flatMap(({ rowIds }) => [...rowIds])).size;
    const before = this.log.lastAction;
    await this.log.make(planned);
    const action = this.log.lastAction;
    if (action === undefined || action === before) return 0;
    await this.database.transaction((connection) => write(connection, { id, issue, remedy, rows, action }));
    return rows;
  }

  /** Takes a remedy back, or applies it again, whatever was done since. @throws AppError `not-found` */
  async setUndone(id: number, undone: boolean): Promise<void> {
    const now = (await this.list()).find((one) => one.id === id);
    if (!now) throw new AppError('not-found', `There is no remedy ${String(id)}.`, { data: { got: id } });
    if (now.undone === undone) return;
    const [found] = await this.database.all('SELECT action FROM remedies WHERE id = $1', [id]);
    const action = found?.[0] ?? null;
    const note = async (connection: DuckDBConnection): Promise<void> => {
      await connection.run('UPDATE remedies SET undone = $1 WHERE id = $2', [undone, id]);
    };
    if (action === null) return toggleTexts(this.database, id, undone, note);
    if (undone && this.log.lastAction === Number(action)) {
      await this.log.undo();
      return;
    }
    await this.repeat(Number(action), undone, id);
  }

  /** Says the opposite of an earlier action, or the same again, for the rows that still are as it left them. */
  private async repeat(number: number, undone: boolean, id: number): Promise<void> {
    const original = await readAction(this.database, number);
    const wanted = undone ? oppositeAction(original) : original;
    const rows = wanted.rows.map((events) => this.stillSo(events)).filter(({ rowIds }) => rowIds.length > 0);
    await this.log.make({ action: { rows, names: wanted.names }, newSets: new Map() });
    const action = undone ? number : (this.log.lastAction ?? number);
    await this.database.transaction(async (connection) => {
      await connection.run('UPDATE remedies SET undone = $1, action = $2 WHERE id = $3', [undone, action, id]);
    });
  }

  private stillSo(events: RowEvents): RowEvents {
    const { kind, rowIds, values, previous } = events;
    const { book, marks } = this.log;
    const now = (row: number): number => (kind === 'set' ? book.setOf(row) : Number(marks.has(row, kind)));
    const keep = (_: unknown, i: number): boolean => now(rowIds[i] ?? 0) === previous[i];
    return { kind, rowIds: rowIds.filter(keep), values: values.filter(keep), previous: previous.filter(keep) };
  }

  private plan(order: Exclude<RemedyOrder, { kind: 'edit' }>): PlannedAction {
    switch (order.kind) {
      case 'set-aside':
        return plain({ rows: [this.aside(order.rows)], names: [] });
      case 'unlabel':
        return planRelabelling(this.log.book, order.rows, () => null);
      case 'relabel':
        return plain({ rows: this.relabelled(order.rows, order.setFor), names: [] });
      case 'merge':
        return this.merge(order.merges);
    }
  }

  private aside(rows: Int32Array): RowEvents {
    const rowIds = rows.filter((row) => !this.log.marks.has(row, 'aside'));
    return {
      kind: 'aside',
      rowIds,
      values: new Int32Array(rowIds.length).fill(1),
      previous: new Int32Array(rowIds.length),
    };
  }

  private relabelled(rows: Int32Array, setFor: (row: number) => number | null): RowEvents[] {
    const { book } = this.log;
    const changed = rows.filter((row) => ![null, book.setOf(row)].includes(setFor(row)));
    const events: RowEvents[] = [
      {
        kind: 'set',
        rowIds: changed,
        values: changed.map((row) => setFor(row) ?? UNLABELLED),
        previous: changed.map((row) => book.setOf(row)),
      },
      this.aside(rows.filter((row) => setFor(row) === null)),
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

async function write(
  connection: DuckDBConnection,
  {
    id,
    issue,
    remedy,
    rows,
    action,
  }: { readonly id: number; issue: string; remedy: RemedyId; rows: number; action: number | null },
): Promise<void> {
  await connection.run('INSERT INTO remedies VALUES ($1, $2, $3, $4, $5, false, epoch_ms($6::BIGINT))', [
    id,
    issue,
    remedy,
    rows,
    action,
    BigInt(Date.now()),
  ]);
}
