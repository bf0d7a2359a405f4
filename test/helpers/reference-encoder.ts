import type { EncoderConfig } from '../../src/engine/model/config';
import type { FloatTensors } from '../../src/engine/weights/fastai-names';

type Vector = number[];

/**
 * Encoders as their papers write them, one number after the other in double precision: what the engine's layers are held
 * against. One direction only; carries its state from run to run.
 */
export function referenceEncoder(config: EncoderConfig, tensors: FloatTensors) {
  const states = new Map<string, { h: Vector; c: Vector; x: Vector }>();
  const run = (ids: Int32Array, time: number, batch: number): Float64Array => {
    const result = new Float64Array(time * batch * config.embedding);
    for (let b = 0; b < batch; b++) {
      for (let t = 0; t < time; t++) {
        let x = rowOf(tensors, 'embedding', ids[t * batch + b]!);
        for (let layer = 0; layer < config.layers; layer++) {
          const width = layer === config.layers - 1 ? config.embedding : config.hidden;
          const key = `${layer}/${b}`;
          const zeros = (n: number): Vector => new Array<number>(n).fill(0);
          const state = states.get(key) ?? { h: zeros(width), c: zeros(width), x: zeros(x.length) };
          const next = step(config, tensors, layer, width, x, state);
          states.set(key, { ...next, x });
          x = next.h;
        }
        result.set(x, (t * batch + b) * config.embedding);
      }
    }
    return result;
  };
  return { run };
}

function step(
  config: EncoderConfig,
  tensors: FloatTensors,
  layer: number,
  width: number,
  x: Vector,
  { h, c, x: previous }: { h: Vector; c: Vector; x: Vector },
): { h: Vector; c: Vector } {
  const name = (part: string): string => `rnns.${layer}.${part}`;
  /** Column `gate · width + j` of source · W. */
  const product = (source: Vector, part: string, gate: number, j: number): number =>
    source.reduce((sum, value, i) => sum + value * at(tensors, name(part), i, gate * width + j), 0);
  const bias = (part: string, gate: number, j: number): number => tensors.get(name(part))!.data[gate * width + j]!;
  const each = (compute: (j: number) => number): Vector => Array.from({ length: width }, (_, j) => compute(j));
  if (config.kind === 'awd-lstm') {
    const raw = (gate: number, j: number): number =>
      product(x, 'input', gate, j) + product(h, 'recurrent', gate, j) + bias('bias', gate, j);
    const cell = each((j) => sigmoid(raw(1, j)) * c[j]! + sigmoid(raw(0, j)) * Math.tanh(raw(3, j)));
    return { h: each((j) => sigmoid(raw(2, j)) * Math.tanh(cell[j]!)), c: cell };
  }
  if (config.kind === 'gru') {
    const gate = (g: number, j: number): number =>
      sigmoid(product(x, 'input', g, j) + product(h, 'recurrent', g, j) + bias('bias', g, j));
    const hidden = each((j) => {
      const past = product(h, 'recurrent', 2, j) + bias('candidateBias', 0, j);
      const n = Math.tanh(product(x, 'input', 2, j) + bias('bias', 2, j) + gate(0, j) * past);
      return (1 - gate(1, j)) * n + gate(1, j) * h[j]!;
    });
    return { h: hidden, c };
  }
  const { window, outputGate } = config.qrnn ?? { window: 2, outputGate: true };
  const source = layer === 0 && window === 2 ? [...previous, ...x] : x;
  const raw = (gate: number, j: number): number => product(source, 'input', gate, j) + bias('bias', gate, j);
  const cell = each((j) => sigmoid(raw(1, j)) * c[j]! + (1 - sigmoid(raw(1, j))) * Math.tanh(raw(0, j)));
  return { h: outputGate ? each((j) => sigmoid(raw(2, j)) * cell[j]!) : cell, c: cell };
}

function at(tensors: FloatTensors, name: string, row: number, column: number): number {
  const { data, shape } = tensors.get(name)!;
  return data[row * shape[1]! + column]!;
}

function rowOf(tensors: FloatTensors, name: string, row: number): Vector {
  const { data, shape } = tensors.get(name)!;
  return [...data.subarray(row * shape[1]!, (row + 1) * shape[1]!)];
}

function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}
