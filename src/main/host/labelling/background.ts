import { CancelledError } from '../../../shared/errors';

/**
 * Work that is asked for often and done now and then: it begins once nobody has asked for a moment, and asked for
 * meanwhile it is done once more. After long work the pause is as long as the work, so that half of the time is free.
 */
export class Background {
  readonly #what: string;
  readonly #quiet: number;
  readonly #work: () => Promise<void>;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | null = null;
  #again = false;
  #stopped = false;
  #lastTook = 0;

  /**
   * @param what names the work in the log
   * @param quiet milliseconds between the last wish and the beginning
   */
  constructor(what: string, quiet: number, work: () => Promise<void>) {
    this.#what = what;
    this.#quiet = quiet;
    this.#work = work;
  }

  /** Whether it is at work or about to begin. */
  get busy(): boolean {
    return this.#running !== null || this.#timer !== undefined;
  }

  /** Has the work done soon. */
  ask(): void {
    this.#stopped = false;
    if (this.#running) {
      this.#again = true;
      return;
    }
    // Somebody who labels without a pause must not put it off for ever: a timer that runs is left alone.
    this.#timer ??= setTimeout(() => this.#begin(), Math.max(this.#quiet, Math.min(this.#lastTook, 20_000))).unref();
  }

  /** Resolves when nothing is under way or waiting. */
  async settled(): Promise<void> {
    while (this.busy) await (this.#running ?? new Promise((resolve) => setTimeout(resolve, 20)));
  }

  /** Forgets what waits, and waits for what is under way; whoever calls has told it to stop. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#again = false;
    await this.#running;
    this.#lastTook = 0;
  }

  #begin(): void {
    this.#timer = undefined;
    const begun = performance.now();
    this.#running = this.#work()
      .catch((error: unknown) => {
        // Labelling goes on without it, so a failure is only worth a line in the log.
        if (!(error instanceof CancelledError)) process.stderr.write(`${this.#what} has failed: ${String(error)}\n`);
      })
      .finally(() => {
        this.#running = null;
        this.#lastTook = performance.now() - begun;
        const again = this.#again && !this.#stopped;
        this.#again = false;
        if (again) this.ask();
      });
  }
}
