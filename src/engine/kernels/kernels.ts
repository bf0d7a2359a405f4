import type { FusedKernels } from './fused-kernels';

/**
 * The seam between the model and the machine: every numerical step of the model, its gradients and its optimisers is
 * written on this interface. Two implementations stand behind it: {@link file://./native-kernels.ts native}
 * (TensorFlow's raw kernels) and {@link file://./portable-kernels.ts portable} (public tfjs operations).
 *
 * Ownership: every function that returns a tensor makes a new one. Inside {@link Kernels.scope} all of them are freed
 * at the end but those that the scope returns; outside, the caller frees them. Arguments are never freed.
 */
export interface Kernels {
  readonly kind: 'native' | 'portable';
  /** Whole layers in one call, where this machine has them. */
  readonly fused: FusedKernels | null;
  /** How many tensors and variables are alive: a training step must leave it as it found it. */
  liveTensors(): number;

  /** Runs `body`; frees every tensor made in it but those in its result (also inside arrays, maps and plain objects). */
  scope<R>(body: () => R): R;
  /** Takes tensors out of every open scope: from now on the caller frees them. */
  keep(...tensors: readonly Tensor[]): void;
  /** Frees tensors at once, inside or outside a scope; freeing twice is harmless. */
  dispose(...tensors: readonly (Tensor | null | undefined)[]): void;

  float(data: Float32Array, shape: Shape): Tensor;
  int(data: Int32Array, shape: Shape): Tensor;
  fill(shape: Shape, value: number): Tensor;
  /** Copies the values out; waits for the device. */
  read(x: Tensor): Float32Array;

  /** a · b for matrices; a transposed operand is read in place. `[m, k] · [k, n] = [m, n]` */
  matmul(a: Tensor, b: Tensor, transposeA?: boolean, transposeB?: boolean): Tensor;
  /** Elementwise with broadcasting. */
  add(a: Tensor, b: Tensor): Tensor;
  sub(a: Tensor, b: Tensor): Tensor;
  mul(a: Tensor, b: Tensor): Tensor;
  div(a: Tensor, b: Tensor): Tensor;
  /** The sum of tensors of one shape in a single pass. */
  addAll(tensors: readonly Tensor[]): Tensor;
  /** x · factor */
  scale(x: Tensor, factor: number): Tensor;
  /** `[rows, n] + [n]` */
  addBias(x: Tensor, bias: Tensor): Tensor;

  sigmoid(x: Tensor): Tensor;
  tanh(x: Tensor): Tensor;
  relu(x: Tensor): Tensor;
  sqrt(x: Tensor): Tensor;
  /** dy · y · (1 − y), of the result y of {@link sigmoid}. */
  sigmoidGrad(y: Tensor, dy: Tensor): Tensor;
  /** dy · (1 − y²), of the result y of {@link tanh}. */
  tanhGrad(y: Tensor, dy: Tensor): Tensor;
  /** dy where y > 0, else 0. */
  reluGrad(y: Tensor, dy: Tensor): Tensor;
  /** Softmax over the last axis of a matrix. */
  softmax(x: Tensor): Tensor;

  reshape(x: Tensor, shape: Shape): Tensor;
  transpose(x: Tensor): Tensor;
  /** Cuts a matrix into column blocks of the given widths. */
  splitColumns(x: Tensor, widths: readonly number[]): Tensor[];
  concat(tensors: readonly Tensor[], axis: number): Tensor;
  /** `[n, …]` to n tensors of shape `[…]`, and back. */
  unstack(x: Tensor): Tensor[];
  stack(tensors: readonly Tensor[]): Tensor;
  sliceRows(x: Tensor, start: number, count: number): Tensor;

  /** `table[ids]`: `[v, n]`, ids `[k]` to `[k, n]`. */
  gatherRows(table: Tensor, ids: Tensor): Tensor;
  /** One element of each row: `x[i, columns[i]]`, `[rows]`. */
  pickColumns(x: Tensor, columns: Int32Array): Tensor;
  /** Sums the rows that share an id: rows `[k, n]`, ids `[k]` to `[count, n]`. Rows with a negative id are dropped. */
  segmentSum(rows: Tensor, ids: Tensor, count: number): Tensor;

  /** Sum over one axis, which disappears. */
  sum(x: Tensor, axis: number): Tensor;
  max(x: Tensor, axis: number): Tensor;
  /** 1 where a = b, else 0 (with broadcasting). */
  equal(a: Tensor, b: Tensor): Tensor;
  /** Σ x², read out. Waits for the device. */
  sumOfSquares(tensors: readonly Tensor[]): number;

  /** 0 with probability p, else 1/(1−p); the same seed gives the same mask. */
  dropoutMask(shape: Shape, p: number, seed: readonly [number, number]): Tensor;

  /** A tensor with an identity that an optimiser changes in place. Lives until {@link disposeVariable}. */
  variable(data: Float32Array, shape: Shape): Variable;
  /** The present value; free it before the variable is changed, or the change has to copy. */
  value(variable: Variable): Tensor;
  assign(variable: Variable, value: Tensor): void;
  disposeVariable(variable: Variable): void;
  /** One Adam step in place (Kingma & Ba; decoupled weight decay first, as fastai's `Adam`). */
  adam(variable: Variable, mean: Variable, square: Variable, gradient: Tensor, step: AdamStep): void;
  /** variable −= learningRate · gradient, in place. */
  sgd(variable: Variable, gradient: Tensor, learningRate: number): void;
}

export type Shape = readonly number[];

/** A value on the device. Opaque: only the kernels that made it can read it. */
export interface Tensor {
  readonly shape: Shape;
  readonly dtype: 'float32' | 'int32';
}

/** A tensor that is changed in place. */
export interface Variable {
  readonly shape: Shape;
}

/** What one Adam step needs. */
export interface AdamStep {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
  /** What the gradient is multiplied by first: clipping. 1 where none is given. */
  readonly gradientScale?: number | undefined;
  /** How many steps this variable has taken, this one included. */
  readonly step: number;
}

/** The number of elements of a shape. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, n) => product * n, 1);
}
