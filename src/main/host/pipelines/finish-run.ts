import { rm } from 'node:fs/promises';
import path from 'node:path';
import { averageProbabilities, withTemperature } from '../../../engine/evaluate/average';
import type { LabelCsr } from '../../../engine/evaluate/label-csr';
import { scoresOf } from '../../../engine/evaluate/log-odds';
import { probabilitiesAt } from '../../../engine/evaluate/temperature';
import type { LabelledDocuments } from '../../../engine/tasks/protocol';
import type { StageId } from '../../../shared/jobs';
import { noteEvent } from '../../../shared/note-words';
import { writeTrainingNotes } from '../classifier-folder';
import { saveHeldOut, type HeldOutScores } from '../inspection/held-out';
import type { JobControl } from '../job-control';
import { linkFolder } from '../link-folder';
import type { OpenProject } from '../open-project';
import type { HostServices } from '../services';
import { thawVersion } from '../version';
import { addCompanions, assembleModels } from './assemble-models';
import { foldScores } from './fold-scores';
import type { RunBaseline } from './run-baseline';
import type { RunInputs } from './run-inputs';
import { scoreRows } from './score-rows';
import { blendNote, settleRun, type MemberScores, type SettledRun } from './settle-run';
import type { TrainedPass } from './train-passes';

/** A run whose training is over. */
export interface FinishedTraining {
  readonly runId: string;
  readonly runFolder: string;
  readonly inputs: RunInputs;
  readonly passes: readonly TrainedPass[];
  readonly baseline: RunBaseline;
  readonly modelsFolder: string;
  /** The stages of the whole run, so that the track stays whole to the end. */
  readonly track: readonly StageId[];
  /** What is left of the run's budget; null: it has none. */
  readonly secondsLeft: () => number | null;
}

/** At most so many unlabelled rows get predictions at once: enough for the screens and for choosing what to label. */
const mostUnlabelled = 50_000;
/** So many of them get predictions however short the time is; with a budget, more only while there is some left. */
export const fewestUnlabelled = 1000;

/** What measuring works with. */
interface Measuring {
  readonly services: HostServices;
  readonly project: OpenProject;
  readonly finished: Pick<FinishedTraining, 'inputs' | 'passes'>;
  readonly control: JobControl;
}

/** What finishing works with. */
interface Finishing extends Measuring {
  readonly finished: FinishedTraining;
}

/** Measures the models on the held-out rows, puts them in their place, and saves what the screens show. */
export async function finishRun(
  services: HostServices,
  project: OpenProject,
  finished: FinishedTraining,
  control: JobControl,
): Promise<void> {
  const { runId, runFolder, inputs, passes, baseline, modelsFolder, track } = finished;
  const finishing = { services, project, finished, control };
  control.report({ type: 'stage', stage: 'evaluate', stages: [...track] });
  const members = await heldOutScores(finishing);
  const rows = { ...inputs, train: csr(inputs.train), valid: csr(inputs.valid), test: csr(inputs.test) };
  const folds = await foldScores(services, project, finished, control);
  const settled = settleRun(rows, members, baseline, inputs.request.options.blend ?? 'auto', folds);
  const note = blendNote(settled.blend, inputs.multiLabel);
  if (note !== null) control.report(noteEvent(note));
  await assembleModels(modelsFolder, inputs, passes, settled.average, settled.thresholds);
  const classifier = path.join(modelsFolder, 'classifier');
  await addCompanions(classifier, runFolder, inputs);
  await writeTrainingNotes(classifier, {
    thaw: thawVersion(),
    runId,
    createdAt: new Date().toISOString(),
    columns: inputs.columns,
    majorityLabel: settled.comparison.majority.label,
    baselineTemperature: baseline.temperature,
    baselineThresholds: baseline.thresholds && [...baseline.thresholds],
    blend: settled.blend,
    comparison: settled.comparison,
  });
  await saveHeldOut(runFolder, inputs.labels.length, keptScores(settled, baseline));
  await install(project, modelsFolder);
  await project.runs.update(runId, { comparison: settled.comparison });
  control.report({ type: 'stage', stage: 'predict', stages: [...track] });
  await savePredictions(finishing, settled);
  // The run keeps its classifier, for ensembles; its language model is that of the project now.
  for (const name of ['passes', 'models/language-model', 'models/language-model-backward']) {
    await rm(path.join(runFolder, name), { recursive: true, force: true });
  }
  await services.projectChanged();
}

