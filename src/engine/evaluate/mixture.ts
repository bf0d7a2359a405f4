import { AppError } from '../../shared/errors';
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
 * The loss is convex in the weights; expectation maximisation goes down to the one minimum over the simplex without a
 * step size (Dempster, Laird and Rubin 1977, mixture proportions).
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
  const cells = likelihoods[0]?.length ?? 0;
  const prior = (PRIOR_ROWS * cells) / rowCount(labels) / members.length;
  let weights = members.map(() => 1 / members.length);
  for (let round = 0; round < 2000; round++) {
    const shares = members.map(() => prior);
    for (let i = 0; i < cells; i++) {
      let total = 0;
      for (let k = 0; k < weights.length; k++) total += (weights[k] ?? 0) * (likelihoods[k]?.[i] ?? 0);
      for (let k = 0; k < weights.length; k++) {
        shares[k] = (shares[k] ?? 0) + ((weights[k] ?? 0) * (likelihoods[k]?.[i] ?? 0)) / total;
      }
    }
    const sum = shares.reduce((a, b) => a + b, 0);
    const next = shares.map((share) => share / sum);
    const moved = Math.max(...next.map((weight, k) => Math.abs(weight - (weights[k] ?? 0))));
    weights = next;
    if (moved < 1e-6) break;
  }
  return weights;
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
