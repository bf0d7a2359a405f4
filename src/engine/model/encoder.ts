import type { Kernels, Tensor } from '../kernels/kernels';
import type { EncoderConfig } from './config';
import type { LayerTrace, LayerWeights } from './encoder-layer';
import { layerBackward, layerForward, readLayer, reverseOrder } from './encoder-layer';
import type { DropoutMasks } from './masks';
import type { Gradients, Parameters } from './parameters';
import type { LayerState } from './recurrent-layer';
import { stateShapes } from './recurrent-layer';

/** A window of text, time-major: `ids[t · batch + b]`. */
export interface Window {
  readonly ids: Int32Array;
  readonly time: number;
  readonly batch: number;
  /** Tokens of each row, padding after them; left out: all rows are full. Only a reverse direction asks. */
  readonly lengths?: Int32Array | undefined;
}

/** What all layers of an encoder carry from window to window. */
export type EncoderState = readonly LayerState[];

/** The parameter values of an encoder for one pass; weight drop is applied already. */
export interface EncoderWeights {
  readonly embedding: Tensor; // [vocabulary, embedding]
  readonly layers: readonly LayerWeights[];
}

export interface EncoderTrace {
  readonly ids: Tensor; // [time·batch] with padding as −1, for the embedding's gradient
  readonly rowScale: Tensor | null; // [time·batch, 1], the embedding mask of each token
  readonly window: Window;
  readonly layers: readonly (LayerTrace | null)[];
}

/** Which part of the encoder learns: everything from this layer on, and the embedding or not. */
export interface EncoderReach {
  readonly lowestLayer: number;
  readonly embedding: boolean;
}

/** Reads the weights of a pass out of the parameters and drops some of them (`WeightDropout`). */
export function encoderWeights(
  k: Kernels,
  config: EncoderConfig,
  parameters: Parameters,
  masks: DropoutMasks | null,
): EncoderWeights {
  const layers = Array.from({ length: config.layers }, (_, layer) => readLayer(k, config, parameters, layer, masks));
  return { embedding: parameters.value('embedding'), layers };
}

/** Zero states for a batch. */
export function zeroState(k: Kernels, config: EncoderConfig, batch: number): EncoderState {
  return Array.from({ length: config.layers }, (_, layer) =>
    stateShapes(config, layer, batch).map((shape) => k.fill(shape, 0)),
  );
}

/** How many rows a state is for. */
export function stateRows(states: EncoderState): number | null {
  return states[0]?.[0]?.shape[0] ?? null;
}

/** Every tensor of a state changed in the same way. */
export function mapState(states: EncoderState, change: (tensor: Tensor) => Tensor): EncoderState {
  return states.map((layer) => layer.map(change));
}

/**
 * Embeds a window and runs every layer over it (fastai's `AWD_LSTM.forward`).
 *
 * @param learnFrom traces are kept from this layer on; Infinity keeps none
 * @param lower how many outputs beneath the last layer's are wanted as well; the lowest is the embedded input
 * @returns output `[time·batch, embedding]` before output dropout, those beneath it from the top down
 *   `[time·batch, width]`, and the states to carry on
 */
export function encoderForward(
  k: Kernels,
  config: EncoderConfig,
  weights: EncoderWeights,
  window: Window,
  states: EncoderState,
  masks: DropoutMasks | null,
  learnFrom: number,
  lower = 0,
): { output: Tensor; lower: readonly Tensor[]; states: EncoderState; trace: EncoderTrace } {
  const { ids, time, batch } = window;
  const idTensor = k.int(ids, [ids.length]);
  const rowScale = masks?.embed ? k.gatherRows(masks.embed, idTensor) : null;
  let x = k.gatherRows(weights.embedding, idTensor);
  if (rowScale) x = k.mul(x, rowScale);
  if (masks?.input) x = overTime(k, x, masks.input, time);

  const order = config.bidirectional ? reversal(k, window) : null;
  const traces: (LayerTrace | null)[] = [];
  const after: LayerState[] = [];
  const wanted: Tensor[] = [];
  weights.layers.forEach((layerWeights, layer) => {
    if (layer >= config.layers - lower) wanted.unshift(x);
    const keepTrace = layer >= learnFrom;
    const around = { time, batch, order };
    const run = layerForward(k, config, layer, layerWeights, x, around, states[layer]!, masks, keepTrace);
    traces.push(run.trace);
    after.push(run.state);
    const mask = layer < config.layers - 1 ? masks?.hidden[layer] : null;
    const before = x;
    x = mask ? overTime(k, run.output, mask, time) : run.output;
    // A trace may read the output again.
    if (mask && !run.trace) k.dispose(run.output);
    if (!run.trace && !wanted.includes(before)) k.dispose(before);
  });
  const learning = learnFrom <= 0;
  const idsForGradient = learning
    ? k.int(
        ids.map((id) => (id === config.padding ? -1 : id)),
        [ids.length],
      )
    : idTensor;
  return {
    output: x,
    lower: wanted,
    states: after,
    trace: { ids: idsForGradient, rowScale, window: { ids: window.ids, time, batch }, layers: traces },
  };
}

/**
 * The gradients of {@link encoderForward}, by parameter name, given those of its outputs. The embedding's comes as rows to be summed by id, so that
 * a tied decoder can add its own in one pass: see {@link embeddingRows}.
 */
export function encoderBackward(
  k: Kernels,
  config: EncoderConfig,
  trace: EncoderTrace,
  masks: DropoutMasks | null,
  dOutput: Tensor,
  reach: EncoderReach,
  dLower: readonly Tensor[] = [],
): { gradients: Gradients; rows: Tensor | null } {
  const gradients: Gradients = new Map();
  const { time } = trace.window;
  let d: Tensor | null = dOutput;
  for (let layer = config.layers - 1; layer >= reach.lowestLayer; layer--) {
    const further = layer > reach.lowestLayer || reach.embedding;
    const dx: Tensor | null = layerBackward(k, config, layer, trace.layers[layer]!, masks, d!, further, gradients);
    if (d !== dOutput) k.dispose(d);
    const own = dLower[config.layers - 1 - layer];
    const input = dx && own ? k.add(dx, own) : dx;
    if (input !== dx) k.dispose(dx);
    const hiddenMask = layer > 0 ? masks?.hidden[layer - 1] : null;
    d = input && hiddenMask ? overTime(k, input, hiddenMask, time) : input;
  }
  if (!reach.embedding || !d) return { gradients, rows: null };
  if (masks?.input) d = overTime(k, d, masks.input, time);
  if (trace.rowScale) d = k.mul(d, trace.rowScale);
  return { gradients, rows: d };
}

/** x `[time·batch, n]` times a mask `[batch, n]` that is the same at each time step, or one of its own shape. */
export function overTime(k: Kernels, x: Tensor, mask: Tensor, time: number): Tensor {
  const [batch, width] = mask.shape as [number, number];
  if (batch === x.shape[0]) return k.mul(x, mask);
  const cube = k.reshape(x, [time, batch, width]);
  const masked = k.mul(cube, mask);
  const flat = k.reshape(masked, [time * batch, width]);
  k.dispose(cube, masked);
  return flat;
}

function reversal(k: Kernels, { time, batch, lengths }: Window): Tensor {
  return k.int(reverseOrder(time, batch, lengths ?? null), [time * batch]);
}
