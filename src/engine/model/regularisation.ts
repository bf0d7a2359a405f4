import type { Kernels, Tensor } from '../kernels/kernels';
import { overTime } from './encoder';

/** α of activation and β of temporal activation regularisation (Merity et al. 2017, section 4.4; fastai's `RNNRegularizer`). */
export interface ActivationRegularisation {
  readonly alpha: number;
  readonly beta: number;
}

/** The output of an encoder over a window, and what the decoder made of it; all `[time·batch, width]`. */
export interface DecodedOutput {
  readonly raw: Tensor;
  readonly mask: Tensor | null; // [batch, width], or one for each step
  readonly dropped: Tensor; // raw · mask
  readonly gradient: Tensor; // the decoder's, of `dropped`
  readonly time: number;
}

/** The gradient of the raw output with both penalties, and what these add to the loss. */
export function regularisedGradient(
  k: Kernels,
  { raw, mask, dropped, gradient, time }: DecodedOutput,
  { alpha, beta }: ActivationRegularisation,
): { dRaw: Tensor; ar: number; tar: number } {
  const [rows, width] = raw.shape as [number, number];
  const batch = rows / time;
  if (k.fused) {
    const activations = rows * width;
    const changes = Math.max(1, (rows - batch) * width);
    const factors = { activation: (2 * alpha) / activations, temporal: (2 * beta) / changes };
    const { dRaw, sums } = k.fused.outputGradient({ decoded: gradient, dropped, raw, mask }, batch, factors);
    const [squares = 0, squaredChanges = 0] = k.read(sums);
    k.dispose(sums);
    return { dRaw, ar: (alpha * squares) / activations, tar: (beta * squaredChanges) / changes };
  }
  const ar = activationPenalty(k, dropped, alpha);
  const tar = temporalPenalty(k, raw, time, beta);
  const dDropped = ar.gradient ? k.add(gradient, ar.gradient) : gradient;
  const dMasked = mask ? overTime(k, dDropped, mask, time) : dDropped;
  return { dRaw: tar.gradient ? k.add(dMasked, tar.gradient) : dMasked, ar: ar.loss, tar: tar.loss };
}

/** AR on the dropped output: α · mean(x²) and its gradient 2αx/N, or null where α is 0. */
function activationPenalty(k: Kernels, dropped: Tensor, alpha: number): { loss: number; gradient: Tensor | null } {
  if (alpha === 0) return { loss: 0, gradient: null };
  const count = dropped.shape[0]! * dropped.shape[1]!;
  return {
    loss: (alpha * k.sumOfSquares([dropped])) / count,
    gradient: k.scale(dropped, (2 * alpha) / count),
  };
}

/** TAR on the raw output `[time·batch, n]`: β · mean((x[t+1] − x[t])²) and its gradient. */
function temporalPenalty(
  k: Kernels,
  raw: Tensor,
  time: number,
  beta: number,
): { loss: number; gradient: Tensor | null } {
  if (beta === 0 || time < 2) return { loss: 0, gradient: null };
  const [rows, width] = raw.shape as [number, number];
  const batch = rows / time;
  const later = k.sliceRows(raw, batch, rows - batch);
  const earlier = k.sliceRows(raw, 0, rows - batch);
  const difference = k.sub(later, earlier);
  const count = (rows - batch) * width;
  const pull = k.scale(difference, (2 * beta) / count);
  const edge = k.fill([batch, width], 0);
  const onLater = k.concat([edge, pull], 0);
  const onEarlier = k.concat([pull, edge], 0);
  const result = { loss: (beta * k.sumOfSquares([difference])) / count, gradient: k.sub(onLater, onEarlier) };
  k.dispose(later, earlier, difference, pull, edge, onLater, onEarlier);
  return result;
}

/**
 * What label smoothing adds to the gradients of a decoder's mean cross-entropy: the loss grows by
 * ε · (z_y − mean of all z), which is linear in the logits z (Szegedy et al. 2016; fastai's `LabelSmoothingCrossEntropy`).
 * @param x `[rows, width]`; `matrix` `[vocabulary, width]`; one target a row
 */
export function smoothingGradients(
  k: Kernels,
  x: Tensor,
  matrix: Tensor,
  targets: Int32Array,
  epsilon: number,
): { dx: Tensor; dEmbedding: Tensor; dBias: Tensor } {
  const [vocabulary, width] = matrix.shape as [number, number];
  const rows = targets.length;
  const meanRow = k.reshape(k.scale(k.sum(matrix, 0), 1 / vocabulary), [1, width]);
  const ids = k.int(targets, [rows]);
  const dx = k.scale(k.sub(k.gatherRows(matrix, ids), meanRow), epsilon / rows);
  const pull = k.reshape(k.scale(k.sum(x, 0), -epsilon / (rows * vocabulary)), [1, width]);
  const dBias = new Float32Array(vocabulary).fill(-epsilon / vocabulary);
  for (const id of targets) dBias[id]! += epsilon / rows;
  const dEmbedding = k.add(k.segmentSum(k.scale(x, epsilon / rows), ids, vocabulary), pull);
  return { dx, dEmbedding, dBias: k.float(dBias, [vocabulary]) };
}
