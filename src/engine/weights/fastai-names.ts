import { AppError } from '../../shared/errors';

/** A plain tensor on this side of the kernels. */
export interface FloatTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export type FloatTensors = Map<string, FloatTensor>;

/** torch keeps the gates as i, f, g, o; the engine as i, f, o, g. Entry q: which torch block is the engine's block q. */
const gateOrder = [0, 1, 3, 2] as const;

/** torch's `[4·hidden, in]` to the engine's `[in, 4·hidden]`. */
export function gatesFromTorch(data: Float32Array, hidden: number, inputs: number): Float32Array {
  const result = new Float32Array(data.length);
  const width = 4 * hidden;
  gateOrder.forEach((block, q) => {
    for (let j = 0; j < hidden; j++) {
      const from = (block * hidden + j) * inputs;
      const to = q * hidden + j;
      for (let i = 0; i < inputs; i++) result[i * width + to] = data[from + i]!;
    }
  });
  return result;
}

/** The engine's `[in, 4·hidden]` to torch's `[4·hidden, in]`. */
export function gatesToTorch(data: Float32Array, hidden: number, inputs: number): Float32Array {
  const result = new Float32Array(data.length);
  const width = 4 * hidden;
  gateOrder.forEach((block, q) => {
    for (let j = 0; j < hidden; j++) {
      const to = (block * hidden + j) * inputs;
      const from = q * hidden + j;
      for (let i = 0; i < inputs; i++) result[to + i] = data[i * width + from]!;
    }
  });
  return result;
}

/** A named tensor of an expected shape. */
export function demand(tensors: FloatTensors, name: string, shape: readonly number[]): FloatTensor {
  const tensor = tensors.get(name);
  if (!tensor) {
    throw new AppError('model-format', `The weights hold no tensor named ${name}.`, {
      hint: 'Choose the weights and the configuration of the same model.',
      data: { name, names: [...tensors.keys()].slice(0, 50) },
    });
  }
  if (tensor.shape.join() !== shape.join()) {
    throw new AppError(
      'model-format',
      `Tensor ${name} has shape [${tensor.shape.join(', ')}]; expected [${shape.join(', ')}].`,
      { data: { name, got: tensor.shape, expected: shape } },
    );
  }
  return tensor;
}
