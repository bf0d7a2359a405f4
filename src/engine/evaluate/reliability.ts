import { checkMatrix, classIdsOf, indicatorsOf, rowCount, type LabelCsr } from './label-csr';
import { argmax } from './rank';

/** One bar of a reliability diagram: of `count` predictions with probability in (low, high], what was true. */
export interface ReliabilityBin {
  readonly low: number;
  readonly high: number;
  readonly count: number;
  readonly confidence: number; // mean probability; 0 when empty
  readonly accuracy: number; // share that was right; 0 when empty
}

/** Bins of equal width that {@link reliabilityBins} uses when not told otherwise, as in Guo et al. 2017. */
const DEFAULT_BINS = 15;

/**
 * Bins of equal width over the probability of the first choice (single-label) or of every label (multi-label), with
 * what share was right.
 *
 * @param probabilities // [n, classes]
 * @throws AppError as checkMatrix
 */
export function reliabilityBins(
  probabilities: Float32Array,
  labels: LabelCsr,
  classes: number,
  options: { readonly multiLabel: boolean; readonly bins?: number },
): ReliabilityBin[] {
  checkMatrix(probabilities, labels, classes, 'probabilities');
  const counter = new ReliabilityCounter(options.bins);
  if (options.multiLabel) {
    const truth = indicatorsOf(labels, classes);
    probabilities.forEach((probability, i) => counter.add(probability, truth[i] === 1));
  } else {
    const truth = classIdsOf(labels, classes);
    for (let i = 0; i < rowCount(labels); i++) {
      const best = argmax(probabilities, i * classes, classes);
      counter.add(probabilities[i * classes + best] ?? 0, best === truth[i]);
    }
  }
  return counter.bins();
}

/** Counts predictions into bins of equal width, one after the other. */
export class ReliabilityCounter {
  readonly #counts: Float64Array;
  readonly #sums: Float64Array;
  readonly #hits: Float64Array;

  constructor(bins: number = DEFAULT_BINS) {
    this.#counts = new Float64Array(bins);
    this.#sums = new Float64Array(bins);
    this.#hits = new Float64Array(bins);
  }

  /** Counts one prediction: how sure it was and whether it was right. */
  add(probability: number, right: boolean): void {
    this.#count(probability, 1, right ? 1 : 0);
  }

  /** A copy with `count` more predictions of the same probability, `hits` of them right. */
  with(probability: number, count: number, hits: number): ReliabilityCounter {
    const copy = new ReliabilityCounter(this.#counts.length);
    copy.#counts.set(this.#counts);
    copy.#sums.set(this.#sums);
    copy.#hits.set(this.#hits);
    copy.#count(probability, count, hits);
    return copy;
  }

  bins(): ReliabilityBin[] {
    const bins = this.#counts.length;
    return Array.from(this.#counts, (count, i) => ({
      low: i / bins,
      high: (i + 1) / bins,
      count,
      confidence: count === 0 ? 0 : (this.#sums[i] ?? 0) / count,
      accuracy: count === 0 ? 0 : (this.#hits[i] ?? 0) / count,
    }));
  }

  #count(probability: number, count: number, hits: number): void {
    const bins = this.#counts.length;
    // bins are open below and closed above; 0 belongs to the first
    const bin = Math.min(bins - 1, Math.max(0, Math.ceil(probability * bins) - 1));
    this.#counts[bin] = (this.#counts[bin] ?? 0) + count;
    this.#sums[bin] = (this.#sums[bin] ?? 0) + count * probability;
    this.#hits[bin] = (this.#hits[bin] ?? 0) + hits;
  }
}

/** Expected calibration error: the mean distance between confidence and accuracy, weighted by count. 0 to 1. */
export function expectedCalibrationError(bins: readonly ReliabilityBin[]): number {
  const total = bins.reduce((sum, bin) => sum + bin.count, 0);
  return total === 0
    ? 0
    : bins.reduce((sum, bin) => sum + bin.count * Math.abs(bin.confidence - bin.accuracy), 0) / total;
}
