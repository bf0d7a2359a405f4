import { join } from 'node:path';
import type { LabelState, QueueOrder, RowFilter } from '../../shared/contract';
import type {
  ColumnChoice,
  ImportSummary,
  LabelInfo,
  ReadOptions,
  RejectedRow,
  Row,
  Split,
} from '../../shared/data-types';
import { AppError } from '../../shared/errors';
import { shuffled, type SplitShares } from './assign-splits';
import { checkedChoice } from './column-choice';
import { Database } from './database';
import { importRows, type ImportControl, type ImportRole, type StoredImport } from './import-rows';
import { UNLABELLED } from './label-book';
import { LabelLog } from './label-log';
import { labelledRows, type LabelledRows } from './labelled-rows';
import { Predictions, type PredictionBasis } from './predictions';
import { pickSmallest } from './pick-rows';
import { migrateProject, readProjectVersion } from './project-format';
import { RowCells } from './row-cells';
import { RowFinder } from './row-finder';
import { createTables, readMeta } from './schema';
import { Splits } from './splits';

/** The texts of one row, by text column. */
export interface RowFields {
  readonly rowId: number;
  readonly fields: string[];
}

/**
 * The rows, labels, splits and predictions of one project: one DuckDB file, which only this class writes. Rows have the
 * ids 0, 1, 2 … in the order they came; a row's id is also its place among the documents.
 */
export class ProjectStore {
  private constructor(
    private readonly database: Database,
    private readonly imports: StoredImport[],
    private readonly log: LabelLog,
    private readonly splits: Splits,
    private readonly predictions: Predictions,
    private readonly finder: RowFinder,
    private choice: ColumnChoice | null,
  ) {}

  /**
   * Opens the store of a project folder (with its `project.json`), or makes it.
   * @throws AppError `not-found`, `project-format` (damaged, or made by a newer Thaw), `project-locked`, `disk-full`
   */
  static async open(projectDir: string): Promise<ProjectStore> {
    await readProjectVersion(projectDir);
    const database = await Database.open(join(projectDir, 'store.duckdb'));
    try {
      await migrateProject(projectDir, database);
      await createTables(database);
      const imports = (await database.all('SELECT id, role, first_row, row_count FROM imports ORDER BY first_row')).map(
        ([id, role, firstRow, rows]) => ({
          id: Number(id),
          role: String(role) as ImportRole,
          firstRow: Number(firstRow),
          rows: Number(rows),
        }),
      );
      const log = await LabelLog.load(
        database,
        imports.reduce((sum, { rows }) => sum + rows, 0),
      );
      const splits = await Splits.load(database, log.book, imports);
      const predictions = await Predictions.load(database, log.book);
      const finder = new RowFinder(database, log.book, predictions, (row) => splits.of(row));
      const choice = (await readMeta(database, 'columnChoice')) as ColumnChoice | null;
      return new ProjectStore(database, imports, log, splits, predictions, finder, choice);
    } catch (error) {
      await database.close();
      throw error;
    }
  }

  /** Closes the file, after the change that is under way. */
  async close(): Promise<void> {
    await this.database.close();
  }

  /**
   * Imports a file behind the rows that are there; all of it or, after an error or a cancel, nothing of it.
   * @throws AppError of the file and its columns; `no-rows`; `bad-input`; CancelledError
   */
  async importFile(
    path: string,
    options: ReadOptions,
    columns: ColumnChoice,
    role: ImportRole,
    control: ImportControl = {},
  ): Promise<ImportSummary> {
    const { forFile, forProject } = checkedChoice(columns, role, this.choice, this.log.book.labelled);
    const order = { path, options, columns: forFile, role, projectColumns: forProject };
    const summary = await importRows({ database: this.database, imports: this.imports, log: this.log }, order, control);
    this.choice = forProject;
    return summary;
  }

  /** What the newest import did, or null. */
  async lastImport(): Promise<ImportSummary | null> {
    const [row] = await this.database.all(
      'SELECT summary FROM imports WHERE summary IS NOT NULL ORDER BY id DESC LIMIT 1',
    );
    return row === undefined ? null : (JSON.parse(String(row[0])) as ImportSummary);
  }

  /** Rows that could not be read, of all imports, in order. */
  async rejectedRows(offset: number, limit: number): Promise<RejectedRow[]> {
    const rows = await this.database.all(
      'SELECT line, reason, text FROM rejects ORDER BY import, line LIMIT $1 OFFSET $2',
      [limit, offset],
    );
    return rows.map(([line, reason, text]) => ({ line: Number(line), reason: String(reason), text: String(text) }));
  }

  /** What the columns of the imported data are, or null before the first import. */
  columnChoice(): Promise<ColumnChoice | null> {
    return Promise.resolve(this.choice);
  }

  counts(): { readonly rows: number; readonly labelled: number } {
    return { rows: this.log.book.rows, labelled: this.log.book.labelled };
  }

  /** All labels with their counts and colours, in the order they came. */
  labels(): LabelInfo[] {
    return this.log.book.infos();
  }

  labelState(): LabelState {
    return this.log.state(null);
  }

  /** Gives a row exactly these labels; an empty list takes all away. @throws AppError `bad-input`, `not-found` */
  setLabels(rowId: number, labels: readonly string[]): Promise<LabelState> {
    return this.setLabelsOfRows([rowId], labels);
  }

  /** {@link setLabels} for several rows, as one step for undo. */
  async setLabelsOfRows(rowIds: readonly number[], labels: readonly string[]): Promise<LabelState> {
    if (labels.length > 1 && this.choice?.multiLabel === false) {
      throw new AppError('bad-input', `Expected one label for a row, got ${String(labels.length)}.`, {
        hint: 'This project has one label for each row.',
        data: { expected: 1, got: labels },
      });
    }
    return this.database.exclusively(() => this.log.setLabels(rowIds, labels));
  }

