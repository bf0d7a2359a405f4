import type { EncoderConfig } from '../model/config';
import { directionWidth, layerInput, qrnnSettings } from '../model/config';
import { directionPrefix } from '../model/recurrent-layer';
import type { FloatTensor, FloatTensors } from './fastai-names';
import { demand, gatesFromTorch, gatesToTorch } from './fastai-names';

/**
 * An encoder under fastai's names to the engine's parameters. Names may carry a prefix such as `0.` or `0.module.`; of
 * a weight that is dropped, the raw one counts. torch's two biases of an LSTM layer become their sum.
 * @throws AppError 'model-format' where a tensor is missing or of another shape
 */
export function encoderFromFastai(tensors: FloatTensors, prefix: string, config: EncoderConfig): FloatTensors {
  const result: FloatTensors = new Map();
  result.set('embedding', demand(tensors, `${prefix}encoder.weight`, [config.vocabulary, config.embedding]));
  for (const direction of directionsOf(config)) {
    const base = `${prefix}rnns.${direction.layer}.`;
    for (const [name, tensor] of readers[config.kind](tensors, base, config, direction)) {
      result.set(directionPrefix(direction.layer, direction.reverse) + name, tensor);
    }
  }
  return result;
}

/** The reverse of {@link encoderFromFastai}; the sum of an LSTM's biases is stored as the first of the two. */
export function encoderToFastai(tensors: FloatTensors, prefix: string, config: EncoderConfig): FloatTensors {
  const result: FloatTensors = new Map();
  result.set(`${prefix}encoder.weight`, demand(tensors, 'embedding', [config.vocabulary, config.embedding]));
  for (const direction of directionsOf(config)) {
    const own = directionPrefix(direction.layer, direction.reverse);
    const of = (name: string, shape: readonly number[]): Float32Array => demand(tensors, own + name, shape).data;
    for (const [name, tensor] of writers[config.kind](of, config, direction)) {
      result.set(`${prefix}rnns.${direction.layer}.${name}`, tensor);
    }
  }
  return result;
}

interface Direction {
  readonly layer: number;
  readonly reverse: boolean;
}

type Reader = (tensors: FloatTensors, base: string, config: EncoderConfig, direction: Direction) => FloatTensors;
type Writer = (
  of: (name: string, shape: readonly number[]) => Float32Array,
  config: EncoderConfig,
  direction: Direction,
) => FloatTensors;

const readers: Readonly<Record<EncoderConfig['kind'], Reader>> = {
  'awd-lstm': readLstm,
  gru: readGru,
  qrnn: readQrnn,
};
const writers: Readonly<Record<EncoderConfig['kind'], Writer>> = {
  'awd-lstm': writeLstm,
  gru: writeGru,
  qrnn: writeQrnn,
};

function directionsOf(config: EncoderConfig): Direction[] {
  const layers = Array.from({ length: config.layers }, (_, layer) => layer);
  const ways = config.bidirectional ? [false, true] : [false];
  return layers.flatMap((layer) => ways.map((reverse) => ({ layer, reverse })));
}

/** torch's names of one direction of an LSTM or GRU; fastai drops, and so renames, only the forward recurrent weights. */
function torchNames({ reverse }: Direction) {
  const way = reverse ? '_reverse' : '';
  return {
    input: `module.weight_ih_l0${way}`,
    raw: reverse ? 'module.weight_hh_l0_reverse' : 'weight_hh_l0_raw',
    undropped: `module.weight_hh_l0${way}`,
    biases: [`module.bias_ih_l0${way}`, `module.bias_hh_l0${way}`] as const,
  };
}

function readLstm(tensors: FloatTensors, base: string, config: EncoderConfig, direction: Direction): FloatTensors {
  const [hidden, inputs] = [directionWidth(config, direction.layer), layerInput(config, direction.layer)];
  const names = torchNames(direction);
  const raw = tensors.has(base + names.raw) ? names.raw : names.undropped;
  const input = demand(tensors, base + names.input, [4 * hidden, inputs]);
  const recurrent = demand(tensors, base + raw, [4 * hidden, hidden]);
  const [first, second] = names.biases.map((name) => demand(tensors, base + name, [4 * hidden]).data);
  const bias = first!.map((value, i) => value + second![i]!);
  return new Map([
    ['input', { shape: [inputs, 4 * hidden], data: gatesFromTorch(input.data, hidden, inputs) }],
    ['recurrent', { shape: [hidden, 4 * hidden], data: gatesFromTorch(recurrent.data, hidden, hidden) }],
    ['bias', { shape: [4 * hidden], data: gatesFromTorch(bias, hidden, 1) }],
  ]);
}

function writeLstm(of: Parameters<Writer>[0], config: EncoderConfig, direction: Direction): FloatTensors {
  const [hidden, inputs] = [directionWidth(config, direction.layer), layerInput(config, direction.layer)];
  const names = torchNames(direction);
  const bias = gatesToTorch(of('bias', [4 * hidden]), hidden, 1);
  return new Map([
    [
      names.input,
      { shape: [4 * hidden, inputs], data: gatesToTorch(of('input', [inputs, 4 * hidden]), hidden, inputs) },
    ],
    [
      names.raw,
      { shape: [4 * hidden, hidden], data: gatesToTorch(of('recurrent', [hidden, 4 * hidden]), hidden, hidden) },
    ],
    [names.biases[0], { shape: [4 * hidden], data: bias }],
    [names.biases[1], { shape: [4 * hidden], data: new Float32Array(4 * hidden) }],
  ]);
}

