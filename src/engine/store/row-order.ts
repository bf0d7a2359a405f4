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

/**
 * Rows sorted by a key of 32 bits, smallest first; of equal keys the earlier row first. Both go into one double, so that
 * a million are sorted as plain numbers (beyond two million rows the lowest bits of the keys do not count).
 */
export function sortedByKey(rows: ArrayLike<number>, most: number, key: (row: number) => number): Int32Array {
  const rowBits = Math.max(21, Math.ceil(Math.log2(Math.max(2, most))));
  const places = 2 ** rowBits;
  const dropped = rowBits - 21;
  const keys = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] ?? 0;
    keys[i] = (key(row) >>> dropped) * places + row;
  }
  return Int32Array.from(keys.sort(), (one) => one % places);
}
