import {
  fitLogisticRegression,
  rowCoefficients,
  scoreRow,
  type FittedRegression,
  type SolverOptions,
} from '../evaluate/logistic-regression';
import { runAsync } from '../evaluate/in-steps';
import { classIdsOf, indicatorsOf, rowCount, type LabelCsr } from '../evaluate/label-csr';
import { seededOrder } from '../evaluate/seeded-order';
import type { SparseRows } from '../evaluate/sparse-rows';
import { learnedClasses, pickTargets, type Targets } from '../evaluate/targets';
import type { Kernels } from '../kernels/kernels';
import { normEpsilon } from '../model/head';
import type { PoolPart } from '../model/pooling';

/** Texts as a frozen encoder sums them up, and their labels. */
export interface PooledTexts {
  readonly pooled: Float32Array; // [texts, width]
  readonly labels: LabelCsr;
  readonly classes: number;
  readonly multiLabel: boolean;
}

/** Neighbouring columns of pooled vectors that are of one kind. */
export interface PooledColumns {
  readonly part: PoolPart;
  readonly width: number;
}

/** One block of a head: batch norm, then a linear layer with biases. */
export interface LinearHead {
  readonly means: Float32Array; // [width]
  readonly variances: Float32Array; // [width]
  readonly scales: Float32Array; // [width]
  readonly weights: Float32Array; // [width, classes]
  readonly biases: Float32Array; // [classes]
  /** Inverse strength of the L2 penalty, as scikit-learn's C. */
  readonly c: number;
  /** Mean log loss of the texts that it has learned from. */
  readonly loss: number;
}

/**
 * How far the parts count beside one another. The mean of all states says more of a text than its last state; over eight sets
 * with 100 labels these were 1.1 points better than the three alike.
 */
const partWeights: Readonly<Record<PoolPart, number>> = { last: 0.3, max: 0.5, mean: 1 };

/** From weak to strong belief in the labels. The next is tried while texts held out lose by none of the two before. */
const candidates = [1, 3, 10, 30, 100, 300] as const;
/** The one that is right most often with so few texts that none can be held out. */
const usualC = 30;
const fewestJudged = 10;
const folds = 5;
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
  const norm = normOf(texts, columns);
  const z = normalise(texts.pooled, norm);
  const rows = compactRows(kernels, z, rowCount(texts.labels));
  const targets = targetsOf(texts);
  const { fitted, c } = await fitBest({ rows, targets, outputs: texts.classes, seed }, breathe);
  const weights = rows.width < norm.means.length ? weightsOf(kernels, z, fitted, targets, c) : fitted.model.weights;
  const scores = scoresOf(
    rows,
    fitted,
    Int32Array.from({ length: rows.rows }, (_, i) => i),
  );
  return { ...norm, weights, biases: fitted.model.bias, c, loss: meanLoss(scores, targets, texts.classes) };
}

type Norm = Pick<LinearHead, 'means' | 'variances' | 'scales'>;

/**
 * Mean and variance of each column, which each block's median variance is added to: a column that hardly moves among these
 * texts may well do so among others. Scaled so that the mean squared length of a row is 1, as C takes for granted.
 */
function normOf({ pooled, labels }: PooledTexts, columns: readonly PooledColumns[]): Norm {
  const texts = rowCount(labels);
  const width = pooled.length / texts;
  const [means, variances] = [new Float32Array(width), new Float32Array(width)];
  for (let j = 0; j < width; j++) {
    let sum = 0;
    for (let i = 0; i < texts; i++) sum += pooled[i * width + j]!;
    const mean = sum / texts;
    let squares = 0;
    for (let i = 0; i < texts; i++) squares += (pooled[i * width + j]! - mean) ** 2;
    [means[j], variances[j]] = [mean, squares / texts];
  }
  const scales = new Float32Array(width);
  const total = columns.reduce((sum, { part }) => sum + partWeights[part] ** 2, 0);
  let begin = 0;
  for (const { part, width: own } of columns) {
    const of = variances.subarray(begin, begin + own);
    const median = of.slice().sort()[own >> 1]!;
    const length = of.reduce((sum, variance) => sum + variance / (variance + median + normEpsilon), 0);
    scales.fill(partWeights[part] / Math.sqrt(total * Math.max(length, normEpsilon)), begin, begin + own);
    of.forEach((variance, j) => (of[j] = variance + median));
    begin += own;
  }
  return { means, variances, scales };
}

/** What the batch norm makes of the vectors. // [texts, width] */
function normalise(pooled: Float32Array, { means, variances, scales }: Norm): Float32Array {
  const width = means.length;
  const factors = scales.map((scale, j) => scale / Math.sqrt(variances[j]! + normEpsilon));
  return pooled.map((value, at) => (value - means[at % width]!) * factors[at % width]!);
}

function targetsOf({ labels, classes, multiLabel }: PooledTexts): Targets {
  if (multiLabel) return { kind: 'sigmoid', truth: indicatorsOf(labels, classes) };
  return { kind: 'softmax', classIds: classIdsOf(labels, classes) };
}

/**
 * The rows for the solver. Where there are fewer rows than columns, others with the same inner products, and so with the same
 * optimum, but no longer than there are rows: those of the Cholesky factor of Z·Zᵀ.
 */
