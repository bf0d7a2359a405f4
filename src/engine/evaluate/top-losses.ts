import { checkMatrix, classIdsOf, indicatorsOf, rowCount, type LabelCsr } from './label-csr';

/** A row that the model got badly wrong, or whose label is wrong. */
export interface RowLoss {
  readonly row: number; // position among the evaluated rows
  readonly loss: number;
}

/** As in metrics.ts: probabilities of exactly 0 still give a finite loss. */
const EPSILON = 2 ** -23;

/**
 * The loss of each row: -log of the probability of its label, or for multi-label the sum over the labels of the binary
 * losses.
 *
 * @param probabilities // [n, classes]
 * @returns // [n]
 * @throws AppError `no-rows`, `bad-input`, `not-a-number`
 */
export function rowLosses(
  probabilities: Float32Array,
  labels: LabelCsr,
  classes: number,
  options: { readonly multiLabel: boolean },
): Float64Array {
  checkMatrix(probabilities, labels, classes, 'probabilities');
  const losses = new Float64Array(rowCount(labels));
  if (!options.multiLabel) {
    const truth = classIdsOf(labels, classes);
    return losses.map((_, i) => -Math.log(Math.max(EPSILON, probabilities[i * classes + (truth[i] ?? 0)] ?? 0)));
  }
  const truth = indicatorsOf(labels, classes);
  return losses.map((_, i) => {
    let loss = 0;
    for (let c = 0; c < classes; c++) {
      const p = probabilities[i * classes + c] ?? 0;
      loss -= Math.log(Math.max(EPSILON, truth[i * classes + c] === 1 ? p : 1 - p));
    }
    return loss;
  });
}

/** The rows with the highest loss, worst first; equals in row order. */
export function topLosses(losses: Float64Array, limit = 20): RowLoss[] {
  return Array.from(losses, (loss, row) => ({ row, loss }))
    .sort((a, b) => b.loss - a.loss || a.row - b.row)
    .slice(0, limit);
}
