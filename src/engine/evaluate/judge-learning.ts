import type { Learned } from '../../shared/training-types';
import { rowCount, type LabelCsr } from './label-csr';
import { majorityClass } from './majority';
import { argmax } from './rank';
import { wilsonInterval } from './wilson';

/** What a network says about rows that it has not learned from. */
export interface HeldOutAnswers {
  readonly probabilities: Float32Array; // [rows, classes]
  readonly labels: LabelCsr;
}

/** The 97.5 % point of the normal distribution. */
const Z = 1.959963984540054;
/** Fewer rows than this have no spread to go by. */
const FEWEST_ROWS = 10;
/** A network that takes off less than this share of the loss of knowing nothing knows nothing: temperature alone does as much. */
const LEAST_GAIN = 0.01;
/** Probabilities are kept this far from 0 and 1 inside logarithms. */
const EPSILON = 1e-7;

/**
 * Whether a network has learned anything from its training rows: whether it tells more of held-out rows than the shares
 * of the labels do. Yes, where its loss is clearly below that of the shares (by 1.96 standard errors of the rows'
 * difference) or its accuracy clearly above that of the most frequent label (Wilson); no, where its loss is no lower;
 * else unsure. The loss counts because of nine rows in ten with one label even a good network hardly gets more right
 * than one that always says it.
 *
 * @param train labels of the training rows
 * @param answers of every split of held-out rows; empty ones are passed over
 */
export function judgeLearning(
  train: LabelCsr,
  answers: readonly HeldOutAnswers[],
  { classes, multiLabel }: { readonly classes: number; readonly multiLabel: boolean },
): Learned {
  const shares = sharesOf(train, classes, multiLabel);
  const lossesOf = multiLabel ? severalLosses : oneLoss;
  const losses = answers.flatMap((split) =>
    Array.from({ length: rowCount(split.labels) }, (_, row) => lossesOf(split, row, shares)),
  );
  const n = losses.length;
  if (n === 0) return 'unsure';
  const gains = losses.map(({ knowingNothing, network }) => knowingNothing - network);
  const gain = mean(gains);
  const error = Math.sqrt(mean(gains.map((each) => (each - gain) ** 2)) / Math.max(1, n - 1));
  const least = LEAST_GAIN * mean(losses.map(({ knowingNothing }) => knowingNothing));
  if (n >= FEWEST_ROWS && gain > Math.max(least, Z * error)) return 'yes';
  if (!multiLabel && isMoreOftenRight(train, answers, classes)) return 'yes';
  return gain <= least ? 'no' : 'unsure';
}

/** The share of training rows that have each label, never 0 or 1. // [classes] */
function sharesOf(train: LabelCsr, classes: number, multiLabel: boolean): Float64Array {
  const rows = rowCount(train);
  const counts = new Float64Array(classes);
  for (const label of train.labels) counts[label] = (counts[label] ?? 0) + 1;
  return counts.map((count) => (count + 1) / (rows + (multiLabel ? 2 : classes)));
}

interface Losses {
  readonly knowingNothing: number; // nats
  readonly network: number;
}

function oneLoss({ probabilities, labels }: HeldOutAnswers, row: number, shares: Float64Array): Losses {
  const label = labels.labels[labels.offsets[row] ?? 0] ?? 0;
  return {
    knowingNothing: -log(shares[label] ?? 0),
    network: -log(probabilities[row * shares.length + label] ?? 0),
  };
}

function severalLosses({ probabilities, labels }: HeldOutAnswers, row: number, shares: Float64Array): Losses {
  const own = new Set(labels.labels.subarray(labels.offsets[row], labels.offsets[row + 1]));
  let [knowingNothing, network] = [0, 0];
  shares.forEach((share, label) => {
    const probability = probabilities[row * shares.length + label] ?? 0;
    const has = own.has(label);
    knowingNothing -= log(has ? share : 1 - share);
    network -= log(has ? probability : 1 - probability);
  });
  return { knowingNothing, network };
}

function isMoreOftenRight(train: LabelCsr, answers: readonly HeldOutAnswers[], classes: number): boolean {
  let [n, right, byMajority] = [0, 0, 0];
  for (const { probabilities, labels } of answers) {
    const rows = rowCount(labels);
    n += rows;
    byMajority += Math.round(majorityClass(train, labels, classes).accuracy * rows);
    for (let row = 0; row < rows; row++) {
      if (argmax(probabilities, row * classes, classes) === labels.labels[labels.offsets[row] ?? 0]) right++;
    }
  }
  return wilsonInterval(right, n)[0] > byMajority / n;
}

function log(probability: number): number {
  return Math.log(Math.min(1 - EPSILON, Math.max(EPSILON, probability)));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
