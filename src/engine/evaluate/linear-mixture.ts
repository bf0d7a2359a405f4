import {
  fitLogisticRegression,
  scoreRow,
  type FittedRegression,
  type LinearModel,
  type SolverOptions,
} from './logistic-regression';
import { dealFolds } from './deal-folds';
import { fitNaiveBayes } from './naive-bayes';
import { TfidfFeatures, type FeatureOptions, type TokenDocuments } from './tfidf-features';
import { fitScoreWeights, type ScoreWeights } from './score-weights';
import { seededOrder } from './seeded-order';
import type { SparseRows } from './sparse-rows';
import { learnedClasses, pickTargets, type Targets } from './targets';

const FOLDS = 5;
/** From fewer rows nothing is to be found, and what seems to be would make all probabilities alike: regression alone. */
const FEWEST_JUDGED = 50;
/**
 * With fewer rows each fold has its features made anew, from the others alone. Of few texts a third of the words of another one is
 * new; texts whose words are all features already, because they were counted when these were made, are told apart far too
 * easily, and the probabilities fitted on them are far too sure.
 */
const FEWEST_REUSED = 1000;
/** Folds are held out until there are so many rows to judge by, and of one no more than {@link MOST_HELD_OUT}. */
const ENOUGH_HELD_OUT = 500;
const MOST_HELD_OUT = 2000;

/**
 * Logistic regression and naive Bayes on the same rows, their scores added: which of them counts how much is found on
 * rows that neither has learned from. Both are linear, so the sum is one linear model of the same size. Naive Bayes knows
 * more from few and short texts, logistic regression from many (Ng and Jordan 2001; Wang and Manning 2012); and the
 * weights make the probabilities honest.
 */
export function* fitLinearMixture(
  rows: SparseRows,
  outputs: number,
  targets: Targets,
  options: SolverOptions,
  source: RowSource,
): Generator<void, LinearModel> {
  const fitted = yield* fitLogisticRegression(rows, outputs, targets, options);
  if (rows.rows < FEWEST_JUDGED) return fitted.model;
  const weights =
    rows.rows < FEWEST_REUSED
      ? yield* findWeightsAnew(source, outputs, targets, options)
      : yield* findWeights(rows, outputs, targets, options, fitted);
  const bayes = yield* fitNaiveBayes(rows, outputs, targets);
  add(fitted.model.weights, bayes.weights, weights);
  add(fitted.model.bias, bayes.bias, weights);
  return fitted.model;
}

/** What rows were made from, to make them anew. */
export interface RowSource {
  readonly texts: TokenDocuments;
  readonly features: FeatureOptions;
}

/** The two models' weights by their scores of rows that had no part in anything, not even in which features there are. */
function* findWeightsAnew(
  { texts, features: featureOptions }: RowSource,
  outputs: number,
  targets: Targets,
  options: SolverOptions,
): Generator<void, ScoreWeights> {
  const scores: [number[], number[]] = [[], []];
  const judged: number[] = [];
  const ofRow = new Float64Array(outputs);
  for (const { held, rest } of dealFolds(texts.length, FOLDS, options.seed)) {
    const own = pickTargets(targets, rest, outputs);
    const { features, rows } = yield* TfidfFeatures.fit(pickTexts(texts, rest), featureOptions);
    const regression = (yield* fitLogisticRegression(rows, outputs, own, options)).model;
    const bayes = yield* fitNaiveBayes(rows, outputs, own);
    const heldRows = features.transform(pickTexts(texts, held));
    const isLearned = learnedClasses(own, outputs);
    for (const [i, row] of held.entries()) {
      if (!isLearned(targets, row)) continue;
      judged.push(row);
      scoreRow(heldRows, i, regression, ofRow);
      scores[0].push(...ofRow);
      scoreRow(heldRows, i, bayes, ofRow);
      scores[1].push(...ofRow);
      yield;
    }
  }
  const both = [Float64Array.from(scores[0]), Float64Array.from(scores[1])] as const;
  return fitScoreWeights(both, outputs, pickTargets(targets, Int32Array.from(judged), outputs));
}

function pickTexts(texts: TokenDocuments, picked: Int32Array): TokenDocuments {
  return { length: picked.length, at: (i) => texts.at(picked[i] ?? 0) };
}

/** The two models' weights by their scores of rows held out, a fold after the other. */
function* findWeights(
  rows: SparseRows,
  outputs: number,
  targets: Targets,
  options: SolverOptions,
  fitted: FittedRegression,
): Generator<void, ScoreWeights> {
  const order = seededOrder(rows.rows, options.seed)();
  const foldRows = Math.min(Math.ceil(rows.rows / FOLDS), MOST_HELD_OUT);
  const folds = Math.min(FOLDS, Math.ceil(ENOUGH_HELD_OUT / foldRows));
  const heldOut = order.slice(0, folds * foldRows);
  const scores = [new Float64Array(heldOut.length * outputs), new Float64Array(heldOut.length * outputs)] as const;
  const ofRow = new Float64Array(outputs);
  for (let begin = 0; begin < heldOut.length; begin += foldRows) {
    const without = heldOut.subarray(begin, begin + foldRows);
    const regression = (yield* fitLogisticRegression(rows, outputs, targets, options, { fitted, without })).model;
    const bayes = yield* fitNaiveBayes(rows, outputs, targets, without);
    for (const [i, row] of without.entries()) {
      scoreRow(rows, row, regression, ofRow);
      scores[0].set(ofRow, (begin + i) * outputs);
      scoreRow(rows, row, bayes, ofRow);
      scores[1].set(ofRow, (begin + i) * outputs);
      yield;
    }
  }
  return fitScoreWeights(scores, outputs, pickTargets(targets, heldOut, outputs));
}

/** a · first + b · second, in place of a. */
function add(a: Float32Array, b: Float32Array, { first, second }: ScoreWeights): void {
  for (let i = 0; i < a.length; i++) a[i] = first * (a[i] as number) + second * (b[i] as number);
}
