import { putRows } from '../../../engine/evaluate/average';
import { stratifiedFolds, trainingRows } from '../../../engine/labelling/folds';
import { fitPowerLaw, labelsForOnePoint } from '../../../engine/labelling/learning-curve';
import type { Answers } from '../../../engine/labelling/right-answers';
import type { LabelInsight } from '../../../shared/label-types';
import type { HostServices } from '../services';
import { fitAndAsk, firstLabels, rowsOfFold } from './cross-fit';
import { answersOf, longCurve, pointOf, type CurveLimits } from './label-curve';
import { doubtsOfAll, doubtsOfSample, type DoubtedLabel } from './label-doubts';
import { labelledSample, type LabelledSample } from './quick-model';
import { textsOnDisk } from './study-texts';
import type { TokenPool } from './token-pool';

/** From so many labelled rows on something can be measured. */
const FEWEST = 20;
/** Up to so many each row is held out in turn; of more of them about so many are, see {@link longCurve}. */
const FOLDED = 2000;
/** More labelled rows than these are not read: the curve is flat there, and tokenizing them would take minutes. */
const MOST = 50_000;
/** So long may a long curve take from 3,000 labels on, and one of its fits, for which suggestions wait. */
const LIMITS: CurveLimits = { atLeast: 3000, total: 90_000, oneFit: 15_000, now: () => performance.now() };
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

/** A curve, and what a model doubts of the rows that it was measured on. */
interface Measured {
  readonly points: LabelInsight['points'];
  readonly doubted: DoubtedLabel[];
}

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
  limits: CurveLimits = LIMITS,
): Promise<StudyResult | null> {
  // What is labelled while it is measured is not in it.
  const at = pool.project.store.inUse().labelled;
  const sample = await labelledSample(pool.project, MOST);
  const { rowIds, names, multiLabel, atOnce } = sample;
  const n = rowIds.length;
  if (n < FEWEST || names.length < 2) return null;
  const { points, doubted } =
    n <= FOLDED ? await inFolds(services, pool, sample, signal) : await inOneGo(services, pool, sample, limits, signal);
  const insight: LabelInsight = {
    state: 'ready',
    measure: multiLabel ? 'f1' : 'accuracy',
    points,
    forOnePoint: labelsForOnePoint(fitPowerLaw(points), Math.max(n, at)),
    doubted: doubted.length,
    at,
    atOnce: atOnce.reduce((sum, each) => sum + each, 0),
  };
  return { insight, doubted };
}

/** Few labels: each row is held out once, and so each one can be doubted. */
async function inFolds(
  services: HostServices,
  pool: TokenPool,
  sample: LabelledSample,
  signal: AbortSignal,
): Promise<Measured> {
  const { rowIds, names, atOnce } = sample;
  const n = rowIds.length;
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
      if (share === 1) putRows(scores, test, names.length, heldOut);
    }
    points.push(pointOf(total, trained, measured));
  }
  return { points, doubted: doubtsOfSample(pool.project, sample, heldOut) };
}

/** Many labels: some are held out, and the curve goes up to all the others. Doubts are a question of their own. */
async function inOneGo(
  services: HostServices,
  pool: TokenPool,
  sample: LabelledSample,
  limits: CurveLimits,
  signal: AbortSignal,
): Promise<Measured> {
  const texts = await textsOnDisk(services, pool.project, sample.rowIds, signal);
  try {
    const points = await longCurve(services, texts, sample, limits, signal);
    return { points, doubted: await doubtsOfAll(services, pool, sample.names.length, signal) };
  } finally {
    await texts.remove();
  }
}