/** What is kept of the held-out rows, so that the inspect step need not ask the models again. */
function keptScores(settled: SettledRun, baseline: RunBaseline): HeldOutScores {
  const split = (of: 'valid' | 'test'): HeldOutScores['valid'] => ({
    deep: settled.deep[of],
    baseline: baseline[of],
    blend: settled.blended?.[of] ?? null,
  });
  return {
    valid: split('valid'),
    test: split('test'),
    used: settled.blend?.used === true ? 'blend' : 'deep',
    thresholds: {
      deep: settled.thresholds && [...settled.thresholds],
      baseline: baseline.thresholds && [...baseline.thresholds],
      blend: settled.blend?.thresholds ?? null,
    },
  };
}

/** The project's models become those of the run, which keeps its own. */
async function install(project: OpenProject, modelsFolder: string): Promise<void> {
  const copy = `${modelsFolder}.install`;
  await rm(copy, { recursive: true, force: true });
  await linkFolder(modelsFolder, copy);
  await project.models.replaceWith(copy);
}

/** What each model says about the validation and the test rows. */
export async function heldOutScores(finishing: Measuring): Promise<MemberScores[]> {
  const { inputs, passes } = finishing.finished;
  const options = { classes: inputs.labels.length, multiLabel: inputs.multiLabel };
  const members: MemberScores[] = [];
  for (const { direction, result } of passes) {
    const { validLogits, temperature } = result;
    const at = (t: number): Float32Array => probabilitiesAt(validLogits, options.classes, t, options);
    const test = await score(finishing, 'evaluate', result.classifierDir, inputs.test.documents);
    const logits = scoresOf(test, options).map((z) => z * temperature);
    members.push({
      name: direction,
      temperature,
      calibrated: { valid: at(temperature), test },
      raw: { valid: at(1), test: probabilitiesAt(logits, options.classes, 1, options) },
    });
  }
  return members;
}

function score(
  { services, project, finished, control }: Measuring,
  stage: StageId,
  folder: string,
  rows: Int32Array,
): Promise<Float32Array> {
  const model = { folder, classes: finished.inputs.labels.length };
  return scoreRows(services, model, project.textFolder, rows, control, (done) =>
    control.report({ type: 'count', stage, done, total: rows.length, unit: 'rows', secondsLeft: null }),
  );
}

async function savePredictions(finishing: Finishing, settled: SettledRun): Promise<void> {
  const { project, finished } = finishing;
  const { labels, valid, test, request } = finished.inputs;
  const { store } = project;
  // Another basis drops what an older model said, of rows too that this run does not score.
  await store.savePredictions([], [...labels], new Float32Array(0), 'baseline');
  await store.savePredictions(valid.documents, [...labels], settled.final.valid);
  if (test.documents.length > 0) await store.savePredictions(test.documents, [...labels], settled.final.test);
  const unlabelled = await store.unlabelledRowIds(mostUnlabelled, request.seed);
  for (const part of finished.secondsLeft() === null ? [unlabelled] : spreadParts(unlabelled, fewestUnlabelled)) {
    if (part.length === 0) return;
    await store.savePredictions(part, [...labels], await finalScores(finishing, settled, part));
    if ((finished.secondsLeft() ?? Infinity) <= 0) return;
  }
}

/** Rows in parts of at most so many, each of rows from everywhere. */
export function spreadParts(rows: Int32Array, most: number): Int32Array[] {
  const parts = Math.ceil(rows.length / most);
  return Array.from({ length: parts }, (_, part) => rows.filter((_row, place) => place % parts === part));
}

/** What the finished classifier says about rows, as it predicts: averaged and blended. // [rows, classes] */
async function finalScores(finishing: Finishing, settled: SettledRun, rows: Int32Array): Promise<Float32Array> {
  const { services, project, finished } = finishing;
  const { inputs, passes, baseline, runFolder } = finished;
  const options = { classes: inputs.labels.length, multiLabel: inputs.multiLabel };
  const scores: Float32Array[] = [];
  for (const { result } of passes) scores.push(await score(finishing, 'predict', result.classifierDir, rows));
  const deep = settled.average
    ? averageProbabilities(scores, settled.average, options)
    : (scores[0] ?? new Float32Array(0));
  const { blend } = settled;
  if (blend?.used !== true) return deep;
  const file = path.join(runFolder, 'baseline.bin');
  const documents = { kind: 'shards', folder: project.textFolder, documents: rows } as const;
  const base = withTemperature(await services.baseline.predict(file, documents), baseline.temperature, options);
  const weights = [blend.weights.model, blend.weights.baseline];
  return averageProbabilities([deep, base], { weights, temperature: blend.temperature }, options);
}

function csr({ labelOffsets, labels }: LabelledDocuments): LabelCsr {
  return { offsets: labelOffsets, labels };
}
