import { doubtedLabels } from '../../../engine/labelling/doubts';
import { stratifiedFolds, trainingRows } from '../../../engine/labelling/folds';
import { fitPowerLaw, labelsForOnePoint } from '../../../engine/labelling/learning-curve';
import { rightAnswers, type Answers } from '../../../engine/labelling/right-answers';
import { wilsonInterval } from '../../../engine/evaluate/wilson';
import type { Row } from '../../../shared/data-types';
import type { LabelInsight } from '../../../shared/label-types';
import type { HostServices } from '../services';
import { bestLabels, labelledSample, type LabelledSample } from './quick-model';
import type { TokenPool } from './token-pool';

/** From so many labelled rows on something can be measured. */
const FEWEST = 20;
/** At most so many are measured on: more would take long and change little. */
const MOST = 2000;
/** A study of more work than this (rows times labels) has fewer parts. */
const MUCH_WORK = 60_000;

/** A labelled row that the quick model doubts, with what it says instead. */
export interface DoubtedLabel {
  readonly row: number;
  readonly margin: number;
  readonly labels: string; // the row's labels when it was measured, as one string
  readonly predicted: NonNullable<Row['predicted']>;
}

/** What a study has found. */
export interface StudyResult {
  readonly insight: LabelInsight;
  readonly doubted: readonly DoubtedLabel[];
}

/** Before anything is measured. */
export const NO_INSIGHT: LabelInsight = {
  state: 'few',
  measure: 'accuracy',
  points: [],
  forOnePoint: null,
  doubted: 0,
  at: 0,
};

/**
 * Measures how well the labels so far can be learned: the quick model is fitted on parts of the labelled rows and asked
 * about the rest. Each fit is a request of its own, so that a fit for the queue need not wait for the whole study.
 *
 * @returns null where there are too few labels to measure
 * @throws CancelledError
 */
export async function studyLabels(
  services: HostServices,
  pool: TokenPool,
  signal: AbortSignal,
): Promise<StudyResult | null> {
  const sample = await labelledSample(pool.project, MOST);
  const { rowIds, names, truth, multiLabel } = sample;
  const n = rowIds.length;
  if (n < FEWEST || names.length < 2) return null;
  await pool.add(rowIds);
  const large = n * names.length > MUCH_WORK;
  const folds = large ? 3 : 5;
  const shares = large ? [0.35, 0.65, 1] : [0.25, 0.5, 0.75, 1];
  const fold = stratifiedFolds(strata(sample), folds, 1);
  const heldOut = new Float32Array(n * names.length); // by the fit on all of the other folds
  const points: LabelInsight['points'] = [];
  for (const share of shares) {
    const total: Answers = { right: 0, asked: 0 };
    let trained = 0;
    for (let k = 0; k < folds; k++) {
      const train = trainingRows(fold, k, share, 1);
      const test = Int32Array.from(fold.keys()).filter((row) => fold[row] === k);
      trained += train.length / folds;
      const scores = await fitAndAsk(services, pool, sample, train, test, signal);
      const answers = rightAnswers(scores, pickRows(truth, test), names.length, multiLabel);
      total.right += answers.right;
      total.asked += answers.asked;
      if (share < 1) continue;
      test.forEach((row, i) =>
        heldOut.set(scores.subarray(i * names.length, (i + 1) * names.length), row * names.length),
      );
    }
    points.push(pointOf(total, trained, n));
  }
  const doubted = doubtedLabels(heldOut, truth, names.length, multiLabel).map(({ place, margin }): DoubtedLabel => {
    const row = rowIds[place] ?? 0;
    return { row, margin, labels: labelKey(pool, row), predicted: bestLabels(heldOut, place, names) };
  });
  const at = pool.project.store.counts().labelled;
  const insight: LabelInsight = {
    state: 'ready',
    measure: multiLabel ? 'f1' : 'accuracy',
    points,
    forOnePoint: labelsForOnePoint(fitPowerLaw(points), Math.max(n, at)),
    doubted: doubted.length,
    at,
  };
  return { insight, doubted };
}

/** The labels of a row as one string, to tell whether they have changed since. */
export function labelKey(pool: Pick<TokenPool, 'project'>, row: number): string {
  return JSON.stringify(pool.project.store.labelsOf(row));
}

function pointOf({ right, asked }: Answers, trained: number, rows: number): LabelInsight['points'][number] {
  const [low, high] = wilsonInterval(right, asked);
  return { labels: Math.round(trained), share: asked === 0 ? 0 : right / asked, low, high, rows };
}

/** What a fit on some rows of the sample says about others. // [test, names] */
async function fitAndAsk(
  services: HostServices,
  pool: TokenPool,
  { rowIds, names, truth, multiLabel }: LabelledSample,
  train: Int32Array,
  test: Int32Array,
  signal: AbortSignal,
): Promise<Float32Array> {
  const { offsets, labels } = pickRows(truth, train);
  const idsOf = (places: Int32Array): Int32Array => places.map((place) => rowIds[place] ?? 0);
  const [scores = new Float32Array(0)] = await services.baseline.fit(
    {
      documents: pool.pack(idsOf(train)),
      labelOffsets: offsets,
      labels,
      classes: names.length,
      multiLabel,
      seed: 0,
      saveTo: null,
      predict: [pool.pack(idsOf(test))],
    },
    signal,
  );
  return scores;
}

/** For single labels the label, for several the first: what has to be in every fold. */
function strata({ rowIds, truth }: LabelledSample): Int32Array {
  return Int32Array.from(rowIds, (_, i) => {
    const start = truth.offsets[i] ?? 0;
    return start === truth.offsets[i + 1] ? -1 : (truth.labels[start] ?? -1);
  });
}

function pickRows(truth: LabelledSample['truth'], places: Int32Array): LabelledSample['truth'] {
  const offsets = new Int32Array(places.length + 1);
  const labels: number[] = [];
  places.forEach((place, i) => {
    for (let k = truth.offsets[place] ?? 0; k < (truth.offsets[place + 1] ?? 0); k++) labels.push(truth.labels[k] ?? 0);
    offsets[i + 1] = labels.length;
  });
  return { offsets, labels: Int32Array.from(labels) };
}
