import type { AppliedRemedy, AsideReason, RemedyId } from '../../shared/health-types';
import type { LabelState } from '../../shared/label-types';
import type { RowFacts } from '../health/findings';
import { readAsideRows, rowsAsideFor, type AsideRows } from './aside-rows';
import { Remedies, type RemedyOrder, type RemedyParts } from './remedies';
import type { RowFinder } from './row-finder';
import type { Splits } from './splits';
import { textRevision } from './text-edits';

/** The parts of the store that the health report reads and its remedies change. */
export interface StoreParts extends RemedyParts {
  readonly splits: Splits;
  readonly finder: RowFinder;
}

/** What the health report asks of a project's store, and what its remedies do to it. */
export class StoreHealth {
  constructor(private readonly parts: StoreParts) {}

  /** What was done about the report, newest first. */
  remedies(): Promise<AppliedRemedy[]> {
    return new Remedies(this.parts).list();
  }

  /** Applies a remedy as one step. @returns rows that were changed */
  apply(issue: string, remedy: RemedyId, order: RemedyOrder): Promise<number> {
    return this.changing((remedies) => remedies.apply(issue, remedy, order));
  }

  /** Takes a remedy back or applies it again, whatever was done since. @throws AppError `not-found` */
  setUndone(id: number, undone: boolean): Promise<void> {
    return this.changing((remedies) => remedies.setUndone(id, undone));
  }

  /** Counts the changes of texts; what was made from texts of another count is old. */
  textRevision(): Promise<number> {
    return textRevision(this.parts.database);
  }

  /** How rows are labelled, split and set aside now. */
  rowFacts(): RowFacts {
    const { log, splits } = this.parts;
    const { book, marks } = log;
    return {
      rows: book.rows,
      isSetAside: (row) => marks.has(row, 'aside'),
      labelSetOf: (row) => book.setOf(row),
      labelsOf: (set) => book.labelsOf(set).map((id) => book.name(id)),
      splitOf: (row) => splits.of(row),
    };
  }

  /** Rows that are kept and not used, ascending. */
  setAsideRows(): Int32Array {
    return this.parts.log.marks.rowsWith('aside');
  }

  /** {@link setAsideRows}, each with why. */
  asideRows(): Promise<AsideRows> {
    const { database, log } = this.parts;
    return database.exclusively(() => readAsideRows(database, log));
  }

  /** Rows that are set aside are used again, as one step: these, those of one reason, or with null all. */
  restore(wanted: readonly number[] | AsideReason | null): Promise<LabelState> {
    const { database, log } = this.parts;
    return database.exclusively(async () => {
      const rows =
        typeof wanted === 'string'
          ? rowsAsideFor(await readAsideRows(database, log), wanted)
          : (wanted ?? log.marks.rowsWith('aside'));
      return log.mark(rows, 'aside', false);
    });
  }

  /** Differs once labels, marks or splits have changed. */
  get revision(): string {
    return `${String(this.parts.log.revision)}.${String(this.parts.splits.revision)}`;
  }

  private async changing<T>(work: (remedies: Remedies) => Promise<T>): Promise<T> {
    const { database, finder } = this.parts;
    const result = await database.exclusively(() => work(new Remedies(this.parts)));
    finder.forgetTexts();
    return result;
  }
}
