/** Why values hardly look like labels: amounts, or nearly as many as there are rows. */
export type LabelDoubt = 'numbers' | 'nearly-unique';

/** Up to so many different values are kinds of something, whatever they look like: grades, stars, postcodes of a town. */
const FEW_VALUES = 20;
/** So many rows for each value on average are kinds too, even of numbers. */
const ROWS_OF_A_KIND = 20;
/** A value of its own for at least half of the rows. */
const NEARLY_ALL = 0.5;

const NUMBER = /^[+-]?(\d{1,3}([.,' ]\d{3})+|\d+)([.,]\d+)?(e[+-]?\d+)?\s?[%€$£]?$/i;

/**
 * Whether values look like something else than labels, by their number and their looks; null where they may be labels.
 * @param values the different ones (or enough of them to judge their looks by)
 * @param different how many there are
 * @param rows with a value
 */
export function labelDoubt(values: readonly string[], different: number, rows: number): LabelDoubt | null {
  if (different <= FEW_VALUES) return null;
  if (different >= NEARLY_ALL * rows) return 'nearly-unique';
  const numbers = values.filter((value) => NUMBER.test(value.trim())).length;
  return numbers >= 0.95 * values.length && rows < ROWS_OF_A_KIND * different ? 'numbers' : null;
}
