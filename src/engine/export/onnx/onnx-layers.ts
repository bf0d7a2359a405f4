import { directionWidth, layerInput, qrnnSettings, type EncoderConfig } from '../../model/config';
import { directionPrefix } from '../../model/recurrent-layer';
import { demand, type FloatTensor, type FloatTensors } from '../../weights/fastai-names';
import { OnnxGraph } from './onnx-graph';

/** What a layer of the encoder is built from, and into. */
export interface LayerSource {
  readonly graph: OnnxGraph;
  readonly tensors: FloatTensors; // under the engine's names
  readonly config: EncoderConfig;
  readonly layer: number;
  /** Tokens of each text, 32-bit. // [batch] */
  readonly lengths: string;
}

/** The output of a layer over whole texts. // [time, batch, in] → [time, batch, width] */
export function onnxLayer(source: LayerSource, input: string): string {
  switch (source.config.kind) {
    case 'awd-lstm':
      return lstm(source, input);
    case 'gru':
      return gru(source, input);
    case 'qrnn':
      return qrnn(source, input);
  }
}

/** ONNX's `LSTM` has the gates i, o, f, c; the engine i, f, o, g. */
function lstm(source: LayerSource, input: string): string {
  const { graph, width, of } = partsOf(source);
  const order = [0, 2, 1, 3];
  const bias = gatesFirst(of('bias'), width, order);
  const weights = [
    graph.constant('lstm.W', withDirection(gatesFirst(of('input'), width, order))),
    graph.constant('lstm.R', withDirection(gatesFirst(of('recurrent'), width, order))),
    // The second half are the biases of the recurrent product, which the engine adds to the first.
    graph.constant('lstm.B', { shape: [1, 8 * width], data: joined(bias.data, new Float32Array(4 * width)) }),
  ];
  const [output = ''] = graph.nodeOf('LSTM', [input, ...weights, source.lengths], 1, { hidden_size: width });
  return graph.node('Squeeze', [output, graph.integers([1])]);
}

/** ONNX's `GRU` has the gates z, r, h; the engine r, z, n. `linear_before_reset` is torch's form of it. */
function gru(source: LayerSource, input: string): string {
  const { graph, width, of } = partsOf(source);
  const order = [1, 0, 2];
  const second = new Float32Array(3 * width);
  second.set(of('candidateBias').data, 2 * width);
  const weights = [
    graph.constant('gru.W', withDirection(gatesFirst(of('input'), width, order))),
    graph.constant('gru.R', withDirection(gatesFirst(of('recurrent'), width, order))),
    graph.constant('gru.B', {
      shape: [1, 6 * width],
      data: joined(gatesFirst(of('bias'), width, order).data, second),
    }),
  ];
  const [output = ''] = graph.nodeOf('GRU', [input, ...weights, source.lengths], 1, {
    hidden_size: width,
    linear_before_reset: 1,
  });
  return graph.node('Squeeze', [output, graph.integers([1])]);
}

/** A masked convolution as one matrix product, then c[t] = f · c[t − 1] + (1 − f) · z as a `Scan`. */
function qrnn(source: LayerSource, input: string): string {
  const { graph, width, of } = partsOf(source);
  const { window, outputGate } = qrnnSettings(source.config, source.layer);
  const gates = outputGate ? 3 : 2;
  const read = window === 1 ? input : withPrevious(graph, input);
  const product = graph.node('MatMul', [read, graph.constant('qrnn.W', of('input'))]);
  const sums = graph.node('Add', [product, graph.constant('qrnn.B', of('bias'))]);
  const sizes = graph.integers(Array.from({ length: gates }, () => width));
  const [z = '', forget = '', out = ''] = graph.nodeOf('Split', [sums, sizes], gates, { axis: 2 });
  const kept = graph.node('Sigmoid', [forget]);
  const one = graph.constant('one', { shape: [], data: Float32Array.of(1) });
  const taken = graph.node('Mul', [graph.node('Sub', [one, kept]), graph.node('Tanh', [z])]);
  const first = graph.node('Mul', [
    stepOf(graph, kept, 0),
    graph.constant('zero', { shape: [], data: Float32Array.of(0) }),
  ]);
  const [, cells = ''] = graph.nodeOf('Scan', [first, kept, taken], 2, {
    num_scan_inputs: 2,
    body: { graph: scanStep(width, source.layer) },
  });
  return outputGate ? graph.node('Mul', [graph.node('Sigmoid', [out]), cells]) : cells;
}

/** One step of the scan: cell, f, (1 − f) · z → cell, cell. */
function scanStep(width: number, layer: number): ReturnType<OnnxGraph['finish']> {
  const own = `scan${layer}.`;
  const body = new OnnxGraph(own);
  const value = (name: string) => ({ name: own + name, type: 'FLOAT', shape: ['batch', width] }) as const;
  const next = body.node('Add', [body.node('Mul', [`${own}kept`, `${own}cell`]), `${own}taken`]);
  body.output(`${own}next`, next);
  body.output(`${own}step`, next);
  return body.finish('step', [value('cell'), value('kept'), value('taken')], [value('next'), value('step')]);
}

/** Beside each input the one before it, zeros before the first; the engine puts the earlier one first. */
function withPrevious(graph: OnnxGraph, input: string): string {
  const zero = graph.constant('zero', { shape: [], data: Float32Array.of(0) });
  const first = graph.node('Mul', [graph.node('Slice', [input, graph.integers([0]), graph.integers([1]), graph.integers([0])]), zero]); // prettier-ignore
  const rest = graph.node('Slice', [input, graph.integers([0]), graph.integers([-1]), graph.integers([0])]);
  return graph.node('Concat', [graph.node('Concat', [first, rest], { axis: 0 }), input], { axis: 2 });
}

/** One time step without its dimension. // [time, batch, n] → [batch, n] */
function stepOf(graph: OnnxGraph, value: string, step: number): string {
  return graph.node('Gather', [value, graph.integers([step], true)], { axis: 0 });
}

function partsOf({ graph, tensors, config, layer }: LayerSource) {
  const [width, inputs] = [directionWidth(config, layer), layerInput(config, layer)];
  const prefix = directionPrefix(layer, false);
  const of = (name: string): FloatTensor => {
    const tensor = tensors.get(prefix + name);
    return tensor ?? demand(tensors, prefix + name, [inputs]); // says what is missing
  };
  return { graph, width, of };
}

/** A matrix `[in, gates · width]` as `[gates · width, in]`, or a bias, with its gates in another order. */
function gatesFirst({ shape, data }: FloatTensor, width: number, order: readonly number[]): FloatTensor {
  const inputs = shape.length === 2 ? (shape[0] ?? 1) : 1;
  const columns = order.length * width;
  const result = new Float32Array(data.length);
  for (let row = 0; row < columns; row++) {
    const from = (order[Math.floor(row / width)] ?? 0) * width + (row % width);
    for (let i = 0; i < inputs; i++) result[row * inputs + i] = data[i * columns + from] ?? 0;
  }
  return { shape: shape.length === 2 ? [columns, inputs] : [columns], data: result };
}

function withDirection({ shape, data }: FloatTensor): FloatTensor {
  return { shape: [1, ...shape], data };
}

function joined(first: Float32Array, second: Float32Array): Float32Array {
  const both = new Float32Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
