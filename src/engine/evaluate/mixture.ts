import { AppError } from '../../shared/errors';
import { convexMinimum, type Slopes } from './convex-minimum';
import { checkMatrix, classIdsOf, indicatorsOf, rowCount, type LabelCsr } from './label-csr';

/** A probability that has underflowed counts as this. */
const LEAST = 1e-7;

/**
 * Weight of the prior that all members are equally good, in rows: a handful of validation rows must not throw a member
 * out, hundreds may.
 */
const PRIOR_ROWS = 2;

/** The weighted mean of several models' probabilities (a linear opinion pool). // members: each [n, classes] */
export function mixProbabilities(members: readonly Float32Array[], weights: readonly number[]): Float32Array {
  const [first] = members;
  if (!first || members.length !== weights.length || members.some((each) => each.length !== first.length)) {
    throw new AppError('bad-input', `Expected ${weights.length} equally large sets of probabilities to average.`);
  }
  const sums = new Float64Array(first.length);
  members.forEach((member, k) => {
    const weight = weights[k] ?? 0;
    if (weight !== 0) member.forEach((p, i) => (sums[i] = (sums[i] ?? 0) + weight * p));
  });
  return Float32Array.from(sums);
}

/**
 * The weights, not negative and with sum 1, with which {@link mixProbabilities} has the smallest log loss on these rows.
 * The loss is convex in the weights. Two members at a time share their weight anew, by Newton's method, until none
 * moves any more: that is the one minimum over the simplex. (Expectation maximisation, the usual way, all but stands
 * still with many labels: nearly every one is rightly denied by every member and says nothing about the weights.)
 *
 * @param members probabilities of each model // each [n, classes]
 * @throws AppError `no-rows`, `bad-input`, `not-a-number`
 */
export function fitMixtureWeights(
  members: readonly Float32Array[],
  labels: LabelCsr,
  options: { readonly multiLabel: boolean },
): number[] {
  const [first] = members;
  if (!first) throw new AppError('bad-input', 'Expected at least one model to weigh, got none.');
  const classes = first.length / Math.max(1, rowCount(labels));
  for (const member of members) checkMatrix(member, labels, classes, 'probabilities');
  const likelihoods = members.map((member) => likelihoodsOf(member, labels, classes, options.multiLabel));
  const weights = members.map(() => 1 / members.length);
  const mixed = new Float64Array(likelihoods[0]?.length ?? 0);
  likelihoods.forEach((own) => own.forEach((p, i) => (mixed[i] = (mixed[i] ?? 0) + p / members.length)));
  for (let sweep = 0; sweep < 200; sweep++) {
    let most = 0;
    for (let a = 0; a < weights.length; a++) {
      for (let b = a + 1; b < weights.length; b++) {
        const step = bestStep(likelihoods, mixed, weights, a, b);
        weights[a] = (weights[a] ?? 0) + step;
        weights[b] = (weights[b] ?? 0) - step;
        const [from, to] = [likelihoods[b], likelihoods[a]];
        mixed.forEach((p, i) => (mixed[i] = p + step * ((to?.[i] ?? 0) - (from?.[i] ?? 0))));
        most = Math.max(most, Math.abs(step));
      }
    }
    if (most < 1e-6) break;
  }
  return weights;
}

/** How much weight member `a` should take from member `b` (negative: give it), all others staying as they are. */
function bestStep(
  likelihoods: readonly Float64Array[],
  mixed: Float64Array,
  weights: readonly number[],
  a: number,
  b: number,
): number {
  const prior = PRIOR_ROWS / weights.length;
  const [one, other] = [likelihoods[a], likelihoods[b]];
  const [own, its] = [weights[a] ?? 0, weights[b] ?? 0];
  const difference = mixed.map((_, i) => (one?.[i] ?? 0) - (other?.[i] ?? 0));
  // derivatives of the loss and of the prior's barrier, which keeps both weights above 0
  const slopesAt = (step: number): Slopes => {
    let [first, second] = [0, 0];
    for (let i = 0; i < mixed.length; i++) {
      const ratio = (difference[i] ?? 0) / ((mixed[i] ?? 0) + step * (difference[i] ?? 0));
      first -= ratio;
      second += ratio * ratio;
    }
    return {
      first: first - prior / (own + step) + prior / (its - step),
      second: second + prior / (own + step) ** 2 + prior / (its - step) ** 2,
    };
  };
  return convexMinimum({ low: -own, high: its, start: 0 }, slopesAt, (moved) => moved < 1e-9);
}

/** The probability that a model gives to what is true: one a row, or (multi-label) one a row and label. */
function likelihoodsOf(
  probabilities: Float32Array,
  labels: LabelCsr,
  classes: number,
  multiLabel: boolean,
): Float64Array {
  if (multiLabel) {
    const truth = indicatorsOf(labels, classes);
    return Float64Array.from(probabilities, (p, i) => Math.max(LEAST, truth[i] === 1 ? p : 1 - p));
  }
  const ids = classIdsOf(labels, classes);
  return Float64Array.from(ids, (id, row) => Math.max(LEAST, probabilities[row * classes + id] ?? 0));
}
