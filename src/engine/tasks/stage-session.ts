import { join } from 'node:path';
import type { StageId } from '../../shared/jobs';
import { noteEvent } from '../../shared/note-words';
import { loadCheckpoint, removeCheckpoint, saveCheckpoint } from '../train/checkpoint';
import { checkFiniteTensors } from '../train/finite';
import { runStages } from '../train/run-stages';
import type { PlannedStage, StagesState, StageStorage, StageWork } from '../train/stage-work';
import type { FloatTensors } from '../weights/fastai-names';
import type { TrainParams } from './protocol';
import type { TaskContext } from './task-context';

/** One part of a run: its stages and the time that they have. */
export interface StageSessionOptions {
  /** Names the checkpoint: `<name>.safetensors` in the run's folder. */
  readonly name: string;
  readonly stages: readonly PlannedStage[];
  readonly track: readonly StageId[];
  /** Seconds; null: every planned step is taken. */
  readonly budget: number | null;
  readonly secondsAfter: number;
  readonly patience: number;
  readonly retries: number;
}

/** A checkpoint: where the stages stand, and where the work stands. */
interface Saved<S> {
  readonly stages: StagesState;
  readonly work: S;
}

/** The person wants what there is. */
class FinishedEarly extends Error {}

/** Ends a stage in its middle: the weights as they are compete with those of its epochs, and the best stay. */
async function endEarly<S>(work: StageWork<S>, stage: PlannedStage, context: TaskContext): Promise<void> {
  await work.validate(stage);
  await work.end(stage);
  context.report(noteEvent({ code: 'ended-early', stage: stage.stage }));
}

/**
 * Runs the stages of one part of a run with checkpoints, from the last one where the run is resumed. Good weights to
 * step back to are kept beside the checkpoint, in `<name>.good.safetensors`.
 * @returns removes the files, for when what was trained is safe elsewhere
 */
export async function runStageSession<S>(
  work: StageWork<S>,
  options: StageSessionOptions,
  params: Pick<TrainParams, 'runDir' | 'resume' | 'checkpointSeconds'>,
  context: TaskContext,
): Promise<() => Promise<void>> {
  const file = join(params.runDir, `${options.name}.safetensors`);
  const goodFile = join(params.runDir, `${options.name}.good.safetensors`);
  const take = async (from: string): Promise<StagesState | null> => {
    const saved = await loadCheckpoint<Saved<S>>(from);
    const stage = saved ? options.stages[saved.state.stages.stageIndex] : undefined;
    if (!saved || !stage) return null;
    await work.takeUp(saved.state.work, saved.tensors, stage);
    return saved.state.stages;
  };
  const put = async (to: string, stages: StagesState, check: boolean): Promise<void> => {
    const tensors: FloatTensors = new Map();
    const state: Saved<S> = { stages, work: work.readState(tensors) };
    if (check) checkFiniteTensors(tensors);
    await saveCheckpoint(to, { state, tensors });
  };
  const storage: StageStorage = {
    checkpoint: (state) => put(file, state, false),
    keepGood: (state) => put(goodFile, state, true),
    takeGood: () => take(goodFile),
  };
  const resumeFrom = params.resume ? await take(file) : null;
  const checkpointEverySeconds = params.checkpointSeconds ?? 20;
  const under: { way: PlannedStage | null } = { way: null };
  const watched: TaskContext = {
    ...context,
    report: (event) => {
      if (event.type === 'stage') under.way = options.stages.find(({ stage }) => stage === event.stage) ?? null;
      context.report(event);
    },
    breathe: async () => {
      await context.breathe();
      if (context.wantsFinish?.()) throw new FinishedEarly();
    },
  };
  try {
    await runStages(work, { ...options, resumeFrom, storage, checkpointEverySeconds }, watched);
  } catch (error) {
    if (!(error instanceof FinishedEarly) || !under.way) throw error;
    await endEarly(work, under.way, context);
  }
  return async () => {
    await removeCheckpoint(file);
    await removeCheckpoint(goodFile);
  };
}
