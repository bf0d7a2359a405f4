import { seededOrder } from './seeded-order';
import type { SparseRows } from './sparse-rows';
import type { Targets } from './targets';

/** A linear model: scores = row · weights + bias. */
export interface LinearModel {
  readonly outputs: number;
  readonly weights: Float32Array; // [width, outputs]
  readonly bias: Float32Array; // [outputs]
}

/** How hard to train. */
export interface SolverOptions {
  /** Inverse strength of the L2 penalty: scikit-learn's C. */
  readonly c: number;
  readonly seed: number;
  /** Mean duality gap a row at which the solution is good enough. */
  readonly tolerance: number;
  readonly maxEpochs: number;
}

/** A row whose share of the gap is below this part of the tolerance is left as it is: it is good enough already. */
const SETTLED = 0.1;
/** A bound away from 0 for logarithms. */
const TINY = 1e-30;

/** A model with what the solver knows of each row, from which it can go on. */
export interface FittedRegression {
  readonly model: LinearModel;
  readonly dual: Float32Array; // [rows, outputs]
}

/** A fit to begin with, and the rows that are still to count: far quicker than to begin at nothing. */
export interface RefitFrom {
  readonly fitted: FittedRegression;
  readonly without: Int32Array; // row numbers
}

/**
 * L2-regularised logistic regression by stochastic dual coordinate ascent (Shalev-Shwartz and Zhang 2013). Each row has
 * a dual distribution; its divergence from what the model predicts for the row is the row's share of the duality gap, so
 * the solver knows how far it is from the optimum. There is no step size to choose, and the same seed gives the same
 * bits. The bias is the weight of a feature that is 1 in every row.
 *
 * Yields between pieces of work, so that a caller can stop it or let others run.
 *
 * @param from a fit on all rows, to learn anew from all but some; the fit itself stays as it is
 */
export function* fitLogisticRegression(
  rows: SparseRows,
  outputs: number,
  targets: Targets,
  options: SolverOptions,
  from?: RefitFrom,
): Generator<void, FittedRegression> {
  const model = copyOf(from?.fitted.model ?? emptyModel(rows.width, outputs));
  const dual = from?.fitted.dual.slice() ?? firstDual(targets, rows.rows * outputs, outputs);
  const changed = new Int32Array(outputs);
  const change = new Float64Array(outputs);
  const left = new Uint8Array(rows.rows).fill(1);
  const first = from && firstDual(targets, dual.length, outputs);
  for (const row of from?.without ?? []) {
    left[row] = 0;
    for (let o = 0; o < outputs; o++) {
      const at = row * outputs + o;
      change[o] = options.c * signOf(targets, at) * ((first?.[at] ?? 0) - (dual[at] as number));
    }
    addRow(rows, row, change, model, changed);
  }
  const step =
    targets.kind === 'softmax'
      ? softmaxStep(outputs, dual, options)
      : sigmoidStep(outputs, targets.truth, dual, options);
  const scores = new Float64Array(outputs);
  const settled = SETTLED * options.tolerance;
  const learned = Int32Array.from(left.keys()).filter((row) => left[row] === 1);
  const shuffled = seededOrder(learned.length, options.seed);
  const squares = Float64Array.from({ length: rows.rows }, (_, row) => squaredLength(rows, row));
  for (let epoch = 0; epoch < options.maxEpochs; epoch++) {
    let gap = 0;
    for (const place of shuffled()) {
      const row = learned[place] as number;
      scoreRow(rows, row, model, scores);
      const share = step(row, squares[row] as number, scores, change);
      gap += share;
      if (share > settled) addRow(rows, row, change, model, changed);
      yield;
    }
    if (gap < options.tolerance * learned.length) break;
  }
  return { model, dual };
}

function emptyModel(width: number, outputs: number): LinearModel {
  return { outputs, weights: new Float32Array(width * outputs), bias: new Float32Array(outputs) };
}

function copyOf({ outputs, weights, bias }: LinearModel): LinearModel {
  return { outputs, weights: weights.slice(), bias: bias.slice() };
}

/** How much each row counts in the weights of each output: these are Σ coefficient · row. // [rows, outputs] */
export function rowCoefficients(dual: Float32Array, outputs: number, targets: Targets, c: number): Float32Array {
  const first = firstDual(targets, dual.length, outputs);
  return dual.map((value, at) => c * signOf(targets, at) * (value - (first[at] as number)));
}

/** The dual with which a row adds nothing to the weights: its label, or never a wrong answer. */
function firstDual(targets: Targets, length: number, outputs: number): Float32Array {
  const dual = new Float32Array(length);
  if (targets.kind === 'softmax') targets.classIds.forEach((id, row) => (dual[row * outputs + id] = 1));
  return dual;
}

/** Which way the weights of an output go when its dual grows: towards yes only where yes is the right answer. */
function signOf(targets: Targets, at: number): number {
  return targets.kind === 'sigmoid' && targets.truth[at] === 1 ? 1 : -1;
}

