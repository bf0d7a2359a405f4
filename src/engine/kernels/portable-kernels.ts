import type * as tfjs from '@tensorflow/tfjs-core';
import type { AdamStep, Kernels, Shape, Tensor, Variable } from './kernels';
import { sizeOf } from './kernels';
import { TensorScopes } from './scoped-kernels';
import { uniformsFrom } from './uniforms';

interface PortableTensor extends Tensor {
  readonly value: tfjs.Tensor;
  disposed: boolean;
}

interface PortableVariable extends Variable {
  current: tfjs.Tensor;
}

/**
 * The kernels on public tfjs operations, for machines where TensorFlow's native library cannot be had: WebAssembly, or
 * plain JavaScript as the last resort. Slower, and the same results to within rounding.
 */
export class PortableKernels extends TensorScopes<PortableTensor> implements Kernels {
  readonly kind = 'portable';
  readonly fused = null;
  private readonly tf: typeof tfjs;

  constructor(tf: typeof tfjs) {
    super();
    this.tf = tf;
  }

  float(data: Float32Array, shape: Shape): Tensor {
    // A copy: tfjs keeps the array it is given, and ours may be filled anew for the next batch.
    return this.wrap(this.tf.tensor(data.slice(), [...shape], 'float32'));
  }

  int(data: Int32Array, shape: Shape): Tensor {
    return this.wrap(this.tf.tensor(data.slice(), [...shape], 'int32'));
  }

  fill(shape: Shape, value: number): Tensor {
    return this.wrap(this.tf.fill([...shape], value, 'float32'));
  }

  read(x: Tensor): Float32Array {
    return this.of(x).dataSync<'float32'>().slice();
  }

  matmul(a: Tensor, b: Tensor, transposeA = false, transposeB = false): Tensor {
    return this.op((tf) => tf.matMul(this.of(a) as tfjs.Tensor2D, this.of(b) as tfjs.Tensor2D, transposeA, transposeB));
  }

  add(a: Tensor, b: Tensor): Tensor {
    return this.op((tf) => tf.add(this.of(a), this.of(b)));
  }

  sub(a: Tensor, b: Tensor): Tensor {
    return this.op((tf) => tf.sub(this.of(a), this.of(b)));
  }

  mul(a: Tensor, b: Tensor): Tensor {
    return this.op((tf) => tf.mul(this.of(a), this.of(b)));
  }

  div(a: Tensor, b: Tensor): Tensor {
    return this.op((tf) => tf.div(this.of(a), this.of(b)));
  }

  addAll(tensors: readonly Tensor[]): Tensor {
    return this.op((tf) => tf.addN(tensors.map((x) => this.of(x))));
  }

  scale(x: Tensor, factor: number): Tensor {
    return this.op((tf) => tf.mul(this.of(x), factor));
  }

  addBias(x: Tensor, bias: Tensor): Tensor {
    return this.add(x, bias);
  }

  sigmoid(x: Tensor): Tensor {
    return this.op((tf) => tf.sigmoid(this.of(x)));
  }

  tanh(x: Tensor): Tensor {
    return this.op((tf) => tf.tanh(this.of(x)));
  }

  relu(x: Tensor): Tensor {
    return this.op((tf) => tf.relu(this.of(x)));
  }

  sqrt(x: Tensor): Tensor {
    return this.op((tf) => tf.sqrt(this.of(x)));
  }

  sigmoidGrad(y: Tensor, dy: Tensor): Tensor {
    return this.op((tf) => tf.mul(this.of(dy), tf.mul(this.of(y), tf.sub(1, this.of(y)))));
  }

  tanhGrad(y: Tensor, dy: Tensor): Tensor {
    return this.op((tf) => tf.mul(this.of(dy), tf.sub(1, tf.square(this.of(y)))));
  }

  reluGrad(y: Tensor, dy: Tensor): Tensor {
    return this.op((tf) => tf.mul(this.of(dy), tf.cast(tf.greater(this.of(y), 0), 'float32')));
  }

  softmax(x: Tensor): Tensor {
    return this.op((tf) => tf.softmax(this.of(x)));
  }

  reshape(x: Tensor, shape: Shape): Tensor {
    return this.op((tf) => tf.reshape(this.of(x), [...shape]));
  }

  transpose(x: Tensor): Tensor {
    return this.op((tf) => tf.transpose(this.of(x)));
  }

  splitColumns(x: Tensor, widths: readonly number[]): Tensor[] {
    return this.ops((tf) => tf.split(this.of(x), [...widths], x.shape.length - 1));
  }

  concat(tensors: readonly Tensor[], axis: number): Tensor {
    return this.op((tf) =>
      tf.concat(
        tensors.map((x) => this.of(x)),
        axis,
      ),
    );
  }

  unstack(x: Tensor): Tensor[] {
    return this.ops((tf) => tf.unstack(this.of(x)));
  }

  stack(tensors: readonly Tensor[]): Tensor {
    return this.op((tf) => tf.stack(tensors.map((x) => this.of(x))));
  }

  sliceRows(x: Tensor, start: number, count: number): Tensor {
    const begin = x.shape.map((_, axis) => (axis === 0 ? start : 0));
    const size = x.shape.map((n, axis) => (axis === 0 ? count : n));
    return this.op((tf) => tf.slice(this.of(x), begin, size));
  }

