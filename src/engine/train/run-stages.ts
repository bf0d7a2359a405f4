import type { StageId } from '../../shared/jobs';
import type { TaskContext } from '../tasks/task-context';
import { seconds } from '../tasks/task-context';
import type { StageClockState } from './stage-clock';
import { StageClock } from './stage-clock';
import type { MeterState } from './training-meter';
import { TrainingMeter } from './training-meter';

/** A stage of a plan: how long, at which greatest rate, and what share of the time it was given. */
export interface PlannedStage {
  readonly stage: StageId;
  readonly epochs: number;
  readonly learningRate: number;
  readonly seconds: number;
}

/** What validation says at the end of an epoch; null where it does not apply. */
export interface EpochFigures {
  readonly validLoss: number | null;
  readonly accuracy: number | null;
  readonly macroF1: number | null;
  readonly perplexity: number | null;
}

/** A kind of training, as the runner drives it. */
export interface StageWork {
  /** Makes ready for a stage: freezes, sets rates, draws the first order of documents. Not called when taking up a checkpoint. */
  begin(stage: PlannedStage): Promise<void>;
  batchesPerEpoch(stage: PlannedStage): number;
  /** One step at a position of the stage, 0 to 1. */
  step(stage: PlannedStage, position: number): StepResult;
  validate(stage: PlannedStage): Promise<EpochFigures>;
}

export interface StepResult {
  readonly loss: number;
  readonly tokens: number;
  readonly learningRate: number;
  readonly momentum: number;
}

/** Where a sequence of stages stands, for a checkpoint. */
export interface StagesState {
  readonly stageIndex: number;
  /** null: the stage has not begun. */
  readonly clock: StageClockState | null;
  readonly epochsDone: number;
  readonly meter: MeterState | null;
}

export interface RunStagesOptions {
  readonly stages: readonly PlannedStage[];
  /** The whole run's track, for the `stage` event. */
  readonly track: readonly StageId[];
  /** Seconds for these stages together; null: every planned step is taken. */
  readonly budget: number | null;
  /** Seconds that come after these stages, for the time left of the whole run. */
  readonly secondsAfter: number;
  readonly resumeFrom: StagesState | null;
  readonly checkpoint: (state: StagesState) => Promise<void>;
  readonly checkpointEverySeconds: number;
}

/** Runs stages one after the other, with schedules by position, validation by epoch, checkpoints by time. */
export async function runStages(work: StageWork, options: RunStagesOptions, context: TaskContext): Promise<void> {
  let budget = options.budget;
  for (let index = options.resumeFrom?.stageIndex ?? 0; index < options.stages.length; index++) {
    const rest = options.stages.slice(index);
    const share = rest[0]!.seconds / Math.max(1e-9, sumSeconds(rest));
    const began = seconds();
    // A checkpoint between two stages says that the next one has not begun.
    const saved = options.resumeFrom;
    const resume = saved?.stageIndex === index && saved.clock !== null ? saved : null;
    await runStage(work, options, index, budget === null ? null : budget * share, resume, context);
    if (budget !== null) budget = Math.max(0, budget - (seconds() - began));
  }
}

async function runStage(
  work: StageWork,
  options: RunStagesOptions,
  index: number,
  budget: number | null,
  resume: StagesState | null,
  context: TaskContext,
): Promise<void> {
  const stage = options.stages[index]!;
  context.report({ type: 'stage', stage: stage.stage, stages: [...options.track] });
  if (!resume) await work.begin(stage);
  const perEpoch = work.batchesPerEpoch(stage);
  const clock = new StageClock(Math.round(stage.epochs * perEpoch), budget, resume?.clock ?? undefined);
  const meter = new TrainingMeter(stage.stage, (event) => context.report(event), resume?.meter ?? undefined);
  const later = sumSeconds(options.stages.slice(index + 1)) + options.secondsAfter;
  let epochsDone = resume?.epochsDone ?? 0;
  let saved = seconds();
  const state = (): StagesState => ({
    stageIndex: index,
    clock: clock.readState(),
    epochsDone,
    meter: meter.readState(),
  });
  while (!clock.finished) {
    await breatheOrSave(context, () => options.checkpoint(state()));
    clock.start();
    const { loss, tokens, learningRate, momentum } = work.step(stage, clock.position);
    clock.advance();
    const epochs = clock.expectedSteps / perEpoch;
    const left = clock.secondsLeft;
    meter.step({
      step: clock.step,
      steps: clock.expectedSteps,
      epoch: clock.step / perEpoch,
      epochs,
      loss,
      learningRate,
      momentum,
      tokens,
      secondsLeft: left === null ? null : left + later,
    });
    if (clock.finished || Math.floor(clock.step / perEpoch) > epochsDone) {
      epochsDone = Math.floor(clock.step / perEpoch);
      const figures = await work.validate(stage);
      const epoch = clock.step / perEpoch;
      context.report({ type: 'epoch', stage: stage.stage, epoch, epochs, trainLoss: meter.smoothedLoss, ...figures });
    }
    if (!clock.finished && seconds() - saved > options.checkpointEverySeconds) {
      await options.checkpoint(state());
      saved = seconds();
    }
  }
  // The end of a stage is a good point: the next one starts from here after an interruption.
  if (index + 1 < options.stages.length) {
    await options.checkpoint({ stageIndex: index + 1, clock: null, epochsDone: 0, meter: null });
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
