import type { StageId } from '../../../shared/jobs';
import type { JobControl } from '../job-control';
import type { ScoredBatch } from '../scored-batches';

/** Seconds of work after the first batch, which also loads the model, before a time left is told. */
const fewestSeconds = 1;

/**
 * How far the scoring of a file is. Rows in all come from the bytes that are behind us; the pace is that of the younger
 * half of the work so far, so that loading the model and a busy machine are soon forgotten. Pauses do not count.
 */
export class FileProgress {
  readonly #control: JobControl;
  readonly #stage: StageId;
  readonly #now: () => number;
  readonly #stopListening: () => void;
  /** After each batch: seconds of work, and rows that were read by then. */
  readonly #marks: { readonly at: number; readonly rows: number }[] = [];
  #rows = 0;
  #worked = 0; // milliseconds
  #since: number | null;

  /** @param now milliseconds, so that tests need no waiting */
  constructor(control: JobControl, stage: StageId, now: () => number = () => performance.now()) {
    this.#control = control;
    this.#stage = stage;
    this.#now = now;
    this.#since = now();
    this.#stopListening = control.listen({ pause: () => this.#setPaused(true), resume: () => this.#setPaused(false) });
  }

  /** Tells that a batch is done. @param done what is counted for the person: rows written, or measured */
  batchDone({ batch }: Pick<ScoredBatch, 'batch'>, done: number): void {
    this.#rows += batch.rows.length + batch.rejected.length;
    this.#marks.push({ at: this.#seconds(), rows: this.#rows });
    const { bytesRead, bytesTotal } = batch;
    const share = bytesTotal > 0 ? Math.min(1, bytesRead / bytesTotal) : 1;
    const secondsLeft = this.#secondsLeft(share);
    // Until a pace is known nothing is told of the whole: a time that has the loading of the model in it would be far off.
    const isEarly = share < 1 && secondsLeft === null;
    const total = share > 0 && !isEarly ? Math.max(done, Math.round(done / share)) : null;
    this.#control.report({ type: 'count', stage: this.#stage, done, total, unit: 'rows', secondsLeft });
  }

  /** Ends the listening for pauses. */
  end(): void {
    this.#stopListening();
  }

  #secondsLeft(share: number): number | null {
    const last = this.#marks.at(-1);
    const [first] = this.#marks;
    if (!last || !first || share <= 0 || last.at - first.at < fewestSeconds) return null;
    const middle = (first.at + last.at) / 2;
    const from = this.#marks.findLast(({ at }) => at <= middle) ?? first;
    const pace = (last.rows - from.rows) / (last.at - from.at);
    return pace > 0 ? (last.rows / share - last.rows) / pace : null;
  }

  #seconds(): number {
    return (this.#worked + (this.#since === null ? 0 : this.#now() - this.#since)) / 1000;
  }

  #setPaused(isPaused: boolean): void {
    if (this.#since !== null) this.#worked += this.#now() - this.#since;
    this.#since = isPaused ? null : this.#now();
  }
}
