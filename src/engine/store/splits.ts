import type { DuckDBConnection } from '@duckdb/node-api';
import type { Split } from '../../shared/data-types';
import type { SplitPlan } from '../../shared/split-types';
import { AppError } from '../../shared/errors';
import { canTellApart } from '../labelling/class-shares';
import { appendColumns } from './append-columns';
import { SPLIT_CODES, splitRows, type SplitShares } from './assign-splits';
import type { Database } from './database';
import type { ImportRole, StoredImport } from './import-rows';
import { UNLABELLED, type LabelBook } from './label-book';
import type { RowMarks } from './row-marks';
import { rowsLabelledAtOnce } from './rows-at-once';
import { readMeta, writeMeta } from './schema';
import { groupKeys, textKeys, timeKeys } from './split-keys';

const PLAN = 'splitPlan';
const LOCK = 'testLocked';

/** How the rows are divided: the plan, whether the test rows are locked, and a code for each row. // [rows] */
export interface Division {
  readonly plan: SplitPlan | null;
  readonly locked: boolean;
  readonly codes: Uint8Array<ArrayBuffer>;
}

/** How many rows learn, validate and test. */
export type SideCounts = Readonly<Record<'train' | 'valid' | 'test', number>>;

function countSides(codes: Uint8Array): SideCounts {
  const count = (wanted: number): number => codes.reduce((sum, code) => sum + Number(code === wanted), 0);
  return { train: count(SPLIT_CODES.train), valid: count(SPLIT_CODES.valid), test: count(SPLIT_CODES.test) };
}

/** Which rows train, validate and test: what was decided, and what follows from it for a row as it is labelled now. */
export class Splits {
  private codes: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  /** What files say of single rows, as codes; 0 where nothing. */
  private given = new Uint8Array(0);
  private planned: SplitPlan | null = null;
  private isLocked = false;
  revision = 0;

  private constructor(
    private readonly database: Database,
    private readonly book: LabelBook,
    private readonly marks: RowMarks,
    private readonly imports: readonly StoredImport[],
  ) {}

  /** @param imports the live list of imports, in the order of their rows */
  static async load(
    database: Database,
    book: LabelBook,
    marks: RowMarks,
    imports: readonly StoredImport[],
  ): Promise<Splits> {
    const splits = new Splits(database, book, marks, imports);
    splits.codes = await splits.read('splits');
    splits.given = await splits.read('given_splits');
    splits.planned = (await readMeta(database, PLAN)) as SplitPlan | null;
    splits.isLocked = (await readMeta(database, LOCK)) === true;
    return splits;
  }

  /** How the rows are divided, or null where each training decides by itself. */
  get plan(): SplitPlan | null {
    return this.planned;
  }

  /** Whether the test rows stay what they are, whatever is decided anew. */
  get locked(): boolean {
    return this.isLocked;
  }

  /** Whether the rows have been divided. */
  get decided(): boolean {
    return this.codes.some((code) => code !== SPLIT_CODES.none);
  }

  /** How many rows a file says the side of. */
  get givenRows(): number {
    const roles = this.imports.filter(({ role }) => role === 'valid' || role === 'test');
    return this.given.filter((code) => code !== 0).length + roles.reduce((sum, { rows }) => sum + rows, 0);
  }

  /** Whether files say of some rows that they test. */
  get hasGivenTest(): boolean {
    return this.given.includes(SPLIT_CODES.test) || this.imports.some(({ role, rows }) => role === 'test' && rows > 0);
  }

  /** A row whose text is also measured on, and that is therefore not learned from. */
  isHeldBack(row: number): boolean {
    return this.codes[row] === SPLIT_CODES.heldBack && this.book.setOf(row) !== UNLABELLED;
  }

  /** How a row is used. Only labelled rows are; one labelled since the last decision trains. */
  of(row: number): Split {
    if (this.book.setOf(row) === UNLABELLED || this.marks.has(row, 'aside')) return 'unlabelled';
    switch (this.codes[row] ?? SPLIT_CODES.none) {
      case SPLIT_CODES.train:
        return 'train';
      case SPLIT_CODES.valid:
        return 'valid';
      case SPLIT_CODES.test:
        return 'test';
      case SPLIT_CODES.heldBack:
        return 'unlabelled';
      default: {
        const role = this.roleOf(row);
        return role === 'valid' || role === 'test' ? role : 'train';
      }
    }
  }

  /** Rows have come or gone: reads their sides, and what their files say of them. */
  async takeUp(): Promise<void> {
    this.codes = await this.read('splits');
    this.given = await this.read('given_splits');
    this.revision++;
  }

  /** How the rows are divided now, as {@link put} takes it. */
  get division(): Division {
    return { plan: this.planned, locked: this.isLocked, codes: this.codes };
  }

