import type { LabelDoubt } from './data-types';

/** Fewer rows tell nothing: of ten rows each may well have a class of its own. */
const FEWEST_ROWS = 20;
/** Up to so many different values are kinds of something, whatever they look like: grades, stars, postcodes of a town. */
const FEW_VALUES = 20;
/** So many rows for each value on average are kinds too, even of numbers. */
const ROWS_OF_A_KIND = 20;
/** Values on one row only, as a share of the rows: as much is the chance that the next row brings a value never seen. */
const MOST_ALONE = 0.5;
/** Classes by number are counted without large gaps: 0 to 76, or 1 to 150. */
const MOST_GAPS = 1.5;

const NUMBER = /^[+-]?(\d{1,3}([.,' ]\d{3})+|\d+)([.,]\d+)?(e[+-]?\d+)?\s?[%€$£]?$/i;

/** Values as far as they were looked at: all of a project, or the first rows of a file. */
export interface ValuesLookedAt {
  readonly values: readonly string[]; // the different ones
  readonly alone: number; // how many of them are on one row only
  readonly rows: number; // rows that have any
}

/**
 * Why values would make no good labels: they are amounts, or nearly every row has one of its own; null where they would
 * do. The one judge of it, for the preview of a file, for a plan and for the start of a run.
 *
 * Of a part of the rows, the share of different values says little: a hundred rows of sixty classes have some fifty. The
 * values met once tell what the rest will bring (Good 1953), so a part and the whole are judged alike.
 */
export function labelDoubt({ values, alone, rows }: ValuesLookedAt): LabelDoubt | null {
  if (rows < FEWEST_ROWS || values.length <= FEW_VALUES) return null;
  const numbers = values.filter((value) => NUMBER.test(value.trim())).length;
  const areNumbers = numbers >= 0.95 * values.length;
  if (areNumbers && rows < ROWS_OF_A_KIND * values.length && !areCounted(values, rows)) return 'numbers';
  return alone > MOST_ALONE * rows ? 'unique' : null;
}

/** Whether numbers look like those of classes: whole, from 0 or 1 on, hardly one left out, and each more than once. */
function areCounted(values: readonly string[], rows: number): boolean {
  const numbers = values.map(Number);
  const areWhole = numbers.every((one) => Number.isInteger(one) && one >= 0);
  const [least, most] = numbers.reduce(
    ([low, high], one) => [Math.min(low, one), Math.max(high, one)],
    [Infinity, -Infinity],
  );
  return areWhole && least <= 1 && most <= values.length * MOST_GAPS && values.length * 2 <= rows;
}
