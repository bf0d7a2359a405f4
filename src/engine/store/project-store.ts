import { join } from 'node:path';
import type { LabelState, RowFilter } from '../../shared/contract';
import type { LabelSetEffect, LabelSetEntry } from '../../shared/label-set';
import type { LabelChange, LabelEffect } from '../../shared/label-types';
import type {
  ColumnChoice,
  ImportedFile,
  ImportSummary,
  LabelInfo,
  ReadOptions,
  RowHead,
  Split,
} from '../../shared/data-types';
import { AppError } from '../../shared/errors';
import type { SplitShares } from './assign-splits';
import { checkedChoice } from './column-choice';
import { Database } from './database';
import { HISTORY_LIMITS } from './history-limits';
import { importedFiles, lastImport, rejectedLines, type RejectedLine } from './imported-files';
import { importRows, type ImportControl, type ImportRole, type StoredImport } from './import-rows';
import { UNLABELLED } from './label-book';
import { planChange, type PlannedChange } from './label-change';
import { effectOf, examplesOf } from './label-effect';
import type { LabelLog } from './label-log';
import { LabelsSince } from './labels-since';
import { planLabelSet } from './label-set';
import { labelledRows, labelledSample, type LabelledRows } from './labelled-rows';
import type { PredictionBasis, Predictions } from './predictions';
import type { RowMark } from './row-marks';
import { rowsLabelledAtOnce } from './rows-at-once';
import { rowsSharing, type TellingWord } from './rows-sharing';
import type { RowFields } from './read-documents';
import { migrateProject, readProjectVersion } from './project-format';
import { ProjectHistory, type HistoryParts } from './project-history';
import { RowCells } from './row-cells';
import type { RowFinder } from './row-finder';
import { textsOf, type RowPage } from './row-look-up';
import type { SideCounts, Splits } from './splits';
import { StoreHealth } from './store-health';
import { loadParts } from './store-parts';
import { StoreSplits } from './store-splits';
import { textsOfNow, TextSnapshot } from './text-snapshot';
import { StoreSuggestions } from './store-suggestions';
import { WaitingRows, type Candidates } from './waiting-rows';

/**
 * The rows, labels, splits and predictions of one project: one DuckDB file, which only this class writes. Rows have the
 * ids 0, 1, 2 … in the order they came; a row's id is also its place among the documents.
 */
export class ProjectStore {
  private readonly database: Database;
  private readonly imports: readonly StoredImport[];
  private readonly log: LabelLog;
  private readonly splits: Splits;
  private readonly predictions: Predictions;
  private readonly finder: RowFinder;
  private readonly waiting: WaitingRows;
  private readonly labelsSince: LabelsSince;
  /** Undo and redo of every change. */
  readonly history: ProjectHistory;
  private atOnce: { readonly revision: number; readonly rows: Uint8Array } | null = null;

  private constructor(private readonly parts: HistoryParts) {
    ({
      database: this.database,
      imports: this.imports,
      log: this.log,
      splits: this.splits,
      predictions: this.predictions,
      finder: this.finder,
    } = parts);
    const { log, predictions } = parts;
    this.waiting = new WaitingRows({ book: log.book, marks: log.marks, tally: log.tally, predictions });
    this.labelsSince = new LabelsSince(this.database, log);
    this.history = new ProjectHistory(parts);
  }

  private get choice(): ColumnChoice | null {
    return this.parts.chosen.columns;
  }

