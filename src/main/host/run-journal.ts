import type { Job, JobState, ProgressEvent } from '../../shared/jobs';
import type { RunStore } from './run-store';

/** Milliseconds between two training steps in the stored curves. */
const stepInterval = 1000;
/** Milliseconds after which waiting events are written. */
const writeInterval = 1000;

/**
 * Writes down how a run goes: its state in `run.json` and its events in `events.jsonl`, in order, about once a second,
 * so that after a kill all but the last second is there.
 */
export class RunJournal {
  readonly #runs: RunStore;
  readonly #runId: string;
  #state: JobState | null = null;
  #waiting: ProgressEvent[] = [];
  #lastStep = -Infinity;
  #timer: NodeJS.Timeout | undefined;
  #work: Promise<void> = Promise.resolve();
  #error: unknown = null;

  constructor(runs: RunStore, runId: string) {
    this.#runs = runs;
    this.#runId = runId;
  }

  /** Takes in a change of the run's job. */
  job(job: Job): void {
    if (job.state === this.#state) return;
    this.#state = job.state;
    this.#enqueue(() => this.#runs.update(this.#runId, { state: job.state, endedAt: job.endedAt, error: job.error }));
    const { startedAt } = job;
    if (job.state === 'running' && startedAt !== null) this.#enqueue(() => this.#runs.begin(this.#runId, startedAt));
  }

  /** Takes in what the job reports. */
  event(event: ProgressEvent): void {
    if (event.type === 'count') return; // counted work leaves no curve
    if (event.type === 'step') {
      const now = performance.now();
      if (now - this.#lastStep < stepInterval) return;
      this.#lastStep = now;
    }
    this.#waiting.push(event);
    this.#timer ??= setTimeout(() => this.#write(), writeInterval).unref();
  }

  /** Resolves when everything is on disk. @throws what went wrong while writing */
  async flush(): Promise<void> {
    this.#write();
    await this.#work;
    if (this.#error !== null) throw this.#error;
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const events = this.#waiting;
    this.#waiting = [];
    if (events.length > 0) this.#enqueue(() => this.#runs.append(this.#runId, events));
  }

  #enqueue(work: () => Promise<unknown>): void {
    this.#work = this.#work.then(work).then(
      () => undefined,
      (error: unknown) => void (this.#error ??= error),
    );
  }
}
