import type { RowFilter, SuggestionCounts } from '../../shared/label-types';
import type { HistoryParts } from './project-history';
import { percentReached, percentWithin, type SuggestionAsk } from './suggestion-values';

/** What the kept suggestions say, counted: what a slider over their probabilities shows beside itself. */
export class StoreSuggestions {
  constructor(
    private readonly parts: Pick<HistoryParts, 'database' | 'log' | 'predictions' | 'suggestions'>,
    private readonly find: (filter: RowFilter) => Promise<Int32Array | null>,
  ) {}

  /**
   * Counts the rows of a filter by per cent: of the label's probability, or of how far the two best are apart.
   *
   * @param filter what it asks by probability itself is left out
   */
  async counts(ask: SuggestionAsk, filter: RowFilter): Promise<SuggestionCounts> {
    const { log, predictions, suggestions } = this.parts;
    const found = await this.find({ ...filter, sure: undefined, torn: undefined });
    const values = await suggestions.of(ask, log.book.rows);
    const percents = new Array<number>(101).fill(0);
    const count = found?.length ?? log.book.rows;
    let said = 0;
    for (let i = 0; i < count; i++) {
      const row = found === null ? i : (found[i] ?? 0);
      if (predictions.bestNumber(row) >= 0) said++;
      const value = values[row] ?? -1;
      if (value < 0) continue;
      const percent = Math.min(100, ask.kind === 'sure' ? percentReached(value) : percentWithin(value));
      percents[percent] = (percents[percent] ?? 0) + 1;
    }
    return { percents, said, rows: count };
  }

  /** Forgets all that models have said: they are no longer there. */
  async forget(): Promise<void> {
    await this.parts.database.exclusively(() => this.parts.predictions.clear());
  }
}