  /**
   * The locked test rows, or not locked any more, as a division to {@link put}.
   * @throws AppError `bad-input` where there are none to lock
   */
  withLock(locked: boolean): Division {
    if (locked && !this.codes.includes(SPLIT_CODES.test)) {
      throw new AppError('bad-input', 'There are no test rows to lock yet.', {
        hint: 'Divide the rows first, with a share for testing.',
        says: { sentence: 'noTestRows' },
      });
    }
    return { ...this.division, locked };
  }

  /** Writes how the rows are divided, within a transaction; {@link take} follows once that is through. */
  async write(connection: DuckDBConnection, { plan, locked, codes }: Division): Promise<void> {
    await writeMeta(connection, PLAN, plan);
    await writeMeta(connection, LOCK, locked);
    if (codes === this.codes) return;
    const decided = rowsWith(codes);
    await connection.run('DELETE FROM splits');
    await appendColumns(connection, 'splits', [
      { type: 'integer', values: decided },
      { type: 'tiny', values: Uint8Array.from(decided, (row) => codes[row] ?? 0) },
    ]);
  }

  /** Takes up how the rows are divided, once it is on the disk. */
  take({ plan, locked, codes }: Division): void {
    this.planned = plan;
    this.isLocked = locked;
    this.codes = codes;
    this.revision++;
  }

  /**
   * Decides anew for all rows that are labelled now, see {@link splitRows}: as the project's plan says, else by label.
   * Locked test rows stay test rows, and no others become some.
   *
   * @param check is told how many rows each side would get, before anything is changed: what it throws leaves all as it was
   * @throws AppError `bad-input` where the plan's column is not there
   */
  async assign(wanted: SplitShares, check?: (sides: SideCounts) => void): Promise<void> {
    const division = await this.decide(this.planned, wanted);
    check?.(countSides(division.codes));
    await this.database.transaction((connection) => this.write(connection, division));
    this.take(division);
  }

  /**
   * How {@link assign} would divide the rows by a plan; nothing is changed.
   * @param wanted for no plan
   */
  async decide(plan: SplitPlan | null, wanted: SplitShares): Promise<Division> {
    const { book, marks } = this;
    const texts = await textKeys(this.database);
    const all = Int32Array.from({ length: book.rows }, (_, row) => row);
    const labelled = all.filter((row) => book.setOf(row) !== UNLABELLED && !marks.has(row, 'aside'));
    const together = await this.labelledTogether(labelled, plan);
    const apart = labelled.filter((_, i) => together[i] === 0);
    const decided = await this.divide(apart, texts, plan, plan ?? wanted);
    const keys = Float64Array.from(labelled, (row) => texts[row] ?? 0);
    const side = together.includes(1) ? withoutLeaks(withTraining(decided, together), keys) : decided;
    const codes = new Uint8Array(book.rows);
    labelled.forEach((row, i) => (codes[row] = side[i] ?? 0));
    return { plan, locked: this.isLocked, codes };
  }

  /**
   * Which rows were labelled many at once, and are not given or locked: those only train. What is measured on has to be
   * what was picked row by row, else it has the shares of somebody's searches. // [labelled], all 0 where they cannot be
   * told apart, and where the rows go by groups or time
   */
  private async labelledTogether(labelled: Int32Array, plan: SplitPlan | null): Promise<Uint8Array> {
    const { strategy } = plan ?? { strategy: 'stratified' };
    if (strategy === 'group' || strategy === 'time') return new Uint8Array(labelled.length);
    const atOnce = await rowsLabelledAtOnce(this.database, this.book, this.marks);
    const together = Uint8Array.from(labelled, (row) => (this.isMeasured(row) ? 0 : (atOnce[row] ?? 0)));
    return canTellApart(together) ? together : together.fill(0);
  }

  private async divide(
    labelled: Int32Array,
    texts: Float64Array,
    plan: SplitPlan | null,
    shares: SplitShares,
  ): Promise<Uint8Array> {
    const { strategy, column } = plan ?? { strategy: 'stratified', column: null };
    const roles = Array.from(labelled, (row) => this.sideOf(row));
    const keysOf = (keys: Float64Array): Float64Array => Float64Array.from(labelled, (row) => keys[row] ?? 0);
    const rarest = rarestLabel(this.book);
    const byLabel = labelled.map((row) => rarest(this.book.setOf(row)));
    const byChance = new Int32Array(labelled.length);
    const rows = { rowIds: labelled, textKeys: keysOf(texts), strata: byLabel, roles };
    const left = this.isLocked ? { ...shares, testShare: 0 } : shares;
    switch (strategy) {
      case 'stratified':
        return splitRows(rows, left);
      case 'random':
        return splitRows({ ...rows, strata: byChance }, left);
      case 'given':
        return splitRows(rows, { ...left, testShare: 0 });
      case 'group': {
        const groups = await groupKeys(this.database, this.needed(column));
        const keys = groups.map((key, row) => (key === -1 ? (texts[row] ?? 0) : key));
        return withoutLeaks(splitRows({ ...rows, textKeys: keysOf(keys), strata: byChance }, left), rows.textKeys);
      }
      case 'time': {
        const times = keysOf(await timeKeys(this.database, this.needed(column)));
        return withoutLeaks(byTime(times, roles, left), rows.textKeys);
      }
    }
  }

