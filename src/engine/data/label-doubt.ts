import type { LabelDoubt } from '../../shared/data-types';

/** Fewer rows tell nothing: of ten rows each may well have a class of its own. */
const FEWEST_ROWS = 20;
/** More different numbers than this are amounts, unless they are the numbers of classes. */
const MOST_NUMBERS = 20;
/** With so many different ones for each row nothing is left that could be learned of any. */
const NEARLY_ALL = 0.8;
/** Classes by number are counted without large gaps: 0 to 76, or 1 to 150. */
const MOST_GAPS = 1.5;

/** A column as far as it was looked at, were it one of labels. */
export interface LabelsLookedAt {
  readonly labels: ReadonlySet<string>; // the different ones
  readonly filled: number; // rows that have any
  readonly isNumbers: boolean;
}

/**
 * Why a column would make no good labels: nearly every row has a value of its own, or its numbers are amounts; null for
 * one that would do.
 */
export function labelDoubtOf({ labels, filled, isNumbers }: LabelsLookedAt): LabelDoubt | null {
  if (filled < FEWEST_ROWS) return null;
  if (isNumbers && labels.size > MOST_NUMBERS && !areCounted(labels, filled)) return 'numbers';
  return labels.size > NEARLY_ALL * filled ? 'unique' : null;
}

/** Whether numbers look like those of classes: whole, from 0 or 1 on, hardly one left out, and each more than once. */
function areCounted(labels: ReadonlySet<string>, filled: number): boolean {
  const numbers = [...labels].map(Number);
  const isWhole = numbers.every((one) => Number.isInteger(one) && one >= 0) && Math.min(...numbers) <= 1;
  return isWhole && Math.max(...numbers) <= labels.size * MOST_GAPS && labels.size * 2 <= filled;
}
