import type { Split } from '../../shared/data-types';
import { appendColumns } from './append-columns';
import { SPLIT_CODES, splitRows, type SplitShares } from './assign-splits';
import type { Database } from './database';
import type { ImportRole, StoredImport } from './import-rows';
import { UNLABELLED, type LabelBook } from './label-book';

/** Which rows train, validate and test: what was decided, and what follows from it for a row as it is labelled now. */
export class Splits {
  private codes = new Uint8Array(0);
  revision = 0;

  private constructor(
    private readonly database: Database,
    private readonly book: LabelBook,
    private readonly imports: readonly StoredImport[],
  ) {}

  /** @param imports the live list of imports, in the order of their rows */
  static async load(database: Database, book: LabelBook, imports: readonly StoredImport[]): Promise<Splits> {
    const splits = new Splits(database, book, imports);
    const [rowIds, codes] = await database.integers('SELECT row_id, split FROM splits');
    splits.codes = new Uint8Array(book.rows);
    rowIds?.forEach((row, i) => (splits.codes[row] = codes?.[i] ?? 0));
    return splits;
  }

  /** How a row is used. Only labelled rows are; one labelled since the last decision trains. */
  of(row: number): Split {
    if (this.book.setOf(row) === UNLABELLED) return 'unlabelled';
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

  /** Decides anew for all rows that are labelled now, see {@link splitRows}. */
  async assign(shares: SplitShares): Promise<void> {
    const { book } = this;
    const [ids, keys] = await this.database.doubles(
      'SELECT id, (hash(lower(trim(text))) >> 11)::DOUBLE FROM rows ORDER BY id',
    );
    const labelled = Int32Array.from(ids ?? []).filter((row) => book.setOf(row) !== UNLABELLED);
    const rarest = rarestLabel(book);
    const codes = splitRows(
      {
        rowIds: labelled,
        textKeys: Float64Array.from(labelled, (row) => keys?.[row] ?? 0),
        strata: labelled.map((row) => rarest(book.setOf(row))),
        roles: Array.from(labelled, (row) => this.roleOf(row)),
      },
      shares,
    );
    await this.database.transaction(async (connection) => {
      await connection.run('DELETE FROM splits');
      await appendColumns(connection, 'splits', [
        { type: 'integer', values: labelled },
        { type: 'tiny', values: codes },
      ]);
    });
    this.codes = new Uint8Array(book.rows);
    labelled.forEach((row, i) => (this.codes[row] = codes[i] ?? 0));
    this.revision++;
  }

  private roleOf(row: number): ImportRole {
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
