import {
  fitLogisticRegression,
  rowCoefficients,
  scoreRow,
  type FittedRegression,
  type SolverOptions,
} from '../evaluate/logistic-regression';
import { runAsync } from '../evaluate/in-steps';
import { classIdsOf, indicatorsOf, rowCount, type LabelCsr } from '../evaluate/label-csr';
import { dealFolds } from '../evaluate/deal-folds';
import type { SparseRows } from '../evaluate/sparse-rows';
import { learnedClasses, pickTargets, type Targets } from '../evaluate/targets';
import type { Kernels } from '../kernels/kernels';
import { binaryCrossEntropy, crossEntropy } from './losses';
import { compactRows, normalise, normOf, type Norm, type PooledColumns } from './pooled-rows';

/** Texts as a frozen encoder sums them up, and their labels. */
export interface PooledTexts {
  readonly pooled: Float32Array; // [texts, width]
  readonly labels: LabelCsr;
  readonly classes: number;
  readonly multiLabel: boolean;
}

/** One block of a head: batch norm, then a linear layer with biases. */
export interface LinearHead extends Norm {
  readonly weights: Float32Array; // [width, classes]
  readonly biases: Float32Array; // [classes]
  /** Inverse strength of the L2 penalty, as scikit-learn's C. */
  readonly c: number;
  /** Mean log loss of the texts that it has learned from. */
  readonly loss: number;
  /** What folds of it say of texts that they have not learned from; null: too few for that. */
  readonly heldOut: HeldOutLogits | null;
}

/** Logits of some of the training texts by models that had no part of these. */
export interface HeldOutLogits {
  /** Their places among the training texts. */
  readonly rows: Int32Array;
  readonly logits: Float32Array; // [rows, classes]
}

/** From weak to strong belief in the labels. The next is tried while texts held out lose by none of the two before. */
const candidates = [1, 3, 10, 30, 100, 300] as const;
/** The one that is right most often with so few texts that none can be held out. */
const usualC = 30;
const fewestJudged = 10;
/** Folds of the texts; the baseline is fitted in the same ones. */
export const headFolds = 5;
/** Of more texts one fold is enough to judge by. */
const manyTexts = 2000;
/** Enough to tell one penalty from another, */
const solver = { tolerance: 1e-3, maxEpochs: 200 } as const;
/** and for the head itself. */
const finer = { tolerance: 1e-5, maxEpochs: 1000 } as const;

/**
 * L2-regularised logistic regression on standardised pooled vectors, to its optimum: for few labelled texts, by which an encoder
 * would be changed for the worse. How strong the penalty is, texts held out decide by their log loss, in five folds. The
 * same seed gives the same bits.
 *
 * @param columns what the vectors are made of, in order; their widths add up to that of a vector
 */
export async function fitLinearHead(
  kernels: Kernels,
  texts: PooledTexts,
  columns: readonly PooledColumns[],
  { seed, breathe }: { readonly seed: number; readonly breathe: () => Promise<void> },
): Promise<LinearHead> {
  const norm = normOf(texts.pooled, rowCount(texts.labels), columns);
  const z = normalise(texts.pooled, norm);
  const rows = await compactRows(kernels, z, rowCount(texts.labels), breathe);
  const targets = targetsOf(texts);
  const { fitted, c, heldOut } = await fitBest({ rows, targets, outputs: texts.classes, seed }, breathe);
  const weights = rows.width < norm.means.length ? weightsOf(kernels, z, fitted, targets, c) : fitted.model.weights;
  const scores = scoresOf(
    rows,
    fitted,
    Int32Array.from({ length: rows.rows }, (_, i) => i),
  );
  return { ...norm, weights, biases: fitted.model.bias, c, loss: lossOf(scores, targets, texts.classes), heldOut };
}

function targetsOf({ labels, classes, multiLabel }: PooledTexts): Targets {
  if (multiLabel) return { kind: 'sigmoid', truth: indicatorsOf(labels, classes) };
  return { kind: 'softmax', classIds: classIdsOf(labels, classes) };
}

