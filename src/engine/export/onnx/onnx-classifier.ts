import type { ClassifierFile } from '../../model/classifier-files';
import { concatParts, type PoolPart } from '../../model/pooling';
import { AppError } from '../../../shared/errors';
import { demand, type FloatTensors } from '../../weights/fastai-names';
import { OnnxGraph } from './onnx-graph';
import { onnxLayer } from './onnx-layers';
import { modelProto } from './onnx-messages';

/** Batch norm's, as torch has it and the engine. */
const epsilon = 1e-5;
/** 17 has all operators that are needed, and runtimes since 2022 know it. */
const opset = 17;
/** Less than any output of a layer: what stands behind a text's end is never its maximum. */
const lowest = -1e9;

/** The tensors of a classifier: parameters under the engine's names, running statistics of batch norm by block. */
export interface ClassifierTensors {
  readonly parameters: FloatTensors;
  readonly means: readonly Float32Array[];
  readonly variances: readonly Float32Array[];
}

/**
 * A classifier as an ONNX model: `ids` [batch, time] and `lengths` [batch], both 64-bit whole numbers, give `probabilities`
 * [batch, labels], calibrated, and `logits` before that. Ids behind a text's length may be anything.
 *
 * A text's ids are those of vocabulary.json, cut after `maxTokens` and, for a backward model, turned round.
 * @throws AppError 'bad-input' for a bidirectional encoder
 */
export function onnxClassifier(file: ClassifierFile, tensors: ClassifierTensors): Uint8Array {
  if (file.encoder.bidirectional === true) {
    throw new AppError('bad-input', 'A classifier whose layers read in both directions cannot be written as ONNX.', {
      hint: `Its reverse direction reads texts in pieces of ${file.bptt} tokens, which ONNX's layers cannot. Train with bidirectional=false, or average two directions (direction=both).`,
    });
  }
  const graph = new OnnxGraph();
  const pooled = pooledTexts(graph, file, tensors.parameters);
  const logits = headOf(graph, file, tensors, pooled);
  const temperature = graph.constant('temperature', { shape: [], data: Float32Array.of(file.temperature) });
  const scaled = graph.node('Div', [logits, temperature]);
  graph.output('logits', logits);
  graph.output('probabilities', graph.node(file.multiLabel ? 'Sigmoid' : 'Softmax', [scaled], file.multiLabel ? {} : { axis: -1 })); // prettier-ignore
  const labels = file.labels.length;
  const written = graph.finish(
    'classifier',
    [
      { name: 'ids', type: 'INT64', shape: ['batch', 'time'] },
      { name: 'lengths', type: 'INT64', shape: ['batch'] },
    ],
    [
      { name: 'logits', type: 'FLOAT', shape: ['batch', labels] },
      { name: 'probabilities', type: 'FLOAT', shape: ['batch', labels] },
    ],
  );
  return modelProto(written, opset, {
    labels: JSON.stringify(file.labels),
    multiLabel: String(file.multiLabel),
    maxTokens: String(file.maxTokens ?? ''),
    backward: String(file.backward),
  }).finish();
}

/** Concat pooling over whole texts, of as many outputs of the encoder as the head wants. // [batch, pooled width] */
function pooledTexts(graph: OnnxGraph, file: ClassifierFile, parameters: FloatTensors): string {
  const { encoder: config, head } = file;
  const embedding = demand(parameters, 'embedding', [config.vocabulary, config.embedding]);
  const turned = graph.node('Transpose', ['ids'], { perm: [1, 0] });
  const embedded = graph.node('Gather', [graph.constant('embedding', embedding), turned], { axis: 0 });
  const outputs = [embedded];
  const lengths = graph.cast('lengths', 'INT32');
  for (let layer = 0; layer < config.layers; layer++) {
    outputs.unshift(onnxLayer({ graph, tensors: parameters, config, layer, lengths }, outputs[0] ?? embedded));
  }
  const pool = poolOf(graph, head.pooling ?? concatParts);
  const parts = outputs.slice(0, head.pooledOutputs ?? 1).flatMap(pool);
  return parts.length === 1 ? (parts[0] ?? '') : graph.node('Concat', parts, { axis: 1 });
}

