import { existsSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { LabelCsr } from '../../../engine/evaluate/label-csr';
import type { LabelledDocuments } from '../../../engine/tasks/protocol';
import { readSafetensors, writeSafetensors } from '../../../engine/weights/safetensors';
import { toFloat32, type StoredTensor } from '../../../engine/weights/stored-tensor';
import { AppError } from '../../../shared/errors';
import type { Comparison, Run } from '../../../shared/training-types';
import { openClassifier } from '../classifier-folder';
import { encodeDocuments, scoreModel } from '../model-scores';
import type { OpenProject } from '../open-project';
import { loadRunInputs, type RunInputs } from '../pipelines/run-inputs';
import type { HostServices } from '../services';

/** What the models of a run say about the rows of one split. // probabilities: each [rows, classes] */
export interface HeldOutSplit {
  readonly rows: Int32Array; // ids in the project
  readonly truth: LabelCsr; // labels as the run began
  readonly final: Float32Array; // what the classifier predicts
  readonly deep: Float32Array;
  readonly baseline: Float32Array;
  readonly blend: Float32Array | null; // used or not
}

/** A finished run as far as its held-out rows go. */
export interface HeldOut {
  readonly run: Run;
  readonly comparison: Comparison;
  readonly labels: readonly string[];
  readonly multiLabel: boolean;
  readonly used: 'deep' | 'blend';
  readonly thresholds: HeldOutThresholds;
  readonly valid: HeldOutSplit;
  readonly test: HeldOutSplit | null;
  /** Rows that it learned from, with their labels as it began. */
  readonly train: { readonly rows: Int32Array; readonly truth: LabelCsr };
}

const limits = z.array(z.number()).nullable();
const thresholdsSchema = z.object({ deep: limits, baseline: limits, blend: limits });
/** Multi-label: the probabilities from which labels are given, by whose they are. */
type HeldOutThresholds = Readonly<z.infer<typeof thresholdsSchema>>;

/** What the models of a run say about its held-out rows, as it ends. */
export interface HeldOutScores {
  readonly valid: SplitScores;
  readonly test: SplitScores;
  /** Which of them predicts. */
  readonly used: 'deep' | 'blend';
  readonly thresholds: HeldOutThresholds;
}

interface SplitScores {
  readonly deep: Float32Array;
  readonly baseline: Float32Array;
  readonly blend: Float32Array | null;
}

const fileOf = (runFolder: string): string => path.join(runFolder, 'held-out.safetensors');
const splits = ['valid', 'test'] as const;
const parts = ['deep', 'baseline', 'blend'] as const;

/** Whether what a run's models said about its held-out rows was kept. */
export function hasHeldOut(runFolder: string): boolean {
  return existsSync(fileOf(runFolder));
}

/** Keeps what a run's models say about its held-out rows beside the run. */
export async function saveHeldOut(runFolder: string, classes: number, scores: HeldOutScores): Promise<void> {
  const tensors = new Map<string, StoredTensor>();
  for (const split of splits) {
    for (const part of parts) {
      const data = scores[split][part];
      if (data) tensors.set(`${split}.${part}`, { dtype: 'F32', shape: [data.length / classes, classes], data });
    }
  }
  const { used, thresholds } = scores;
  await writeSafetensors(fileOf(runFolder), tensors, {
    format: 'thaw-held-out',
    used,
    thresholds: JSON.stringify(thresholds),
  });
}

/**
 * The held-out rows of a finished run with what its models say of them. Runs of older versions did not keep it: it is
 * computed once from their classifier and kept.
 * @throws AppError `not-found` where the run has no result, `model-missing` where its classifier is needed and gone
 */
export async function loadHeldOut(services: HostServices, project: OpenProject, runId: string): Promise<HeldOut> {
  const run = await project.runs.get(runId);
  const runFolder = project.runs.folder(runId);
  const inputs = await loadRunInputs(runFolder);
  if (!run.comparison || !inputs) {
    throw new AppError('not-found', `The run ${runId} has no measured classifier (it is ${run.state}).`, {
      hint: 'Inspect a run that has ended.',
      data: { runId, state: run.state },
      says: { sentence: 'notMeasured', run: runId },
    });
  }
  const scores = (await readScores(runFolder)) ?? (await computeScores(services, project, inputs, runFolder));
  const split = (of: 'valid' | 'test'): HeldOutSplit => {
    const { deep, baseline, blend } = scores[of];
    const final = scores.used === 'blend' && blend ? blend : deep;
    return { rows: inputs[of].documents, truth: labelsOf(inputs[of]), final, deep, baseline, blend };
  };
  return {
    run,
    comparison: run.comparison,
    labels: inputs.labels,
    multiLabel: inputs.multiLabel,
    used: scores.used,
    thresholds: scores.thresholds,
    valid: split('valid'),
    test: inputs.test.documents.length > 0 ? split('test') : null,
    train: { rows: inputs.train.documents, truth: labelsOf(inputs.train) },
  };
}

function labelsOf({ labelOffsets, labels }: LabelledDocuments): LabelCsr {
  return { offsets: labelOffsets, labels };
}

async function readScores(runFolder: string): Promise<HeldOutScores | null> {
  const file = fileOf(runFolder);
  if (!existsSync(file)) return null;
  const { tensors, metadata } = await readSafetensors(file);
  const part = (name: string): Float32Array | null => {
    const tensor = tensors.get(name);
    return tensor ? toFloat32(tensor) : null;
  };
  const scores = (split: string): SplitScores => ({
    deep: part(`${split}.deep`) ?? new Float32Array(0),
    baseline: part(`${split}.baseline`) ?? new Float32Array(0),
    blend: part(`${split}.blend`),
  });
  return {
    valid: scores('valid'),
    test: scores('test'),
    used: metadata['used'] === 'blend' ? 'blend' : 'deep',
    thresholds: thresholdsSchema.parse(JSON.parse(metadata['thresholds'] ?? '{}')),
  };
}

/** Rows read, tokenized and scored at a time. */
const rowsInOneGo = 1024;

async function computeScores(
  services: HostServices,
  project: OpenProject,
  inputs: RunInputs,
  runFolder: string,
): Promise<HeldOutScores> {
  const classifier = await openClassifier(path.join(runFolder, 'models', 'classifier'));
  const classes = inputs.labels.length;
  const { blend, baselineThresholds } = classifier.notes;
  const of = async (rows: Int32Array): Promise<SplitScores> => {
    const deep = new Float32Array(rows.length * classes);
    const [baseline, blended] = [deep.slice(), blend ? deep.slice() : null];
    for (let start = 0; start < rows.length; start += rowsInOneGo) {
      const fields = await project.store.cells.fields(rows.subarray(start, start + rowsInOneGo));
      const documents = await encodeDocuments(services, classifier, fields);
      const scores = await scoreModel(services, classifier, documents, 'all');
      deep.set(scores.deep, start * classes);
      if (scores.baseline) baseline.set(scores.baseline, start * classes);
      if (scores.blend) blended?.set(scores.blend, start * classes);
    }
    return { deep, baseline, blend: blended };
  };
  const scores: HeldOutScores = {
    valid: await of(inputs.valid.documents),
    test: await of(inputs.test.documents),
    used: blend?.used === true ? 'blend' : 'deep',
    thresholds: {
      deep: classifier.deepThresholds && [...classifier.deepThresholds],
      baseline: baselineThresholds,
      blend: blend?.thresholds ?? null,
    },
  };
  await saveHeldOut(runFolder, classes, scores);
  return scores;
}
