import { existsSync } from 'node:fs';
import { cp, mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { averageProbabilities, crossFitAverage, fitAverage } from '../../../engine/evaluate/average';
import { multiLabels, type LabelCsr } from '../../../engine/evaluate/label-csr';
import { majorityClass } from '../../../engine/evaluate/majority';
import { computeMetrics } from '../../../engine/evaluate/metrics';
import { mixProbabilities } from '../../../engine/evaluate/mixture';
import { chooseThresholds } from '../../../engine/evaluate/thresholds';
import { tokenizerFileOf } from '../../../engine/text/tokenizer-file';
import { SENTENCEPIECE_FILE } from '../../../engine/text/sentencepiece/sentencepiece-model';
import { writeBytesAtomic, writeJsonAtomic } from '../../../engine/weights/atomic-write';
import { AppError } from '../../../shared/errors';
import { noteEvent } from '../../../shared/note-words';
import type { Comparison } from '../../../shared/training-types';
import { openClassifier, writeTrainingNotes, type ClassifierFolder } from '../classifier-folder';
import type { EnsembleFile } from '../ensemble-file';
import { checkTarget } from '../export-model';
import { exportReadme } from '../export-readme';
import type { JobControl } from '../job-control';
import { encodeDocuments, inOrder, scoreModel } from '../model-scores';
import type { HostServices } from '../services';
import { thawVersion } from '../version';

/** One labelled row to choose the weights by; null labels: not labelled, left out. */
export interface ValidationRow {
  readonly fields: readonly string[];
  readonly labels: readonly string[] | null;
}

/** The classifiers to average, each under a name, the rows to choose weights by, and where the ensemble goes. */
export interface EnsembleRequest {
  readonly models: readonly { readonly name: string; readonly folder: string }[];
  readonly validation: AsyncIterable<readonly ValidationRow[]>;
  readonly out: string;
}

/** What came of it. */
export interface MadeEnsemble {
  readonly folder: string;
  readonly members: readonly { readonly name: string; readonly folder: string; readonly weight: number }[];
  /** On the validation rows; the ensemble by cross-fitting, so that its weights do not flatter it. */
  readonly comparison: Comparison;
}

const FOLDS = 5;
/** Fewer rows than this say little about weights. */
const fewestRows = 20;

/**
 * Averages finished classifiers: weights and temperature that have the smallest log loss on validation rows, in a
 * model folder with a copy of every member.
 * @throws AppError `bad-input` where the classifiers do not fit together, `no-rows`, `model-missing`
 */
export async function makeEnsemble(
  services: HostServices,
  request: EnsembleRequest,
  control: JobControl,
): Promise<MadeEnsemble> {
  control.report({ type: 'stage', stage: 'evaluate', stages: ['evaluate', 'export'] });
  const out = path.resolve(request.out);
  await checkTarget(out);
  const members = await openMembers(request.models);
  const [first] = members;
  if (!first) throw new AppError('bad-input', 'An ensemble needs at least two classifiers.');
  const { labels, multiLabel, notes } = first.classifier;
  const scored = await scoreMembers(services, members, request.validation, control);
  const truth = scored.truth;
  const options = { classes: labels.length, multiLabel };
  const average = fitAverage(scored.members, truth, options);
  const fitted = averageProbabilities(scored.members, average, options);
  const thresholds = multiLabel ? [...chooseThresholds(fitted, truth)] : null;
  const crossFitted = crossFitAverage(scored.members, truth, { ...options, folds: FOLDS });
  const measure = (scores: Float32Array, limits: readonly number[] | null) =>
    computeMetrics(scores, truth, labels, { multiLabel, thresholds: limits });
  const majority = majorityClass(truth, truth, labels.length);
  const before = measure(mixProbabilities(scored.members, average.weights), null).ece;
  const comparison: Comparison = {
    split: 'valid',
    labels: [...labels],
    model: measure(crossFitted, thresholds),
    baseline: measure(scored.baseline, notes.baselineThresholds),
    majority: { label: labels[majority.classId] ?? '', accuracy: majority.accuracy },
    temperature: average.temperature,
    eceBeforeTemperature: before,
    members: members.map(({ name, classifier }, k) => ({
      name,
      weight: average.weights[k] ?? 0,
      metrics: measure(scored.members[k] ?? new Float32Array(0), classifier.thresholds),
    })),
    calibration: { valid: { n: truth.offsets.length - 1, before, after: measure(crossFitted, null).ece }, test: null },
  };
  const file: EnsembleFile = {
    format: 'thaw-ensemble',
    version: 1,
    labels: [...labels],
    multiLabel,
    temperature: average.temperature,
    thresholds,
    tokenizer: tokenizerFileOf(first.classifier.tokenizer),
    members: members.map(({ name }, k) => ({ folder: `members/${k}`, name, weight: average.weights[k] ?? 0 })),
    facts: { validDocuments: truth.offsets.length - 1 },
  };
  control.report({ type: 'stage', stage: 'export', stages: ['evaluate', 'export'] });
  await writeEnsemble(out, members, file, comparison);
  const weights = file.members.map(({ folder, name, weight }) => ({ folder, name, weight }));
  return { folder: out, members: weights, comparison };
}

interface Member {
  readonly name: string;
  readonly classifier: ClassifierFolder;
  readonly places: Int32Array; // of the first member's labels among its own
}

async function openMembers(models: EnsembleRequest['models']): Promise<Member[]> {
  if (models.length < 2)
    throw new AppError('bad-input', `An ensemble needs at least two classifiers, got ${models.length}.`);
  const members: Member[] = [];
  for (const { name, folder } of models) {
    const classifier = await openClassifier(path.resolve(folder));
    const { labels, multiLabel, notes } = members[0]?.classifier ?? classifier;
    const places = Int32Array.from(labels, (label) => classifier.labels.indexOf(label));
    const fits = classifier.labels.length === labels.length && !places.includes(-1) && classifier.multiLabel === multiLabel; // prettier-ignore
    if (!fits || classifier.notes.columns.textColumns.length !== notes.columns.textColumns.length) {
      throw new AppError('bad-input', `${folder} cannot be averaged with ${models[0]?.folder ?? ''}: ${fits ? 'it reads another number of text columns' : 'its labels are others'}.`, {
        hint: 'Average classifiers that were trained on the same labels and columns.',
        data: { expected: labels, got: classifier.labels },
      }); // prettier-ignore
    }
    members.push({ name, classifier, places });
  }
  return members;
}

interface ScoredValidation {
  readonly members: readonly Float32Array[]; // each [rows, classes]
  readonly baseline: Float32Array; // of the first member
  readonly truth: LabelCsr;
}

async function scoreMembers(
  services: HostServices,
  members: readonly Member[],
  validation: EnsembleRequest['validation'],
  control: JobControl,
): Promise<ScoredValidation> {
  const labels = members[0]?.classifier.labels ?? [];
  const idOf = new Map(labels.map((label, id) => [label, id]));
  const parts: Float32Array[][] = members.map(() => []);
  const baseline: Float32Array[] = [];
  const truth: number[][] = [];
  let unusable = 0;
  for await (const rows of validation) {
    await control.checkpoint();
    const usable = rows.filter((row) => row.labels?.every((label) => idOf.has(label)) === true);
    unusable += rows.length - usable.length;
    truth.push(...usable.map((row) => (row.labels ?? []).map((label) => idOf.get(label) ?? 0).sort((a, b) => a - b)));
    const fields = usable.map((row) => row.fields);
    for (const [k, { classifier, places }] of members.entries()) {
      const documents = await encodeDocuments(services, classifier, fields);
      const scores = await scoreModel(services, classifier, documents, k === 0 ? 'all' : 'final', () => control.checkpoint()); // prettier-ignore
      parts[k]?.push(inOrder(scores.final, places));
      if (k === 0 && scores.baseline) baseline.push(scores.baseline);
    }
    control.report({
      type: 'count',
      stage: 'evaluate',
      done: truth.length,
      total: null,
      unit: 'rows',
      secondsLeft: null,
    });
  }
  if (truth.length === 0)
    throw new AppError('no-rows', 'There is no labelled row to choose the weights of the ensemble by.');
  if (truth.length < fewestRows) control.report(noteEvent({ code: 'few-rows-to-weigh', n: truth.length }, 'warning'));
  if (unusable > 0) control.report(noteEvent({ code: 'rows-not-weighed', n: unusable }, 'warning'));
  return { members: parts.map(joined), baseline: joined(baseline), truth: multiLabels(truth) };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

async function writeEnsemble(
  out: string,
  members: readonly Member[],
  file: EnsembleFile,
  comparison: Comparison,
): Promise<void> {
  const [first] = members;
  if (!first) return;
  const half = `${out}.half`;
  await rm(half, { recursive: true, force: true });
  await mkdir(half, { recursive: true });
  for (const [k, { classifier }] of members.entries()) {
    await cp(classifier.folder, path.join(half, 'members', String(k)), { recursive: true });
  }
  for (const name of ['vocabulary.json', SENTENCEPIECE_FILE, 'baseline.bin', 'pretrained-card.md']) {
    const from = path.join(first.classifier.folder, name);
    if (existsSync(from)) await cp(from, path.join(half, name));
  }
  const { notes } = first.classifier;
  await writeTrainingNotes(half, {
    runId: null,
    thaw: thawVersion(),
    createdAt: new Date().toISOString(),
    columns: notes.columns,
    majorityLabel: notes.majorityLabel,
    baselineTemperature: notes.baselineTemperature,
    baselineThresholds: notes.baselineThresholds,
    blend: null,
    comparison,
  });
  await writeJsonAtomic(path.join(half, 'model.json'), file);
  await writeBytesAtomic(path.join(half, 'README.md'), await exportReadme(await openClassifier(half)));
  await rm(out, { recursive: true, force: true });
  await rename(half, out);
}
