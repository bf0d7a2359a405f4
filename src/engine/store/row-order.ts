/** An order of rows that is gone through: rows at its front that are done with are passed over for good. */
export class RowOrder {
  private from = 0;
  private returned = -1;

  constructor(private readonly rows: Int32Array) {}

  /**
   * The next rows that still wait and are not excluded, at most so many.
   *
   * @param returned has grown where a row may wait again that was passed over
   */
  take(limit: number, isWaiting: (row: number) => boolean, exclude: ReadonlySet<number>, returned: number): number[] {
    const { rows } = this;
    if (returned !== this.returned) {
      this.returned = returned;
      this.from = 0;
    }
    while (this.from < rows.length && !isWaiting(rows[this.from] ?? 0)) this.from++;
    const found: number[] = [];
    for (let at = this.from; at < rows.length && found.length < limit; at++) {
      const row = rows[at] ?? 0;
      if (isWaiting(row) && !exclude.has(row)) found.push(row);
    }
    return found;
  }
}

/** Bits that one pass of {@link sortedByKey} sorts by; three passes are 33 of them. */
const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;

/**
 * Rows sorted by a key of 32 bits, smallest first; equal keys stay in the order they had. Sorted digit by digit: a
 * million rows take three passes over them and no comparison.
 */
export function sortedByKey(rows: Int32Array, key: (row: number) => number): Int32Array {
  let keys = new Uint32Array(rows.length);
  for (let i = 0; i < rows.length; i++) keys[i] = key(rows[i] ?? 0);
  let order = rows.slice();
  let nextKeys = new Uint32Array(rows.length);
  let nextOrder = new Int32Array(rows.length);
  const starts = new Int32Array(DIGITS + 1);
  for (let shift = 0; shift < 32; shift += DIGIT_BITS) {
    starts.fill(0);
    for (let i = 0; i < keys.length; i++) {
      const digit = ((keys[i] ?? 0) >>> shift) & (DIGITS - 1);
      starts[digit + 1] = (starts[digit + 1] ?? 0) + 1;
    }
    for (let digit = 0; digit < DIGITS; digit++) starts[digit + 1] = (starts[digit + 1] ?? 0) + (starts[digit] ?? 0);
    for (let i = 0; i < keys.length; i++) {
      const one = keys[i] ?? 0;
      const digit = (one >>> shift) & (DIGITS - 1);
      const place = starts[digit] ?? 0;
      starts[digit] = place + 1;
      nextKeys[place] = one;
      nextOrder[place] = order[i] ?? 0;
    }
    [keys, nextKeys] = [nextKeys, keys];
    [order, nextOrder] = [nextOrder, order];
  }
  return order;
}
