import { stratifiedFolds, trainingRows } from '../../../engine/labelling/folds';
import { fitPowerLaw, labelsForOnePoint } from '../../../engine/labelling/learning-curve';
import { rightAnswers, type Answers } from '../../../engine/labelling/right-answers';
import { wilsonInterval } from '../../../engine/evaluate/wilson';
import type { LabelInsight } from '../../../shared/label-types';
import type { HostServices } from '../services';
import { fitAndAsk, firstLabels, pickRows, rowsOfFold, spread } from './cross-fit';
import { doubtsOfAll, doubtsOfSample, type DoubtedLabel } from './label-doubts';
import { labelledSample, type LabelledSample } from './quick-model';
import type { TokenPool } from './token-pool';

/** From so many labelled rows on something can be measured. */
const FEWEST = 20;
/** At most so many are measured on: more would take long and change little. */
const MOST = 2000;
/** A study of more work than this (rows times labels) has fewer parts. */
const MUCH_WORK = 60_000;

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
  atOnce: 0,
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
  const { rowIds, names, multiLabel, atOnce } = sample;
  const n = rowIds.length;
  if (n < FEWEST || names.length < 2) return null;
  await pool.add(rowIds);
  const measured = n - atOnce.reduce((sum, each) => sum + each, 0);
  const large = n * names.length > MUCH_WORK;
  const folds = large ? 3 : 5;
  const shares = large ? [0.35, 0.65, 1] : [0.25, 0.5, 0.75, 1];
  const fold = stratifiedFolds(firstLabels(sample), folds, 1);
  const heldOut = new Float32Array(n * names.length); // by the fit on all of the other folds
  const points: LabelInsight['points'] = [];
  for (const share of shares) {
    const total: Answers = { right: 0, asked: 0 };
    let trained = 0;
    for (let k = 0; k < folds; k++) {
      const train = trainingRows(fold, k, share, 1);
      const test = rowsOfFold(fold, k);
      trained += train.length / folds;
      const scores = await fitAndAsk(services, pool, sample, train, test, signal);
      const answers = answersOf(sample, scores, test);
      total.right += answers.right;
      total.asked += answers.asked;
      if (share === 1) spread(scores, test, names.length, heldOut);
    }
    points.push(pointOf(total, trained, measured));
  }
  // What is measured on a part can be measured well enough; a wrong label that is not looked at is not found.
  const doubted =
    n < MOST ? doubtsOfSample(pool.project, sample, heldOut) : await doubtsOfAll(services, pool, names.length, signal);
  const at = pool.project.store.inUse().labelled;
  const insight: LabelInsight = {
    state: 'ready',
    measure: multiLabel ? 'f1' : 'accuracy',
    points,
    forOnePoint: labelsForOnePoint(fitPowerLaw(points), Math.max(n, at)),
    doubted: doubted.length,
    at,
    atOnce: n - measured,
  };
  return { insight, doubted };
}

/** Counts right answers on the rows that were labelled one by one: the others have the shares of somebody's searches. */
function answersOf(
  { truth, names, multiLabel, atOnce }: LabelledSample,
  scores: Float32Array,
  test: Int32Array,
): Answers {
  const classes = names.length;
  const counted = Int32Array.from(test.keys()).filter((i) => atOnce[test[i] ?? 0] === 0);
  const asked = new Float32Array(counted.length * classes);
  counted.forEach((i, j) => asked.set(scores.subarray(i * classes, (i + 1) * classes), j * classes));
  const places = counted.map((i) => test[i] ?? 0);
  return rightAnswers(asked, pickRows(truth, places), classes, multiLabel);
}

function pointOf({ right, asked }: Answers, trained: number, rows: number): LabelInsight['points'][number] {
  const [low, high] = wilsonInterval(right, asked);
  return { labels: Math.round(trained), share: asked === 0 ? 0 : right / asked, low, high, rows };
}