/** The weights of the columns themselves: Zᵀ · coefficients. // [width, classes] */
function weightsOf(k: Kernels, z: Float32Array, fitted: FittedRegression, targets: Targets, c: number): Float32Array {
  const { outputs } = fitted.model;
  const texts = fitted.dual.length / outputs;
  return k.scope(() => {
    const coefficients = k.float(rowCoefficients(fitted.dual, outputs, targets, c), [texts, outputs]);
    return k.read(k.matmul(k.float(z, [texts, z.length / texts]), coefficients, true, false));
  });
}

/** What is to be fitted. */
interface Problem {
  readonly rows: SparseRows;
  readonly targets: Targets;
  readonly outputs: number;
  readonly seed: number;
}

/** A fit, and what its folds say of the rows that these had no part of. */
interface Fit {
  readonly fitted: FittedRegression;
  readonly c: number;
  readonly heldOut: HeldOutLogits | null;
}

/** Fits with the penalty that is best for texts held out. */
async function fitBest(problem: Problem, breathe: () => Promise<void>): Promise<Fit> {
  const { rows, targets, outputs, seed } = problem;
  const fit = (c: number): Promise<FittedRegression> =>
    runAsync(fitLogisticRegression(rows, outputs, targets, { ...solver, c, seed }));
  let best: (Fit & { readonly loss: number }) | null = null;
  let worse = 0;
  for (const c of candidates) {
    const fitted = await fit(c);
    const heldOut = await crossFit(problem, fitted, { ...solver, c, seed }, breathe);
    if (heldOut === null) break;
    const loss = lossOf(heldOut.logits, pickTargets(targets, heldOut.rows, outputs), outputs);
    if (best === null || loss < best.loss) [best, worse] = [{ fitted, c, heldOut, loss }, 0];
    else if (++worse === 2) break;
  }
  const { c, fitted, heldOut } = best ?? { fitted: await fit(usualC), c: usualC, heldOut: null };
  const from = { fitted, without: new Int32Array(0) };
  const fine = await runAsync(fitLogisticRegression(rows, outputs, targets, { ...finer, c, seed }, from));
  return { c, fitted: fine, heldOut };
}

/** Scores of texts by fits that they had no part of, where these know their labels; null: too few to judge by. */
async function crossFit(
  { rows, targets, outputs, seed }: Problem,
  fitted: FittedRegression,
  options: SolverOptions,
  breathe: () => Promise<void>,
): Promise<HeldOutLogits | null> {
  const judged: { readonly rows: Int32Array; readonly scores: Float32Array }[] = [];
  for (const { held, rest } of dealFolds(rows.rows, headFolds, seed).slice(0, rows.rows > manyTexts ? 1 : headFolds)) {
    const isLearned = learnedClasses(pickTargets(targets, rest, outputs), outputs);
    const known = held.filter((row) => isLearned(targets, row));
    if (known.length === 0) continue;
    await breathe();
    const fold = await runAsync(fitLogisticRegression(rows, outputs, targets, options, { fitted, without: held }));
    judged.push({ rows: known, scores: scoresOf(rows, fold, known) });
  }
  const count = judged.reduce((sum, { rows: known }) => sum + known.length, 0);
  if (count < fewestJudged) return null;
  const all = { rows: new Int32Array(count), logits: new Float32Array(count * outputs) };
  let at = 0;
  for (const { rows: known, scores } of judged) {
    all.rows.set(known, at);
    all.logits.set(scores, at * outputs);
    at += known.length;
  }
  return all;
}

/** Scores of some rows. // [picked, outputs] */
function scoresOf(rows: SparseRows, { model }: FittedRegression, picked: Int32Array): Float32Array {
  const all = new Float32Array(picked.length * model.outputs);
  const ofRow = new Float64Array(model.outputs);
  picked.forEach((row, i) => {
    scoreRow(rows, row, model, ofRow);
    all.set(ofRow, i * model.outputs);
  });
  return all;
}

/** Mean log loss, as a head in training reports it. */
function lossOf(scores: Float32Array, targets: Targets, outputs: number): number {
  return targets.kind === 'softmax'
    ? crossEntropy(scores, targets.classIds, outputs).loss
    : binaryCrossEntropy(scores, targets.truth, outputs).loss;
}
