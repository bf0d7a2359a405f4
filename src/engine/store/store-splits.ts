import type { SplitPlan, SplitState, TestLook } from '../../shared/split-types';
import { SPLIT_CODES, type SplitShares } from './assign-splits';
import type { Database } from './database';
import type { LabelBook } from './label-book';
import type { ProjectHistory } from './project-history';
import { RowCells } from './row-cells';
import type { Splits } from './splits';

const LISTED_LABELS = 50;
const TIME_NAME = /(^|_|\b)(date|time|timestamp|day|created|received|sent|datum|zeit|heure|jour)/i;
const GROUP_NAME =
  /(^|_|\b)(user|author|customer|client|thread|conversation|ticket|source|group|document|doc|kunde|autor|absender|sender|from)/i;

/** Labelled rows by side; whether how many test is a share that can be asked for, and not fixed by files, plan or lock. */
export interface ExpectedSides {
  readonly train: number;
  readonly valid: number;
  readonly test: number;
  readonly testByShare: boolean;
}

/** How a project's rows are divided: to be shown, decided anew, locked, and the looks at the test rows counted. */
export class StoreSplits {
  constructor(
    private readonly database: Database,
    private readonly book: LabelBook,
    private readonly splits: Splits,
    private readonly history: ProjectHistory,
    private readonly usual: { readonly group: string | null; readonly time: string | null },
  ) {}

  /** How the rows are divided now. */
  async state(): Promise<SplitState> {
    const { splits, usual } = this;
    const columns = await new RowCells(this.database).columns();
    const known = (name: string | null): string | null => (name !== null && columns.includes(name) ? name : null);
    return {
      plan: splits.plan,
      decided: splits.decided,
      ...this.counted(),
      columns,
      suggestedGroup: known(usual.group) ?? columns.find((name) => GROUP_NAME.test(name)) ?? null,
      suggestedTime: known(usual.time) ?? columns.find((name) => TIME_NAME.test(name)) ?? null,
      given: splits.givenRows,
      locked: splits.locked,
      looks: await this.looks(),
    };
  }

  /**
   * How many labelled rows would be on each side if they were divided now; nothing is changed.
   * @param shares for a project whose plan does not say
   * @throws AppError `bad-input` where the plan's column is not there
   */
  async expected(shares: SplitShares): Promise<ExpectedSides> {
    const { splits } = this;
    const { codes } = await this.database.exclusively(() => splits.decide(splits.plan, shares));
    const count = (code: number): number => codes.reduce((sum, each) => sum + Number(each === code), 0);
    return {
      train: count(SPLIT_CODES.train),
      valid: count(SPLIT_CODES.valid),
      test: count(SPLIT_CODES.test),
      testByShare: splits.plan === null && !splits.locked && !splits.hasGivenTest,
    };
  }

  /** Keeps a plan and divides the rows by it, as one step for undo. @throws AppError `bad-input` */
  async divide(plan: SplitPlan): Promise<void> {
    await this.database.exclusively(async () => this.history.divide('divide', await this.splits.decide(plan, plan)));
  }

  /** Leaves dividing to each training again, as one step for undo. */
  async leaveToTraining(): Promise<void> {
    await this.database.exclusively(() => this.history.divide('undivide', { ...this.splits.division, plan: null }));
  }

  /** Locks the test rows or lets them go, as one step for undo. @throws AppError `bad-input` where there are none */
  async setLocked(locked: boolean): Promise<void> {
    await this.database.exclusively(async () =>
      this.history.divide(locked ? 'lock' : 'unlock', this.splits.withLock(locked)),
    );
  }

  /** Counts a look at the figures of some runs on the test rows, one for each of them. */
  async countLooks(runs: readonly string[], what: string): Promise<void> {
    const now = BigInt(Date.now());
    const insert = 'INSERT INTO test_looks VALUES ($1, $2, epoch_ms($3::BIGINT))';
    await this.database.exclusively(() =>
      this.database.transaction(async (connection) => {
        for (const run of runs) await connection.run(insert, [run, what, now]);
      }),
    );
  }

  /** The looks at the test rows, newest first. */
  async looks(): Promise<TestLook[]> {
    const rows = await this.database.all(
      'SELECT run, what, epoch_ms(happened_at) FROM test_looks ORDER BY happened_at DESC',
    );
    return rows.map(([run, what, at]) => ({
      run: String(run),
      what: String(what),
      at: new Date(Number(at)).toISOString(),
    }));
  }

  private counted(): Pick<SplitState, 'rows' | 'labels'> {
    const { book, splits } = this;
    const rows = { train: 0, valid: 0, test: 0, heldBack: 0 };
    const bySet = new Map<number, { train: number; valid: number; test: number }>();
    for (let row = 0; row < book.rows; row++) {
      const split = splits.of(row);
      if (split === 'unlabelled') {
        rows.heldBack += Number(splits.isHeldBack(row));
        continue;
      }
      rows[split]++;
      const set = bySet.get(book.setOf(row)) ?? { train: 0, valid: 0, test: 0 };
      set[split]++;
      bySet.set(book.setOf(row), set);
    }
    const byLabel = new Map<number, { train: number; valid: number; test: number }>();
    for (const [set, counts] of bySet) {
      for (const label of book.labelsOf(set)) {
        const sum = byLabel.get(label) ?? { train: 0, valid: 0, test: 0 };
        for (const side of ['train', 'valid', 'test'] as const) sum[side] += counts[side];
        byLabel.set(label, sum);
      }
    }
    const labels = [...byLabel]
      .map(([id, counts]) => ({ name: book.name(id), ...counts }))
      .sort((a, b) => b.train + b.valid + b.test - (a.train + a.valid + a.test));
    return { rows, labels: labels.slice(0, LISTED_LABELS) };
  }
}