/** Sums up an output over the tokens of each text. // [time, batch, width] → of each part [batch, width] */
function poolOf(graph: OnnxGraph, parts: readonly PoolPart[]): (output: string) => string[] {
  const zero = graph.integers([0], true);
  const one = graph.integers([1], true);
  const first = graph.integers([0]);
  const last = graph.integers([2]);
  const time = graph.node('Gather', [graph.node('Shape', ['ids']), one], { axis: 0 });
  const steps = graph.node('Unsqueeze', [graph.node('Range', [zero, time, one]), graph.integers([1])]);
  const inText = graph.node('Unsqueeze', [graph.node('Less', [steps, 'lengths']), last]);
  const isLast = graph.node('Equal', [steps, graph.node('Sub', ['lengths', one])]);
  const counts = graph.cast(graph.node('Max', ['lengths', graph.integers([1])]), 'FLOAT');
  const size = graph.node('Unsqueeze', [counts, graph.integers([1])]);
  const low = graph.constant('lowest', { shape: [], data: Float32Array.of(lowest) });
  const none = graph.constant('nothing', { shape: [], data: Float32Array.of(0) });
  const sum = (value: string): string => graph.node('ReduceSum', [value, first], { keepdims: 0 });
  const ofPart: Readonly<Record<PoolPart, (output: string) => string>> = {
    last: (output) => sum(graph.node('Where', [graph.node('Unsqueeze', [isLast, last]), output, none])),
    max: (output) => graph.node('ReduceMax', [graph.node('Where', [inText, output, low])], { axes: [0], keepdims: 0 }),
    mean: (output) => graph.node('Div', [sum(graph.node('Where', [inText, output, none])), size]),
  };
  return (output) => parts.map((part) => ofPart[part](output));
}

/** Batch norm in evaluation mode is a linear map, so it goes into the weights of the layer behind it. // [batch, labels] */
function headOf(graph: OnnxGraph, { head }: ClassifierFile, tensors: ClassifierTensors, pooled: string): string {
  const { parameters, means, variances } = tensors;
  let value = pooled;
  for (let block = 0; block < head.widths.length - 1; block++) {
    const [inputs = 0, outputs = 0] = [head.widths[block], head.widths[block + 1]];
    const scale = demand(parameters, `head.${block}.norm.weight`, [inputs]).data;
    const shift = demand(parameters, `head.${block}.norm.bias`, [inputs]).data;
    const linear = demand(parameters, `head.${block}.linear`, [inputs, outputs]).data;
    const own = head.biases === true ? demand(parameters, `head.${block}.bias`, [outputs]).data : null;
    const weights = new Float32Array(inputs * outputs);
    const bias = Float64Array.from({ length: outputs }, (_, o) => own?.[o] ?? 0);
    for (let i = 0; i < inputs; i++) {
      const factor = (scale[i] ?? 0) / Math.sqrt((variances[block]?.[i] ?? 0) + epsilon);
      const constant = (shift[i] ?? 0) - (means[block]?.[i] ?? 0) * factor;
      for (let o = 0; o < outputs; o++) {
        const weight = linear[i * outputs + o] ?? 0;
        weights[i * outputs + o] = weight * factor;
        bias[o] = (bias[o] ?? 0) + weight * constant;
      }
    }
    value = graph.node('Gemm', [
      value,
      graph.constant('head.W', { shape: [inputs, outputs], data: weights }),
      graph.constant('head.B', { shape: [outputs], data: Float32Array.from(bias) }),
    ]);
    if (block < head.widths.length - 2) value = graph.node('Relu', [value]);
  }
  return value;
}
