import type { Kernels, Shape, Tensor } from '../kernels/kernels';
import type { EncoderConfig } from './config';
import type { DropoutMasks } from './masks';
import type { Gradients, Parameters } from './parameters';
import type { DirectionTrace, DirectionWeights, LayerState } from './recurrent-layer';
import {
  directionBackward,
  directionForward,
  directionPrefix,
  droppedWeight,
  readDirection,
  stateShapes,
} from './recurrent-layer';

/** The weights of a layer for one pass. */
export interface LayerWeights {
  readonly forward: DirectionWeights;
  readonly reverse: DirectionWeights | null;
}

export interface LayerTrace {
  readonly forward: DirectionTrace;
  readonly reverse: DirectionTrace | null;
  readonly order: Tensor | null; // the rows in the order of the reverse direction
}

/** What a layer must know of the window besides its input. */
export interface LayerWindow {
  readonly time: number;
  readonly batch: number;
  /** The rows of the window in the order in which the reverse direction reads them; null where there is none. */
  readonly order: Tensor | null;
}

/** Reads the weights of a layer out of the parameters and drops some of them. */
export function readLayer(
  k: Kernels,
  config: EncoderConfig,
  parameters: Parameters,
  layer: number,
  masks: DropoutMasks | null,
): LayerWeights {
  const read = (reverse: boolean, mask: Tensor | null | undefined): DirectionWeights =>
    readDirection(k, config, parameters, layer, reverse, mask ?? null);
  return {
    forward: read(false, masks?.weight[layer]),
    reverse: config.bidirectional ? read(true, masks?.reverseWeight?.[layer]) : null,
  };
}

/**
 * Row numbers that turn the time of each row of a batch round, its padding left where it is; applied twice they change
 * nothing.
 * @param lengths tokens of each row within the window, padding after them; null: all rows are full
 */
export function reverseOrder(time: number, batch: number, lengths: ArrayLike<number> | null): Int32Array {
  const order = new Int32Array(time * batch);
  for (let b = 0; b < batch; b++) {
    const length = lengths ? lengths[b]! : time;
    for (let t = 0; t < time; t++) order[t * batch + b] = (t < length ? length - 1 - t : t) * batch + b;
  }
  return order;
}

/**
 * Runs a layer over a window. The reverse direction reads each row from its last token to its first and starts empty
 * in each window; outputs of both lie side by side (fastai's `bidir`, torch's `bidirectional`).
 * @returns output `[time·batch, width]`, the state of the forward direction, and a trace unless `keepTrace` is false
 */
export function layerForward(
  k: Kernels,
  config: EncoderConfig,
  layer: number,
  weights: LayerWeights,
  x: Tensor,
  window: LayerWindow,
  state: LayerState,
  masks: DropoutMasks | null,
  keepTrace: boolean,
): { output: Tensor; state: LayerState; trace: LayerTrace | null } {
  const zoneOut: ((shape: Shape) => Tensor) | null = masks?.zoneOut ?? null;
  const ahead = directionForward(k, weights.forward, x, window.time, state, zoneOut, keepTrace);
  if (!weights.reverse) {
    const trace = ahead.trace && { forward: ahead.trace, reverse: null, order: null };
    return { output: ahead.output, state: ahead.state, trace };
  }
  const order = window.order!;
  const turned = k.gatherRows(x, order);
  const empty = stateShapes(config, layer, window.batch).map((shape) => k.fill(shape, 0));
  const back = directionForward(k, weights.reverse, turned, window.time, empty, zoneOut, keepTrace);
  const inOrder = k.gatherRows(back.output, order);
  const output = k.concat([ahead.output, inOrder], 1);
  k.dispose(inOrder);
  if (ahead.trace && back.trace) {
    return { output, state: ahead.state, trace: { forward: ahead.trace, reverse: back.trace, order } };
  }
  k.dispose(ahead.output, back.output, turned, ...empty, ...back.state);
  return { output, state: ahead.state, trace: null };
}

/** The gradients of {@link layerForward}, by parameter name, into `gradients`. */
export function layerBackward(
  k: Kernels,
  config: EncoderConfig,
  layer: number,
  trace: LayerTrace,
  masks: DropoutMasks | null,
  dOutput: Tensor,
  needsDx: boolean,
  gradients: Gradients,
): Tensor | null {
  const take = (reverse: boolean, own: ReadonlyMap<string, Tensor>): void => {
    const mask = reverse ? masks?.reverseWeight?.[layer] : masks?.weight[layer];
    for (const [name, gradient] of own) {
      const masked = mask && name === droppedWeight(config) ? k.mul(gradient, mask) : gradient;
      if (masked !== gradient) k.dispose(gradient);
      gradients.set(directionPrefix(layer, reverse) + name, masked);
    }
  };
  if (!trace.reverse || !trace.order) {
    const back = directionBackward(k, trace.forward, dOutput, needsDx);
    take(false, back.gradients);
    return back.dx;
  }
  const half = dOutput.shape[1]! / 2;
  const [dAhead, dBack] = k.splitColumns(dOutput, [half, half]) as [Tensor, Tensor];
  const dTurned = k.gatherRows(dBack, trace.order);
  const ahead = directionBackward(k, trace.forward, dAhead, needsDx);
  const back = directionBackward(k, trace.reverse, dTurned, needsDx);
  take(false, ahead.gradients);
  take(true, back.gradients);
  k.dispose(dAhead, dBack, dTurned);
  if (!ahead.dx || !back.dx) return null;
  const inOrder = k.gatherRows(back.dx, trace.order);
  const dx = k.add(ahead.dx, inOrder);
  k.dispose(ahead.dx, back.dx, inOrder);
  return dx;
}