/** Scores of one row. // scores: [outputs] */
export function scoreRow(
  rows: SparseRows,
  row: number,
  { outputs, weights, bias }: LinearModel,
  scores: Float64Array,
): void {
  const begin = rows.offsets[row] as number;
  const end = rows.offsets[row + 1] as number;
  if (outputs === 1) {
    let sum = bias[0] as number;
    for (let k = begin; k < end; k++)
      sum += (weights[rows.columns[k] as number] as number) * (rows.values[k] as number);
    scores[0] = sum;
    return;
  }
  scores.set(bias);
  for (let k = begin; k < end; k++) {
    const value = rows.values[k] as number;
    const start = (rows.columns[k] as number) * outputs;
    for (let o = 0; o < outputs; o++) scores[o] = (scores[o] as number) + value * (weights[start + o] as number);
  }
}

/** weights += row ⊗ change, and the same for the bias; only for the outputs that change, as most do not in the end. */
function addRow(
  rows: SparseRows,
  row: number,
  change: Float64Array,
  { outputs, weights, bias }: LinearModel,
  changed: Int32Array,
): void {
  let count = 0;
  for (let o = 0; o < outputs; o++) {
    if (change[o] === 0) continue;
    changed[count++] = o;
    bias[o] = (bias[o] as number) + (change[o] as number);
  }
  const end = rows.offsets[row + 1] as number;
  for (let k = rows.offsets[row] as number; k < end; k++) {
    const value = rows.values[k] as number;
    const start = (rows.columns[k] as number) * outputs;
    for (let j = 0; j < count; j++) {
      const o = changed[j] as number;
      weights[start + o] = (weights[start + o] as number) + value * (change[o] as number);
    }
  }
}

/** With the bias feature. */
function squaredLength({ offsets, values }: SparseRows, row: number): number {
  let sum = 1;
  for (let k = offsets[row] as number; k < (offsets[row + 1] as number); k++) sum += (values[k] as number) ** 2;
  return sum;
}

/** Moves the dual of one row, puts what that adds to the weights into `change`, and gives the row's share of the gap. */
type Step = (row: number, squared: number, scores: Float64Array, change: Float64Array) => number;

/**
 * One distribution over the classes a row, which starts at its label. The step goes towards the prediction p, as far as
 * the lower bound on the dual's gain asks: with d = p - q, entropy is at least |d|₁² concave along d, the penalty
 * C·|x|²·|d|₂².
 */
function softmaxStep(classes: number, dual: Float32Array, { c, tolerance }: SolverOptions): Step {
  return (row, squared, scores, change) => {
    let top = -Infinity;
    for (let k = 0; k < classes; k++) top = Math.max(top, scores[k] as number);
    let total = 0;
    for (let k = 0; k < classes; k++) total += Math.exp((scores[k] as number) - top);
    const logTotal = Math.log(total) + top;
    let gap = 0;
    let absolute = 0;
    let squares = 0;
    for (let k = 0; k < classes; k++) {
      const logP = (scores[k] as number) - logTotal;
      const q = dual[row * classes + k] as number;
      const d = Math.exp(logP) - q;
      if (q > 0) gap += q * (Math.log(q) - logP);
      absolute += Math.abs(d);
      squares += d * d;
      change[k] = d;
    }
    if (gap <= SETTLED * tolerance) return gap;
    const curvature = absolute * absolute + c * squared * squares;
    const length = Math.min(1, (gap + (absolute * absolute) / 2) / curvature);
    for (let k = 0; k < classes; k++) {
      const moved = length * (change[k] as number);
      const at = row * classes + k;
      const q = dual[at] as number;
      dual[at] = q + moved;
      change[k] = c * (q - (dual[at] as number));
    }
    return gap;
  };
}

/** One number a row and output: the dual's probability of the wrong answer, which starts at 0. */
function sigmoidStep(outputs: number, truth: Uint8Array, dual: Float32Array, { c, tolerance }: SolverOptions): Step {
  const settled = (SETTLED * tolerance) / outputs;
  return (row, squared, scores, change) => {
    let gapOfRow = 0;
    change.fill(0);
    for (let o = 0; o < outputs; o++) {
      const at = row * outputs + o;
      const sign = truth[at] === 1 ? 1 : -1;
      const margin = sign * (scores[o] as number);
      const p = 1 / (1 + Math.exp(margin));
      const q = dual[at] as number;
      const d = p - q;
      // the gap is at most d² / (p (1 - p)): no logarithms where that is next to nothing
      if (d * d <= settled * p * (1 - p)) continue;
      const gap = divergence(q, p, margin);
      gapOfRow += gap;
      if (gap <= settled) continue;
      // binary entropy is at least 4 concave
      const length = Math.min(1, (gap + 2 * d * d) / (d * d * (4 + c * squared)));
      dual[at] = q + length * d;
      change[o] = c * sign * ((dual[at] as number) - q);
    }
    return gapOfRow;
  };
}

/** Kullback-Leibler divergence of a coin q from a coin p = 1 / (1 + e^margin), without loss of digits at the ends. */
function divergence(q: number, p: number, margin: number): number {
  const logWrong = margin > 30 ? -margin : Math.log(p + TINY);
  const logRight = margin < -30 ? margin : Math.log(1 - p + TINY);
  return (q > 0 ? q * (Math.log(q) - logWrong) : 0) + (q < 1 ? (1 - q) * (Math.log(1 - q) - logRight) : 0);
}
