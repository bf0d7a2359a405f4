import { describe, expect, it } from 'vitest';
import type { Kernels } from '../../../src/engine/kernels/kernels';
import type { RunStagesOptions } from '../../../src/engine/train/run-stages';
import { runStages } from '../../../src/engine/train/run-stages';
import type {
  EpochResult,
  PlannedStage,
  StagePosition,
  StagesState,
  StageWork,
  StepResult,
} from '../../../src/engine/train/stage-work';
import { AppError } from '../../../src/shared/errors';
import { contextFor } from '../../helpers/tiny-training';

/** A real, very small training: one number that descends on (x − 3)². It can be made to break at a step. */
class Descent implements StageWork<number> {
  x = 0;
  readonly rates: number[] = [];
  readonly ended: string[] = [];
  private readonly losses: readonly number[] | null;
  private readonly breaksAt: (step: number, rate: number) => boolean;
  private epochs = 0;
  steps = 0;

  constructor(
    breaksAt: (step: number, rate: number) => boolean = () => false,
    losses: readonly number[] | null = null,
  ) {
    this.breaksAt = breaksAt;
    this.losses = losses;
  }

  async begin(): Promise<void> {
    this.steps = 0;
  }

  batchesPerEpoch(): number {
    return 10;
  }

  step(stage: PlannedStage, at: StagePosition): StepResult {
    const learningRate = stage.learningRate * at.rateFactor;
    this.steps++;
    this.rates.push(learningRate);
    if (this.breaksAt(this.steps, learningRate)) {
      throw new AppError('not-a-number', 'the gradient of x is not finite any more.', {
        data: { tensor: 'the gradient of x' },
      });
    }
    this.x -= learningRate * 2 * (this.x - 3);
    return { loss: (this.x - 3) ** 2, tokens: 1, learningRate, momentum: 0 };
  }

  async validate(): Promise<EpochResult> {
    const validLoss = this.losses?.[this.epochs] ?? (this.x - 3) ** 2;
    const improved = this.epochs === 0 || validLoss < Math.min(...(this.losses ?? [Infinity]).slice(0, this.epochs));
    this.epochs++;
    return { figures: { validLoss, accuracy: null, macroF1: null, perplexity: null }, improved };
  }

  async end(stage: PlannedStage): Promise<void> {
    this.ended.push(stage.stage);
  }

  readState(): number {
    return this.x;
  }

  async takeUp(x: number): Promise<void> {
    this.x = x;
    this.steps = 0; // counted from the place that it went back to
  }
}

const stage = (name: PlannedStage['stage'], epochs: number): PlannedStage => ({
  stage: name,
  epochs,
  learningRate: 0.1,
  seconds: 1,
});

async function run(work: Descent, stages: readonly PlannedStage[], more: Partial<RunStagesOptions> = {}) {
  const good: { x: number; state: StagesState }[] = [];
  const context = contextFor({} as Kernels); // no kernel is used here
  const options: RunStagesOptions = {
    stages,
    track: stages.map((each) => each.stage),
    budget: null,
    secondsAfter: 0,
    patience: 0,
    retries: 3,
    resumeFrom: null,
    storage: {
      checkpoint: async () => undefined,
      keepGood: async (state) => void good.push({ x: work.x, state }),
      takeGood: async () => {
        const last = good.at(-1);
        if (last) await work.takeUp(last.x);
        return last?.state ?? null;
      },
    },
    checkpointEverySeconds: 1e9,
    ...more,
  };
  const failure = await runStages(work, options, context).then(
    () => null,
    (error: unknown) => error,
  );
  const notes = context.events.flatMap((event) => (event.type === 'note' ? [event.message] : []));
  return { notes, failure, events: context.events, good };
}

describe('early stopping', () => {
  it('ends a stage after so many epochs without a better validation, says so, and goes on with the next', async () => {
    const work = new Descent(() => false, [5, 4, 4.5, 4.1, 4.2, 1, 1, 1]);
    const { notes, events } = await run(work, [stage('classifier-head', 8), stage('classifier-all', 1)], {
      patience: 3,
    });
    const epochs = events.filter((event) => event.type === 'epoch' && event.stage === 'classifier-head');
    expect(epochs).toHaveLength(5);
    expect(notes).toEqual([expect.stringContaining('classifier-head ends after 5 of 8 epochs')]);
    expect(work.ended).toEqual(['classifier-head', 'classifier-all']);
  });

  it('counts anew after every better epoch, and without patience never ends a stage', async () => {
    const losses = [5, 4, 4.5, 3.9, 4.2, 4.3, 3, 3.5];
    for (const patience of [3, 0]) {
      const work = new Descent(() => false, losses);
      const { notes } = await run(work, [stage('classifier-all', 8)], { patience });
      expect([patience, work.rates.length, notes]).toEqual([patience, 80, []]);
    }
  });
});

describe('a number that is not finite', () => {
  it('takes the run back to its last good weights with half the rate, and the record says where and what', async () => {
    const work = new Descent((step, rate) => step === 7 && rate > 0.09);
    const { notes, failure } = await run(work, [stage('classifier-all', 2)]);
    expect(failure).toBeNull();
    expect(notes).toHaveLength(1);
    expect(notes[0]).toContain('Stage classifier-all, step 7: the gradient of x is not finite');
    expect(notes[0]).toContain('steps back to step 0');
    // Six good steps and the broken one, then all twenty with half the rate.
    expect(work.rates).toEqual([...Array<number>(7).fill(0.1), ...Array<number>(20).fill(0.05)]);
    const plain = new Descent();
    await run(plain, [{ ...stage('classifier-all', 2), learningRate: 0.05 }]);
    expect(work.x).toBe(plain.x);
  });

  it('goes back by 500 steps at most', async () => {
    const work = new Descent((step, rate) => step === 640 && rate > 0.09);
    const { notes, good } = await run(work, [stage('classifier-all', 80)]);
    expect(good.map(({ state }) => state.clock?.step)).toEqual([0, 500]);
    expect(notes[0]).toContain('steps back to step 500');
    expect(work.rates).toHaveLength(640 + 300);
  });

  it('keeps the lower rate for the stages that follow', async () => {
    const work = new Descent((step, rate) => step === 2 && rate > 0.09);
    await run(work, [stage('classifier-head', 1), stage('classifier-all', 1)]);
    expect(work.rates.slice(-10)).toEqual(Array<number>(10).fill(0.05));
  });

  it('ends the run after so many steps back, with stage, step and tensor', async () => {
    const work = new Descent((step) => step === 4);
    const { notes, failure } = await run(work, [stage('language-model-all', 2)], { retries: 2 });
    expect(notes).toHaveLength(2);
    expect(failure).toBeInstanceOf(AppError);
    expect(failure).toMatchObject({
      code: 'not-a-number',
      data: { stage: 'language-model-all', step: 4, tensor: 'the gradient of x' },
    });
  });

  it('is found in validation too', async () => {
    const { failure, notes } = await run(new Descent(() => false, [NaN, NaN, NaN, NaN]), [stage('classifier-all', 1)]);
    expect(notes).toHaveLength(3);
    expect(failure).toMatchObject({ code: 'not-a-number', data: { tensor: 'the validation loss' } });
  });

  it('does not hide other failures', async () => {
    const work = new Descent(() => {
      throw new AppError('disk-full', 'no room');
    });
    expect((await run(work, [stage('classifier-all', 1)])).failure).toMatchObject({ code: 'disk-full' });
  });
});
