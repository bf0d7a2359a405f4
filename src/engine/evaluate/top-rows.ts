/** The few of many rows with the highest scores, in the memory of those few. Of equals the first to come stand first. */
export class TopRows<T> {
  readonly #limit: number;
  readonly #kept: { readonly score: number; readonly row: T }[] = [];

  /** @param limit rows that are kept */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Takes a row in if it is among the best so far. @param make makes it, asked only then */
  offer(score: number, make: () => T): void {
    const last = this.#kept.at(-1);
    if (this.#kept.length === this.#limit && last !== undefined && score <= last.score) return;
    let [low, high] = [0, this.#kept.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#kept[middle]?.score ?? 0) >= score) low = middle + 1;
      else high = middle;
    }
    this.#kept.splice(low, 0, { score, row: make() });
    if (this.#kept.length > this.#limit) this.#kept.pop();
  }

  /** The best rows, best first. */
  rows(): T[] {
    return this.#kept.map(({ row }) => row);
  }
}