  private needed(column: string | null): string {
    if (column !== null) return column;
    throw new AppError('bad-input', 'Expected a column to divide the rows by, got none.', {
      hint: 'Choose the column in the split settings.',
      says: { sentence: 'noSplitColumn' },
    });
  }

  /** Whether a row validates or tests before rows are divided. */
  private isMeasured(row: number): boolean {
    return ['valid', 'test'].includes(this.sideOf(row));
  }

  /** What is fixed about a row before rows are divided. */
  private sideOf(row: number): ImportRole {
    return this.isLocked && this.codes[row] === SPLIT_CODES.test ? 'test' : this.roleOf(row);
  }

  private roleOf(row: number): ImportRole {
    const given = this.given[row] ?? 0;
    if (given === SPLIT_CODES.valid) return 'valid';
    if (given === SPLIT_CODES.test) return 'test';
    // Rows of an import are together, so the last import that begins at or before the row is its own.
    let low = 0;
    let high = this.imports.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.imports[middle]?.firstRow ?? 0) <= row) low = middle;
      else high = middle - 1;
    }
    return this.imports[low]?.role ?? 'data';
  }

  private async read(table: 'splits' | 'given_splits'): Promise<Uint8Array<ArrayBuffer>> {
    const [rowIds, codes] = await this.database.integers(`SELECT row_id, split FROM ${table}`);
    const read = new Uint8Array(this.book.rows);
    rowIds?.forEach((row, i) => (read[row] = codes?.[i] ?? 0));
    return read;
  }
}

/** The rows of which something was decided, ascending. */
export function rowsWith(codes: Uint8Array): Int32Array {
  const rows = new Int32Array(codes.length);
  let length = 0;
  codes.forEach((code, row) => {
    if (code !== SPLIT_CODES.none) rows[length++] = row;
  });
  return rows.slice(0, length);
}

/** The newest rows test, the ones before them validate; rows without a time train. */
function byTime(times: Float64Array, roles: readonly ImportRole[], { validShare, testShare }: SplitShares): Uint8Array {
  const codes = new Uint8Array(times.length).fill(SPLIT_CODES.train);
  roles.forEach((role, i) => {
    if (role === 'valid' || role === 'test') codes[i] = SPLIT_CODES[role];
  });
  const hasGiven = (role: ImportRole): boolean => roles.includes(role);
  const order = Uint32Array.from(times, (_, i) => i)
    .filter((i) => times[i] !== -1 && codes[i] === SPLIT_CODES.train)
    .sort((a, b) => (times[b] ?? 0) - (times[a] ?? 0) || b - a);
  const test = hasGiven('test') ? 0 : Math.round(order.length * testShare);
  const valid = hasGiven('valid') ? 0 : Math.round(order.length * validShare);
  order.forEach((i, place) => {
    if (place < test) codes[i] = SPLIT_CODES.test;
    else if (place < test + valid) codes[i] = SPLIT_CODES.valid;
  });
  return codes;
}

/** Puts rows that only train back among those that were divided. */
function withTraining(decided: Uint8Array, together: Uint8Array): Uint8Array {
  let next = 0;
  return together.map((only) => (only === 1 ? SPLIT_CODES.train : (decided[next++] ?? SPLIT_CODES.train)));
}

/** Holds back what would be learned from though its text is measured on. */
function withoutLeaks(codes: Uint8Array, keys: Float64Array): Uint8Array {
  const isMeasured = (code: number): boolean => code === SPLIT_CODES.valid || code === SPLIT_CODES.test;
  const measured = new Set(keys.filter((_, i) => isMeasured(codes[i] ?? 0)));
  return codes.map((code, i) => (!isMeasured(code) && measured.has(keys[i] ?? 0) ? SPLIT_CODES.heldBack : code));
}

/** For each set the label with the fewest rows: what most needs to be on every side. -1 for the empty set. */
function rarestLabel(book: LabelBook): (set: number) => number {
  const counts = new Map(book.infos().map(({ name, count }) => [book.find(name)?.id ?? -1, count]));
  const known = new Map<number, number>();
  return (set) => {
    let rarest = known.get(set);
    if (rarest === undefined) {
      rarest = book.labelsOf(set).reduce((a, b) => (a < 0 || (counts.get(b) ?? 0) < (counts.get(a) ?? 0) ? b : a), -1);
      known.set(set, rarest);
    }
    return rarest;
  };
}
