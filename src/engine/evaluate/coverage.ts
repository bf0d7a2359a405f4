import { checkMatrix, classIdsOf, rowCount, type LabelCsr } from './label-csr';
import { argmax } from './rank';

/** When only predictions with at least `threshold` confidence are taken: how many rows that leaves, how many are right. */
export interface CoveragePoint {
  readonly threshold: number;
  readonly coverage: number; // share of rows kept, 0 to 1
  readonly accuracy: number; // share of the kept rows that are right
  readonly kept: number;
}

/**
 * Accuracy against coverage for a single-label model that may abstain: one point for each distinct confidence, thinned
 * to at most `points` evenly over the rows; from the most confident rows to all rows.
 *
 * @param probabilities // [n, classes]
 * @throws AppError `no-rows`, `bad-input`, `not-a-number`
 */
export function coverageCurve(
  probabilities: Float32Array,
  labels: LabelCsr,
  classes: number,
  options: { readonly points?: number } = {},
): CoveragePoint[] {
  checkMatrix(probabilities, labels, classes, 'probabilities');
  const truth = classIdsOf(labels, classes);
  const n = rowCount(labels);
  const predicted = Int32Array.from({ length: n }, (_, i) => argmax(probabilities, i * classes, classes));
  const confidence = Float32Array.from({ length: n }, (_, i) => probabilities[i * classes + (predicted[i] ?? 0)] ?? 0);
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort(
    (a, b) => (confidence[b] ?? 0) - (confidence[a] ?? 0),
  );
  const curve: CoveragePoint[] = [];
  let right = 0;
  order.forEach((row, place) => {
    if (predicted[row] === truth[row]) right++;
    const next = order[place + 1];
    // a threshold keeps all rows of equal confidence or none of them
    if (next !== undefined && confidence[next] === confidence[row]) return;
    const kept = place + 1;
    curve.push({ threshold: confidence[row] ?? 0, coverage: kept / n, accuracy: right / kept, kept });
  });
  return thin(curve, options.points ?? 101);
}

/** Keeps the first and the last point and evenly spaced ones between. */
function thin(curve: readonly CoveragePoint[], points: number): CoveragePoint[] {
  if (curve.length <= points) return [...curve];
  const chosen = new Set(Array.from({ length: points }, (_, i) => Math.round((i * (curve.length - 1)) / (points - 1))));
  return curve.filter((_, i) => chosen.has(i));
}
