import type { TaskContext } from '../tasks/task-context';
import type { RungName } from './rungs';
import type { RungResult } from './train-rung';
import { trainRung } from './train-rung';

/** What the training worker is asked for: one rung. */
export interface HumanNumbersParams {
  readonly rung: RungName;
  readonly seed: number;
  /** Left out: as many as the rung has. */
  readonly epochs?: number | undefined;
}

const stage = 'language-model-all';

/** Trains one rung as a task of the worker: epochs are reported, and it can be paused and cancelled. */
export function humanNumbersTask(params: HumanNumbersParams, context: TaskContext): Promise<RungResult> {
  return trainRung(context.kernels, params.rung, params, {
    breathe: () => context.breathe(),
    afterEpoch: ({ epoch, trainLoss, loss, accuracy }, epochs) =>
      context.report({
        type: 'epoch',
        stage,
        epoch,
        epochs,
        trainLoss,
        validLoss: loss,
        accuracy,
        macroF1: null,
        perplexity: Math.exp(loss),
      }),
  });
}
