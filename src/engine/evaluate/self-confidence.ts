import { rowCount, type LabelCsr } from './label-csr';

/**
 * By class the mean probability of it over the rows that have it: the thresholds of confident learning (Northcutt, Jiang
 * and Chuang 2021). Infinity for a class without rows, which is then never believed in the place of another.
 * @param probabilities // [n, classes]
 * @returns // [classes]
 */
export function meanSelfConfidence(probabilities: Float32Array, truth: LabelCsr, classes: number): Float64Array {
  const sums = new Float64Array(classes);
  const counts = new Float64Array(classes);
  const n = rowCount(truth);
  for (let row = 0; row < n; row++) {
    for (let k = truth.offsets[row] ?? 0; k < (truth.offsets[row + 1] ?? 0); k++) {
      const label = truth.labels[k] ?? 0;
      sums[label] = (sums[label] ?? 0) + (probabilities[row * classes + label] ?? 0);
      counts[label] = (counts[label] ?? 0) + 1;
    }
  }
  return sums.map((sum, c) => (counts[c] === 0 ? Infinity : sum / (counts[c] ?? 1)));
}
