import type { DuckDBConnection } from '@duckdb/node-api';
import type { LabelState } from '../../shared/contract';
import type { ColumnChoice } from '../../shared/data-types';
import { AppError } from '../../shared/errors';
import type { ChangeKind } from '../../shared/label-types';
import type { SplitPlan } from '../../shared/split-types';
import { appendColumns } from './append-columns';
import { isTextChange, type Change, type ChangeLog } from './change-log';
import type { Database } from './database';
import type { HistoryLimits } from './history-limits';
import { storedImports, type StoredImport } from './import-rows';
import { rowsOfImport } from './imported-files';
import type { LabelLog } from './label-log';
import type { Predictions } from './predictions';
import type { RowFinder } from './row-finder';
import { writeMeta } from './schema';
import { clearShelf, putBack, shelve } from './shelf';
import { rowsWith, type Division, type Splits } from './splits';
import type { SuggestionValues } from './suggestion-values';
import { bumpRevision, toggleTexts } from './text-edits';

/** The parts of the store that undo and redo change. */
export interface HistoryParts {
  readonly database: Database;
  readonly log: LabelLog;
  readonly changes: ChangeLog;
  readonly splits: Splits;
  readonly predictions: Predictions;
  readonly suggestions: SuggestionValues;
  readonly finder: RowFinder;
  readonly imports: StoredImport[];
  /** What the project's columns are: undo of an import puts back what they were. */
  readonly chosen: { columns: ColumnChoice | null };
  readonly limits: HistoryLimits;
}

/** How the rows were divided before a change, or after one that was taken back. */
interface KeptDivision {
  readonly plan: SplitPlan | null;
  readonly locked: boolean;
  readonly codes: boolean; // whether `split_history` holds a side for each row
}

/** What an import has brought besides its rows, and the project's columns before it (after it, once it is taken back). */
export interface ImportDetail {
  readonly columns: ColumnChoice | null;
  readonly labels: readonly number[];
}

/**
 * The one history of a project: undo takes back the newest change of its data, whatever its kind, and redo makes it
 * again. Labels and marks are steps of the {@link LabelLog}, everything else of the {@link ChangeLog}.
 */
export class ProjectHistory {
  constructor(private readonly parts: HistoryParts) {}

  /**
   * Takes back the newest change that is not taken back yet; without one nothing happens.
   *
   * @param meant the step that is to be taken back; left out: whichever is the newest
   * @throws AppError `outdated` where another one is the newest
   */
  undo(meant?: number): Promise<LabelState> {
    return this.parts.database.exclusively(() => {
      this.expectNext('undo', meant);
      return this.step('undo');
    });
  }

  /** Makes again what was last taken back; `meant` as in {@link undo}. @throws AppError `outdated` */
  redo(meant?: number): Promise<LabelState> {
    return this.parts.database.exclusively(() => {
      this.expectNext('redo', meant);
      return this.step('redo');
    });
  }

  /** Refuses a step that is not the next one to take back, or to make again. @throws AppError `outdated` */
  expectNext(source: 'undo' | 'redo', meant?: number): void {
    const { steps } = this.parts.log;
    const next = source === 'undo' ? steps.nextUndo : steps.nextRedo;
    if (meant === undefined || meant === next) return;
    throw new AppError(
      'outdated',
      `Expected step ${String(meant)} to be the next one to ${source}, got ${next === undefined ? 'none' : String(next)}.`,
      {
        hint: 'Something else was changed since. Look at what is offered now, and choose again.',
        data: { expected: meant, got: next ?? null },
      },
    );
  }

  /** {@link undo} or {@link redo} for who has the store to himself already. */
  async repeat(source: 'undo' | 'redo'): Promise<void> {
    await this.step(source);
  }

  /** From now on files that were imported stay in the project: something that lasts refers to their rows. */
  async seal(): Promise<void> {
    const { database, changes } = this.parts;
    await database.exclusively(async () => {
      const sealed = changes.undoable().flatMap(([number, { kind }]) => (kind === 'import' ? [number] : []));
      if (sealed.length === 0) return;
      await database.transaction((connection) => changes.pass(connection, sealed));
      await changes.passed(sealed);
    });
  }

  /** How many files are in the project. */
  get importCount(): number {
    return this.parts.imports.length;
  }

  /** Sets the rows of a file aside, as one step: what is left where it can no longer be taken out. @throws AppError `not-found` */
  setAside(importId: number): Promise<LabelState> {
    const { database, log, imports } = this.parts;
    return database.exclusively(() => log.mark(rowsOfImport(imports, importId), 'aside', true, 'file'));
  }

  /** Divides the rows anew, or locks the test rows, as one step; without a difference there is none. */
  async divide(kind: ChangeKind, wanted: Division): Promise<void> {
    const { splits, changes, limits } = this.parts;
    const before = splits.division;
    const moved = wanted.codes.reduce((sum, code, row) => sum + Number(code !== (before.codes[row] ?? 0)), 0);
    if (moved === 0 && before.locked === wanted.locked && samePlan(before.plan, wanted.plan)) return;
    const after = moved === 0 ? { ...wanted, codes: before.codes } : wanted;
    const detail: KeptDivision = { plan: before.plan, locked: before.locked, codes: moved > 0 };
    const older = changes.undoable().filter(([, { detail: old }]) => (old as KeptDivision | null)?.codes === true);
    const gone = moved === 0 ? [] : older.slice(0, Math.max(0, older.length + 1 - limits.divisions));
    const passed = gone.map(([number]) => number);
    await changes.make({ kind, ref: 0, rows: moved, name: '', detail }, async (connection, number) => {
      if (moved > 0) await keepCodes(connection, number, before.codes);
      await splits.write(connection, after);
      // What was taken back before this change can no longer be made again.
      const kept = older.map(([one]) => one).filter((one) => !passed.includes(one));
      await connection.run(`DELETE FROM split_history WHERE change NOT IN (${[number, ...kept].join(', ')})`);
      await changes.pass(connection, passed);
    });
    splits.take(after);
    await changes.passed(passed);
  }

