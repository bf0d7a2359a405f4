import type { ClassMetrics, Metrics } from '../../shared/training-types';
import { checkMatrix, classIdsOf, indicatorsOf, rowCount, type LabelCsr } from './label-csr';
import { argmax } from './rank';
import { expectedCalibrationError, ReliabilityCounter } from './reliability';
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
  const classes = classNames.length;
  checkMatrix(probabilities, labels, classes, 'probabilities');
  // These also check the labels' ids, and that there is one a row.
  if (options.multiLabel) indicatorsOf(labels, classes);
  else classIdsOf(labels, classes);
  const counter = new MetricsCounter(classes, options);
  const n = rowCount(labels);
  for (let row = 0; row < n; row++) {
    counter.add(probabilities, row, labels.labels.subarray(labels.offsets[row], labels.offsets[row + 1]));
  }
  return counter.metrics(classNames);
}

/** What of one label has been counted. */
interface Counts {
  readonly hits: number;
  readonly support: number;
  readonly predicted: number;
}

/**
 * {@link computeMetrics} for rows that come one after the other: it keeps counts, not the rows, so its memory does not
 * grow with them. Labels that the model does not know may turn up on the way: their ids come after the known ones, the
 * model gives them probability 0.
 */
export class MetricsCounter {
  readonly #known: number;
  readonly #options: MetricsOptions;
  readonly #reliability = new ReliabilityCounter();
  readonly #hits: number[] = [];
  readonly #support: number[] = [];
  readonly #predicted: number[] = [];
  readonly #confusion: number[][] = []; // [actual][predicted]
  #rows = 0;
  #right = 0;
  #loss = 0;

  /** @param known number of labels that have a probability */
  constructor(known: number, options: MetricsOptions) {
    this.#known = known;
    this.#options = options;
  }

  get rows(): number {
    return this.#rows;
  }

  /** Counts one row. @param labels its class ids: exactly one unless multi-label // row of [n, known] */
  add(probabilities: Float32Array, row: number, labels: ArrayLike<number>): void {
    this.#rows++;
    if (this.#options.multiLabel) this.#addSeveral(probabilities, row * this.#known, labels);
    else this.#addOne(probabilities, row * this.#known, labels[0] ?? 0);
  }

  /**
   * What all rows together say.
   * @param names of the known labels and after them of those that turned up
   */
  metrics(names: readonly string[]): Metrics {
    const n = this.#rows;
    const perClass = names.map((name, c) => classMetrics(name, this.#counts(c)));
    const shared = { n, accuracy: this.#right / n, accuracyInterval: wilsonInterval(this.#right, n), perClass };
    if (this.#options.multiLabel) {
      const total = (of: readonly number[]): number => of.reduce((sum, count) => sum + (count ?? 0), 0);
      const unknown = total(this.#support.slice(this.#known));
      const ece = expectedCalibrationError(this.#reliability.with(0, n * (names.length - this.#known), unknown).bins());
      const microF1 = share(2 * total(this.#hits), total(this.#support) + total(this.#predicted));
      const macroF1 = mean(perClass.map((each) => each.f1));
      return { ...shared, macroF1, microF1, ece, loss: this.#loss / (n * names.length), confusion: null };
    }
    const seen = perClass.filter((_, c) => (this.#support[c] ?? 0) + (this.#predicted[c] ?? 0) > 0);
    return {
      ...shared,
      macroF1: mean(seen.map((each) => each.f1)),
      microF1: this.#right / n,
      ece: expectedCalibrationError(this.#reliability.bins()),
      loss: this.#loss / n,
      confusion: names.map((_, a) => names.map((_unused, p) => this.#confusion[a]?.[p] ?? 0)),
    };
  }

  #addOne(probabilities: Float32Array, start: number, actual: number): void {
    const predicted = argmax(probabilities, start, this.#known);
    const right = actual === predicted;
    const row = (this.#confusion[actual] ??= []);
    raise(row, predicted);
    raise(this.#support, actual);
    raise(this.#predicted, predicted);
    if (right) {
      raise(this.#hits, actual);
      this.#right++;
    }
    this.#loss -= clippedLog(actual < this.#known ? (probabilities[start + actual] ?? 0) : 0);
    this.#reliability.add(probabilities[start + predicted] ?? 0, right);
  }

  #addSeveral(probabilities: Float32Array, start: number, labels: ArrayLike<number>): void {
    const truth = new Set(Array.from(labels));
    let same = true;
    for (let c = 0; c < this.#known; c++) {
      const probability = probabilities[start + c] ?? 0;
      const actual = truth.has(c);
      const predicted = probability >= (this.#options.thresholds?.[c] ?? DEFAULT_THRESHOLD);
      if (predicted) raise(this.#predicted, c);
      if (actual && predicted) raise(this.#hits, c);
      if (actual !== predicted) same = false;
      this.#loss -= clippedLog(actual ? probability : 1 - probability);
      this.#reliability.add(probability, actual);
    }
    for (const label of truth) {
      raise(this.#support, label);
      if (label < this.#known) continue;
      same = false;
      this.#loss -= clippedLog(0);
    }
    if (same) this.#right++;
  }

  #counts(c: number): Counts {
    return { hits: this.#hits[c] ?? 0, support: this.#support[c] ?? 0, predicted: this.#predicted[c] ?? 0 };
  }
}

function raise(counts: number[], place: number): void {
  counts[place] = (counts[place] ?? 0) + 1;
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
