import type { Kernels, Shape, Tensor } from '../kernels/kernels';
import type { EncoderConfig, QrnnSettings } from './config';
import { directionWidth, layerInput, qrnnSettings } from './config';
import type { GruTrace, GruWeights } from './gru-layer';
import { gruBackward, gruForward } from './gru-layer';
import type { LstmTrace, LstmWeights } from './lstm-layer';
import { lstmBackward, lstmForward } from './lstm-layer';
import type { Parameters } from './parameters';
import type { QrnnTrace, QrnnWeights } from './qrnn-layer';
import { qrnnBackward, qrnnForward } from './qrnn-layer';

/** What one layer carries from window to window, `[batch, …]` each: LSTM h and c, GRU h, QRNN c and, with window 2, x. */
export type LayerState = readonly Tensor[];

/** The weights of one direction of a layer for one pass; weight drop is applied already. */
export type DirectionWeights =
  | { readonly kind: 'awd-lstm'; readonly weights: LstmWeights }
  | { readonly kind: 'gru'; readonly weights: GruWeights }
  | { readonly kind: 'qrnn'; readonly weights: QrnnWeights; readonly settings: QrnnSettings };

/** What the backward pass of one direction needs. */
export type DirectionTrace =
  | { readonly kind: 'awd-lstm'; readonly trace: LstmTrace }
  | { readonly kind: 'gru'; readonly trace: GruTrace }
  | { readonly kind: 'qrnn'; readonly trace: QrnnTrace };

/** The parameters of one direction of a layer by the last part of their name, with their shapes, in a fixed order. */
export function directionShapes(config: EncoderConfig, layer: number): ReadonlyMap<string, Shape> {
  const [width, inputs] = [directionWidth(config, layer), layerInput(config, layer)];
  switch (config.kind) {
    case 'awd-lstm':
      return new Map([
        ['input', [inputs, 4 * width]],
        ['recurrent', [width, 4 * width]],
        ['bias', [4 * width]],
      ]);
    case 'gru':
      return new Map([
        ['input', [inputs, 3 * width]],
        ['recurrent', [width, 3 * width]],
        ['bias', [3 * width]],
        ['candidateBias', [width]],
      ]);
    case 'qrnn': {
      const { window, outputGate } = qrnnSettings(config, layer);
      const gates = (outputGate ? 3 : 2) * width;
      return new Map([
        ['input', [window * inputs, gates]],
        ['bias', [gates]],
      ]);
    }
  }
}

/** Which parameter weight drop acts on: the recurrent matrix; of a quasi-recurrent layer the joined one of its gates. */
export function droppedWeight(config: EncoderConfig): 'recurrent' | 'input' {
  return config.kind === 'qrnn' ? 'input' : 'recurrent';
}

/** The name before the parameters of one direction of a layer. */
export function directionPrefix(layer: number, reverse: boolean): string {
  return `rnns.${layer}.${reverse ? 'reverse.' : ''}`;
}

/** The shapes of what a layer carries, for a batch. Of a bidirectional layer only the forward direction carries. */
export function stateShapes(config: EncoderConfig, layer: number, batch: number): readonly Shape[] {
  const cell = [batch, directionWidth(config, layer)];
  switch (config.kind) {
    case 'awd-lstm':
      return [cell, cell];
    case 'gru':
      return [cell];
    case 'qrnn':
      return qrnnSettings(config, layer).window === 2 ? [cell, [batch, layerInput(config, layer)]] : [cell];
  }
}

/** Reads the weights of one direction out of the parameters and drops some of them (fastai's `WeightDropout`). */
export function readDirection(
  k: Kernels,
  config: EncoderConfig,
  parameters: Parameters,
  layer: number,
  reverse: boolean,
  mask: Tensor | null,
): DirectionWeights {
  const dropped = droppedWeight(config);
  const of = (name: string): Tensor => {
    const raw = parameters.value(directionPrefix(layer, reverse) + name);
    return mask && name === dropped ? k.mul(raw, mask) : raw;
  };
  const [input, bias] = [of('input'), of('bias')];
  switch (config.kind) {
    case 'awd-lstm':
      return { kind: 'awd-lstm', weights: { input, recurrent: of('recurrent'), bias } };
    case 'gru': {
      const weights = { input, recurrent: of('recurrent'), bias, candidateBias: of('candidateBias') };
      return { kind: 'gru', weights };
    }
    case 'qrnn':
      return { kind: 'qrnn', weights: { input, bias }, settings: qrnnSettings(config, layer) };
  }
}

/**
 * Runs one direction of a layer over a window.
 * @param x time-major, `[time·batch, in]`
 * @param drawZoneOut draws the mask of cells that keep their value, `[time·batch, hidden]`; null: none do
 */
export function directionForward(
  k: Kernels,
  own: DirectionWeights,
  x: Tensor,
  time: number,
  state: LayerState,
  drawZoneOut: ((shape: Shape) => Tensor) | null,
  keepTrace: boolean,
): { output: Tensor; state: LayerState; trace: DirectionTrace | null } {
  switch (own.kind) {
    case 'awd-lstm': {
      const run = lstmForward(k, x, time, own.weights, { h: state[0]!, c: state[1]! }, keepTrace);
      const trace = run.trace && { kind: own.kind, trace: run.trace };
      return { output: run.output, state: [run.state.h, run.state.c], trace };
    }
    case 'gru': {
      const run = gruForward(k, x, time, own.weights, state[0]!, keepTrace);
      return { output: run.output, state: [run.hidden], trace: run.trace && { kind: own.kind, trace: run.trace } };
    }
    case 'qrnn': {
      const [cell, previous = null] = state as [Tensor, Tensor?];
      const zoneOut = drawZoneOut ? drawZoneOut([x.shape[0]!, cell.shape[1]!]) : null;
      const run = qrnnForward(k, x, time, own.weights, { cell, previous }, own.settings, zoneOut, keepTrace);
      const after = run.state.previous ? [run.state.cell, run.state.previous] : [run.state.cell];
      return { output: run.output, state: after, trace: run.trace && { kind: own.kind, trace: run.trace } };
    }
  }
}

/** The gradients of {@link directionForward} by the last part of the parameter's name; none flows into the state. */
export function directionBackward(
  k: Kernels,
  own: DirectionTrace,
  dOutput: Tensor,
  needsDx: boolean,
): { dx: Tensor | null; gradients: ReadonlyMap<string, Tensor> } {
  switch (own.kind) {
    case 'awd-lstm': {
      const { dx, dInput, dRecurrent, dBias } = lstmBackward(k, own.trace, dOutput, needsDx);
      const gradients = new Map([
        ['input', dInput],
        ['recurrent', dRecurrent],
        ['bias', dBias],
      ]);
      return { dx, gradients };
    }
    case 'gru': {
      const { dx, dInput, dRecurrent, dBias, dCandidateBias } = gruBackward(k, own.trace, dOutput, needsDx);
      const gradients = new Map([
        ['input', dInput],
        ['recurrent', dRecurrent],
        ['bias', dBias],
        ['candidateBias', dCandidateBias],
      ]);
      return { dx, gradients };
    }
    case 'qrnn': {
      const { dx, dInput, dBias, dCell } = qrnnBackward(k, own.trace, dOutput, needsDx);
      k.dispose(dCell);
      const gradients = new Map([
        ['input', dInput],
        ['bias', dBias],
      ]);
      return { dx, gradients };
    }
  }
}