  private async step(source: 'undo' | 'redo'): Promise<LabelState> {
    const { log, changes } = this.parts;
    const number = source === 'undo' ? log.steps.nextUndo : log.steps.nextRedo;
    const change = number === undefined ? undefined : changes.get(number);
    if (number === undefined || change === undefined) return source === 'undo' ? log.undo() : log.redo();
    if (isTextChange(change)) await this.toggleTexts(source, number, change);
    else if (change.kind !== 'import') await this.divideBack(source, number, change);
    else if (source === 'undo') await this.takeOut(number, change);
    else await this.bringBack(number, change);
    return log.state(null);
  }

  private async toggleTexts(source: 'undo' | 'redo', number: number, change: Change): Promise<void> {
    const { database, changes, finder } = this.parts;
    const back = (source === 'undo') !== (change.kind === 'text-back');
    await changes.repeat(source, number, change, (connection) => toggleTexts(database, connection, change.ref, back));
    finder.forgetTexts();
  }

  /** Exchanges how the rows are divided now with how they were. */
  private async divideBack(source: 'undo' | 'redo', number: number, change: Change): Promise<void> {
    const { database, changes, splits, log } = this.parts;
    const { plan, locked, codes } = change.detail as KeptDivision;
    const now = splits.division;
    const then = { plan, locked, codes: codes ? await keptCodes(database, number, log.book.rows) : now.codes };
    const detail: KeptDivision = { plan: now.plan, locked: now.locked, codes };
    await changes.repeat(source, number, { ...change, detail }, async (connection) => {
      if (codes) await keepCodes(connection, number, now.codes);
      await splits.write(connection, then);
    });
    splits.take(then);
  }

  /** Takes the newest import out of the project; it lies on the shelf until something else is changed. */
  private async takeOut(number: number, change: Change): Promise<void> {
    const { database, log, changes, splits, predictions, finder, imports, chosen } = this.parts;
    const newest = imports[imports.length - 1];
    if (newest?.id !== change.ref)
      throw new AppError('internal', `Expected import ${String(change.ref)} to be the newest, got another one.`, {
        data: { expected: change.ref, got: newest?.id ?? null },
      });
    const { columns, labels } = change.detail as ImportDetail;
    const detail: ImportDetail = { columns: chosen.columns, labels };
    await changes.repeat('undo', number, { ...change, detail }, async (connection) => {
      await clearShelf(database, connection, (one) => changes.canMakeAgain(one), log.book.rows);
      await shelve(connection, number, newest);
      await predictions.dropFrom(connection, newest.firstRow);
      await this.exchange(connection, columns, labels, true);
    });
    imports.pop();
    log.tally.shrinkTo(newest.firstRow);
    predictions.shrinkTo(newest.firstRow);
    await log.takeUpAgain(newest.firstRow);
    chosen.columns = columns;
    await splits.takeUp();
    finder.forgetTexts();
  }

  private async bringBack(number: number, change: Change): Promise<void> {
    const { database, log, changes, splits, finder, imports, chosen } = this.parts;
    const { columns, labels } = change.detail as ImportDetail;
    const detail: ImportDetail = { columns: chosen.columns, labels };
    await changes.repeat('redo', number, { ...change, detail }, async (connection) => {
      await putBack(connection, number);
      await this.exchange(connection, columns, labels, false);
    });
    imports.splice(0, imports.length, ...(await storedImports(database)));
    const newest = imports[imports.length - 1];
    if (newest) {
      log.tally.growTo(newest.firstRow + newest.rows);
      await log.takeUpAgain(newest.firstRow);
    }
    chosen.columns = columns;
    await splits.takeUp();
    finder.forgetTexts();
  }

  /** What an import changes besides its rows, within a transaction. */
  private async exchange(
    connection: DuckDBConnection,
    columns: ColumnChoice | null,
    labels: readonly number[],
    removed: boolean,
  ): Promise<void> {
    if (labels.length > 0)
      await connection.run(`UPDATE labels SET removed = ${String(removed)} WHERE id IN (${labels.join(', ')})`);
    await writeMeta(connection, 'columnChoice', columns);
    await bumpRevision(this.parts.database, connection);
  }
}

function samePlan(a: SplitPlan | null, b: SplitPlan | null): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

async function keepCodes(connection: DuckDBConnection, change: number, codes: Uint8Array): Promise<void> {
  const rows = rowsWith(codes);
  await connection.run('DELETE FROM split_history WHERE change = $1', [change]);
  await appendColumns(connection, 'split_history', [
    { type: 'integer', values: new Int32Array(rows.length).fill(change) },
    { type: 'integer', values: rows },
    { type: 'tiny', values: Uint8Array.from(rows, (row) => codes[row] ?? 0) },
  ]);
}

async function keptCodes(database: Database, change: number, rows: number): Promise<Uint8Array<ArrayBuffer>> {
  const [rowIds, found] = await database.integers('SELECT row_id, split FROM split_history WHERE change = $1', [
    change,
  ]);
  const codes = new Uint8Array(rows);
  rowIds?.forEach((row, i) => (codes[row] = found?.[i] ?? 0));
  return codes;
}
