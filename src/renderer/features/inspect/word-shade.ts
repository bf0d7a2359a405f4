import type { ExplainedWord } from '../../../shared/inspect-types';

/** Which of the two ways of explaining colours the words. */
export type WordMeasure = 'gradient' | 'leftOut';

/** A word's value by one measure; 0 where it was not measured. */
export function valueOf(word: ExplainedWord, measure: WordMeasure): number {
  return (measure === 'gradient' ? word.gradient : word.leftOut) ?? 0;
}

/** How strongly each word is coloured, −1 (speaks against) to 1 (speaks for), by the strongest of all. */
export function wordShades(words: readonly ExplainedWord[], measure: WordMeasure): readonly number[] {
  const most = words.reduce((max, word) => Math.max(max, Math.abs(valueOf(word, measure))), 0);
  return words.map((word) => (most === 0 ? 0 : valueOf(word, measure) / most));
}
