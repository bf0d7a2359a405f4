import path from 'node:path';
import type { TrainParams, TrainResult } from '../../../engine/tasks/protocol';
import type { ProgressEvent } from '../../../shared/jobs';
import { noteEvent } from '../../../shared/note-words';
import type { TrainingRequest } from '../../../shared/training-types';
import type { JobControl } from '../job-control';
import type { OpenProject } from '../open-project';
import type { HostServices } from '../services';
import { loadPassResult, savePassResult } from './pass-result';
import type { RunInputs } from './run-inputs';
import { copySubwords, tokenizerOfShards } from './text-shards';

type SamplesEvent = Extract<ProgressEvent, { type: 'samples' }>;

/** Which way a model reads. */
export type Direction = 'forward' | 'backward';

/** A model that was trained: a run has one, or one for each direction. */
export interface TrainedPass {
  readonly direction: Direction;
  readonly result: TrainResult;
}

/** A run whose models are to be trained. */
export interface PassesToTrain {
  readonly runFolder: string;
  /** Gets the models of a run with one direction; those of several lie in `passes/` until they are put together. */
  readonly modelsFolder: string;
  readonly inputs: RunInputs;
  readonly resume: boolean;
  /** Minutes that the job has taken so far. */
  readonly minutesGone: () => number;
  /** Makes the worker's stages those of the whole job. */
  readonly map: (event: ProgressEvent) => ProgressEvent;
}

/** The directions of a run, in the order in which they are trained. */
export function directionsOf({ options }: TrainingRequest): readonly Direction[] {
  const { direction = 'forward' } = options;
  return direction === 'both' ? ['forward', 'backward'] : [direction];
}

/** Trains a language model and a classifier for each direction of the run, one after the other. */
export async function trainPasses(
  services: HostServices,
  project: OpenProject,
  run: PassesToTrain,
  control: JobControl,
): Promise<TrainedPass[]> {
  const { runFolder, inputs, resume } = run;
  const directions = directionsOf(inputs.request);
  const passes: TrainedPass[] = [];
  for (const [place, direction] of directions.entries()) {
    const alone = directions.length === 1;
    const folder = alone ? runFolder : path.join(runFolder, 'passes', direction);
    const known = resume ? await loadPassResult(folder, runFolder) : null;
    const left = directions.length - place;
    const begun = performance.now();
    if (!known) say(control, inputs, direction, directions.length);
    const result =
      known ??
      (await services.training.train(
        {
          ...paramsOf(services, project, run, direction),
          runDir: folder,
          outDir: alone ? run.modelsFolder : path.join(folder, 'models'),
          askedMinutes: inputs.request.minutes,
          request: resume ? inputs.request : withinBudget(inputs.request, run.minutesGone(), left),
        },
        control,
        (event) => {
          if (event.type !== 'samples') return withRest(run.map(event), (performance.now() - begun) / 1000, left - 1);
          void withTexts(project, event).then((whole) => control.report(whole));
          return null;
        },
      ));
    if (!known) {
      await copySubwords(project.textFolder, inputs.stamp, [result.languageModelDir, result.classifierDir]);
      await savePassResult(folder, runFolder, result);
    }
    passes.push({ direction, result });
  }
  return passes;
}

/** Characters of a text that are shown beside what the classifier says of it. */
const excerpt = 400;

/** The worker knows rows by their numbers; a person wants to read them. */
async function withTexts(project: OpenProject, event: SamplesEvent): Promise<SamplesEvent> {
  const ids = [...event.samples, ...event.errors].map(({ row }) => row);
  // The project may be closing: samples without their texts still tell something.
  const rows = await project.store.rowsByIds(ids).catch(() => []);
  const texts = new Map(rows.map(({ id, text }) => [id, text.slice(0, excerpt)]));
  const named = (list: SamplesEvent['samples']) => list.map((each) => ({ ...each, text: texts.get(each.row) ?? '' }));
  return { ...event, samples: named(event.samples), errors: named(event.errors) };
}

/** What the worker is told of a run, besides its folders and its budget. */
export function paramsOf(
  services: HostServices,
  project: OpenProject,
  { inputs, resume }: Pick<PassesToTrain, 'inputs' | 'resume'>,
  direction: Direction,
): Omit<TrainParams, 'runDir' | 'outDir' | 'request'> {
  return {
    shardsDir: project.textFolder,
    labels: inputs.labels,
    multiLabel: inputs.multiLabel,
    languageModelTrain: inputs.languageModelTrain,
    languageModelValid: inputs.languageModelValid,
    classWeights: inputs.shareWeights,
    train: inputs.train,
    valid: inputs.valid,
    pretrainedDir: direction === 'backward' ? inputs.pretrainedBackward : inputs.pretrained,
    backward: direction === 'backward',
    resume,
    tokenizer: tokenizerOfShards(inputs.stamp),
    ...(services.checkpointSeconds === undefined ? {} : { checkpointSeconds: services.checkpointSeconds }),
  };
}

/** Says which model is trained now, and what it starts from where that is not what one would expect. */
function say(control: JobControl, inputs: RunInputs, direction: Direction, directions: number): void {
  if (directions > 1) control.report(noteEvent({ code: `${direction}-now` }));
  if (direction === 'backward' && inputs.pretrainedBackward === null && inputs.request.pretrained !== null) {
    control.report(noteEvent({ code: 'no-backward' }, 'warning'));
  }
}

/**
 * The budget is of the whole job: what was used so far, and a twentieth for measuring afterwards, is taken off. What is
 * left is shared among the models still to train.
 */
function withinBudget(request: TrainingRequest, minutesGone: number, left: number): TrainingRequest {
  if (request.minutes === undefined) return request;
  return { ...request, minutes: Math.max(0.05, (request.minutes * 0.95 - minutesGone) / left) };
}

/**
 * The worker knows the time left of its own model; each model after it will take as long as this one does.
 * @param seconds since this model's training began
 */
function withRest(event: ProgressEvent, seconds: number, after: number): ProgressEvent {
  if (event.type !== 'step' || event.secondsLeft === null) return event;
  return { ...event, secondsLeft: event.secondsLeft + after * (seconds + event.secondsLeft) };
}
