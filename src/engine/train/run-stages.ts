import { AppError } from '../../shared/errors';
import type { StageId } from '../../shared/jobs';
import { noteEvent } from '../../shared/note-words';
import type { TaskContext } from '../tasks/task-context';
import { seconds } from '../tasks/task-context';
import { StageClock } from './stage-clock';
import type { PlannedStage, StagesState, StageStorage, StageWork } from './stage-work';
import type { MeterState } from './training-meter';
import { TrainingMeter } from './training-meter';

export interface RunStagesOptions {
  readonly stages: readonly PlannedStage[];
  /** The whole run's track, for the `stage` event. */
  readonly track: readonly StageId[];
  /** Seconds for these stages together; null: every planned step is taken. */
  readonly budget: number | null;
  /** Seconds that come after these stages, for the time left of the whole run. */
  readonly secondsAfter: number;
  /** A stage ends after so many epochs without a better validation; 0: never before its time. */
  readonly patience: number;
  /** How often the run may step back when a number is not finite. */
  readonly retries: number;
  readonly resumeFrom: StagesState | null;
  readonly storage: StageStorage;
  readonly checkpointEverySeconds: number;
}

/** Steps of a stage between two copies of good weights: at most so much is done again after a step back. */
const goodEvery = 500;

/** Runs stages one after the other, with schedules by position, validation by epoch, checkpoints by time. */
export async function runStages(
  work: StageWork<unknown>,
  options: RunStagesOptions,
  context: TaskContext,
): Promise<void> {
  let budget = options.budget;
  let stepsBack = options.resumeFrom?.stepsBack ?? 0;
  for (let index = options.resumeFrom?.stageIndex ?? 0; index < options.stages.length; index++) {
    const rest = options.stages.slice(index);
    const share = rest[0]!.seconds / Math.max(1e-9, sumSeconds(rest));
    const began = seconds();
    // A checkpoint between two stages says that the next one has not begun.
    const saved = options.resumeFrom;
    const resume = saved?.stageIndex === index && saved.clock !== null ? saved : null;
    const run = new StageRun(work, options, index, budget === null ? null : budget * share, context);
    stepsBack = await run.run(resume, stepsBack);
    if (budget !== null) budget = Math.max(0, budget - (seconds() - began));
  }
}

/** One stage under way. */
class StageRun {
  private readonly work: StageWork<unknown>;
  private readonly options: RunStagesOptions;
  private readonly context: TaskContext;
  private readonly index: number;
  private readonly stage: PlannedStage;
  private readonly later: number;
  private budget: number | null;
  private perEpoch = 1;
  private clock: StageClock;
  private meter: TrainingMeter;
  private epochsDone = 0;
  private waited = 0;
  private stepsBack = 0;

  constructor(
    work: StageWork<unknown>,
    options: RunStagesOptions,
    index: number,
    budget: number | null,
    context: TaskContext,
  ) {
    this.work = work;
    this.options = options;
    this.context = context;
    this.index = index;
    this.stage = options.stages[index]!;
    this.later = sumSeconds(options.stages.slice(index + 1)) + options.secondsAfter;
    this.budget = budget;
    this.clock = new StageClock(1, budget);
    this.meter = this.newMeter();
  }

  /** @returns how often the run has stepped back by the end of the stage */
  async run(resume: StagesState | null, stepsBack: number): Promise<number> {
    const { work, options, stage, context } = this;
    const { storage } = options;
    context.report({ type: 'stage', stage: stage.stage, stages: [...options.track] });
    if (!resume) await work.begin(stage);
    this.stepsBack = stepsBack;
    this.perEpoch = work.batchesPerEpoch(stage);
    this.goOnFrom(resume);
    if (!resume) await storage.keepGood(this.state());
    let saved = seconds();
    let stopped = false;
    while (!this.clock.finished && !stopped) {
      await breatheOrSave(context, () => storage.checkpoint(this.state()));
      try {
        this.step();
        if (this.clock.finished || Math.floor(this.clock.step / this.perEpoch) > this.epochsDone) {
          stopped = await this.validate();
        }
        if (this.clock.step % goodEvery === 0) await storage.keepGood(this.state());
      } catch (error) {
        await this.stepBack(error);
      }
      if (!this.clock.finished && !stopped && seconds() - saved > options.checkpointEverySeconds) {
        await storage.checkpoint(this.state());
        saved = seconds();
      }
    }
    await work.end(stage);
    // The end of a stage is a good point: the next one starts from here after an interruption.
    if (this.index + 1 < options.stages.length) await storage.checkpoint(this.nextStage());
    return this.stepsBack;
  }

