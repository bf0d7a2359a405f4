import { crossFitAverage, fitAverage, type Average } from './average';
import { rowCount, type LabelCsr } from './label-csr';
import { computeMetrics } from './metrics';

/** Fewer validation rows than this say nothing reliable about a blend. */
const FEWEST_ROWS = 20;
const FOLDS = 5;

/** What validation says about blending the deep model with the TF-IDF baseline. */
export interface BlendJudgement {
  readonly average: Average; // weights of the model and of the baseline
  /** Log loss of the model alone and of the blend, both in nats a row (multi-label: a row and label). */
  readonly modelLoss: number;
  readonly blendLoss: number; // cross-fitted
  /** Accuracy (multi-label: micro F1 at 0.5) of both. */
  readonly modelScore: number;
  readonly blendScore: number; // cross-fitted
  /** True where the blend's loss is lower by more than chance would have it and its score is no lower. */
  readonly pays: boolean;
}

/**
 * Fits the blend of a model with its baseline, and judges it by cross-fitting: each fifth of the rows is predicted by
 * weights fitted on the other four. It pays where the mean loss of a row falls by more than one standard error of that
 * mean and no row more is wrong. The model alone was calibrated on all rows, which is in its favour.
 *
 * @param model, baseline probabilities on validation rows // each [n, classes]
 * @throws AppError `no-rows`, `bad-input`, `not-a-number`
 */
export function judgeBlend(
  model: Float32Array,
  baseline: Float32Array,
  labels: LabelCsr,
  options: { readonly classes: number; readonly multiLabel: boolean },
): BlendJudgement {
  const members = [model, baseline];
  const average = fitAverage(members, labels, options);
  const n = rowCount(labels);
  const blend = n >= FEWEST_ROWS ? crossFitAverage(members, labels, { ...options, folds: FOLDS }) : model;
  const [alone, blended] = [rowsOf(model, labels, options), rowsOf(blend, labels, options)];
  const gains = alone.losses.map((loss, row) => loss - (blended.losses[row] ?? 0));
  const gain = gains.reduce((sum, each) => sum + each, 0) / n;
  const variance = gains.reduce((sum, each) => sum + (each - gain) ** 2, 0) / Math.max(1, n - 1);
  const pays = n >= FEWEST_ROWS && gain > Math.sqrt(variance / n) && blended.score >= alone.score;
  return {
    average,
    modelLoss: alone.loss,
    blendLoss: blended.loss,
    modelScore: alone.score,
    blendScore: blended.score,
    pays,
  };
}

/** Log loss row by row, and the score of all. */
function rowsOf(
  probabilities: Float32Array,
  labels: LabelCsr,
  { classes, multiLabel }: { readonly classes: number; readonly multiLabel: boolean },
): { losses: number[]; loss: number; score: number } {
  const names = Array.from({ length: classes }, (_, c) => String(c));
  const metrics = computeMetrics(probabilities, labels, names, { multiLabel });
  const losses = Array.from({ length: rowCount(labels) }, (_, row) => {
    const own = labels.labels.subarray(labels.offsets[row], labels.offsets[row + 1]);
    const one = { offsets: Int32Array.of(0, own.length), labels: own };
    return computeMetrics(probabilities.subarray(row * classes, (row + 1) * classes), one, names, { multiLabel }).loss;
  });
  return { losses, loss: metrics.loss, score: multiLabel ? metrics.microF1 : metrics.accuracy };
}