function compactRows(k: Kernels, z: Float32Array, texts: number): SparseRows {
  const width = z.length / texts;
  if (width <= texts) return denseRows(z, texts, width, () => width);
  const products = k.scope(() => {
    const rows = k.float(z, [texts, width]);
    return k.read(k.matmul(rows, rows, false, true));
  });
  return denseRows(cholesky(products, texts), texts, texts, (row) => row + 1);
}

function denseRows(
  values: Float32Array,
  rows: number,
  width: number,
  lengthOf: (row: number) => number, // columns from the first
): SparseRows {
  const offsets = new Int32Array(rows + 1);
  for (let row = 0; row < rows; row++) offsets[row + 1] = offsets[row]! + lengthOf(row);
  const columns = new Int32Array(offsets[rows]!);
  const kept = new Float32Array(offsets[rows]!);
  for (let row = 0; row < rows; row++) {
    for (let j = 0; j < lengthOf(row); j++) {
      columns[offsets[row]! + j] = j;
      kept[offsets[row]! + j] = values[row * width + j]!;
    }
  }
  return { rows, width, offsets, columns, values: kept };
}

/** Added to the diagonal, as a share of a row's squared length: the same text twice has no factor without. */
const jitter = 1e-6;

/** L with L·Lᵀ = A + jitter. // [n, n], lower */
function cholesky(a: Float32Array, n: number): Float32Array {
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j]! + (i === j ? jitter : 0);
      for (let m = 0; m < j; m++) sum -= l[i * n + m]! * l[j * n + m]!;
      l[i * n + j] = i === j ? Math.sqrt(Math.max(sum, jitter)) : sum / l[j * n + j]!;
    }
  }
  return Float32Array.from(l);
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

/** Fits with the penalty that is best for texts held out. */
async function fitBest(
  problem: Problem,
  breathe: () => Promise<void>,
): Promise<{ fitted: FittedRegression; c: number }> {
  const { rows, targets, outputs, seed } = problem;
  const fit = (c: number): Promise<FittedRegression> =>
    runAsync(fitLogisticRegression(rows, outputs, targets, { ...solver, c, seed }));
  let best: { fitted: FittedRegression; c: number; loss: number } | null = null;
  let worse = 0;
  for (const c of candidates) {
    const fitted = await fit(c);
    const loss = await heldOutLoss(problem, fitted, { ...solver, c, seed });
    await breathe();
    if (loss === null) break;
    if (best === null || loss < best.loss) [best, worse] = [{ fitted, c, loss }, 0];
    else if (++worse === 2) break;
  }
  const { c, fitted } = best ?? { fitted: await fit(usualC), c: usualC };
  const from = { fitted, without: new Int32Array(0) };
  return { c, fitted: await runAsync(fitLogisticRegression(rows, outputs, targets, { ...finer, c, seed }, from)) };
}

/** Mean log loss of texts that had no part in their fold's fit, of labels that it knows; null: too few to judge by. */
async function heldOutLoss(
  { rows, targets, outputs, seed }: Problem,
  fitted: FittedRegression,
  options: SolverOptions,
): Promise<number | null> {
  const order = seededOrder(rows.rows, seed)();
  const size = Math.ceil(rows.rows / folds);
  const [judged, scores]: [number[], number[]] = [[], []];
  for (let begin = 0; begin < order.length; begin += size) {
    const without = order.slice(begin, begin + size);
    const rest = order.filter((_, i) => i < begin || i >= begin + size);
    const isLearned = learnedClasses(pickTargets(targets, rest, outputs), outputs);
    const known = without.filter((row) => isLearned(targets, row));
    if (known.length === 0) continue;
    const fold = await runAsync(fitLogisticRegression(rows, outputs, targets, options, { fitted, without }));
    judged.push(...known);
    scores.push(...scoresOf(rows, fold, known));
  }
  if (judged.length < fewestJudged) return null;
  return meanLoss(Float64Array.from(scores), pickTargets(targets, Int32Array.from(judged), outputs), outputs);
}

/** Scores of some rows. // [picked, outputs] */
function scoresOf(rows: SparseRows, { model }: FittedRegression, picked: Int32Array): Float64Array {
  const all = new Float64Array(picked.length * model.outputs);
  picked.forEach((row, i) => scoreRow(rows, row, model, all.subarray(i * model.outputs, (i + 1) * model.outputs)));
  return all;
}

function meanLoss(scores: Float64Array, targets: Targets, outputs: number): number {
  const rows = scores.length / outputs;
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    const own = scores.subarray(i * outputs, (i + 1) * outputs);
    if (targets.kind === 'softmax') {
      const top = own.reduce((most, score) => Math.max(most, score), -Infinity);
      sum +=
        Math.log(own.reduce((total, score) => total + Math.exp(score - top), 0)) + top - own[targets.classIds[i]!]!;
    } else {
      own.forEach((score, o) => {
        const margin = targets.truth[i * outputs + o] === 1 ? score : -score;
        sum += Math.max(0, -margin) + Math.log1p(Math.exp(-Math.abs(margin)));
      });
    }
  }
  return sum / Math.max(1, rows);
}
