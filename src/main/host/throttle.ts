/**
 * Passes values on at most once per interval: the first at once, of those that follow only the newest, when the
 * interval is over. Screens get a steady pace and never miss the last state.
 */
export class Throttle<T> {
  readonly #pass: (value: T) => void;
  readonly #intervalMs: number;
  #timer: NodeJS.Timeout | undefined;
  #waiting: { readonly value: T } | undefined;

  constructor(intervalMs: number, pass: (value: T) => void) {
    this.#intervalMs = intervalMs;
    this.#pass = pass;
  }

  /** Gives a value; it is passed on now, at the end of the interval, or never where a newer one comes first. */
  push(value: T): void {
    if (this.#timer) {
      this.#waiting = { value };
      return;
    }
    this.#pass(value);
    this.#startInterval();
  }

  /** Passes on what still waits, now. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting) this.#pass(waiting.value);
  }

  #startInterval(): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      const waiting = this.#waiting;
      if (!waiting) return;
      this.#waiting = undefined;
      this.#pass(waiting.value);
      this.#startInterval();
    }, this.#intervalMs);
    this.#timer.unref();
  }
}
