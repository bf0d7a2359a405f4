import { setImmediate as breathe } from 'node:timers/promises';
import { CancelledError } from '../../shared/errors';

/** Asked between pieces of work: true to stop. */
export type StopCheck = () => boolean;

/** Milliseconds of work between two chances for others. */
const SLICE = 12;

/**
 * Runs long work that yields between pieces to its end.
 * @throws CancelledError when `shouldStop` says so
 */
export function runNow<T>(steps: Generator<void, T>, shouldStop?: StopCheck): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    stopIfAsked(steps, shouldStop);
  }
}

/**
 * {@link runNow}, giving way to timers, messages and files of the same thread every few milliseconds.
 * @throws CancelledError when `shouldStop` says so
 */
export async function runAsync<T>(steps: Generator<void, T>, shouldStop?: StopCheck): Promise<T> {
  let began = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (performance.now() - began < SLICE) continue;
    stopIfAsked(steps, shouldStop);
    await breathe();
    began = performance.now();
  }
}

function stopIfAsked<T>(steps: Generator<void, T>, shouldStop: StopCheck | undefined): void {
  if (shouldStop?.() !== true) return;
  steps.return(undefined as T);
  throw new CancelledError('The training of the baseline was cancelled.');
}
