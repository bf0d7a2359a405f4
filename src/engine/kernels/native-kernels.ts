import { AppError } from '../../shared/errors';
import type { FusedFacts, FusedKernels } from './fused-kernels';
import type { AdamStep, Kernels, Shape, Tensor, Variable } from './kernels';
import { sizeOf } from './kernels';
import { commonAttributes } from './native-attributes';
import { fusedOperations } from './native-fused';
import type { OpAttribute, OpOutput, TensorFlowBinding } from './native-binding';
import { TensorScopes } from './scoped-kernels';

interface NativeTensor extends Tensor {
  readonly id: number;
  disposed: boolean;
}

interface NativeVariable extends Variable {
  readonly handle: number;
}

/**
 * The kernels on TensorFlow's own operations, called by number through tfjs-node's binding: no tfjs tensor objects,
 * no autograd tape, variables changed in place. `BatchMatMulV2` and not `MatMul`, since only the former reaches oneDNN
 * (AMX and AVX-512 BF16 where the processor has them).
 */
export class NativeKernels extends TensorScopes<NativeTensor> implements Kernels {
  readonly kind = 'native';
  readonly fused: FusedKernels | null;
  private readonly binding: TensorFlowBinding;
  private readonly attributes: ReturnType<typeof commonAttributes>;
  private readonly axes = new Map<number, number>();
  private variables = 0;

  /** @param fused what the addon was configured to, once it is loaded; null does without it */
  constructor(binding: TensorFlowBinding, fused: FusedFacts | null = null) {
    super();
    this.binding = binding;
    this.attributes = commonAttributes(binding);
    this.fused = fused
      ? fusedOperations(fused, binding, {
          run: (op, attributes, inputs, outputs) => this.many(op, attributes, inputs, outputs),
          idOf,
        })
      : null;
  }

  float(data: Float32Array, shape: Shape): Tensor {
    return this.made({ id: this.binding.createTensor(shape, this.binding.TF_FLOAT, data), shape, dtype: 'float32' });
  }

  int(data: Int32Array, shape: Shape): Tensor {
    return this.made({ id: this.binding.createTensor(shape, this.binding.TF_INT32, data), shape, dtype: 'int32' });
  }

  fill(shape: Shape, value: number): Tensor {
    const dims = this.ints(shape);
    const scalar = this.scalar(value);
    const result = this.one('Fill', this.attributes.fill, [dims, scalar]);
    this.forget(dims, scalar);
    return result;
  }

  read(x: Tensor): Float32Array {
    // The binding's answer is a copy of its own already.
    return this.binding.tensorDataSync(idOf(x)) as Float32Array;
  }

  matmul(a: Tensor, b: Tensor, transposeA = false, transposeB = false): Tensor {
    const which = (transposeA ? 2 : 0) + (transposeB ? 1 : 0);
    return this.fused
      ? this.one('ThawProduct', this.attributes.product[which]!, [idOf(a), idOf(b)])
      : this.one('BatchMatMulV2', this.attributes.matmul[which]!, [idOf(a), idOf(b)]);
  }

  add(a: Tensor, b: Tensor): Tensor {
    return this.one('AddV2', this.attributes.float, [idOf(a), idOf(b)]);
  }

  sub(a: Tensor, b: Tensor): Tensor {
    return this.one('Sub', this.attributes.float, [idOf(a), idOf(b)]);
  }

  mul(a: Tensor, b: Tensor): Tensor {
    return this.one('Mul', this.attributes.float, [idOf(a), idOf(b)]);
  }

  div(a: Tensor, b: Tensor): Tensor {
    return this.one('RealDiv', this.attributes.float, [idOf(a), idOf(b)]);
  }

  addAll(tensors: readonly Tensor[]): Tensor {
    return this.one('AddN', [this.int1('N', tensors.length), this.attributes.T], tensors.map(idOf));
  }

  scale(x: Tensor, factor: number): Tensor {
    const scalar = this.scalar(factor);
    const result = this.one('Mul', this.attributes.float, [idOf(x), scalar]);
    this.forget(scalar);
    return result;
  }

  addBias(x: Tensor, bias: Tensor): Tensor {
    return this.one('BiasAdd', this.attributes.float, [idOf(x), idOf(bias)]);
  }

