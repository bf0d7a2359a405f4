import type { LanguageModel } from '../model/language-model';
import type { FloatTensors } from '../weights/fastai-names';
import { readOptimiser, readParameters, writeOptimiser, writeParameters } from './checkpoint';
import type { LanguageModelTrainer } from './language-model-trainer';
import { evaluateLanguageModel } from './language-model-trainer';
import type { Adam } from './optimisers';
import type { Random } from './random';
import type { EpochFigures, PlannedStage, StageWork, StepResult } from './run-stages';
import { oneCycle } from './schedules';
import type { StreamLoader, StreamPosition, TokenDocumentSource } from './stream-loader';

export interface LanguageModelWorkState {
  readonly generator: readonly number[];
  readonly stream: StreamPosition;
  readonly optimiserSteps: Readonly<Record<string, number>>;
}

export interface LanguageModelParts {
  readonly model: LanguageModel;
  readonly trainer: LanguageModelTrainer;
  readonly optimiser: Adam;
  readonly loader: StreamLoader;
  readonly random: Random;
  readonly valid: {
    readonly source: TokenDocumentSource;
    readonly documents: Int32Array;
    readonly backward: boolean;
  };
  readonly bptt: number;
  readonly breathe: () => Promise<void>;
}

/**
 * Fine-tunes a language model on the texts at hand: first only the embedding and the decoder that shares it (so that
 * rows of new words find their place), then everything (Howard & Ruder 2018, section 3.2; fastai's lesson on IMDb).
 */
export class LanguageModelWork implements StageWork {
  private readonly parts: LanguageModelParts;

  constructor(parts: LanguageModelParts) {
    this.parts = parts;
  }

  async begin(): Promise<void> {
    this.parts.model.reset();
    this.parts.loader.startEpoch();
  }

  batchesPerEpoch(): number {
    return Math.max(1, this.parts.loader.batchesPerEpoch);
  }

  step(stage: PlannedStage, position: number): StepResult {
    const { loader, model, trainer } = this.parts;
    let batch = loader.next();
    if (!batch) {
      model.reset();
      loader.startEpoch();
      batch = loader.next()!;
    }
    const cycle = oneCycle(stage.learningRate);
    const [learningRate, momentum] = [cycle.rate(position), cycle.momentum(position)];
    const onlyRows = stage.stage === 'language-model-new-rows';
    const rateOf = (name: string): number => (onlyRows && name.startsWith('rnns.') ? 0 : learningRate);
    const loss = trainer.step(batch, rateOf, momentum, { lowestLayer: 0, embedding: true });
    return { loss, tokens: batch.targets.length, learningRate, momentum };
  }

  async validate(): Promise<EpochFigures> {
    const { model, valid, loader, bptt, breathe } = this.parts;
    const carried = model.readState();
    const options = { batchSize: 8, bptt, backward: valid.backward };
    const score = await evaluateLanguageModel(model, valid.source, valid.documents, options, breathe);
    // Validation must not disturb the epoch that goes on after it.
    if (loader.fraction < 1) model.writeState(carried);
    if (score.tokens === 0) return { validLoss: null, accuracy: null, macroF1: null, perplexity: null };
    return { validLoss: score.loss, accuracy: score.accuracy, macroF1: null, perplexity: score.perplexity };
  }

  readState(tensors: FloatTensors): LanguageModelWorkState {
    const { model, optimiser, random, loader } = this.parts;
    for (const [name, tensor] of readParameters(model.parameters, 'parameters/')) tensors.set(name, tensor);
    model.readState().forEach((tensor, i) => tensors.set(`carried/${i}`, tensor));
    const optimiserSteps = readOptimiser(optimiser, tensors);
    return { generator: random.readState(), stream: loader.readPosition(), optimiserSteps };
  }

  takeUp(state: LanguageModelWorkState, tensors: FloatTensors): void {
    const { model, optimiser, random, loader } = this.parts;
    writeParameters(model.parameters, tensors, 'parameters/');
    writeOptimiser(optimiser, tensors, state.optimiserSteps);
    model.writeState([...tensors].filter(([name]) => name.startsWith('carried/')).map(([, tensor]) => tensor));
    random.writeState(state.generator);
    loader.resumeAt(state.stream);
  }
}
