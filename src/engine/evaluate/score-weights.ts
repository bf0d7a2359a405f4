import type { Targets } from './targets';

/** How much two models count in the sum of their scores. */
export interface ScoreWeights {
  readonly first: number;
  readonly second: number;
}

/** Newton's method on a convex function of two numbers is there long before. */
const MOST_STEPS = 50;
const SMALL = 1e-6;
/** How much the prior counts: as the one of the temperatures, about ten rows. */
const PRIOR = 10;

/**
 * The weights, at least 0, of two models' scores with the smallest log loss of the rows, drawn to the first model alone by
 * a normal prior around 1 and 0: a handful of rows changes little.
 *
 * @param scores of both models for rows that neither has learned from // each [rows, outputs]
 */
export function fitScoreWeights(
  scores: readonly [Float64Array, Float64Array],
  outputs: number,
  targets: Targets,
): ScoreWeights {
  const slopes = (at: ScoreWeights): Slopes => slopesAt(scores, outputs, targets, at);
  const both = descend({ first: 1, second: 0 }, slopes, true, true);
  if (both.first >= 0 && both.second >= 0) return both;
  // Convex: where the best place of all has a weight below 0, the best place allowed has a weight of 0.
  const edges = [
    descend({ first: 1, second: 0 }, slopes, true, false),
    descend({ first: 0, second: 1 }, slopes, false, true),
  ].map(({ first, second }) => ({ first: Math.max(0, first), second: Math.max(0, second) }));
  const [one, other] = edges as [ScoreWeights, ScoreWeights];
  return slopes(one).loss <= slopes(other).loss ? one : other;
}

/** Loss and its derivatives by the two weights. */
interface Slopes {
  loss: number;
  first: number;
  second: number;
  firstFirst: number;
  firstSecond: number;
  secondSecond: number;
}

/** Newton steps along the weights that may move, each halved until the loss falls. */
function descend(
  start: ScoreWeights,
  slopesOf: (at: ScoreWeights) => Slopes,
  movesFirst: boolean,
  movesSecond: boolean,
): ScoreWeights {
  let at = start;
  let slopes = slopesOf(at);
  for (let step = 0; step < MOST_STEPS; step++) {
    const { first, second, firstFirst, firstSecond, secondSecond } = slopes;
    const determinant = firstFirst * secondSecond - firstSecond * firstSecond;
    let [byFirst, bySecond] = [-first / firstFirst, -second / secondSecond];
    if (movesFirst && movesSecond) {
      byFirst = (second * firstSecond - first * secondSecond) / determinant;
      bySecond = (first * firstSecond - second * firstFirst) / determinant;
    }
    if (!movesFirst) byFirst = 0;
    if (!movesSecond) bySecond = 0;
    let length = 1;
    let next = at;
    let there = slopes;
    for (; length > SMALL; length /= 2) {
      next = { first: at.first + length * byFirst, second: at.second + length * bySecond };
      there = slopesOf(next);
      if (there.loss <= slopes.loss) break;
    }
    if (length <= SMALL) return at;
    [at, slopes] = [next, there];
    if (Math.abs(length * byFirst) + Math.abs(length * bySecond) < SMALL) return at;
  }
  return at;
}

function slopesAt(
  [one, other]: readonly [Float64Array, Float64Array],
  outputs: number,
  targets: Targets,
  { first, second }: ScoreWeights,
): Slopes {
  const slopes: Slopes = {
    loss: (PRIOR * ((first - 1) ** 2 + second ** 2)) / 2,
    first: PRIOR * (first - 1),
    second: PRIOR * second,
    firstFirst: PRIOR,
    firstSecond: 0,
    secondSecond: PRIOR,
  };
  const rows = one.length / outputs;
  for (let row = 0; row < rows; row++) {
    const at = row * outputs;
    const a = one.subarray(at, at + outputs);
    const b = other.subarray(at, at + outputs);
    if (targets.kind === 'softmax') addSoftmax(slopes, a, b, targets.classIds[row] as number, first, second);
    else addSigmoids(slopes, a, b, targets.truth.subarray(at, at + outputs), first, second);
  }
  return slopes;
}

/** One row of a softmax: the loss is ln Σ exp z - z[label], its curvature the covariance of the scores under p. */
function addSoftmax(
  slopes: Slopes,
  a: Float64Array,
  b: Float64Array,
  label: number,
  first: number,
  second: number,
): void {
  let top = -Infinity;
  for (let o = 0; o < a.length; o++) top = Math.max(top, first * (a[o] as number) + second * (b[o] as number));
  let [total, meanA, meanB, aa, ab, bb] = [0, 0, 0, 0, 0, 0];
  for (let o = 0; o < a.length; o++) {
    const [x, y] = [a[o] as number, b[o] as number];
    const e = Math.exp(first * x + second * y - top);
    total += e;
    meanA += e * x;
    meanB += e * y;
    aa += e * x * x;
    ab += e * x * y;
    bb += e * y * y;
  }
  [meanA, meanB] = [meanA / total, meanB / total];
  const [x, y] = [a[label] as number, b[label] as number];
  slopes.loss += Math.log(total) + top - first * x - second * y;
  slopes.first += meanA - x;
  slopes.second += meanB - y;
  slopes.firstFirst += aa / total - meanA * meanA;
  slopes.firstSecond += ab / total - meanA * meanB;
  slopes.secondSecond += bb / total - meanB * meanB;
}

/** One row of yes-or-no outputs. */
function addSigmoids(
  slopes: Slopes,
  a: Float64Array,
  b: Float64Array,
  truth: Uint8Array,
  first: number,
  second: number,
): void {
  for (let o = 0; o < a.length; o++) {
    const [x, y] = [a[o] as number, b[o] as number];
    const z = first * x + second * y;
    const p = 1 / (1 + Math.exp(-z));
    const wrong = truth[o] === 1 ? -z : z;
    slopes.loss += wrong > 30 ? wrong : Math.log1p(Math.exp(wrong));
    const miss = p - (truth[o] as number);
    const spread = p * (1 - p);
    slopes.first += miss * x;
    slopes.second += miss * y;
    slopes.firstFirst += spread * x * x;
    slopes.firstSecond += spread * x * y;
    slopes.secondSecond += spread * y * y;
  }
}