  sigmoid(x: Tensor): Tensor {
    return this.one('Sigmoid', this.attributes.float, [idOf(x)]);
  }

  tanh(x: Tensor): Tensor {
    return this.one('Tanh', this.attributes.float, [idOf(x)]);
  }

  relu(x: Tensor): Tensor {
    return this.one('Relu', this.attributes.float, [idOf(x)]);
  }

  sqrt(x: Tensor): Tensor {
    return this.one('Sqrt', this.attributes.float, [idOf(x)]);
  }

  sigmoidGrad(y: Tensor, dy: Tensor): Tensor {
    return this.one('SigmoidGrad', this.attributes.float, [idOf(y), idOf(dy)]);
  }

  tanhGrad(y: Tensor, dy: Tensor): Tensor {
    return this.one('TanhGrad', this.attributes.float, [idOf(y), idOf(dy)]);
  }

  reluGrad(y: Tensor, dy: Tensor): Tensor {
    return this.one('ReluGrad', this.attributes.float, [idOf(dy), idOf(y)]);
  }

  softmax(x: Tensor): Tensor {
    return this.one('Softmax', this.attributes.float, [idOf(x)]);
  }

  reshape(x: Tensor, shape: Shape): Tensor {
    const dims = this.ints(shape);
    const result = this.one('Reshape', [this.typeOf(x), this.attributes.Tshape], [idOf(x), dims]);
    this.forget(dims);
    return result;
  }

  transpose(x: Tensor): Tensor {
    const order = this.ints([1, 0]);
    const result = this.one('Transpose', [this.attributes.T, this.attributes.Tperm], [idOf(x), order]);
    this.forget(order);
    return result;
  }

  splitColumns(x: Tensor, widths: readonly number[]): Tensor[] {
    const axis = this.axis(x.shape.length - 1);
    const count = this.int1('num_split', widths.length);
    if (widths.every((width) => width === widths[0])) {
      return this.many('Split', [count, this.attributes.T], [axis, idOf(x)], widths.length);
    }
    const sizes = this.ints(widths);
    const parts = this.many(
      'SplitV',
      [count, this.attributes.T, this.attributes.Tlen],
      [idOf(x), sizes, axis],
      widths.length,
    );
    this.forget(sizes);
    return parts;
  }

  concat(tensors: readonly Tensor[], axis: number): Tensor {
    const attributes = [this.int1('N', tensors.length), this.typeOf(tensors[0]!), this.attributes.Tidx];
    return this.one('ConcatV2', attributes, [...tensors.map(idOf), this.axis(axis)]);
  }

  unstack(x: Tensor): Tensor[] {
    const n = x.shape[0]!;
    return this.many('Unpack', [this.int1('num', n), this.attributes.T, this.int1('axis', 0)], [idOf(x)], n);
  }

  stack(tensors: readonly Tensor[]): Tensor {
    const attributes = [this.int1('N', tensors.length), this.attributes.T, this.int1('axis', 0)];
    return this.one('Pack', attributes, tensors.map(idOf));
  }

  sliceRows(x: Tensor, start: number, count: number): Tensor {
    const begin = this.ints(x.shape.map((_, axis) => (axis === 0 ? start : 0)));
    const size = this.ints(x.shape.map((n, axis) => (axis === 0 ? count : n)));
    const result = this.one('Slice', [this.typeOf(x), this.attributes.Index], [idOf(x), begin, size]);
    this.forget(begin, size);
    return result;
  }

  gatherRows(table: Tensor, ids: Tensor): Tensor {
    return this.one('GatherV2', this.attributes.gather, [idOf(table), idOf(ids), this.axis(0)]);
  }

  pickColumns(x: Tensor, columns: Int32Array): Tensor {
    const places = new Int32Array(columns.length * 2);
    columns.forEach((column, row) => {
      places[2 * row] = row;
      places[2 * row + 1] = column;
    });
    const indices = this.binding.createTensor([columns.length, 2], this.binding.TF_INT32, places);
    const result = this.one('GatherNd', [this.attributes.Tparams, this.attributes.Tindices], [idOf(x), indices]);
    this.forget(indices);
    return result;
  }

