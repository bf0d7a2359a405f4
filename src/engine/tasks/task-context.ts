import type { ProgressEvent } from '../../shared/jobs';
import type { Kernels } from '../kernels/kernels';

/** What a task is given by the worker that runs it. */
export interface TaskContext {
  readonly kernels: Kernels;
  report(event: ProgressEvent): void;
  /**
   * Called between steps: lets messages in, waits while the job is paused.
   * @throws CancelledError once the job was cancelled
   */
  breathe(): Promise<void>;
  /** Whether the person wants the part that trains now to end with the best it has; true once for each such wish. */
  readonly wantsFinish?: () => boolean;
}

/** Seconds on a clock that never jumps. */
export function seconds(): number {
  return performance.now() / 1000;
}