  /**
   * Opens the store of a project folder (with its `project.json`), or makes it.
   * @param limits how much is kept for undo
   * @throws AppError `not-found`, `project-format` (damaged, or made by a newer Thaw), `project-locked`, `disk-full`
   */
  static async open(projectDir: string, limits = HISTORY_LIMITS): Promise<ProjectStore> {
    await readProjectVersion(projectDir);
    const database = await Database.open(join(projectDir, 'store.duckdb'));
    try {
      await migrateProject(projectDir, database);
      return new ProjectStore(await loadParts(database, limits));
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
    const summary = await importRows(this.parts, order, control);
    await this.splits.takeUp();
    return summary;
  }

  /** What the newest import did, or null. */
  lastImport(): Promise<ImportSummary | null> {
    return lastImport(this.database);
  }

  /** Every file that was imported, oldest first. */
  importedFiles(): Promise<ImportedFile[]> {
    return importedFiles(this.database, this.imports, this.log.marks);
  }

  /** Rows that could not be read, of one import or of all, in order. */
  rejectedRows(offset: number, limit: number, importId: number | null = null): Promise<RejectedLine[]> {
    return rejectedLines(this.database, offset, limit, importId);
  }

  /** Whether labels are otherwise than they were then; what was changed and changed back is not. */
  labelsDifferSince(then: Date): Promise<boolean> {
    return this.labelsSince.differ(then);
  }

  /** What the columns of the imported data are, or null before the first import. */
  columnChoice(): Promise<ColumnChoice | null> {
    return Promise.resolve(this.choice);
  }

  /** All rows, also those that are set aside: ids are below `rows`. */
  counts(): { readonly rows: number; readonly labelled: number } {
    return { rows: this.log.book.rows, labelled: this.log.book.labelled };
  }

  /** Rows that are not set aside; `waiting` are those to be labelled. */
  inUse(): { readonly rows: number; readonly labelled: number; readonly waiting: number } {
    const { rows, labelled, waiting } = this.log.tally;
    return { rows, labelled, waiting };
  }

  /** All labels with their counts (of rows in use) and colours, in the order they came. */
  labels(): LabelInfo[] {
    return this.log.labels();
  }

  labelState(): LabelState {
    return this.log.state(null);
  }

  /** Gives a row exactly these labels; an empty list takes all away. @throws AppError `bad-input`, `not-found` */
  setLabels(rowId: number, labels: readonly string[], none = false): Promise<LabelState> {
    return this.setLabelsOfRows([rowId], labels, none);
  }

  /** {@link setLabels} for several rows, as one step for undo; with `none` an empty list says that no label fits. */
  async setLabelsOfRows(rowIds: readonly number[], labels: readonly string[], none = false): Promise<LabelState> {
    if (labels.length > 1 && this.choice?.multiLabel === false) {
      throw new AppError('bad-input', `Expected one label for a row, got ${String(labels.length)}.`, {
        hint: 'This project has one label for each row.',
        data: { expected: 1, got: labels },
      });
    }
    return this.database.exclusively(() => this.log.setLabels(rowIds, labels, none));
  }

  addLabel(name: string): Promise<LabelState> {
    return this.database.exclusively(() => this.log.addLabel(name));
  }

  renameLabel(from: string, to: string): Promise<LabelState> {
    return this.database.exclusively(() => this.log.renameLabel(from, to));
  }

  /** Description and colour of a label. @throws AppError `bad-input` */
  describeLabel(
    name: string,
    words: { readonly description?: string | undefined; readonly color?: string | undefined },
  ): Promise<LabelState> {
    return this.database.exclusively(() => this.log.describeLabel(name, words));
  }

  /** Puts a label at another place of the list. @throws AppError `bad-input` */
  moveLabel(name: string, place: number): Promise<LabelState> {
    return this.database.exclusively(() => this.log.moveLabel(name, place));
  }

  /** What taking over a set of labels would do. */
  previewLabelSet(labels: readonly LabelSetEntry[]): Promise<Omit<LabelSetEffect, 'file'>> {
    return this.database.exclusively(() => Promise.resolve(planLabelSet(this.log.book, labels).effect));
  }

  /** Takes over a set of labels: names, colours, descriptions and order, as one step for undo. */
  takeLabelSet(labels: readonly LabelSetEntry[]): Promise<LabelState> {
    return this.database.exclusively(() => this.log.takeLabelSet(labels));
  }

  /** Puts a mark on rows or takes it off; without rows off all that have it. One step for undo. */
  markRows(rowIds: ArrayLike<number> | null, mark: RowMark, on: boolean): Promise<LabelState> {
    return this.database.exclusively(() => this.log.mark(rowIds ?? this.log.marks.rowsWith(mark), mark, on));
  }

  /** Writes a note on a row; an empty one takes it away. @throws AppError `not-found` */
  noteRow(rowId: number, note: string): Promise<LabelState> {
    return this.database.exclusively(() => this.log.note(rowId, note));
  }

  /** What a change would do; nothing is changed. @param from see `labels.preview` @throws AppError `bad-input` */
  async previewChange(change: LabelChange, from = 0): Promise<LabelEffect> {
    const { changed, ...figures } = effectOf(this.log.book, await this.plan(change), this.log.used);
    const inOrder = change.kind === 'rows' ? await this.finder.inOrder(change.filter, changed) : null;
    return { ...figures, changed: changed.length, examples: await this.rowsByIds(examplesOf(changed, inOrder, from)) };
  }

  /** Makes a change of many rows or of labels, as one step for undo. @throws AppError `bad-input` */
  applyChange(change: LabelChange): Promise<LabelState> {
    return this.database.exclusively(async () => this.log.make((await this.plan(change)).plan));
  }

  /** What the kept suggestions say, counted. */
  get suggestions(): StoreSuggestions {
    return new StoreSuggestions(this.parts, (filter) => this.findRows(filter));
  }

  private plan(change: LabelChange): Promise<PlannedChange> {
    return planChange(this.log.book, (filter) => this.findRows(filter), change, this.choice?.multiLabel === true);
  }

  /** The ids of the rows that a filter lets through, ascending; null for all. */
  findRows(filter: RowFilter): Promise<Int32Array | null> {
    const revision = [this.log.revision, this.splits.revision, this.predictions.revision].join('.');
    return this.finder.find(filter, revision);
  }

  undo(meant?: number): Promise<LabelState> {
    return this.history.undo(meant);
  }

  redo(meant?: number): Promise<LabelState> {
    return this.history.redo(meant);
  }

  /** Some of the rows that a filter lets through, in the order of the file, and how many in all. @param head as below */
  async page(filter: RowFilter, offset: number, limit: number, head?: number): Promise<RowPage> {
    const found = await this.findRows(filter);
    const total = found?.length ?? this.log.book.rows;
    const end = Math.min(offset + limit, total);
    const ids = found
      ? found.subarray(offset, end)
      : Int32Array.from({ length: Math.max(0, end - offset) }, (_, i) => offset + i);
    return { total, rows: await this.rowsByIds(ids, head) };
  }

  /** These rows, in this order; unknown ids are left out. @param head characters read of each text; otherwise all */
  async rowsByIds(ids: ArrayLike<number>, head?: number): Promise<RowHead[]> {
    const wanted = Array.from(ids).filter((id) => Number.isInteger(id) && id >= 0 && id < this.log.book.rows);
    if (wanted.length === 0) return [];
    const texts = await textsOf(this.database, wanted, head);
    const predicted = await this.predictions.of(wanted);
    return wanted.map((id) => {
      const marks = this.log.marks.of(id);
      return {
        id,
        ...(texts.get(id) ?? { text: '' }),
        labels: this.log.book.namesOf(id),
        split: this.splits.of(id),
        predicted: predicted.get(id) ?? null,
        ...(marks && { marks }),
      };
    });
  }

  /** What the file said of rows besides their labels. */
  get cells(): RowCells {
    return new RowCells(this.database);
  }

  /** What the health report reads and changes. */
  get health(): StoreHealth {
    return new StoreHealth({ ...this.parts, history: this.history });
  }

  /** How the rows are divided into those that train, validate and test. */
  get division(): StoreSplits {
    const { groupColumn = null, timeColumn = null } = this.choice ?? {};
    const usual = { group: groupColumn, time: timeColumn };
    return new StoreSplits(this.database, this.log.book, this.splits, this.history, usual);
  }

  /** The texts as they are now, to be read in one's own time; to be closed. */
  textSnapshot(): Promise<TextSnapshot> {
    return TextSnapshot.take(this.database);
  }

  /** The texts of all rows as they are at the beginning, in the order of their ids, batch by batch. */
  documents(batchSize: number): AsyncGenerator<readonly RowFields[], void, undefined> {
    return textsOfNow(this.database, batchSize);
  }

  /** Decides which labelled rows train, validate and test (see `splitRows`), until decided anew; `check` may refuse it. */
  async assignSplits(shares: SplitShares, check?: (sides: SideCounts) => void): Promise<void> {
    await this.database.exclusively(() => this.splits.assign(shares, check));
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
    return Promise.resolve(this.waiting.sample(limit, seed));
  }

  /** The next rows to label, see {@link WaitingRows.next}. */
  unlabelledCandidates(
    order: 'uncertain' | 'random' | 'file',
    limit: number,
    exclude: readonly number[],
    seed = 0,
  ): Candidates {
    return this.waiting.next(order, limit, exclude, seed);
  }

  /** Labelled rows in use, ascending; of very many, as many as wanted from all over the file. */
  labelledRowIds(most: number): Int32Array {
    return labelledSample(this.log.book, this.log.marks, most);
  }

  /** Rows whose texts hold some of these words, those with the weightiest first. */
  rowsSharing(words: readonly TellingWord[], limit: number): Promise<Int32Array> {
    return rowsSharing(this.database, this.log.book.rows, words, limit);
  }

  /** Which of these rows got their label with others in one step, see {@link rowsLabelledAtOnce}. // [rowIds], 1 or 0 */
  async labelledAtOnce(rowIds: Int32Array): Promise<Uint8Array> {
    const { revision, book, marks } = this.log;
    if (this.atOnce?.revision !== revision)
      this.atOnce = { revision, rows: await rowsLabelledAtOnce(this.database, book, marks) };
    const { rows } = this.atOnce;
    return Uint8Array.from(rowIds, (row) => rows[row] ?? 0);
  }

  /** Whether a row waits to be labelled: it has no label, was not skipped, and is not set aside. */
  isWaiting(row: number): boolean {
    return this.log.tally.isWaiting(row);
  }

  /** Whether a person has looked at the label of a row again and kept it. */
  isKept(row: number): boolean {
    return this.log.marks.has(row, 'keep');
  }

  /** The names of a row's labels as they stand now; null where it is not labelled. */
  labelsOf(row: number): string[] | null {
    return this.log.book.setOf(row) === UNLABELLED ? null : this.log.book.namesOf(row);
  }

  /** Counts up with every change of labels or marks. */
  get labelRevision(): number {
    return this.log.revision;
  }

  /** What the kept predictions rest on. */
  get predictionBasis(): PredictionBasis | 'none' {
    return this.predictions.basis ?? 'none';
  }
}