  segmentSum(rows: Tensor, ids: Tensor, count: number): Tensor {
    const segments = this.binding.createTensor([], this.binding.TF_INT32, Int32Array.of(count));
    const result = this.one('UnsortedSegmentSum', this.attributes.segment, [idOf(rows), idOf(ids), segments]);
    this.forget(segments);
    return result;
  }

  sum(x: Tensor, axis: number): Tensor {
    return this.one('Sum', this.attributes.reduce, [idOf(x), this.axis(axis)]);
  }

  max(x: Tensor, axis: number): Tensor {
    return this.one('Max', this.attributes.reduce, [idOf(x), this.axis(axis)]);
  }

  equal(a: Tensor, b: Tensor): Tensor {
    const [same] = this.binding.executeOp('Equal', this.attributes.float, [idOf(a), idOf(b)], 1);
    return this.castBool(same!);
  }

  sumOfSquares(tensors: readonly Tensor[]): number {
    // L2Loss is half the sum of squares, in one multi-threaded pass.
    const halves = tensors.map((x) => this.binding.executeOp('L2Loss', this.attributes.float, [idOf(x)], 1)[0]!.id);
    const total = halves.reduce((sum, id) => sum + this.binding.tensorDataSync(id)[0]!, 0);
    this.forget(...halves);
    return 2 * total;
  }

  dropoutMask(shape: Shape, p: number, seed: readonly [number, number]): Tensor {
    if (this.fused && shape.length <= 2) return this.fused.dropoutMask(shape, p, seed);
    const dims = this.ints(shape);
    const key = this.ints(seed);
    const [uniform] = this.binding.executeOp('StatelessRandomUniform', this.attributes.random, [dims, key], 1);
    const threshold = this.scalar(p);
    const [kept] = this.binding.executeOp('GreaterEqual', this.attributes.float, [uniform!.id, threshold], 1);
    this.forget(dims, key, uniform!.id, threshold);
    const mask = this.castBool(kept!);
    const scaled = this.scale(mask, 1 / (1 - p));
    this.dispose(mask);
    return scaled;
  }

  variable(data: Float32Array, shape: Shape): Variable {
    const { TF_ATTR_SHAPE, TF_ATTR_STRING } = this.binding;
    const attributes: OpAttribute[] = [
      this.attributes.dtype,
      { name: 'shape', type: TF_ATTR_SHAPE, value: shape },
      { name: 'shared_name', type: TF_ATTR_STRING, value: `thaw-${process.pid}-${nextVariable++}` },
      { name: 'container', type: TF_ATTR_STRING, value: '' },
    ];
    const [handle] = this.binding.executeOp('VarHandleOp', attributes, [], 1);
    const variable: NativeVariable = { shape, handle: handle!.id };
    const value = this.binding.createTensor(shape, this.binding.TF_FLOAT, data);
    // A tensor lies in the memory of the array it was made from, where that happens to be aligned: a variable that is
    // changed in place would change the array, and another variable made from it.
    const [own] = this.binding.executeOp('DeepCopy', this.attributes.float, [value], 1);
    this.binding.executeOp('AssignVariableOp', [this.attributes.dtype], [handle!.id, own!.id], 0);
    this.forget(value, own!.id);
    this.variables++;
    this.count(1);
    return variable;
  }

  value(variable: Variable): Tensor {
    return this.one('ReadVariableOp', [this.attributes.dtype], [handleOf(variable)]);
  }

  assign(variable: Variable, value: Tensor): void {
    this.binding.executeOp('AssignVariableOp', [this.attributes.dtype], [handleOf(variable), idOf(value)], 0);
  }

  disposeVariable(variable: Variable): void {
    this.binding.executeOp('DestroyResourceOp', this.attributes.destroy, [handleOf(variable)], 0);
    this.forget(handleOf(variable));
    this.variables--;
    this.count(-1);
  }

