/** A mean loss in nats and its gradient by the logits, `[documents, classes]`. */
export interface LossAndGradient {
  readonly loss: number;
  readonly dLogits: Float32Array;
}

export interface CrossEntropyOptions {
  /** Share of each target spread evenly over all classes (Szegedy et al. 2016). */
  readonly smoothing?: number;
  /** A weight for each class; the mean is weighted, as torch's. */
  readonly classWeights?: Float32Array | null;
}

/** Softmax cross-entropy over documents with one label each (torch's `cross_entropy`). */
export function crossEntropy(
  logits: Float32Array,
  labels: ArrayLike<number>,
  classes: number,
  options: CrossEntropyOptions = {},
): LossAndGradient {
  const { smoothing = 0, classWeights = null } = options;
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
    for (let c = 0; c < classes; c++) {
      const logP = row[c]! - logSum;
      mean += logP / classes;
      const target = (c === label ? 1 - smoothing : 0) + smoothing / classes;
      dLogits[i * classes + c] = weight * (Math.exp(logP) - target);
    }
    loss -= weight * ((1 - smoothing) * (row[label]! - logSum) + smoothing * mean);
  }
  return { loss, dLogits };
}

/** Sigmoid cross-entropy, a yes or no for each label (torch's `binary_cross_entropy_with_logits`). `targets` 0 or 1. */
export function binaryCrossEntropy(logits: Float32Array, targets: ArrayLike<number>): LossAndGradient {
  const dLogits = new Float32Array(logits.length);
  let loss = 0;
  for (let i = 0; i < logits.length; i++) {
    const x = logits[i]!;
    const y = targets[i]!;
    // max(x, 0) − x·y + log(1 + e^−|x|) never overflows.
    loss += (Math.max(x, 0) - x * y + Math.log1p(Math.exp(-Math.abs(x)))) / logits.length;
    dLogits[i] = (1 / (1 + Math.exp(-x)) - y) / logits.length;
  }
  return { loss, dLogits };
}

function logSumExp(row: Float32Array): number {
  let maximum = -Infinity;
  for (const x of row) maximum = Math.max(maximum, x);
  let sum = 0;
  for (const x of row) sum += Math.exp(x - maximum);
  return maximum + Math.log(sum);
}
