import { AppError } from '../../shared/errors';
import type { EncoderConfig } from '../model/config';
import { layerInput, layerWidth } from '../model/config';

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

/**
 * An encoder (and decoder) under fastai's names to the engine's parameters. Names may carry a prefix such as `0.` or
 * `0.module.`; of a weight that is dropped, the raw one counts. torch's two biases of a layer become their sum.
 * @throws AppError 'model-format' where a tensor is missing or of another shape
 */
export function encoderFromFastai(tensors: FloatTensors, prefix: string, config: EncoderConfig): FloatTensors {
  const result: FloatTensors = new Map();
  const embedding = demand(tensors, `${prefix}encoder.weight`, [config.vocabulary, config.embedding]);
  result.set('embedding', embedding);
  for (let layer = 0; layer < config.layers; layer++) {
    const [hidden, inputs] = [layerWidth(config, layer), layerInput(config, layer)];
    const base = `${prefix}rnns.${layer}.`;
    const raw = tensors.has(`${base}weight_hh_l0_raw`) ? `${base}weight_hh_l0_raw` : `${base}module.weight_hh_l0`;
    const input = demand(tensors, `${base}module.weight_ih_l0`, [4 * hidden, inputs]);
    const recurrent = demand(tensors, raw, [4 * hidden, hidden]);
    const [first, second] = ['bias_ih_l0', 'bias_hh_l0'].map((name) =>
      demand(tensors, `${base}module.${name}`, [4 * hidden]),
    );
    const bias = first!.data.map((value, i) => value + second!.data[i]!);
    result.set(`rnns.${layer}.input`, {
      shape: [inputs, 4 * hidden],
      data: gatesFromTorch(input.data, hidden, inputs),
    });
    result.set(`rnns.${layer}.recurrent`, {
      shape: [hidden, 4 * hidden],
      data: gatesFromTorch(recurrent.data, hidden, hidden),
    });
    result.set(`rnns.${layer}.bias`, { shape: [4 * hidden], data: gatesFromTorch(bias, hidden, 1) });
  }
  return result;
}

/** The reverse of {@link encoderFromFastai}; the sum of the biases is stored as the first of the two. */
export function encoderToFastai(tensors: FloatTensors, prefix: string, config: EncoderConfig): FloatTensors {
  const result: FloatTensors = new Map();
  const embedding = demand(tensors, 'embedding', [config.vocabulary, config.embedding]);
  result.set(`${prefix}encoder.weight`, embedding);
  for (let layer = 0; layer < config.layers; layer++) {
    const [hidden, inputs] = [layerWidth(config, layer), layerInput(config, layer)];
    const base = `${prefix}rnns.${layer}.`;
    const of = (name: string, shape: readonly number[]) => demand(tensors, `rnns.${layer}.${name}`, shape).data;
    const input = gatesToTorch(of('input', [inputs, 4 * hidden]), hidden, inputs);
    const recurrent = gatesToTorch(of('recurrent', [hidden, 4 * hidden]), hidden, hidden);
    result.set(`${base}module.weight_ih_l0`, { shape: [4 * hidden, inputs], data: input });
    result.set(`${base}weight_hh_l0_raw`, { shape: [4 * hidden, hidden], data: recurrent });
    result.set(`${base}module.bias_ih_l0`, {
      shape: [4 * hidden],
      data: gatesToTorch(of('bias', [4 * hidden]), hidden, 1),
    });
    result.set(`${base}module.bias_hh_l0`, { shape: [4 * hidden], data: new Float32Array(4 * hidden) });
  }
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