  adam(variable: Variable, mean: Variable, square: Variable, gradient: Tensor, step: AdamStep): void {
    const { learningRate, beta1, beta2, weightDecay, gradientScale = 1 } = step;
    const debias = Math.sqrt(1 - beta2 ** step.step);
    // TensorFlow adds epsilon to the root that is not debiased; fastai and the paper to the debiased one.
    const epsilon = step.epsilon * debias;
    const decay = 1 - learningRate * weightDecay;
    if (this.fused) {
      const rate = (learningRate * debias) / (1 - beta1 ** step.step);
      const [p, m, v] = [this.value(variable), this.value(mean), this.value(square)];
      const numbers = Float32Array.of(gradientScale, beta1, beta2, rate, epsilon, decay);
      const changed = this.fused.adam(p, m, v, gradient, numbers);
      this.assign(variable, changed);
      return this.dispose(p, m, v, changed);
    }
    if (weightDecay !== 0) this.decay(variable, decay);
    const scaled = gradientScale === 1 ? gradient : this.scale(gradient, gradientScale);
    const scalars = [beta1 ** step.step, beta2 ** step.step, learningRate, beta1, beta2, epsilon].map((value) =>
      this.scalar(value),
    );
    const handles = [variable, mean, square].map(handleOf);
    this.binding.executeOp('ResourceApplyAdam', this.attributes.adam, [...handles, ...scalars, idOf(scaled)], 0);
    this.forget(...scalars);
    if (scaled !== gradient) this.dispose(scaled);
  }

  sgd(variable: Variable, gradient: Tensor, learningRate: number): void {
    const rate = this.scalar(learningRate);
    const inputs = [handleOf(variable), rate, idOf(gradient)];
    this.binding.executeOp('ResourceApplyGradientDescent', this.attributes.sgd, inputs, 0);
    this.forget(rate);
  }

  protected free(tensor: NativeTensor): void {
    this.binding.deleteTensor(tensor.id);
  }

  private decay(variable: Variable, factor: number): void {
    const value = this.value(variable);
    const smaller = this.scale(value, factor);
    this.assign(variable, smaller);
    this.dispose(value, smaller);
  }

  private made(tensor: Omit<NativeTensor, 'disposed'>): Tensor {
    return this.track({ ...tensor, disposed: false });
  }

  private wrap(output: OpOutput): Tensor {
    return this.made({
      id: output.id,
      shape: output.shape,
      dtype: output.dtype === this.binding.TF_INT32 ? 'int32' : 'float32',
    });
  }

  private one(op: string, attributes: readonly OpAttribute[], inputs: readonly number[]): Tensor {
    return this.wrap(this.binding.executeOp(op, attributes, inputs, 1)[0]!);
  }

  private many(op: string, attributes: readonly OpAttribute[], inputs: readonly number[], n: number): Tensor[] {
    return this.binding.executeOp(op, attributes, inputs, n).map((output) => this.wrap(output));
  }

  private castBool(output: OpOutput): Tensor {
    const result = this.one('Cast', this.attributes.castBool, [output.id]);
    this.forget(output.id);
    return result;
  }

  private scalar(value: number): number {
    return this.binding.createTensor([], this.binding.TF_FLOAT, Float32Array.of(value));
  }

  private ints(values: readonly number[]): number {
    return this.binding.createTensor([values.length], this.binding.TF_INT32, Int32Array.from(values));
  }

  /** The axis arguments are so few that they stay. */
  private axis(axis: number): number {
    let id = this.axes.get(axis);
    if (id === undefined) {
      id = this.binding.createTensor([], this.binding.TF_INT32, Int32Array.of(axis));
      this.axes.set(axis, id);
    }
    return id;
  }

  private forget(...ids: readonly number[]): void {
    for (const id of ids) this.binding.deleteTensor(id);
  }

  private int1(name: string, value: number): OpAttribute {
    return { name, type: this.binding.TF_ATTR_INT, value };
  }

  private typeOf(x: Tensor): OpAttribute {
    return x.dtype === 'int32' ? this.attributes.Tint : this.attributes.T;
  }
}

/** Shared names keep variables of one process apart; they are never used to find one again. */
let nextVariable = 0;

function idOf(x: Tensor): number {
  const tensor = x as NativeTensor;
  if (tensor.disposed) {
    throw new AppError('internal', `A tensor of shape [${x.shape.join(', ')}] was used after it was freed.`, {
      data: { elements: sizeOf(x.shape) },
    });
  }
  return tensor.id;
}

function handleOf(variable: Variable): number {
  return (variable as NativeVariable).handle;
}
