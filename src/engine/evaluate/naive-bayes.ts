import type { LinearModel } from './logistic-regression';
import type { Targets } from './targets';
import type { SparseRows } from './sparse-rows';

/** What each feature counts beyond what was seen of it, in each class. */
const SMOOTHING = 0.1;
/** A class without rows counts as this many: it is not impossible. */
const FEWEST_ROWS = 0.5;

/**
 * Multinomial naive Bayes as a linear model (Manning, Raghavan and Schütze 2008, chapter 13; Rennie et al. 2003 for
 * TF-IDF values in place of counts). Softmax: the score of a class is ln P(class) + Σ value · ln P(feature | class), up to
 * a number that is the same for all classes. Sigmoid: the log odds of each output, its rows against all others.
 *
 * It looks at one feature after the other, and so errs otherwise than logistic regression, which weighs them against each
 * other. One pass over the values.
 *
 * @param without numbers of rows that do not count
 */
export function* fitNaiveBayes(
  rows: SparseRows,
  outputs: number,
  targets: Targets,
  without: Int32Array = new Int32Array(0),
): Generator<void, LinearModel> {
  const { width, offsets, columns, values } = rows;
  const weights = new Float32Array(width * outputs); // sums first
  const isSoftmax = targets.kind === 'softmax';
  const all = isSoftmax ? null : new Float32Array(width);
  const rowsOf = new Float64Array(outputs);
  const skipped = new Uint8Array(rows.rows);
  for (const row of without) skipped[row] = 1;
  for (let row = 0; row < rows.rows; row++) {
    if (skipped[row] === 1) continue;
    const of = outputsOf(targets, row, outputs);
    for (const output of of) rowsOf[output] = (rowsOf[output] as number) + 1;
    for (let k = offsets[row] as number; k < (offsets[row + 1] as number); k++) {
      const column = columns[k] as number;
      const value = values[k] as number;
      if (all) all[column] = (all[column] as number) + value;
      for (const output of of) {
        const at = column * outputs + output;
        weights[at] = (weights[at] as number) + value;
      }
    }
    if (row % 256 === 255) yield;
  }
  const totals = new Float64Array(outputs);
  let total = 0;
  for (let column = 0; column < width; column++) {
    for (let o = 0; o < outputs; o++) totals[o] = (totals[o] as number) + (weights[column * outputs + o] as number);
    if (all) total += all[column] as number;
    if (column % 4096 === 4095) yield;
  }
  const smoothed = SMOOTHING * width;
  for (let column = 0; column < width; column++) {
    let mean = 0;
    for (let o = 0; o < outputs; o++) {
      const at = column * outputs + o;
      const sum = weights[at] as number;
      let log = Math.log((sum + SMOOTHING) / ((totals[o] as number) + smoothed));
      if (all) {
        const others = Math.max(0, (all[column] as number) - sum);
        log -= Math.log((others + SMOOTHING) / (total - (totals[o] as number) + smoothed));
      }
      weights[at] = log;
      mean += log / outputs;
    }
    // What is the same for all classes says nothing, and would take digits from what differs.
    if (isSoftmax) for (let o = 0; o < outputs; o++) weights[column * outputs + o]! -= mean;
    if (column % 4096 === 4095) yield;
  }
  const counted = rows.rows - without.length;
  const logOf = (count: number): number => Math.log(Math.max(count, FEWEST_ROWS) / counted);
  const bias = Float32Array.from(rowsOf, (count) => logOf(count) - (isSoftmax ? 0 : logOf(counted - count)));
  return { outputs, weights, bias };
}

/** The outputs that a row has. */
function outputsOf(targets: Targets, row: number, outputs: number): readonly number[] {
  if (targets.kind === 'softmax') return [targets.classIds[row] as number];
  const has: number[] = [];
  for (let o = 0; o < outputs; o++) if (targets.truth[row * outputs + o] === 1) has.push(o);
  return has;
}
