import { pickLabels } from '../../../engine/evaluate/label-csr';
import { stratifiedFolds, trainingRows } from '../../../engine/labelling/folds';
import { rightAnswers, type Answers } from '../../../engine/labelling/right-answers';
import { wilsonInterval } from '../../../engine/evaluate/wilson';
import type { LabelInsight } from '../../../shared/label-types';
import type { HostServices } from '../services';
import { fitAndAsk, firstLabels, rowsOfFold } from './cross-fit';
import type { LabelledSample } from './quick-model';
import type { StudyTexts } from './study-texts';

type Point = LabelInsight['points'][number];

/** About so many held-out rows are asked about at each point, the same ones at all of them. */
const TESTED = 2000;
const FEWEST_FOLDS = 5;
const MOST_FOLDS = 100;
/** A row in no fold is learned from at every point. */
const ALWAYS = 255;
/** The curve begins at about so many labels; from there each point has twice as many as the one before. */
const SMALLEST = 250;
/** The next point is expected to take so many times as long as the last one. */
const GROWTH = 2.2;

/** How long a curve may take; times in milliseconds. */
export interface CurveLimits {
  /** So many labels are learned from however long it takes: a curve that ends before says little. */
  readonly atLeast: number;
  /** All fits together. */
  readonly total: number;
  /** One fit, because suggestions wait for it. */
  readonly oneFit: number;
  readonly now: () => number;
}

/**
 * Measures the quick model on ever more of many labels: each point learns from twice as many rows as the one before, up
 * to all that are not held out, and answers the same rows. Beyond `atLeast` labels it ends early where the next
 * point would take too long.
 *
 * @param sample more rows than {@link TESTED}
 * @throws CancelledError
 */
export async function longCurve(
  services: HostServices,
  texts: StudyTexts,
  sample: LabelledSample,
  limits: CurveLimits,
  signal: AbortSignal,
): Promise<Point[]> {
  const { fold, asked } = heldOutFolds(sample);
  const begun = limits.now();
  const points: Point[] = [];
  let took = 0;
  for (const share of doublingShares(sample.rowIds.length)) {
    const pointBegun = limits.now();
    const expected = GROWTH * took;
    const isTooLong = expected / asked > limits.oneFit || pointBegun - begun + expected > limits.total;
    if (share * sample.rowIds.length > limits.atLeast && isTooLong) break;
    points.push(await measurePoint(services, texts, sample, { fold, asked, share }, signal));
    took = limits.now() - pointBegun;
  }
  return points;
}

/** Shares of the rows, each twice the one before, up to all. */
export function doublingShares(rows: number): readonly number[] {
  const shares: number[] = [];
  for (let share = 1; shares.length === 0 || share * rows >= SMALLEST; share /= 2) shares.unshift(share);
  return shares;
}

/**
 * Divides the rows that were labelled one by one into folds of which the first `asked` hold about {@link TESTED} rows.
 * The others have the shares of somebody's searches: they are learned from and never asked about.
 */
function heldOutFolds(sample: LabelledSample): { readonly fold: Uint8Array; readonly asked: number } {
  const alone = Int32Array.from(sample.rowIds.keys()).filter((place) => sample.atOnce[place] === 0);
  const folds = Math.min(MOST_FOLDS, Math.max(FEWEST_FOLDS, Math.floor(alone.length / TESTED)));
  const strata = firstLabels(sample);
  const parts = stratifiedFolds(
    alone.map((place) => strata[place] ?? -1),
    folds,
    1,
  );
  const fold = new Uint8Array(sample.rowIds.length).fill(ALWAYS);
  alone.forEach((place, i) => (fold[place] = parts[i] ?? 0));
  return { fold, asked: Math.min(folds, Math.max(1, Math.round((TESTED * folds) / alone.length))) };
}

async function measurePoint(
  services: HostServices,
  texts: StudyTexts,
  sample: LabelledSample,
  { fold, asked, share }: { readonly fold: Uint8Array; readonly asked: number; readonly share: number },
  signal: AbortSignal,
): Promise<Point> {
  const total: Answers = { right: 0, asked: 0 };
  let trained = 0;
  let rows = 0;
  for (let k = 0; k < asked; k++) {
    const train = trainingRows(fold, k, share, 1);
    const test = rowsOfFold(fold, k);
    const answers = answersOf(sample, await fitAndAsk(services, texts, sample, train, test, signal), test);
    total.right += answers.right;
    total.asked += answers.asked;
    trained += train.length / asked;
    rows += test.length;
  }
  return pointOf(total, trained, rows);
}

/** Counts right answers on the rows that were labelled one by one: the others have the shares of somebody's searches. */
export function answersOf(
  { truth, names, multiLabel, atOnce }: LabelledSample,
  scores: Float32Array,
  test: Int32Array,
): Answers {
  const classes = names.length;
  const counted = Int32Array.from(test.keys()).filter((i) => atOnce[test[i] ?? 0] === 0);
  const asked = new Float32Array(counted.length * classes);
  counted.forEach((i, j) => asked.set(scores.subarray(i * classes, (i + 1) * classes), j * classes));
  const places = counted.map((i) => test[i] ?? 0);
  return rightAnswers(asked, pickLabels(truth, places), classes, multiLabel);
}

/** A point of the curve with its interval. @param rows that were asked about */
export function pointOf({ right, asked }: Answers, trained: number, rows: number): Point {
  const [low, high] = wilsonInterval(right, asked);
  return { labels: Math.round(trained), share: asked === 0 ? 0 : right / asked, low, high, rows };
}
