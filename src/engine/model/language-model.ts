import { AppError } from '../../shared/errors';
import type { Kernels, Tensor } from '../kernels/kernels';
import type { EncoderConfig } from './config';
import { decoderEvaluate, decoderTrain } from './decoder';
import type { EncoderReach, EncoderState, Window } from './encoder';
import { encoderBackward, encoderForward, encoderWeights, mapState, overTime, stateRows, zeroState } from './encoder';
import type { DropoutMasks } from './masks';
import type { Gradients, Parameters } from './parameters';
import type { ActivationRegularisation } from './regularisation';
import { regularisedGradient, smoothingGradients } from './regularisation';
import { stateShapes } from './recurrent-layer';

/** A window of text with the next token of each place; both time-major. */
export interface LanguageModelBatch extends Window {
  readonly targets: Int32Array;
}

/** The losses of one step, in nats a token. */
export interface LanguageModelLoss {
  readonly crossEntropy: number;
  readonly ar: number;
  readonly tar: number;
}

/** Rows that are to be added to those of a matrix, by id; negative ids are dropped. */
interface RowsById {
  readonly rows: Tensor; // [n, width]
  readonly ids: Tensor; // [n]
}

/**
 * A recurrent encoder with a decoder that shares its embedding (Merity et al. 2017; fastai's `get_language_model`).
 * Holds the state that is carried from batch to batch. With `tied` false the decoder has a matrix of its own, `decoder.weight`.
 */
export class LanguageModel {
  readonly config: EncoderConfig;
  readonly parameters: Parameters;
  private readonly kernels: Kernels;
  private readonly tied: boolean;
  private states: EncoderState | null = null;

  /** @throws AppError 'bad-input' where the encoder is bidirectional */
  constructor(kernels: Kernels, config: EncoderConfig, parameters: Parameters, tied = true) {
    if (config.bidirectional) {
      throw new AppError(
        'bad-input',
        'A language model cannot be bidirectional: it would see the word it is to guess.',
      );
    }
    this.kernels = kernels;
    this.config = config;
    this.parameters = parameters;
    this.tied = tied;
  }

  /** Forgets the carried state, as at the start of an epoch. */
  reset(): void {
    this.kernels.dispose(...(this.states ?? []).flat());
    this.states = null;
  }

  /** Zeroes the carried state of the rows whose entry is 0; the others keep theirs. `keep` `[batch]`, 0 or 1. */
  forgetRows(keep: Float32Array): void {
    const k = this.kernels;
    const { states: before } = this;
    if (!before || stateRows(before) !== keep.length) return;
    const states = k.scope(() => {
      const mask = k.float(keep, [keep.length, 1]);
      return mapState(before, (tensor) => k.mul(tensor, mask));
    });
    this.carry(states);
  }

  /**
   * Forward and backward over one window; the state is carried on and not back-propagated into.
   * @param smoothing share of each target that is spread over all words (label smoothing); the loss stays without it
   * @returns the losses and the gradient of each parameter within reach; the caller frees the gradients
   */
  trainStep(
    batch: LanguageModelBatch,
    masks: DropoutMasks | null,
    regularisation: ActivationRegularisation,
    reach: EncoderReach = { lowestLayer: 0, embedding: true },
    smoothing = 0,
  ): { loss: LanguageModelLoss; gradients: Gradients } {
    const k = this.kernels;
    const result = k.scope(() => {
      const weights = encoderWeights(k, this.config, this.parameters, masks);
      const run = encoderForward(k, this.config, weights, batch, this.stateFor(batch.batch), masks, reach.lowestLayer);
      const raw = run.output;
      const dropped = masks?.output ? overTime(k, raw, masks.output, batch.time) : raw;
      const matrix = this.tied ? weights.embedding : this.parameters.value('decoder.weight');
      const decoded = decoderTrain(k, dropped, matrix, this.parameters.value('decoder.bias'), batch.targets);

      const smooth = smoothing > 0 ? smoothingGradients(k, dropped, matrix, batch.targets, smoothing) : null;
      const gradient = smooth ? k.add(decoded.dx, smooth.dx) : decoded.dx;
      const output = { raw, mask: masks?.output ?? null, dropped, gradient, time: batch.time };
      const { dRaw, ar, tar } = regularisedGradient(k, output, regularisation);
      const back = encoderBackward(k, this.config, run.trace, masks, dRaw, reach);
      const targets = decoded.hasTargets
        ? null
        : { rows: k.scale(dropped, -1 / batch.targets.length), ids: k.int(batch.targets, [batch.targets.length]) };
      const gradients = back.gradients;
      const inputs = back.rows ? { rows: back.rows, ids: run.trace.ids } : null;
      const dMatrix = smooth ? k.add(decoded.dEmbedding, smooth.dEmbedding) : decoded.dEmbedding;
      this.addEmbeddingGradients(gradients, dMatrix, targets, inputs);
      gradients.set('decoder.bias', smooth ? k.add(decoded.dBias, smooth.dBias) : decoded.dBias);
      const loss = { crossEntropy: decoded.loss / batch.targets.length, ar, tar };
      return { loss, gradients, states: run.states };
    });
    this.carry(result.states);
    return { loss: result.loss, gradients: result.gradients };
  }