  addLabel(name: string): Promise<LabelState> {
    return this.database.exclusively(() => this.log.addLabel(name));
  }

  renameLabel(from: string, to: string): Promise<LabelState> {
    return this.database.exclusively(() => this.log.renameLabel(from, to));
  }

  undo(): Promise<LabelState> {
    return this.database.exclusively(() => this.log.undo());
  }

  redo(): Promise<LabelState> {
    return this.database.exclusively(() => this.log.redo());
  }

  /** Some of the rows that a filter lets through, in the order of the file, and how many there are in all. */
  async page(filter: RowFilter, offset: number, limit: number): Promise<{ total: number; rows: Row[] }> {
    const revision = [this.log.revision, this.splits.revision, this.predictions.revision].join('.');
    const found = await this.finder.find(filter, revision);
    const total = found?.length ?? this.log.book.rows;
    const end = Math.min(offset + limit, total);
    const ids = found
      ? found.subarray(offset, end)
      : Int32Array.from({ length: Math.max(0, end - offset) }, (_, i) => offset + i);
    return { total, rows: await this.rowsByIds(ids) };
  }

  /** These rows, in this order; unknown ids are left out. */
  async rowsByIds(ids: ArrayLike<number>): Promise<Row[]> {
    const wanted = Array.from(ids).filter((id) => Number.isInteger(id) && id >= 0 && id < this.log.book.rows);
    if (wanted.length === 0) return [];
    const texts = new Map<number, string>();
    for (const [id, text] of await this.database.all(
      `SELECT id, text FROM rows WHERE id BETWEEN $1 AND $2 AND id IN (${wanted.join(', ')})`,
      [wanted.reduce((a, b) => Math.min(a, b)), wanted.reduce((a, b) => Math.max(a, b))],
    ))
      texts.set(Number(id), String(text));
    const predicted = await this.predictions.of(wanted);
    return wanted.map((id) => ({
      id,
      text: texts.get(id) ?? '',
      labels: this.log.book.namesOf(id),
      split: this.splits.of(id),
      predicted: predicted.get(id) ?? null,
    }));
  }

  /** What the file said of rows besides their labels. */
  get cells(): RowCells {
    return new RowCells(this.database);
  }

  /** The texts of all rows in the order of their ids, batch by batch. */
  async *documents(batchSize: number): AsyncGenerator<readonly RowFields[], void, undefined> {
    const { rows } = this.log.book;
    for (let from = 0; from < rows; from += batchSize) {
      const values = await this.database.all(
        'SELECT id, text, fields FROM rows WHERE id BETWEEN $1 AND $2 ORDER BY id',
        [from, Math.min(rows, from + batchSize) - 1],
      );
      yield values.map(([id, text, fields]) => ({ rowId: Number(id), fields: fieldsOf(text, fields) }));
    }
  }

  /** Decides which labelled rows train, validate and test; see `splitRows` for how. Kept until decided anew. */
  async assignSplits(shares: SplitShares): Promise<void> {
    await this.database.exclusively(() => this.splits.assign(shares));
  }

  /** The rows of a split with their labels as class numbers into `names`, which is sorted and the same for every split. */
  labelled(split: Exclude<Split, 'unlabelled'>): Promise<LabelledRows> {
    return Promise.resolve(labelledRows(this.log.book, (row) => this.splits.of(row), split));
  }

  /**
   * Keeps what a model says about rows: the best five labels and the uncertainty. Other labels or another basis than
   * before replace everything, otherwise only these rows.
   *
   * @param probabilities // [rows, labels]
   */
  async savePredictions(
    rowIds: ArrayLike<number>,
    labels: readonly string[],
    probabilities: Float32Array,
    basis: PredictionBasis = 'classifier',
  ): Promise<void> {
    await this.database.exclusively(() => this.predictions.save(rowIds, labels, probabilities, basis, this.choice));
  }

  /** Up to `limit` unlabelled rows, picked by the seed. */
  unlabelledRowIds(limit: number, seed: number): Promise<Int32Array> {
    return Promise.resolve(pickSmallest(this.unlabelled(new Set()), limit, (row) => shuffled(row, seed)));
  }

  /** The next rows to label. `uncertain` goes by the kept predictions; rows without one come after, as in the file. */
  unlabelledCandidates(
    order: QueueOrder,
    limit: number,
    exclude: readonly number[],
    seed = 0,
  ): { rowIds: Int32Array; basis: PredictionBasis | 'none' } {
    const rows = this.unlabelled(new Set(exclude));
    const { predictions } = this;
    const key =
      order === 'random'
        ? (row: number): number => shuffled(row, seed)
        : (row: number): number => -predictions.uncertaintyOf(row);
    const rowIds = order === 'file' ? rows.slice(0, limit) : pickSmallest(rows, limit, key);
    const isKnown = order === 'uncertain' && predictions.uncertaintyOf(rowIds[0] ?? -1) >= 0;
    return { rowIds, basis: isKnown ? (predictions.basis ?? 'none') : 'none' };
  }

  private unlabelled(exclude: ReadonlySet<number>): Int32Array {
    const { book } = this.log;
    const rows = new Int32Array(book.rows - book.labelled);
    let length = 0;
    for (let row = 0; row < book.rows; row++) {
      if (book.setOf(row) === UNLABELLED && !exclude.has(row)) rows[length++] = row;
    }
    return rows.slice(0, length);
  }
}

function fieldsOf(text: unknown, fields: unknown): string[] {
  if (fields !== null && typeof fields === 'object' && 'items' in fields && Array.isArray(fields.items))
    return fields.items.map(String);
  return [String(text)];
}
