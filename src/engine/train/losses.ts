/** A mean loss in nats and its gradient by the logits, `[documents, classes]`. */
export interface LossAndGradient {
  readonly loss: number;
  readonly dLogits: Float32Array;
}

export interface LossOptions {
  /** Share of each target spread evenly over all classes (Szegedy et al. 2016). */
  readonly smoothing?: number;
  /**
   * One label each: a weight for each class; the mean is weighted, as torch's `cross_entropy(weight=)`. Several labels:
   * a weight for each label where it is given, as torch's `binary_cross_entropy_with_logits(pos_weight=)`.
   */
  readonly classWeights?: Float32Array | null;
  /** γ of the focal loss: the loss of a document counts (1 − p)^γ, p the probability of its label (Lin et al. 2017). */
  readonly focalGamma?: number;
}

/** Softmax cross-entropy over documents with one label each (torch's `cross_entropy`; fastai's `FocalLoss`). */
export function crossEntropy(
  logits: Float32Array,
  labels: ArrayLike<number>,
  classes: number,
  options: LossOptions = {},
): LossAndGradient {
  const { smoothing = 0, classWeights = null, focalGamma = 0 } = options;
  const n = labels.length;
  const dLogits = new Float32Array(logits.length);
  let loss = 0;
  let totalWeight = 0;
  for (let i = 0; i < n; i++) totalWeight += classWeights ? classWeights[labels[i]!]! : 1;
  for (let i = 0; i < n; i++) {
    const row = logits.subarray(i * classes, (i + 1) * classes);
    const label = labels[i]!;
    const weight = (classWeights ? classWeights[label]! : 1) / totalWeight;
    const logSum = logSumExp(row);
    let mean = 0;
    for (let c = 0; c < classes; c++) mean += (row[c]! - logSum) / classes;
    const entropy = -((1 - smoothing) * (row[label]! - logSum) + smoothing * mean);
    const probability = Math.exp(row[label]! - logSum);
    const { factor, slope } = focus(probability, focalGamma);
    for (let c = 0; c < classes; c++) {
      const p = Math.exp(row[c]! - logSum);
      const target = (c === label ? 1 - smoothing : 0) + smoothing / classes;
      const dProbability = probability * ((c === label ? 1 : 0) - p);
      dLogits[i * classes + c] = weight * (factor * (p - target) + slope * dProbability * entropy);
    }
    loss += weight * factor * entropy;
  }
  return { loss, dLogits };
}

/** Sigmoid cross-entropy, a yes or no for each label (torch's `binary_cross_entropy_with_logits`). `targets` 0 or 1. */
export function binaryCrossEntropy(
  logits: Float32Array,
  targets: ArrayLike<number>,
  classes = 1,
  options: LossOptions = {},
): LossAndGradient {
  const { smoothing = 0, classWeights = null, focalGamma = 0 } = options;
  const dLogits = new Float32Array(logits.length);
  let loss = 0;
  for (let i = 0; i < logits.length; i++) {
    const x = logits[i]!;
    const y = targets[i]! * (1 - smoothing) + smoothing / 2;
    const weight = classWeights ? classWeights[i % classes]! : 1;
    const p = 1 / (1 + Math.exp(-x));
    const entropy = weight * y * softplus(-x) + (1 - y) * softplus(x);
    const dEntropy = (1 - y) * p - weight * y * (1 - p);
    const { factor, slope } = focus(y * p + (1 - y) * (1 - p), focalGamma);
    const dProbability = (2 * y - 1) * p * (1 - p);
    loss += (factor * entropy) / logits.length;
    dLogits[i] = (factor * dEntropy + slope * dProbability * entropy) / logits.length;
  }
  return { loss, dLogits };
}

/** (1 − p)^γ and its derivative by p. */
function focus(p: number, gamma: number): { factor: number; slope: number } {
  if (gamma === 0) return { factor: 1, slope: 0 };
  const rest = Math.max(0, 1 - p);
  // With γ < 1 the slope has no bound at p = 1, where the entropy that it multiplies is 0.
  return { factor: rest ** gamma, slope: rest < 1e-12 ? 0 : -gamma * rest ** (gamma - 1) };
}

/** log(1 + e^x) without overflow. */
function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

function logSumExp(row: Float32Array): number {
  let maximum = -Infinity;
  for (const x of row) maximum = Math.max(maximum, x);
  let sum = 0;
  for (const x of row) sum += Math.exp(x - maximum);
  return maximum + Math.log(sum);
}
