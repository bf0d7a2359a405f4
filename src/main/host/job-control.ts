import { CancelledError } from '../../shared/errors';
import type { ProgressEvent } from '../../shared/jobs';

/** What a running task is told: pause, go on, end early with what there is. */
export interface JobListener {
  readonly pause?: () => void;
  readonly resume?: () => void;
  readonly finish?: () => void;
}

/**
 * A task's side of a job: it reports through it, and asks at safe points whether it may go on. Cancelling aborts
 * `signal`; work that is done elsewhere (the training worker) is told to pause through a listener.
 */
export class JobControl {
  readonly #abort = new AbortController();
  readonly #listeners = new Set<JobListener>();
  readonly #report: (event: ProgressEvent) => void;
  #paused = false;
  #wake: (() => void) | undefined;

  constructor(report: (event: ProgressEvent) => void) {
    this.#report = report;
  }

  /** Aborted when the job is cancelled or the host closes. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** Passes an event to whoever watches the job. */
  report(event: ProgressEvent): void {
    this.#report(event);
  }

  /** Is told of pause and resume until the function given back is called; at once where the job is paused already. */
  listen(listener: JobListener): () => void {
    this.#listeners.add(listener);
    if (this.#paused) listener.pause?.();
    return () => void this.#listeners.delete(listener);
  }

  /**
   * Waits while the job is paused.
   * @throws CancelledError once the job is cancelled.
   */
  async checkpoint(): Promise<void> {
    while (this.#paused && !this.signal.aborted) await new Promise<void>((resolve) => (this.#wake = resolve));
    this.throwIfCancelled();
  }

  /** @throws CancelledError once the job is cancelled. */
  throwIfCancelled(): void {
    if (this.signal.aborted) throw new CancelledError();
  }

  pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    for (const listener of [...this.#listeners]) listener.pause?.();
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    for (const listener of [...this.#listeners]) listener.resume?.();
    this.#wake?.();
  }

  /** Asks the task to end its training early and keep what it has; a task that does not train takes no notice. */
  finish(): void {
    for (const listener of [...this.#listeners]) listener.finish?.();
    this.resume();
  }

  cancel(): void {
    this.#abort.abort();
    this.#wake?.();
  }
}
