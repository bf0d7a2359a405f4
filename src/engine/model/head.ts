import type { Kernels, Tensor } from '../kernels/kernels';
import type { Gradients, Parameters } from './parameters';
import type { PoolPart } from './pooling';

/** Added to each variance by the batch norms. */
export const normEpsilon = 1e-5;
const momentum = 0.1;

/** The sizes of a classifier's head: `widths` = pooled width, hidden linear layers, classes. */
export interface HeadConfig {
  readonly widths: readonly number[];
  /** What a document is summed up by, side by side; left out: concat pooling. */
  readonly pooling?: readonly PoolPart[] | undefined;
  /**
   * How many of the encoder's outputs are summed up, from the last layer's down; the embedded input is the one beneath
   * the first layer's. Left out: the last layer's alone, as in the paper.
   */
  readonly pooledOutputs?: number | undefined;
  /** The linear layers add a bias (fastai 1); left out: they do not, as in fastai 2. */
  readonly biases?: boolean | undefined;
}

/** Scaled dropout masks of the head's blocks, `[documents, width]`; null: off. */
export type HeadMasks = readonly (Tensor | null)[];

interface BlockTrace {
  readonly normalised: Tensor; // x̂, before scale and shift
  readonly inverseDeviation: Tensor; // [width]
  readonly dropped: Tensor; // the linear layer's input
  readonly output: Tensor; // after ReLU where there is one
}

export type HeadTrace = readonly BlockTrace[];

/**
 * Blocks of batch norm, dropout, linear without bias, and ReLU but for the last (fastai's `PoolingLinearClassifier`).
 * Parameters: `head.{b}.norm.weight|bias`, `head.{b}.linear` `[in, out]`, with biases `head.{b}.bias`; running statistics are kept in
 * {@link HeadStatistics}.
 */
export function headForward(
  k: Kernels,
  config: HeadConfig,
  parameters: Parameters,
  statistics: HeadStatistics,
  pooled: Tensor,
  training: { masks: HeadMasks } | null,
): { logits: Tensor; trace: HeadTrace } {
  const blocks = config.widths.length - 1;
  const trace: BlockTrace[] = [];
  let x = pooled;
  for (let block = 0; block < blocks; block++) {
    const { normalised, inverseDeviation } = training
      ? normaliseBatch(k, x, statistics, block)
      : normaliseRunning(k, x, statistics, block);
    const scaled = k.mul(normalised, parameters.value(`head.${block}.norm.weight`));
    const shifted = k.add(scaled, parameters.value(`head.${block}.norm.bias`));
    const mask = training?.masks[block];
    const dropped = mask ? k.mul(shifted, mask) : shifted;
    const product = k.matmul(dropped, parameters.value(`head.${block}.linear`));
    const linear = config.biases ? k.add(product, parameters.value(`head.${block}.bias`)) : product;
    const output = block < blocks - 1 ? k.relu(linear) : linear;
    trace.push({ normalised, inverseDeviation, dropped, output });
    x = output;
  }
  return { logits: x, trace };
}

/** Gradients of the head's parameters and of the pooled input, `[documents, pooled width]`. */
export function headBackward(
  k: Kernels,
  config: HeadConfig,
  parameters: Parameters,
  trace: HeadTrace,
  masks: HeadMasks,
  dLogits: Tensor,
): { gradients: Gradients; dPooled: Tensor } {
  const gradients: Gradients = new Map();
  let d = dLogits;
  for (let block = trace.length - 1; block >= 0; block--) {
    const { normalised, inverseDeviation, dropped, output } = trace[block]!;
    if (block < config.widths.length - 2) d = k.reluGrad(output, d);
    gradients.set(`head.${block}.linear`, k.matmul(dropped, d, true, false));
    if (config.biases) gradients.set(`head.${block}.bias`, k.sum(d, 0));
    const dDropped = k.matmul(d, parameters.value(`head.${block}.linear`), false, true);
    const mask = masks[block];
    const dShifted = mask ? k.mul(dDropped, mask) : dDropped;
    gradients.set(`head.${block}.norm.weight`, k.sum(k.mul(dShifted, normalised), 0));
    gradients.set(`head.${block}.norm.bias`, k.sum(dShifted, 0));
    const dNormalised = k.mul(dShifted, parameters.value(`head.${block}.norm.weight`));
    d = normBackward(k, normalised, inverseDeviation, dNormalised);
  }
  return { gradients, dPooled: d };
}

/** Running mean and variance of each batch norm; changed by every training step, saved with the model. */
export class HeadStatistics {
  readonly means: Float32Array[];
  readonly variances: Float32Array[];

  constructor(config: HeadConfig) {
    const inputs = config.widths.slice(0, -1);
    this.means = inputs.map((width) => new Float32Array(width));
    this.variances = inputs.map((width) => new Float32Array(width).fill(1));
  }

  /** Moves towards a batch's statistics, with the unbiased variance as torch does. */
  update(block: number, mean: Float32Array, variance: Float32Array, rows: number): void {
    const unbiased = rows / Math.max(1, rows - 1);
    const [means, variances] = [this.means[block]!, this.variances[block]!];
    for (let j = 0; j < means.length; j++) {
      means[j] = (1 - momentum) * means[j]! + momentum * mean[j]!;
      variances[j] = (1 - momentum) * variances[j]! + momentum * unbiased * variance[j]!;
    }
  }
}

function normaliseBatch(k: Kernels, x: Tensor, statistics: HeadStatistics, block: number) {
  const [rows, width] = x.shape as [number, number];
  const mean = k.scale(k.sum(x, 0), 1 / rows);
  const centred = k.sub(x, mean);
  const variance = k.scale(k.sum(k.mul(centred, centred), 0), 1 / rows);
  statistics.update(block, k.read(mean), k.read(variance), rows);
  const inverseDeviation = k.float(
    k.read(variance).map((v) => 1 / Math.sqrt(v + normEpsilon)),
    [width],
  );
  return { normalised: k.mul(centred, inverseDeviation), inverseDeviation };
}

function normaliseRunning(k: Kernels, x: Tensor, statistics: HeadStatistics, block: number) {
  const width = x.shape[1]!;
  const mean = k.float(statistics.means[block]!, [width]);
  const inverseDeviation = k.float(
    statistics.variances[block]!.map((v) => 1 / Math.sqrt(v + normEpsilon)),
    [width],
  );
  return { normalised: k.mul(k.sub(x, mean), inverseDeviation), inverseDeviation };
}

/** dx = (dx̂ − mean(dx̂) − x̂ · mean(dx̂ · x̂)) / σ */
function normBackward(k: Kernels, normalised: Tensor, inverseDeviation: Tensor, d: Tensor): Tensor {
  const rows = d.shape[0]!;
  const mean = k.scale(k.sum(d, 0), 1 / rows);
  const correlation = k.scale(k.sum(k.mul(d, normalised), 0), 1 / rows);
  return k.mul(k.sub(k.sub(d, mean), k.mul(normalised, correlation)), inverseDeviation);
}
