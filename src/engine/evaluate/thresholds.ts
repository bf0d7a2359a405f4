import { checkMatrix, indicatorsOf, rowCount, type LabelCsr } from './label-csr';

/** The probability from which a label counts as given when nothing was chosen. */
export const DEFAULT_THRESHOLD = 0.5;

/** A label with fewer true rows than this takes the threshold that is best for all labels together. */
const FEW = 5;

/**
 * For each label the probability from which to give it, so that F1 on these rows is highest (multi-label). Rare labels
 * share one threshold, the best for micro F1: their own would be chance. Choose on validation rows, never on test rows.
 *
 * @param probabilities // [n, classes]
 * @returns one threshold a label, inside 0 … 1
 * @throws AppError `no-rows`, `bad-input`, `not-a-number`
 */
export function chooseThresholds(probabilities: Float32Array, labels: LabelCsr): Float32Array {
  const n = rowCount(labels);
  const classes = probabilities.length / Math.max(1, n);
  checkMatrix(probabilities, labels, classes, 'probabilities');
  const truth = indicatorsOf(labels, classes);
  let shared: number | null = null;
  return Float32Array.from({ length: classes }, (_, c) => {
    const own = Float32Array.from({ length: n }, (_unused, i) => probabilities[i * classes + c] ?? 0);
    const ownTruth = Uint8Array.from({ length: n }, (_unused, i) => truth[i * classes + c] ?? 0);
    const positives = ownTruth.reduce((sum, each) => sum + each, 0);
    if (positives >= FEW) return bestThreshold(own, ownTruth);
    shared ??= bestThreshold(probabilities, truth);
    return shared;
  });
}

/**
 * The cut with the highest F1 among all cuts between neighbouring probabilities; of equals the one nearest to 0.5.
 * Without a single true one there is nothing to choose by: 0.5.
 */
export function bestThreshold(probabilities: Float32Array, truth: Uint8Array): number {
  const positives = truth.reduce((sum, each) => sum + each, 0);
  if (positives === 0) return DEFAULT_THRESHOLD;
  const order = descending(probabilities);
  let best = { f1: -1, threshold: DEFAULT_THRESHOLD };
  let hits = 0;
  for (let taken = 1; taken <= order.length; taken++) {
    const row = order[taken - 1] ?? 0;
    hits += truth[row] ?? 0;
    const value = probabilities[row] ?? 0;
    const below = taken === order.length ? 0 : (probabilities[order[taken] ?? 0] ?? 0);
    if (below === value) continue; // equal probabilities cannot be parted
    const f1 = (2 * hits) / (taken + positives);
    const threshold = nearestToHalf(below, value);
    const nearer = Math.abs(threshold - DEFAULT_THRESHOLD) < Math.abs(best.threshold - DEFAULT_THRESHOLD);
    if (f1 > best.f1 + 1e-12 || (f1 > best.f1 - 1e-12 && nearer)) best = { f1, threshold };
  }
  return best.threshold;
}

/** Any cut in (below, value] gives the same rows: the middle, or 0.5 where it lies between. */
function nearestToHalf(below: number, value: number): number {
  if (below < DEFAULT_THRESHOLD && value >= DEFAULT_THRESHOLD) return DEFAULT_THRESHOLD;
  return Math.fround((below + value) / 2) > below ? Math.fround((below + value) / 2) : value;
}

/** Positions by falling value; equals by position. */
function descending(values: Float32Array): Uint32Array {
  const order = Uint32Array.from({ length: values.length }, (_, i) => i);
  return order.sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0) || a - b);
}