  gatherRows(table: Tensor, ids: Tensor): Tensor {
    return this.op((tf) => tf.gather(this.of(table), this.of(ids) as tfjs.Tensor1D));
  }

  pickColumns(x: Tensor, columns: Int32Array): Tensor {
    const width = x.shape[1]!;
    const flat = columns.map((column, row) => row * width + column);
    return this.op((tf) => tf.gather(tf.reshape(this.of(x), [-1]), tf.tensor1d(flat, 'int32')));
  }

  segmentSum(rows: Tensor, ids: Tensor, count: number): Tensor {
    // Written out: tfjs has unsortedSegmentSum on some backends only, and there with one full mask for each segment.
    const width = rows.shape[1]!;
    const sums = new Float32Array(count * width);
    const values = this.of(rows).dataSync<'float32'>();
    this.of(ids)
      .dataSync<'int32'>()
      .forEach((id, row) => {
        if (id < 0) return;
        for (let k = 0; k < width; k++) sums[id * width + k]! += values[row * width + k]!;
      });
    return this.wrap(this.tf.tensor(sums, [count, width]));
  }

  sum(x: Tensor, axis: number): Tensor {
    return this.op((tf) => tf.sum(this.of(x), axis));
  }

  max(x: Tensor, axis: number): Tensor {
    return this.op((tf) => tf.max(this.of(x), axis));
  }

  equal(a: Tensor, b: Tensor): Tensor {
    return this.op((tf) => tf.cast(tf.equal(this.of(a), this.of(b)), 'float32'));
  }

  sumOfSquares(tensors: readonly Tensor[]): number {
    let total = 0;
    for (const x of tensors) {
      const sum = this.tf.tidy(() => this.tf.sum(this.tf.square(this.of(x))));
      total += sum.dataSync<'float32'>()[0]!;
      sum.dispose();
    }
    return total;
  }

  dropoutMask(shape: Shape, p: number, seed: readonly [number, number]): Tensor {
    const mask = uniformsFrom(seed, sizeOf(shape));
    const kept = 1 / (1 - p);
    for (let i = 0; i < mask.length; i++) mask[i] = mask[i]! >= p ? kept : 0;
    return this.wrap(this.tf.tensor(mask, [...shape]));
  }

  variable(data: Float32Array, shape: Shape): Variable {
    const variable: PortableVariable = { shape, current: this.tf.tensor(data.slice(), [...shape], 'float32') };
    this.count(1);
    return variable;
  }

  value(variable: Variable): Tensor {
    return this.wrap(this.tf.clone((variable as PortableVariable).current));
  }

  assign(variable: Variable, value: Tensor): void {
    this.replace(variable, this.tf.clone(this.of(value)));
  }

  disposeVariable(variable: Variable): void {
    (variable as PortableVariable).current.dispose();
    this.count(-1);
  }

  adam(variable: Variable, mean: Variable, square: Variable, gradient: Tensor, step: AdamStep): void {
    const { learningRate, beta1, beta2, epsilon, weightDecay, gradientScale = 1 } = step;
    const [p, m, v] = [variable, mean, square].map((x) => (x as PortableVariable).current) as [
      tfjs.Tensor,
      tfjs.Tensor,
      tfjs.Tensor,
    ];
    const [p1, m1, v1] = this.tf.tidy(() => {
      const tf = this.tf;
      const g = tf.mul(this.of(gradient), gradientScale);
      const m1 = tf.add(tf.mul(m, beta1), tf.mul(g, 1 - beta1));
      const v1 = tf.add(tf.mul(v, beta2), tf.mul(tf.square(g), 1 - beta2));
      const root = tf.add(tf.sqrt(tf.div(v1, 1 - beta2 ** step.step)), epsilon);
      const change = tf.mul(tf.div(m1, root), learningRate / (1 - beta1 ** step.step));
      return [tf.sub(tf.mul(p, 1 - learningRate * weightDecay), change), m1, v1];
    });
    this.replace(variable, p1!);
    this.replace(mean, m1!);
    this.replace(square, v1!);
  }

  sgd(variable: Variable, gradient: Tensor, learningRate: number): void {
    const p = (variable as PortableVariable).current;
    this.replace(
      variable,
      this.tf.tidy(() => this.tf.sub(p, this.tf.mul(this.of(gradient), learningRate))),
    );
  }

  protected free(tensor: PortableTensor): void {
    tensor.value.dispose();
  }

  private replace(variable: Variable, value: tfjs.Tensor): void {
    const own = variable as PortableVariable;
    own.current.dispose();
    own.current = value;
  }

  private of(x: Tensor): tfjs.Tensor {
    return (x as PortableTensor).value;
  }

  private op(compute: (tf: typeof tfjs) => tfjs.Tensor): Tensor {
    return this.wrap(this.tf.tidy(() => compute(this.tf)));
  }

  private ops(compute: (tf: typeof tfjs) => tfjs.Tensor[]): Tensor[] {
    return this.tf.tidy(() => compute(this.tf)).map((value) => this.wrap(value));
  }

  private wrap(value: tfjs.Tensor): Tensor {
    const dtype = value.dtype === 'int32' ? 'int32' : 'float32';
    return this.track({ value, shape: value.shape, dtype, disposed: false });
  }
}
