import type { ClassMetrics, Metrics } from '../../shared/training-types';
import { checkMatrix, classIdsOf, indicatorsOf, rowCount, type LabelCsr } from './label-csr';
import { argmax } from './rank';
import { expectedCalibrationError, reliabilityBins } from './reliability';
import { DEFAULT_THRESHOLD } from './thresholds';
import { wilsonInterval } from './wilson';

/** Probabilities are kept this far from 0 and 1 inside logarithms: the spacing of 32-bit floats at 1. */
const EPSILON = 2 ** -23;

/** How to read the probabilities. */
export interface MetricsOptions {
  readonly multiLabel: boolean;
  /** Multi-label only: a label is predicted from this probability on, one threshold a label; 0.5 when left out. */
  readonly thresholds?: ArrayLike<number> | null | undefined;
}

/**
 * How good the probabilities are for these labels. Conventions are scikit-learn's: an undefined precision, recall or F1
 * counts as 0; macro F1 is over the classes that occur among the labels or the predictions (single-label) or over all
 * labels (multi-label); with one label a row micro F1 equals accuracy. Calibration error: 15 bins of equal width.
 *
 * @param probabilities // [n, classes]
 * @throws AppError `no-rows`, `bad-input` (sizes, label ids), `not-a-number`
 */
export function computeMetrics(
  probabilities: Float32Array,
  labels: LabelCsr,
  classNames: readonly string[],
  options: MetricsOptions,
): Metrics {
  checkMatrix(probabilities, labels, classNames.length, 'probabilities');
  const bins = reliabilityBins(probabilities, labels, classNames.length, { multiLabel: options.multiLabel });
  const ece = expectedCalibrationError(bins);
  return options.multiLabel
    ? { ...multiLabelMetrics(probabilities, labels, classNames, options.thresholds), ece }
    : { ...singleLabelMetrics(probabilities, labels, classNames), ece };
}

type WithoutEce = Omit<Metrics, 'ece'>;

function singleLabelMetrics(probabilities: Float32Array, labels: LabelCsr, names: readonly string[]): WithoutEce {
  const classes = names.length;
  const n = rowCount(labels);
  const truth = classIdsOf(labels, classes);
  const confusion = names.map(() => new Array<number>(classes).fill(0));
  let loss = 0;
  let right = 0;
  for (let i = 0; i < n; i++) {
    const actual = truth[i] ?? 0;
    const predicted = argmax(probabilities, i * classes, classes);
    const row = confusion[actual];
    if (row) row[predicted] = (row[predicted] ?? 0) + 1;
    if (actual === predicted) right++;
    loss -= clippedLog(probabilities[i * classes + actual] ?? 0);
  }
  const counts = names.map((_, c): Counts => {
    const support = (confusion[c] ?? []).reduce((sum, count) => sum + count, 0);
    const predicted = confusion.reduce((sum, row) => sum + (row[c] ?? 0), 0);
    return { hits: confusion[c]?.[c] ?? 0, support, predicted };
  });
  const perClass = counts.map((count, c) => classMetrics(names[c] ?? '', count));
  const seen = perClass.filter((_, c) => (counts[c]?.support ?? 0) + (counts[c]?.predicted ?? 0) > 0);
  return {
    n,
    accuracy: right / n,
    accuracyInterval: wilsonInterval(right, n),
    macroF1: mean(seen.map((each) => each.f1)),
    microF1: right / n,
    loss: loss / n,
    perClass,
    confusion,
  };
}

function multiLabelMetrics(
  probabilities: Float32Array,
  labels: LabelCsr,
  names: readonly string[],
  thresholds: ArrayLike<number> | null | undefined,
): WithoutEce {
  const classes = names.length;
  const n = rowCount(labels);
  const truth = indicatorsOf(labels, classes);
  const counts = names.map(() => ({ hits: 0, support: 0, predicted: 0 }));
  let exact = 0;
  let loss = 0;
  for (let i = 0; i < n; i++) {
    let same = true;
    counts.forEach((count, c) => {
      const probability = probabilities[i * classes + c] ?? 0;
      const actual = truth[i * classes + c] === 1;
      const predicted = probability >= (thresholds?.[c] ?? DEFAULT_THRESHOLD);
      if (actual) count.support++;
      if (predicted) count.predicted++;
      if (actual && predicted) count.hits++;
      if (actual !== predicted) same = false;
      loss -= clippedLog(actual ? probability : 1 - probability);
    });
    if (same) exact++;
  }
  const perClass = counts.map((count, c) => classMetrics(names[c] ?? '', count));
  const total = (key: keyof Counts): number => counts.reduce((sum, count) => sum + count[key], 0);
  return {
    n,
    accuracy: exact / n,
    accuracyInterval: wilsonInterval(exact, n),
    macroF1: mean(perClass.map((each) => each.f1)),
    microF1: share(2 * total('hits'), total('support') + total('predicted')),
    loss: loss / (n * classes),
    perClass,
    confusion: null,
  };
}

interface Counts {
  readonly hits: number;
  readonly support: number;
  readonly predicted: number;
}

function classMetrics(label: string, { hits, support, predicted }: Counts): ClassMetrics {
  return {
    label,
    precision: share(hits, predicted),
    recall: share(hits, support),
    f1: share(2 * hits, support + predicted),
    support,
  };
}

function clippedLog(probability: number): number {
  return Math.log(Math.min(1 - EPSILON, Math.max(EPSILON, probability)));
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function mean(values: readonly number[]): number {
  return share(
    values.reduce((sum, value) => sum + value, 0),
    values.length,
  );
}
