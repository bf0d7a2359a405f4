import type { RowFilter } from '../../shared/contract';
import type { Split } from '../../shared/data-types';
import type { Database } from './database';
import { UNLABELLED, type LabelBook } from './label-book';
import type { Predictions } from './predictions';
import type { RowMarks } from './row-marks';
import { askOf, suggestionMatcher, type SuggestionValues } from './suggestion-values';

/** How a row is used now. */
export type SplitOf = (row: number) => Split;

/**
 * Finds the rows that a filter lets through. The text search is DuckDB's and its answer is kept; everything else is in
 * memory, so that scrolling and switching filters never search a million texts again.
 */
export class RowFinder {
  private searched: { readonly key: string; readonly rows: Int32Array } | null = null;
  private found: { readonly key: string; readonly rows: Int32Array } | null = null;

  constructor(
    private readonly database: Database,
    private readonly book: LabelBook,
    private readonly predictions: Predictions,
    private readonly splitOf: SplitOf,
    private readonly marks: RowMarks,
    private readonly suggestions: SuggestionValues,
  ) {}

  /**
   * The ids of the rows that a filter lets through, ascending; null for all.
   *
   * @param revision of everything that a filter can ask about
   */
  async find(filter: RowFilter, revision: string): Promise<Int32Array | null> {
    const search = filter.search?.trim() === '' ? undefined : filter.search;
    const anyAside = this.marks.count('aside') > 0;
    if (!anyAside && Object.values({ ...filter, search }).every((one) => one === undefined)) return null;
    const key = JSON.stringify([revision, this.book.rows, { ...filter, search }]);
    if (this.found?.key === key) return this.found.rows;
    const candidates = search === undefined ? null : await this.search(search);
    const ask = askOf(filter);
    const values = ask === null ? null : await this.suggestions.of(ask, this.book.rows);
    const rows = this.keep(candidates, filter, values === null ? null : suggestionMatcher(filter, values));
    this.found = { key, rows };
    return rows;
  }

  /** The texts have changed: what was searched is searched again. */
  forgetTexts(): void {
    this.searched = null;
    this.found = null;
  }

  private async search(search: string): Promise<Int32Array> {
    const key = JSON.stringify([this.book.rows, search]);
    if (this.searched?.key === key) return this.searched.rows;
    const [rows = new Int32Array(0)] = await this.database.integers(
      'SELECT id FROM rows WHERE id >= 0 AND contains(lower(text), lower($1)) ORDER BY id',
      [search],
    );
    this.searched = { key, rows };
    return rows;
  }

  /** Rows in the order that a filter by probability asks for; null for other filters. */
  async inOrder(filter: RowFilter, rows: Int32Array): Promise<Int32Array | null> {
    const ask = askOf(filter);
    return ask === null ? null : this.suggestions.inOrder(ask, rows, this.book.rows);
  }

  private keep(
    candidates: Int32Array | null,
    filter: RowFilter,
    isSuggested: ((row: number) => boolean) | null,
  ): Int32Array {
    const { book, marks } = this;
    const { label, labelled, split, predicted, flagged, skipped, noted, aside = false } = filter;
    const setFits = this.setMatcher(label, labelled);
    const marksFit = marks.matcher({ aside, flag: flagged, skip: skipped });
    const numbers = predicted === undefined ? null : this.predictions.numbersOf(predicted);
    const count = candidates?.length ?? book.rows;
    const kept = new Int32Array(count);
    let length = 0;
    for (let i = 0; i < count; i++) {
      const row = candidates === null ? i : (candidates[i] ?? 0);
      if (!marksFit(row) || setFits[book.setOf(row) - UNLABELLED] === 0) continue;
      if (split !== undefined && this.splitOf(row) !== split) continue;
      if (numbers !== null && !numbers.has(this.predictions.bestNumber(row))) continue;
      if (isSuggested !== null && !isSuggested(row)) continue;
      if (noted !== undefined && (marks.noteOf(row) !== '') !== noted) continue;
      kept[length++] = row;
    }
    return kept.slice(0, length);
  }

  /** For each set of labels, the one of unlabelled rows first, whether rows with it are wanted: 1 or 0. */
  private setMatcher(label: string | undefined, labelled: boolean | undefined): Uint8Array {
    const { book } = this;
    const id = label === undefined ? null : (book.find(label)?.id ?? -1);
    return Uint8Array.from({ length: book.setCount + 1 }, (_, i) => {
      const set = i + UNLABELLED;
      if (labelled !== undefined && (set !== UNLABELLED) !== labelled) return 0;
      return Number(id === null || book.labelsOf(set).includes(id));
    });
  }
}
