import { AppError } from '../../shared/errors';
import type { FloatTensors } from '../weights/fastai-names';
import type { RatePoint } from './rate-suggestions';
import type { PlannedStage, StageWork, StepResult } from './stage-work';

/** A sweep ends once the smoothed loss is so many times its lowest value (fastai's `LRFinder`). */
const divergence = 4;

/** From which rate to which, in how many steps. */
export interface RateRange {
  readonly from: number;
  readonly to: number;
  readonly steps: number;
}

export interface RateSweep {
  readonly points: readonly RatePoint[];
  /** True where the loss blew up before the last rate was reached. */
  readonly diverged: boolean;
}

/**
 * Trains through an exponentially rising rate and puts everything back as it was: weights, optimiser, statistics, data
 * position, generator (Smith 2017; fastai's `lr_find`).
 * @param each is told every step, and may end the sweep by throwing
 */
export async function sweepRates<S>(
  work: StageWork<S>,
  stage: PlannedStage,
  range: RateRange,
  each: (result: StepResult, step: number) => Promise<void>,
): Promise<RateSweep> {
  const tensors: FloatTensors = new Map();
  const { from, to, steps } = range;
  const before = work.readState(tensors);
  const points: RatePoint[] = [];
  let [average, weight, lowest] = [0, 0, Infinity];
  let diverged = false;
  try {
    for (let step = 0; step < steps && !diverged; step++) {
      const result = work.step(stage, {
        position: 0,
        steps,
        rateFactor: 1,
        rate: from * (to / from) ** (step / steps),
      });
      const { loss, learningRate } = result;
      average = 0.98 * average + 0.02 * loss;
      weight = 0.98 * weight + 0.02;
      const point = { rate: learningRate, loss, smoothed: average / weight };
      points.push(point);
      lowest = Math.min(lowest, point.smoothed);
      diverged = point.smoothed > divergence * lowest;
      await each(result, step + 1);
    }
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'not-a-number') throw error;
    diverged = true;
  } finally {
    await work.takeUp(before, tensors, stage);
  }
  return { points, diverged };
}