/** torch's gates lie in the engine's order; of its two biases only the candidate's must stay apart. */
function readGru(tensors: FloatTensors, base: string, config: EncoderConfig, direction: Direction): FloatTensors {
  const [hidden, inputs] = [directionWidth(config, direction.layer), layerInput(config, direction.layer)];
  const names = torchNames(direction);
  const raw = tensors.has(base + names.raw) ? names.raw : names.undropped;
  const [first, second] = names.biases.map((name) => demand(tensors, base + name, [3 * hidden]).data);
  const bias = first!.map((value, i) => (i < 2 * hidden ? value + second![i]! : value));
  return new Map([
    ['input', turned(demand(tensors, base + names.input, [3 * hidden, inputs]))],
    ['recurrent', turned(demand(tensors, base + raw, [3 * hidden, hidden]))],
    ['bias', { shape: [3 * hidden], data: bias }],
    ['candidateBias', { shape: [hidden], data: second!.slice(2 * hidden) }],
  ]);
}

function writeGru(of: Parameters<Writer>[0], config: EncoderConfig, direction: Direction): FloatTensors {
  const [hidden, inputs] = [directionWidth(config, direction.layer), layerInput(config, direction.layer)];
  const names = torchNames(direction);
  const second = new Float32Array(3 * hidden);
  second.set(of('candidateBias', [hidden]), 2 * hidden);
  return new Map([
    [names.input, turned({ shape: [inputs, 3 * hidden], data: of('input', [inputs, 3 * hidden]) })],
    [names.raw, turned({ shape: [hidden, 3 * hidden], data: of('recurrent', [hidden, 3 * hidden]) })],
    [names.biases[0], { shape: [3 * hidden], data: of('bias', [3 * hidden]) }],
    [names.biases[1], { shape: [3 * hidden], data: second }],
  ]);
}

/** fastai's names of one direction of a QRNN; the first that is there counts. Only the forward weights are dropped. */
function linearNames({ reverse }: Direction) {
  const base = reverse ? 'layers_bwd.0.linear.' : 'layers.0.linear.';
  return {
    weights: (reverse ? ['weight', 'weight_raw', 'module.weight'] : ['weight_raw', 'module.weight', 'weight']).map(
      (name) => base + name,
    ),
    biases: (reverse ? ['bias', 'module.bias'] : ['module.bias', 'bias']).map((name) => base + name),
  };
}

function readQrnn(tensors: FloatTensors, base: string, config: EncoderConfig, direction: Direction): FloatTensors {
  const { rows, columns, convert } = qrnnConversion(config, direction.layer);
  const names = linearNames(direction);
  const present = (candidates: readonly string[]): string =>
    base + (candidates.find((name) => tensors.has(base + name)) ?? candidates[0]!);
  const weight = demand(tensors, present(names.weights), [rows, columns]);
  const bias = demand(tensors, present(names.biases), [rows]);
  return new Map([
    ['input', turned({ shape: [rows, columns], data: convert(weight.data, columns) })],
    ['bias', { shape: [rows], data: convert(bias.data, 1) }],
  ]);
}

function writeQrnn(of: Parameters<Writer>[0], config: EncoderConfig, direction: Direction): FloatTensors {
  const { rows, columns, convert } = qrnnConversion(config, direction.layer);
  const names = linearNames(direction);
  const weight = turned({ shape: [columns, rows], data: of('input', [columns, rows]) });
  return new Map([
    [names.weights[0]!, { shape: [rows, columns], data: convert(weight.data, columns) }],
    [names.biases[0]!, { shape: [rows], data: convert(of('bias', [rows]), 1) }],
  ]);
}

/**
 * fastai's F gate is what a cell takes of z, the engine's and the paper's what it keeps: 1 − σ(a) = σ(−a), so its rows
 * change their sign. fastai puts x[t] before x[t − 1], the engine after it. Both ways are the same conversion.
 */
function qrnnConversion(config: EncoderConfig, layer: number) {
  const [hidden, inputs] = [directionWidth(config, layer), layerInput(config, layer)];
  const { window, outputGate } = qrnnSettings(config, layer);
  const rows = (outputGate ? 3 : 2) * hidden;
  const convert = (data: Float32Array, columns: number): Float32Array => {
    const swap = columns > 1 && window === 2;
    return data.map((_, i) => {
      const [row, column] = [Math.floor(i / columns), i % columns];
      const from = swap ? (column + inputs) % columns : column;
      const value = data[row * columns + from]!;
      return row >= hidden && row < 2 * hidden ? -value : value;
    });
  };
  return { rows, columns: window * inputs, convert };
}

/** `[rows, columns]` to `[columns, rows]`. */
function turned({ shape, data }: FloatTensor): FloatTensor {
  const [rows, columns] = shape as [number, number];
  const result = new Float32Array(data.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) result[j * rows + i] = data[i * columns + j]!;
  return { shape: [columns, rows], data: result };
}
