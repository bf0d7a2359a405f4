import { join } from 'node:path';
import type { StageId } from '../../shared/jobs';
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
  await runStages(work, { ...options, resumeFrom, storage, checkpointEverySeconds }, context);
  return async () => {
    await removeCheckpoint(file);
    await removeCheckpoint(goodFile);
  };
}