  private step(): void {
    const { work, clock, meter, perEpoch } = this;
    clock.start();
    const at = { position: clock.position, steps: clock.steps, rateFactor: 0.5 ** this.stepsBack };
    const { loss, tokens, learningRate, momentum } = work.step(this.stage, at);
    clock.advance();
    const left = clock.secondsLeft;
    meter.step({
      step: clock.step,
      steps: clock.expectedSteps,
      epoch: clock.step / perEpoch,
      epochs: clock.expectedSteps / perEpoch,
      loss,
      learningRate,
      momentum,
      tokens,
      secondsLeft: left === null ? null : left + this.later,
    });
  }

  /** @returns whether the stage is to end now */
  private async validate(): Promise<boolean> {
    const { clock, perEpoch, stage, context, meter } = this;
    const { figures, improved } = await this.work.validate(stage);
    if (figures.validLoss !== null && !Number.isFinite(figures.validLoss)) {
      throw new AppError('not-a-number', 'the validation loss is not finite any more.', {
        data: { tensor: 'the validation loss', loss: figures.validLoss },
        says: { sentence: 'noNumber' },
      });
    }
    this.epochsDone = Math.floor(clock.step / perEpoch);
    const [epoch, epochs] = [clock.step / perEpoch, clock.expectedSteps / perEpoch];
    context.report({ type: 'epoch', stage: stage.stage, epoch, epochs, trainLoss: meter.smoothedLoss, ...figures });
    this.waited = improved ? 0 : this.waited + 1;
    const { patience } = this.options;
    if (patience === 0 || this.waited < patience || clock.finished) return false;
    const at = { stage: stage.stage, epochs: Math.round(epoch), of: Math.round(epochs) };
    context.report(noteEvent({ code: 'patience', ...at, n: patience }));
    return true;
  }

  /**
   * Goes back to the last good weights with half the rate.
   * @throws the error itself, with stage and step, where it is another one or the run has stepped back too often
   */
  private async stepBack(error: unknown): Promise<void> {
    if (!(error instanceof AppError) || error.code !== 'not-a-number') throw error;
    const { stage, clock, options, context } = this;
    const step = clock.step + 1;
    const found = `Stage ${stage.stage}, step ${step}: ${error.message}`;
    const data = { ...error.data, stage: stage.stage, step };
    const good = this.stepsBack < options.retries ? await options.storage.takeGood() : null;
    if (good?.stageIndex !== this.index) {
      throw new AppError('not-a-number', found, { hint: error.hint, data, cause: error });
    }
    this.stepsBack++;
    const lost = clock.readState().spent - (good.clock?.spent ?? 0);
    if (this.budget !== null) this.budget = Math.max(1, this.budget - lost);
    this.goOnFrom(good);
    const to = { step: this.clock.step, rate: 0.5 ** this.stepsBack };
    const at = { stage: stage.stage, at: step, tensor: String(error.data?.['tensor'] ?? 'a number') };
    context.report(noteEvent({ code: 'stepped-back', ...at, ...to }, 'warning'));
  }

  private goOnFrom(state: StagesState | null): void {
    const steps = Math.round(this.stage.epochs * this.perEpoch);
    this.clock = new StageClock(steps, this.budget, state?.clock ?? undefined);
    this.meter = this.newMeter(state?.meter ?? undefined);
    this.epochsDone = state?.epochsDone ?? 0;
    this.waited = state?.waited ?? 0;
  }

  private newMeter(state?: MeterState): TrainingMeter {
    return new TrainingMeter(this.stage.stage, (event) => this.context.report(event), state);
  }

  private state(): StagesState {
    const { index, clock, epochsDone, waited, stepsBack, meter } = this;
    return {
      stageIndex: index,
      clock: clock.readState(),
      epochsDone,
      waited,
      stepsBack,
      meter: meter.readState(),
    };
  }

  private nextStage(): StagesState {
    const stageIndex = this.index + 1;
    return { stageIndex, clock: null, epochsDone: 0, waited: 0, stepsBack: this.stepsBack, meter: null };
  }
}

/** A run that is stopped by its person loses nothing: it is saved where it stands, then ends. */
async function breatheOrSave(context: TaskContext, save: () => Promise<void>): Promise<void> {
  try {
    await context.breathe();
  } catch (error) {
    await save();
    throw error;
  }
}

function sumSeconds(stages: readonly PlannedStage[]): number {
  return stages.reduce((sum, stage) => sum + stage.seconds, 0);
}
