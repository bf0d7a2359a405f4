import { existsSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import type { TrainResult } from '../../../engine/tasks/protocol';
import type { ProgressEvent, StageId } from '../../../shared/jobs';
import { trainingRequestSchema, type TrainingRequest } from '../../../shared/training-types';
import { AppError } from '../../../shared/errors';
import { type JobControl } from '../job-control';
import type { JobTask } from '../job-queue';
import type { OpenProject } from '../open-project';
import { pretrainedFolder } from '../pretrained';
import type { HostServices } from '../services';
import { describeBackend } from '../training-client';
import { trainingJobId } from '../training-job-id';
import { finishRun } from './finish-run';
import { loadRunInputs, prepareRunInputs, saveRunInputs, type RunInputs } from './run-inputs';
import { fitRunBaseline } from './run-baseline';
import { ensureShards, shardsMatch } from './text-shards';

/** What comes before and after the worker's own stages. */
const before: readonly StageId[] = ['tokenize', 'baseline', 'probe'];
const after: readonly StageId[] = ['evaluate', 'predict'];
const languageModelStages: readonly StageId[] = ['language-model-new-rows', 'language-model-all'];
const classifierStages: readonly StageId[] = [
  'classifier-head',
  'classifier-last',
  'classifier-last-two',
  'classifier-all',
  'calibrate',
];

/** The stages that a run will have, as far as that is known before the worker has planned it. */
function expectedTrack({ fineTuneLanguageModel }: TrainingRequest): StageId[] {
  return [...before, ...(fineTuneLanguageModel ? languageModelStages : []), ...classifierStages, ...after];
}

/**
 * The whole job: tokenize all rows, fit the baseline on the training rows, train (language model, then classifier) in
 * the training worker, measure, put the models in their place, and save predictions for the screens.
 */
export function trainTask(
  services: HostServices,
  project: OpenProject,
  runId: string,
  request: TrainingRequest,
  resume: boolean,
): JobTask {
  return {
    id: trainingJobId(runId),
    kind: 'train',
    title: 'Training',
    runId,
    run: (control) => runTraining(services, project, runId, request, resume, control),
  };
}

async function runTraining(
  services: HostServices,
  project: OpenProject,
  runId: string,
  request: TrainingRequest,
  resume: boolean,
  control: JobControl,
): Promise<void> {
  const begun = performance.now();
  const minutesGone = (): number => (performance.now() - begun) / 60_000;
  const runFolder = project.runs.folder(runId);
  let track: readonly StageId[] = expectedTrack(request);
  control.report({ type: 'stage', stage: 'tokenize', stages: [...track] });
  const known = resume ? await loadRunInputs(runFolder) : null;
  const inputs = known ?? (await newInputs(services, project, request, control));
  if (known && !(await shardsMatch(project, known.stamp))) throw changedRows();
  if (!known) await saveRunInputs(runFolder, inputs);
  if (resume) control.report({ type: 'note', level: 'info', message: 'Going on from the last checkpoint.' });
  await control.checkpoint();

  control.report({ type: 'stage', stage: 'baseline', stages: [...track] });
  const modelsFolder = path.join(runFolder, 'models');
  const baseline = await fitRunBaseline(services, project, inputs, runFolder, control);
  await control.checkpoint();

  const probe = await services.training.probe();
  await project.runs.update(runId, { device: `${describeBackend(probe)}, ${probe.device}` });
  const result = await services.training.train(
    {
      runDir: runFolder,
      shardsDir: project.textFolder,
      outDir: modelsFolder,
      labels: inputs.labels,
      multiLabel: inputs.multiLabel,
      languageModelTrain: inputs.languageModelTrain,
      languageModelValid: inputs.languageModelValid,
      train: inputs.train,
      valid: inputs.valid,
      request: resume ? inputs.request : withinBudget(inputs.request, minutesGone()),
      pretrainedDir: inputs.pretrained,
      resume,
      tokenizer: { language: inputs.stamp.language },
      ...(services.checkpointSeconds === undefined ? {} : { checkpointSeconds: services.checkpointSeconds }),
    },
    control,
    (event) => {
      const whole = wholeTrack(event, track);
      if (whole.type === 'stage') track = whole.stages;
      return whole;
    },
  );
  await project.runs.update(runId, { plan: result.plan });
  await addCompanions(result, runFolder, inputs);
  await finishRun(services, project, { runId, inputs, result, baseline, modelsFolder, track }, control);
}

async function newInputs(
  services: HostServices,
  project: OpenProject,
  request: TrainingRequest,
  control: JobControl,
): Promise<RunInputs> {
  const pretrained = await pretrainedFolder(request);
  const shards = await ensureShards(services, project, pretrained, control);
  return prepareRunInputs(project, trainingRequestSchema.parse(request), pretrained, shards.stamp);
}

/** The budget is of the whole job: what was used so far, and a twentieth for measuring afterwards, is taken off. */
function withinBudget(request: TrainingRequest, minutesGone: number): TrainingRequest {
  if (request.minutes === undefined) return request;
  return { ...request, minutes: Math.max(0.05, request.minutes * 0.95 - minutesGone) };
}

/** The worker knows its own stages; the track that people see has those of the host around them. */
function wholeTrack(event: ProgressEvent, expected: readonly StageId[]): ProgressEvent {
  if (event.type !== 'stage') return event;
  if (event.stage === 'probe') return { ...event, stages: [...expected] };
  const own = event.stages.filter((stage) => !before.includes(stage) && !after.includes(stage));
  return { ...event, stages: [...before, ...own, ...after] };
}

/** Puts into the classifier's folder what it needs besides its weights. */
async function addCompanions(
  { classifierDir }: TrainResult,
  runFolder: string,
  { pretrained }: RunInputs,
): Promise<void> {
  await copyFile(path.join(runFolder, 'baseline.bin'), path.join(classifierDir, 'baseline.bin'));
  const card = pretrained === null ? null : path.join(pretrained, 'README.md');
  if (card !== null && existsSync(card)) await copyFile(card, path.join(classifierDir, 'pretrained-card.md'));
}

function changedRows(): AppError {
  return new AppError('bad-input', 'The rows of the project have changed since this run began, so it cannot go on.', {
    hint: 'Start a new run; it trains on the rows as they are now.',
  });
}