  /** The sum of −log p over a window's targets and how many were guessed right; the state is carried on. */
  evaluateStep(batch: LanguageModelBatch): { loss: number; correct: number } {
    const k = this.kernels;
    const result = k.scope(() => {
      const weights = encoderWeights(k, this.config, this.parameters, null);
      const run = encoderForward(k, this.config, weights, batch, this.stateFor(batch.batch), null, Infinity);
      const matrix = this.tied ? weights.embedding : this.parameters.value('decoder.weight');
      const measured = decoderEvaluate(k, run.output, matrix, this.parameters.value('decoder.bias'), batch.targets);
      return { measured, states: run.states };
    });
    this.carry(result.states);
    return result.measured;
  }

  /** Logits `[time·batch, vocabulary]` and encoder output of a window, for inspection; state carried as in training. */
  outputs(window: Window): { logits: Float32Array; encoderOutput: Float32Array } {
    const k = this.kernels;
    const result = k.scope(() => {
      const weights = encoderWeights(k, this.config, this.parameters, null);
      const run = encoderForward(k, this.config, weights, window, this.stateFor(window.batch), null, Infinity);
      const matrix = this.tied ? weights.embedding : this.parameters.value('decoder.weight');
      const logits = k.addBias(k.matmul(run.output, matrix, false, true), this.parameters.value('decoder.bias'));
      return { logits: k.read(logits), encoderOutput: k.read(run.output) };
    });
    return result;
  }

  /** The carried state copied out, for a checkpoint: the tensors of each layer, `[batch, width]`. */
  readState(): { data: Float32Array; shape: readonly number[] }[] {
    const tensors = (this.states ?? []).flat();
    return tensors.map((tensor) => ({ data: this.kernels.read(tensor), shape: tensor.shape }));
  }

  /** Takes up the state of a checkpoint. */
  writeState(saved: readonly { data: Float32Array; shape: readonly number[] }[]): void {
    this.reset();
    if (saved.length === 0) return;
    const tensors = saved.map(({ data, shape }) => this.kernels.float(data, shape));
    let next = 0;
    this.states = Array.from({ length: this.config.layers }, (_, layer) => {
      const count = stateShapes(this.config, layer, 1).length;
      next += count;
      return tensors.slice(next - count, next);
    });
  }

  private addEmbeddingGradients(
    gradients: Gradients,
    dDecoder: Tensor,
    targets: RowsById | null,
    inputs: RowsById | null,
  ): void {
    const k = this.kernels;
    const size = this.config.vocabulary;
    if (!this.tied) {
      gradients.set('decoder.weight', targets ? this.plusRows(dDecoder, [targets]) : dDecoder);
      if (inputs) gradients.set('embedding', k.segmentSum(inputs.rows, inputs.ids, size));
      return;
    }
    // Look-ups and targets fall on the same matrix: one segment sum serves both.
    const parts = [targets, inputs].filter((part) => part !== null);
    gradients.set('embedding', this.plusRows(dDecoder, parts));
  }

  private plusRows(matrix: Tensor, parts: readonly RowsById[]): Tensor {
    const k = this.kernels;
    const [first, second] = parts;
    if (!first) return matrix;
    const rows = second ? k.concat([first.rows, second.rows], 0) : first.rows;
    const ids = second ? k.concat([first.ids, second.ids], 0) : first.ids;
    return k.add(matrix, k.segmentSum(rows, ids, this.config.vocabulary));
  }

  private stateFor(batch: number): EncoderState {
    if (this.states && stateRows(this.states) === batch) return this.states;
    return zeroState(this.kernels, this.config, batch);
  }

  private carry(states: EncoderState): void {
    this.reset();
    // The caller may have a scope of its own open, which must not end the state's life.
    this.kernels.keep(...states.flat());
    this.states = states;
  }
}
