import type { Kernels } from '../kernels/kernels';
import type { DropoutRates } from '../model/config';
import type { EncoderReach } from '../model/encoder';
import type { LanguageModel, LanguageModelBatch } from '../model/language-model';
import { drawMasks } from '../model/masks';
import type { Gradients } from '../model/parameters';
import type { ActivationRegularisation } from '../model/regularisation';
import { checkFinite } from './finite';
import type { Optimiser, RateOf } from './optimisers';
import { clipFactor } from './optimisers';
import type { Random } from './random';
import type { StreamLoader, TokenDocumentSource } from './stream-loader';
import { StreamLoader as Loader } from './stream-loader';
import { Random as Generator } from './random';

export interface LanguageModelTraining {
  readonly dropouts: DropoutRates;
  readonly regularisation: ActivationRegularisation;
  /** Greatest norm of the gradient; Infinity never clips. */
  readonly clip: number;
  /**
   * Chance of each row, before each window, to start from an empty state. A stream that is never cut teaches the cells
   * to count on a state that has been filling up for millions of tokens, and documents of a classifier begin without
   * one: trained like that, the first starter model had perplexity 130 in its stream and 4,500 from an empty state.
   */
  readonly stateReset: number;
  /** Share of each target that is spread over all words; left out: 0. */
  readonly smoothing?: number | undefined;
}

/** What validation of a language model says. */
export interface LanguageModelScore {
  readonly tokens: number;
  readonly loss: number; // nats a token
  readonly accuracy: number;
  readonly perplexity: number;
}

/** Trains a language model one window at a time: masks, gradients, clipping, the optimiser's step. */
export class LanguageModelTrainer {
  private readonly kernels: Kernels;
  private readonly model: LanguageModel;
  private readonly optimiser: Optimiser;
  private readonly options: LanguageModelTraining;
  private readonly random: Random;

  constructor(
    kernels: Kernels,
    model: LanguageModel,
    optimiser: Optimiser,
    options: LanguageModelTraining,
    random: Random,
  ) {
    this.kernels = kernels;
    this.model = model;
    this.optimiser = optimiser;
    this.options = options;
    this.random = random;
  }

  /**
   * One step. Parameters with a rate of 0 are frozen.
   * @returns the cross-entropy, in nats a token
   * @throws AppError 'not-a-number'
   */
  step(
    batch: LanguageModelBatch,
    rateOf: RateOf,
    momentum: number,
    reach: EncoderReach,
    also?: () => Gradients,
  ): number {
    const { kernels: k, model, options } = this;
    this.forgetSomeRows(batch.batch);
    // Masks live for this step only, so they get a scope of their own around the model's.
    const { loss, gradients } = k.scope(() => {
      const masks = drawMasks(k, model.config, options.dropouts, batch.batch, () => this.random.seedPair());
      return model.trainStep(batch, masks, options.regularisation, reach, options.smoothing ?? 0);
    });
    if (also) addGradients(k, gradients, also());
    // What is frozen in this step counts neither for the norm nor for the optimiser, as in torch.
    for (const [name, gradient] of gradients) {
      if (rateOf(name) > 0) continue;
      k.dispose(gradient);
      gradients.delete(name);
    }
    const { norm, factor } = clipFactor(k, gradients, options.clip);
    checkFinite(k, model.parameters, gradients, { loss: loss.crossEntropy, norm });
    this.optimiser.step(gradients, rateOf, momentum, factor);
    return loss.crossEntropy;
  }

  private forgetSomeRows(rows: number): void {
    const keep = Float32Array.from({ length: rows }, () => (this.random.uniform() < this.options.stateReset ? 0 : 1));
    if (keep.includes(0)) this.model.forgetRows(keep);
  }
}

/** Adds `more` to `gradients`, both of which the caller owned; only the sums are left. */
function addGradients(k: Kernels, gradients: Gradients, more: Gradients): void {
  for (const [name, gradient] of more) {
    const first = gradients.get(name);
    if (first) {
      gradients.set(name, k.add(first, gradient));
      k.dispose(first, gradient);
    } else {
      gradients.set(name, gradient);
    }
  }
}

/** Perplexity of a model on documents, read as one stream in their own order. The model's carried state is forgotten. */
export async function evaluateLanguageModel(
  model: LanguageModel,
  source: TokenDocumentSource,
  documents: Int32Array,
  options: { batchSize: number; bptt: number; backward: boolean },
  breathe: () => Promise<void>,
): Promise<LanguageModelScore> {
  const loader: StreamLoader = new Loader(source, documents, { ...options, variableLength: false }, new Generator(0));
  loader.startEpoch();
  model.reset();
  let [loss, correct, tokens] = [0, 0, 0];
  for (let batch = loader.next(); batch; batch = loader.next()) {
    const measured = model.evaluateStep(batch);
    loss += measured.loss;
    correct += measured.correct;
    tokens += batch.targets.length;
    await breathe();
  }
  model.reset();
  const mean = tokens > 0 ? loss / tokens : NaN;
  return { tokens, loss: mean, accuracy: tokens > 0 ? correct / tokens : NaN, perplexity: Math.exp(mean) };
}
