import type { DuckDBConnection } from '@duckdb/node-api';
import type { ChangeKind } from '../../shared/label-types';
import type { Database } from './database';
import type { Source } from './label-events';
import type { LabelLog } from './label-log';

/** A change of something else than labels and marks, as it was made. */
export interface Change {
  readonly kind: ChangeKind;
  /** What it is about: the remedy of a change of texts, or the import. */
  readonly ref: number;
  readonly rows: number; // that it changed
  readonly name: string; // of the file that was imported; else empty
  /** What is needed to take it back and is not kept elsewhere; JSON on the disk. */
  readonly detail: unknown;
}

/** Whether a change is one of texts; its `ref` is the remedy then. */
export function isTextChange({ kind }: Change): boolean {
  return kind === 'repair-text' || kind === 'strip-markup' || kind === 'text-back' || kind === 'text-again';
}

/** Who changes something, and which change is taken back or made again by it. */
export interface ChangeHead {
  readonly source: Source;
  readonly undoes: number | null;
}

/** A change that somebody makes, other than by undo and redo. */
export const BY_PERSON: ChangeHead = { source: 'person', undoes: null };

/**
 * The changes of the project's data besides those of labels: texts, how rows are divided, files. Their numbers come out
 * of one row with those of the {@link LabelLog}, so that all changes have one order. As there, undo adds an entry and
 * never removes one.
 */
export class ChangeLog {
  private readonly made = new Map<number, Change>();

  private constructor(
    private readonly database: Database,
    private readonly log: LabelLog,
  ) {}

  static async load(database: Database, log: LabelLog): Promise<ChangeLog> {
    const changes = new ChangeLog(database, log);
    const rows = await database.all(
      `SELECT number, kind, ref, row_count, name, detail FROM changes WHERE source = 'person' ORDER BY number`,
    );
    for (const [number, kind, ref, count, name, detail] of rows)
      changes.made.set(Number(number), {
        kind: String(kind) as ChangeKind,
        ref: Number(ref),
        rows: Number(count),
        name: String(name),
        detail: JSON.parse(String(detail)) as unknown,
      });
    return changes;
  }

  /** The change with this number; undefined where it is a step of the label log. */
  get(number: number): Change | undefined {
    return this.made.get(number);
  }

  /** Changes that can still be taken back, oldest first. */
  undoable(): readonly (readonly [number, Change])[] {
    return [...this.made].filter(([number]) => this.log.steps.canTakeBack(number));
  }

  /** Whether a change was taken back and can still be made again. */
  canMakeAgain(number: number): boolean {
    return this.log.steps.canDoAgain(number);
  }

  /** Makes a change in one transaction: `work` and the note of it. */
  async make(change: Change, work: (connection: DuckDBConnection, number: number) => Promise<void>): Promise<void> {
    const number = this.log.reserve(1);
    await this.database.transaction(async (connection) => {
      await work(connection, number);
      await this.write(connection, number, BY_PERSON, change);
    });
    this.took(number, BY_PERSON, change);
  }

  /** Takes a change back or makes it again, in one transaction; `change` is as it is to be kept from now on. */
  async repeat(
    source: 'undo' | 'redo',
    undoes: number,
    change: Change,
    work: (connection: DuckDBConnection) => Promise<void>,
  ): Promise<void> {
    const number = this.log.reserve(1);
    await this.database.transaction(async (connection) => {
      await work(connection);
      await connection.run('UPDATE changes SET detail = $1 WHERE number = $2', [JSON.stringify(change.detail), undoes]);
      await this.write(connection, number, { source, undoes }, { ...change, detail: null });
    });
    this.made.set(undoes, change);
    this.took(number, { source, undoes }, change);
    await this.log.readWords();
  }

  /** Writes a change down, within a transaction; {@link took} follows once that is through. */
  async write(connection: DuckDBConnection, number: number, head: ChangeHead, change: Change): Promise<void> {
    const { kind, ref, rows, name, detail } = change;
    await connection.run('INSERT INTO changes VALUES ($1, $2, $3, $4, $5, $6, $7, $8, false, epoch_ms($9::BIGINT))', [
      number,
      head.source,
      kind,
      ref,
      rows,
      name,
      JSON.stringify(detail),
      head.undoes,
      BigInt(Date.now()),
    ]);
  }

  /** Takes note of a change that is on the disk. */
  took(number: number, { source, undoes }: ChangeHead, change: Change): void {
    const { log } = this;
    log.steps.push(source, number, undoes ?? -1);
    if (source === 'person') {
      this.made.set(number, change);
      log.steps.describe(number, { kind: change.kind, rows: change.rows, label: change.name });
    }
    log.revision++;
  }

  /** From now on undo goes past these changes, within a transaction; {@link passed} follows once that is through. */
  async pass(connection: DuckDBConnection, numbers: readonly number[]): Promise<void> {
    if (numbers.length > 0)
      await connection.run(`UPDATE changes SET passed = true WHERE number IN (${numbers.join(', ')})`);
  }

  /** Takes note that undo goes past these changes. */
  async passed(numbers: readonly number[]): Promise<void> {
    this.log.steps.pass(numbers);
    await this.log.readWords();
  }
}
