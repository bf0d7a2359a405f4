import type { FusedKernels } from '../kernels/fused-kernels';
import type { Kernels, Tensor } from '../kernels/kernels';

/** Rows of the vocabulary-wide matrix that are worked on at a time: bounds memory, and the slice is used while warm. */
export const sliceRows = 1024;

/** A probability that underflowed to 0 would make the loss infinite; this is the smallest normal float32. */
const smallest = 1.1754944e-38;

export interface DecoderResult {
  /** The sum over targets of −log p, in nats. */
  readonly loss: number;
  /** Gradients of the mean loss. */
  readonly dx: Tensor; // [rows, embedding]
  readonly dEmbedding: Tensor; // [vocabulary, embedding]
  readonly dBias: Tensor; // [vocabulary]
  /**
   * False where `dEmbedding` lacks the part of the targets, −Σ x/rows by target: the caller sums those rows together
   * with the ones of its look-ups.
   */
  readonly hasTargets: boolean;
}

/**
 * Softmax cross-entropy of x · Eᵀ + b against the targets, with its gradients, in slices of rows.
 *
 * With P = softmax, dx = P·E − E[y] and dE = Pᵀ·x − Σ_y x: no one-hot matrix and no P − onehot is ever made; the 1/N
 * of the mean acts on the small results.
 * @param x `[rows, embedding]`; `embedding` `[vocabulary, embedding]`; `bias` `[vocabulary]`; `targets` one id a row
 */
export function decoderTrain(
  k: Kernels,
  x: Tensor,
  embedding: Tensor,
  bias: Tensor,
  targets: Int32Array,
): DecoderResult {
  if (k.fused) return fusedTrain(k, k.fused, x, embedding, bias, targets);
  const rows = targets.length;
  const dxs: Tensor[] = [];
  const dEmbeddings: Tensor[] = [];
  const dBiases: Tensor[] = [];
  let loss = 0;
  for (let start = 0; start < rows; start += sliceRows) {
    const slice = targets.subarray(start, Math.min(rows, start + sliceRows));
    const part = slice.length === rows ? x : k.sliceRows(x, start, slice.length);
    const p = probabilities(k, part, embedding, bias);
    const picked = k.pickColumns(p, slice);
    loss -= sumLog(k.read(picked));
    dxs.push(k.matmul(p, embedding));
    dEmbeddings.push(k.matmul(p, part, true, false));
    dBiases.push(k.sum(p, 0));
    k.dispose(p, picked, part === x ? null : part);
  }
  const ids = k.int(targets, [rows]);
  const pulled = k.gatherRows(embedding, ids);
  const pushed = dxs.length === 1 ? dxs[0]! : k.concat(dxs, 0);
  const difference = k.sub(pushed, pulled);
  const dEmbedding = dEmbeddings.length === 1 ? dEmbeddings[0]! : k.addAll(dEmbeddings);
  const columnSums = dBiases.length === 1 ? dBiases[0]! : k.addAll(dBiases);
  const counts = k.float(countsOf(targets, embedding.shape[0]!), [embedding.shape[0]!]);
  const biasDifference = k.sub(columnSums, counts);
  const result = {
    loss,
    dx: k.scale(difference, 1 / rows),
    dEmbedding: k.scale(dEmbedding, 1 / rows),
    dBias: k.scale(biasDifference, 1 / rows),
    hasTargets: false,
  };
  k.dispose(ids, pulled, pushed, difference, dEmbedding, columnSums, counts, biasDifference);
  k.dispose(...dxs, ...dEmbeddings, ...dBiases);
  return result;
}

/** Loss (the sum, in nats) and how many targets had the greatest probability, without gradients. */
export function decoderEvaluate(
  k: Kernels,
  x: Tensor,
  embedding: Tensor,
  bias: Tensor,
  targets: Int32Array,
): { loss: number; correct: number } {
  if (k.fused) return fusedEvaluate(k, k.fused, x, embedding, bias, targets);
  let loss = 0;
  let correct = 0;
  for (let start = 0; start < targets.length; start += sliceRows) {
    const slice = targets.subarray(start, Math.min(targets.length, start + sliceRows));
    const [picked, best] = k.scope(() => {
      const p = probabilities(k, k.sliceRows(x, start, slice.length), embedding, bias);
      return [k.read(k.pickColumns(p, slice)), k.read(k.max(p, 1))] as const;
    });
    loss -= sumLog(picked);
    picked.forEach((value, i) => {
      if (value >= best[i]!) correct++;
    });
  }
  return { loss, correct };
}

function fusedTrain(
  k: Kernels,
  fused: FusedKernels,
  x: Tensor,
  embedding: Tensor,
  bias: Tensor,
  targets: Int32Array,
): DecoderResult {
  const ids = k.int(targets, [targets.length]);
  const { losses, best, ...gradients } = fused.crossEntropy(x, embedding, bias, ids, 1 / targets.length);
  const loss = sum(k.read(losses));
  k.dispose(ids, losses, best);
  return { loss, ...gradients, hasTargets: true };
}

function fusedEvaluate(
  k: Kernels,
  fused: FusedKernels,
  x: Tensor,
  embedding: Tensor,
  bias: Tensor,
  targets: Int32Array,
): { loss: number; correct: number } {
  return k.scope(() => {
    const { losses, best } = fused.crossEntropy(x, embedding, bias, k.int(targets, [targets.length]), null);
    return { loss: sum(k.read(losses)), correct: sum(k.read(best)) };
  });
}

function probabilities(k: Kernels, x: Tensor, embedding: Tensor, bias: Tensor): Tensor {
  const products = k.matmul(x, embedding, false, true);
  const logits = k.addBias(products, bias);
  k.dispose(products);
  const p = k.softmax(logits);
  k.dispose(logits);
  return p;
}

function sum(values: Float32Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

function sumLog(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += Math.log(Math.max(value, smallest));
  return sum;
}

function countsOf(ids: Int32Array, size: number): Float32Array {
  const counts = new Float32Array(size);
  for (const id of ids) counts[id]!++;
  return counts;
}
