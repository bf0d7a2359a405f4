import { pickLabels, rowCount, type LabelCsr } from './label-csr';
import { scoresOf } from './log-odds';
import { fitMixtureWeights, mixProbabilities } from './mixture';
import { fitTemperature, probabilitiesAt } from './temperature';

/** How models are averaged: the weighted mean of their probabilities, then a temperature on its logarithms. */
export interface Average {
  readonly weights: readonly number[];
  readonly temperature: number;
}

interface AverageOptions {
  readonly classes: number;
  readonly multiLabel: boolean;
}

/** Weights and temperature with the smallest log loss on validation rows. // members: each [n, classes] */
export function fitAverage(members: readonly Float32Array[], labels: LabelCsr, options: AverageOptions): Average {
  const weights = fitMixtureWeights(members, labels, options);
  const temperature = fitTemperature(scoresOf(mixProbabilities(members, weights), options), labels, options);
  return { weights, temperature };
}

/** The probabilities of an average. // members: each [n, classes] */
export function averageProbabilities(
  members: readonly Float32Array[],
  { weights, temperature }: Average,
  options: AverageOptions,
): Float32Array {
  const mixed = mixProbabilities(members, weights);
  // Nothing would change but the last bits.
  return temperature === 1 ? mixed : withTemperature(mixed, temperature, options);
}

/** Probabilities at a temperature, for a model that is known only by them. // [n, classes] */
export function withTemperature(
  probabilities: Float32Array,
  temperature: number,
  options: AverageOptions,
): Float32Array {
  return probabilitiesAt(scoresOf(probabilities, options), options.classes, temperature, options);
}

/** The rows at these places, with their labels. // each member [n, classes] */
export function pickRows(
  members: readonly Float32Array[],
  labels: LabelCsr,
  classes: number,
  rows: readonly number[],
): { readonly members: Float32Array[]; readonly labels: LabelCsr } {
  const picked = members.map((member) => {
    const part = new Float32Array(rows.length * classes);
    rows.forEach((row, i) => part.set(member.subarray(row * classes, (row + 1) * classes), i * classes));
    return part;
  });
  return { members: picked, labels: pickLabels(labels, Int32Array.from(rows)) };
}

/** Puts what is said of some rows into the places of these rows. // scores: [rows, classes], all: [n, classes] */
export function putRows(scores: Float32Array, rows: ArrayLike<number>, classes: number, all: Float32Array): void {
  for (let i = 0; i < rows.length; i++) {
    all.set(scores.subarray(i * classes, (i + 1) * classes), (rows[i] ?? 0) * classes);
  }
}

/**
 * Probabilities that {@link fitAverage} gives to rows it was not fitted on: the rows are dealt into folds, and each fold
 * is predicted by the fit on the others. What they say of the average is not flattered by the fit. // [n, classes]
 */
export function crossFitAverage(
  members: readonly Float32Array[],
  labels: LabelCsr,
  options: AverageOptions & { readonly folds: number },
): Float32Array {
  const { classes, folds } = options;
  const n = rowCount(labels);
  const result = new Float32Array(n * classes);
  const all = Array.from({ length: n }, (_, row) => row);
  for (let fold = 0; fold < folds; fold++) {
    const held = all.filter((row) => row % folds === fold);
    const rest = all.filter((row) => row % folds !== fold);
    if (held.length === 0 || rest.length === 0) continue;
    const fitted = pickRows(members, labels, classes, rest);
    const average = fitAverage(fitted.members, fitted.labels, options);
    const predicted = averageProbabilities(pickRows(members, labels, classes, held).members, average, options);
    putRows(predicted, held, classes, result);
  }
  return result;
}
