import path from 'node:path';
import { TokenShards } from '../../../engine/text/token-shards';
import type { ProgressEvent, StageId } from '../../../shared/jobs';
import { trainingRequestSchema, type TrainingRequest } from '../../../shared/training-types';
import { AppError } from '../../../shared/errors';
import { noteEvent } from '../../../shared/note-words';
import { type JobControl } from '../job-control';
import type { JobTask } from '../job-queue';
import { languageMismatch, mismatchNote, spreadTexts } from '../language-check';
import type { OpenProject } from '../open-project';
import { hasCheckpoint } from '../run-checkpoint';
import { startingModels } from '../pretrained';
import type { HostServices } from '../services';
import { describeBackend } from '../training-client';
import { trainingJobId } from '../training-job-id';
import { checkLabels, checkModelFiles } from './check-trainable';
import { inputWarnings, mayFitLinear } from './data-warnings';
import { finishRun } from './finish-run';
import { divideRows, loadRunInputs, prepareRunInputs, saveRunInputs, type RunInputs } from './run-inputs';
import { fitRunBaseline } from './run-baseline';
import { ensureShards, shardsMatch } from './text-shards';
import { trainPasses } from './train-passes';

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
function expectedTrack({ fineTuneLanguageModel, options }: TrainingRequest, isLinear = false): StageId[] {
  const reads = fineTuneLanguageModel && options.lmEpochs !== undefined;
  if (isLinear) return [...before, ...(reads ? languageModelStages : []), 'classifier-linear', 'calibrate', ...after];
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
  // Without a checkpoint nothing binds a run to the rows as they were when it was asked for.
  const known = resume && hasCheckpoint(runFolder) ? await loadRunInputs(runFolder) : null;
  const inputs = known ?? (await newInputs(services, project, request, control));
  if (known && !(await shardsMatch(project, known.stamp))) throw changedRows();
  if (!known) await keepInputs(project, runFolder, inputs);
  const isLinear = await mayFitLinear(inputs);
  if (!known) for (const note of inputWarnings(project, inputs, isLinear)) control.report(noteEvent(note, 'warning'));
  if (known) control.report(noteEvent({ code: 'goes-on' }));
  await control.checkpoint();

  track = expectedTrack(request, isLinear);
  control.report({ type: 'stage', stage: 'baseline', stages: [...track] });
  const modelsFolder = path.join(runFolder, 'models');
  const baseline = await fitRunBaseline(services, project, inputs, runFolder, control);
  await control.checkpoint();

  const probe = await services.training.probe();
  await project.runs.update(runId, { device: `${describeBackend(probe)}, ${probe.device}` });
  const map = (event: ProgressEvent): ProgressEvent => {
    const whole = wholeTrack(event, track);
    if (whole.type === 'stage') track = whole.stages;
    return whole;
  };
  const run = { runFolder, modelsFolder, inputs, resume, minutesGone, map };
  const passes = await trainPasses(services, project, run, control);
  await project.runs.update(runId, { plan: passes[0]?.result.plan ?? null });
  const { minutes } = inputs.request;
  const secondsLeft = (): number | null => (minutes === undefined ? null : 60 * (minutes - minutesGone()));
  const finished = { runId, runFolder, inputs, passes, baseline, modelsFolder, track, secondsLeft };
  await finishRun(services, project, finished, control);
}

/**
 * Checks that a run can begin, tokenizes the rows where they are not yet, and decides what it trains, validates and is
 * tested on. The project is not bound by it before {@link keepInputs}.
 * @throws AppError `no-rows`, `too-few-labels`, `label-column`, `model-missing`, `model-format`, `bad-input`
 */
export async function newInputs(
  services: HostServices,
  project: OpenProject,
  request: TrainingRequest,
  control: JobControl,
): Promise<RunInputs> {
  const asked = trainingRequestSchema.parse(request);
  const pretrained = await startingModels(request);
  const folders = [pretrained.forward, pretrained.backward].filter((each) => each !== null);
  checkModelFiles(folders);
  await checkLabels(project);
  await divideRows(project, asked);
  const mismatch = await languageMismatch(folders, await spreadTexts(project), request.options);
  if (mismatch) control.report(noteEvent(mismatchNote(mismatch), 'warning'));
  const shards = await ensureShards(services, project, folders, request.options, control);
  return prepareRunInputs(project, asked, pretrained, shards.stamp, meanTokens(shards));
}

/**
 * Keeps the inputs of a run beside it. They refer to rows by their numbers: from now on no file can be taken out of the
 * project. Until then a start that fails, or is called off, leaves undo as it was.
 */
export async function keepInputs(project: OpenProject, runFolder: string, inputs: RunInputs): Promise<void> {
  await project.store.history.seal();
  await saveRunInputs(runFolder, inputs);
}

function meanTokens({ folder }: { readonly folder: string }): number {
  const shards = TokenShards.open(folder);
  const { tokens, documents } = shards;
  shards.close();
  return tokens / Math.max(1, documents);
}

/** The worker knows its own stages; the track that people see has those of the host around them. */
function wholeTrack(event: ProgressEvent, expected: readonly StageId[]): ProgressEvent {
  if (event.type !== 'stage') return event;
  if (event.stage === 'probe') return { ...event, stages: [...expected] };
  const own = event.stages.filter((stage) => !before.includes(stage) && !after.includes(stage));
  return { ...event, stages: [...before, ...own, ...after] };
}

function changedRows(): AppError {
  return new AppError('bad-input', 'The rows of the project have changed since this run began, so it cannot go on.', {
    hint: 'Start a new run; it trains on the rows as they are now.',
    data: { startAnew: true },
    says: { sentence: 'rowsChanged' },
  });
}
