/** Seconds that the speed is averaged over: long enough to be calm, short enough to follow a change. */
const window = 15;

/** Guesses the time left of a transfer from its speed in the last seconds. */
export class TransferClock {
  readonly #interval: number;
  readonly #now: () => number;
  readonly #marks: { readonly at: number; readonly done: number }[] = [];
  #told = -Infinity;

  /** @param interval least milliseconds between two reports */
  constructor(interval: number, now: () => number = () => performance.now()) {
    this.#interval = interval;
    this.#now = now;
  }

  /**
   * Takes in how far the transfer is.
   * @returns the seconds left, null where they cannot be told yet; undefined where it is too early for a new report
   */
  told(done: number, total: number | null): number | null | undefined {
    const now = this.#now();
    if (now - this.#told < this.#interval && done !== total) return undefined;
    this.#told = now;
    this.#marks.push({ at: now, done });
    while (this.#marks.length > 2 && now - (this.#marks[0]?.at ?? now) > window * 1000) this.#marks.shift();
    const first = this.#marks[0] ?? { at: now, done };
    const seconds = (now - first.at) / 1000;
    if (total === null || seconds < 1 || done <= first.done) return null;
    return ((total - done) * seconds) / (done - first.done);
  }
}
