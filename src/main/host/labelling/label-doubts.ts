import { judgeLearning } from '../../../engine/evaluate/judge-learning';
import { confidentLearning } from '../../../engine/inspect/confident-learning';
import { truthOf } from '../../../engine/inspect/outcomes';
import { stratifiedFolds } from '../../../engine/labelling/folds';
import type { Row } from '../../../shared/data-types';
import { doubtedPlaces } from '../inspection/doubted-rows';
import type { HeldOut } from '../inspection/held-out';
import type { OpenProject } from '../open-project';
import type { HostServices } from '../services';
import { crossFit, firstLabels } from './cross-fit';
import { bestLabels, labelledSample, type LabelledSample } from './quick-model';
import type { TokenPool } from './token-pool';

/** At most so many labelled rows are judged, fewer where there are many labels: that is work of seconds. */
const MOST = 20_000;
const MOST_WORK = 400_000; // rows times labels
const FOLDS = 3;

/** A labelled row that a model doubts, with what it says instead. */
export interface DoubtedLabel {
  readonly row: number;
  readonly believed: number; // probability of the label that it has
  readonly labels: string; // the row's labels when it was judged, as one string
  readonly predicted: NonNullable<Row['predicted']>;
  readonly basis: 'classifier' | 'baseline';
}

/** The labels of a row as one string, to tell whether they have changed since. */
export function labelKey({ store }: Pick<OpenProject, 'store'>, row: number): string {
  return keyOf(store.labelsOf(row) ?? []);
}

function keyOf(labels: readonly string[]): string {
  return JSON.stringify([...labels].sort());
}

/**
 * What the quick model doubts of a sample. Nothing as long as it tells no more of texts than the shares of the labels do: the
 * doubts of a model that has learned nothing are noise, and would cost a person's time and good labels.
 *
 * @param heldOut what fits say that have not seen the row // [rows of the sample, names]
 */
export function doubtsOfSample(project: OpenProject, sample: LabelledSample, heldOut: Float32Array): DoubtedLabel[] {
  const { rowIds, names, truth, multiLabel } = sample;
  const answers = [{ probabilities: heldOut, labels: truth }];
  if (judgeLearning(truth, answers, { classes: names.length, multiLabel }) !== 'yes') return [];
  return confidentLearning(heldOut, truth, names.length, { multiLabel }).rows.map(({ row: place, believed }) => {
    const row = rowIds[place] ?? 0;
    const predicted = bestLabels(heldOut, place, names);
    return { row, believed, labels: labelKey(project, row), predicted, basis: 'baseline' };
  });
}

/** What the quick model doubts of all labelled rows, or of as many as can be judged in seconds. @throws CancelledError */
export async function doubtsOfAll(
  services: HostServices,
  pool: TokenPool,
  classes: number,
  signal: AbortSignal,
): Promise<DoubtedLabel[]> {
  const most = Math.min(MOST, Math.floor(MOST_WORK / Math.max(1, classes)));
  const sample = await labelledSample(pool.project, most);
  await pool.add(sample.rowIds);
  const fold = stratifiedFolds(firstLabels(sample), FOLDS, 1);
  return doubtsOfSample(pool.project, sample, await crossFit(services, pool, sample, fold, signal));
}

/** What the models of a run doubt of the rows that they have not learned from. */
export function doubtsOfRun(heldOut: HeldOut): DoubtedLabel[] {
  const { labels } = heldOut;
  const { doubter, rows } = doubtedPlaces(heldOut);
  return rows.map(({ split, place, believed }) => ({
    row: split.rows[place] ?? -1,
    believed,
    labels: keyOf(truthOf(split.truth, place).map((id) => labels[id] ?? '')),
    predicted: bestLabels(split[doubter], place, labels),
    basis: 'classifier',
  }));
}

/**
 * Both together, least believed first: the run speaks about the rows that it was measured on, the quick model about the
 * others, which the classifier has learned by heart.
 */
export function mergeDoubts(run: HeldOut | null, ofSample: readonly DoubtedLabel[]): readonly DoubtedLabel[] {
  if (run === null) return ofSample;
  const judged = new Set([...run.valid.rows, ...(run.test?.rows ?? [])]);
  const others = ofSample.filter(({ row }) => !judged.has(row));
  return [...doubtsOfRun(run), ...others].sort((a, b) => a.believed - b.believed || a.row - b.row);
}
