import { pickRows, putRows, withTemperature } from '../../../engine/evaluate/average';
import { pickLabels, type LabelCsr } from '../../../engine/evaluate/label-csr';
import { dealFolds } from '../../../engine/evaluate/deal-folds';
import { probabilitiesAt } from '../../../engine/evaluate/temperature';
import type { LabelledDocuments } from '../../../engine/tasks/protocol';
import { headFolds } from '../../../engine/train/linear-head';
import type { JobControl } from '../job-control';
import type { OpenProject } from '../open-project';
import type { HostServices } from '../services';
import { askBaseline, type RunBaseline } from './run-baseline';
import type { RunInputs } from './run-inputs';
import type { TrainedPass } from './train-passes';

/**
 * Training rows, each with what models say that had no part of it: where labels are few these tell more of models than the
 * few validation rows do.
 */
export interface FoldScores {
  readonly labels: LabelCsr;
  /** Of each trained model, at its temperature. // each [rows, classes] */
  readonly members: readonly Float32Array[];
  readonly baseline: Float32Array; // [rows, classes]
}

/**
 * What folds say of the training rows of a run; null where its models were not fitted in folds.
 * @throws CancelledError
 */
export async function foldScores(
  services: HostServices,
  project: OpenProject,
  { inputs, passes, baseline }: FoldsOf,
  control: JobControl,
): Promise<FoldScores | null> {
  const options = { classes: inputs.labels.length, multiLabel: inputs.multiLabel };
  const rows = passes[0]?.result.heldOut?.rows;
  if (!rows) return null;
  const members: Float32Array[] = [];
  for (const { result } of passes) {
    // Models of one run have the same folds, as they have the same seed; else they could not be put side by side.
    if (result.heldOut?.rows.join() !== rows.join()) return null;
    members.push(probabilitiesAt(result.heldOut.logits, options.classes, result.temperature, options));
  }
  const raw = await crossFitBaseline(services, project, inputs, control);
  const { labelOffsets: offsets, labels: all } = inputs.train;
  const { members: picked, labels } = pickRows([raw], { offsets, labels: all }, options.classes, [...rows]);
  return { labels, members, baseline: withTemperature(picked[0] ?? raw, baseline.temperature, options) };
}

interface FoldsOf {
  readonly inputs: RunInputs;
  readonly passes: readonly TrainedPass[];
  readonly baseline: RunBaseline;
}

/** What the baseline says of each training row when it has learned from those of the other folds. // [rows, classes] */
async function crossFitBaseline(
  services: HostServices,
  project: OpenProject,
  inputs: RunInputs,
  control: JobControl,
): Promise<Float32Array> {
  const { train, labels } = inputs;
  const classes = labels.length;
  const rows = train.documents.length;
  const all = new Float32Array(rows * classes);
  for (const { held, rest } of dealFolds(rows, headFolds, inputs.request.seed)) {
    await control.checkpoint();
    const asked = held.map((place) => train.documents[place] ?? 0);
    const own = { ...inputs, train: pickDocuments(train, rest) };
    const [scores = all] = await askBaseline(services, project, own, { rows: [asked], saveTo: null }, control.signal);
    putRows(scores, held, classes, all);
  }
  return all;
}

function pickDocuments({ documents, labelOffsets, labels }: LabelledDocuments, places: Int32Array): LabelledDocuments {
  const own = pickLabels({ offsets: labelOffsets, labels }, places);
  return {
    documents: places.map((place) => documents[place] ?? 0),
    labelOffsets: own.offsets,
    labels: own.labels,
  };
}
