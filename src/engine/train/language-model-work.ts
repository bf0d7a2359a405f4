import type { LanguageModel } from '../model/language-model';
import type { FloatTensors } from '../weights/fastai-names';
import { readOptimiser, readParameters, writeOptimiser, writeParameters } from './checkpoint';
import type { LanguageModelTrainer } from './language-model-trainer';
import { evaluateLanguageModel } from './language-model-trainer';
import type { Optimiser } from './optimisers';
import type { Random } from './random';
import type { ScheduleOptions } from './schedules';
import { discriminativeRates, stageSchedule } from './schedules';
import type { EpochFigures, EpochResult, PlannedStage, StagePosition, StageWork, StepResult } from './stage-work';
import type { StreamLoader, StreamPosition, TokenDocumentSource } from './stream-loader';
import { languageModelGroup } from './unfreezing';
import type { KeeperOptions, KeeperState, Verdict } from './weight-keeper';
import { WeightKeeper } from './weight-keeper';

export interface LanguageModelWorkState {
  readonly generator: readonly number[];
  readonly stream: StreamPosition;
  readonly optimiserSteps: Readonly<Record<string, number>>;
  readonly keeper: KeeperState;
}

export interface LanguageModelParts {
  readonly model: LanguageModel;
  readonly trainer: LanguageModelTrainer;
  readonly optimiser: Optimiser;
  readonly loader: StreamLoader;
  readonly random: Random;
  readonly valid: { readonly source: TokenDocumentSource; readonly documents: Int32Array };
  readonly bptt: number;
  readonly backward: boolean;
  readonly schedule: ScheduleOptions;
  readonly discriminativeFactor: number;
  readonly keeper: KeeperOptions;
  readonly breathe: () => Promise<void>;
}

/**
 * Fine-tunes a language model on the texts at hand: first only the embedding and the decoder that shares it (so that
 * rows of new words find their place), then everything (Howard & Ruder 2018, section 3.2; fastai's lesson on IMDb).
 */
export class LanguageModelWork implements StageWork<LanguageModelWorkState> {
  private readonly parts: LanguageModelParts;
  private readonly keeper: WeightKeeper;

  constructor(parts: LanguageModelParts) {
    this.parts = parts;
    const { parameters } = parts.model;
    this.keeper = new WeightKeeper(parts.optimiser, parts.keeper, {
      read: () => readParameters(parameters),
      write: (tensors) => writeParameters(parameters, tensors),
    });
  }

  async begin(): Promise<void> {
    this.keeper.begin();
    this.parts.model.reset();
    this.parts.loader.startEpoch();
  }

  batchesPerEpoch(): number {
    return Math.max(1, this.parts.loader.batchesPerEpoch);
  }

  step(stage: PlannedStage, at: StagePosition): StepResult {
    const { loader, model, trainer, schedule, discriminativeFactor } = this.parts;
    let batch = loader.next();
    if (!batch) {
      model.reset();
      loader.startEpoch();
      batch = loader.next()!;
    }
    const { rate, momentum: momentumAt } = stageSchedule(stage.learningRate * at.rateFactor, at.steps, schedule);
    const [learningRate, momentum] = [at.rate ?? rate(at.position), momentumAt(at.position)];
    const { layers } = model.config;
    const rates = discriminativeRates(learningRate, layers + 1, discriminativeFactor);
    const onlyRows = stage.stage === 'language-model-new-rows';
    const rateOf = (name: string): number => {
      const group = languageModelGroup(name, layers);
      return onlyRows && group < layers ? 0 : rates[group]!;
    };
    const loss = trainer.step(batch, rateOf, momentum, { lowestLayer: 0, embedding: true });
    return { loss, tokens: batch.targets.length, learningRate, momentum };
  }

  async validate(stage: PlannedStage): Promise<EpochResult> {
    const remember = stage.stage === 'language-model-all';
    const { result, improved } = await this.keeper.judge(() => this.measure(), remember);
    return { figures: result.figures, improved };
  }

  async end(): Promise<void> {
    this.keeper.end();
  }

  readState(tensors: FloatTensors): LanguageModelWorkState {
    const { model, optimiser, random, loader } = this.parts;
    for (const [name, tensor] of readParameters(model.parameters, 'parameters/')) tensors.set(name, tensor);
    model.readState().forEach((tensor, i) => tensors.set(`carried/${i}`, tensor));
    const optimiserSteps = readOptimiser(optimiser, tensors);
    const keeper = this.keeper.readState(tensors);
    return { generator: random.readState(), stream: loader.readPosition(), optimiserSteps, keeper };
  }

  async takeUp(state: LanguageModelWorkState, tensors: FloatTensors): Promise<void> {
    const { model, optimiser, random, loader } = this.parts;
    writeParameters(model.parameters, tensors, 'parameters/');
    writeOptimiser(optimiser, tensors, state.optimiserSteps);
    this.keeper.takeUp(state.keeper, tensors);
    const carried = [...tensors].filter(([name]) => name.startsWith('carried/'));
    carried.sort(([a], [b]) => Number(a.slice(8)) - Number(b.slice(8)));
    model.writeState(carried.map(([, tensor]) => tensor));
    random.writeState(state.generator);
    loader.resumeAt(state.stream);
  }

  private async measure(): Promise<{ figures: EpochFigures; verdict: Verdict }> {
    const { model, valid, loader, bptt, backward, breathe } = this.parts;
    const carried = model.readState();
    const options = { batchSize: 8, bptt, backward };
    const score = await evaluateLanguageModel(model, valid.source, valid.documents, options, breathe);
    // Validation must not disturb the epoch that goes on after it.
    if (loader.fraction < 1) model.writeState(carried);
    const verdict = { metric: score.accuracy, loss: score.loss };
    if (score.tokens === 0)
      return { figures: { validLoss: null, accuracy: null, macroF1: null, perplexity: null }, verdict };
    const { loss: validLoss, accuracy, perplexity } = score;
    return { figures: { validLoss, accuracy, macroF1: null, perplexity }, verdict };
  }
}
