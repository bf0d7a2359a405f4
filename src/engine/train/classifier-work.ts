import type { StageId } from '../../shared/jobs';
import { computeMetrics } from '../evaluate/metrics';
import { probabilitiesAt } from '../evaluate/temperature';
import type { Kernels } from '../kernels/kernels';
import type { Classifier } from '../model/classifier';
import type { DocumentBatch } from '../model/document-batch';
import type { Gradients } from '../model/parameters';
import type { FloatTensors } from '../weights/fastai-names';
import { readOptimiser, readParameters, writeOptimiser, writeParameters } from './checkpoint';
import type { ClassifierStepOptions, LabelledLoader } from './classifier-steps';
import { ClassifierSteps, forEachDocument } from './classifier-steps';
import { checkFinite } from './finite';
import type { OptimiserChoice } from './make-optimiser';
import { makeOptimiser } from './make-optimiser';
import type { Optimiser } from './optimisers';
import { clipFactor } from './optimisers';
import type { Random } from './random';
import type { ScheduleOptions } from './schedules';
import { discriminativeRates, stageSchedule } from './schedules';
import type { EpochFigures, EpochResult, PlannedStage, StagePosition, StageWork, StepResult } from './stage-work';
import { classifierGroup, thawedIn } from './unfreezing';
import type { KeeperOptions, KeeperState, Verdict } from './weight-keeper';
import { WeightKeeper } from './weight-keeper';

export interface ClassifierTraining extends ClassifierStepOptions {
  readonly optimiser: OptimiserChoice;
  readonly schedule: ScheduleOptions;
  /** Greatest norm of the gradient; Infinity never clips. */
  readonly clip: number;
  readonly discriminativeFactor: number;
  readonly batches: 'sortish' | 'random';
  readonly keeper: KeeperOptions;
  /** The stage whose best weights are kept: the last one. */
  readonly lastStage: StageId;
}

/** The JSON part of a checkpoint. */
export interface ClassifierWorkState {
  readonly generator: readonly number[];
  readonly orderGenerator: readonly number[];
  readonly nextBatch: number;
  readonly optimiserSteps: Readonly<Record<string, number>>;
  readonly keeper: KeeperState;
}

/** Trains a classifier, by gradual unfreezing with discriminative rates (Howard & Ruder 2018, section 3.3) or otherwise. */
export class ClassifierWork implements StageWork<ClassifierWorkState> {
  private readonly kernels: Kernels;
  private readonly model: Classifier;
  private readonly train: LabelledLoader;
  private readonly valid: LabelledLoader;
  private readonly labelNames: readonly string[];
  private readonly options: ClassifierTraining;
  private readonly random: Random;
  private readonly optimiser: Optimiser;
  private readonly steps: ClassifierSteps;
  private readonly keeper: WeightKeeper;
  private readonly breathe: () => Promise<void>;
  private batches: Int32Array[] = [];
  private nextBatch = 0;
  private orderGenerator: readonly number[] = [];
  /** Pooled vectors of all training documents while the encoder is frozen: it then gives the same each epoch. */
  private frozen: Float32Array | null = null;

  constructor(
    kernels: Kernels,
    model: Classifier,
    data: { train: LabelledLoader; valid: LabelledLoader; labelNames: readonly string[] },
    options: ClassifierTraining,
    random: Random,
    breathe: () => Promise<void>,
  ) {
    this.kernels = kernels;
    this.model = model;
    this.train = data.train;
    this.valid = data.valid;
    this.labelNames = data.labelNames;
    this.options = options;
    this.random = random;
    this.breathe = breathe;
    this.optimiser = makeOptimiser(kernels, model.parameters, options.optimiser);
    const classes = data.labelNames.length;
    this.steps = new ClassifierSteps(kernels, model, { train: data.train, classes }, options, random);
    this.keeper = new WeightKeeper(this.optimiser, options.keeper, {
      read: () => this.readTensors(),
      write: (tensors) => this.writeTensors(tensors),
    });
  }

  async begin(stage: PlannedStage): Promise<void> {
    this.keeper.begin();
    this.drawOrder();
    await this.prepare(stage);
  }

  batchesPerEpoch(): number {
    return this.batches.length;
  }

  step(stage: PlannedStage, at: StagePosition): StepResult {
    if (this.nextBatch >= this.batches.length) this.drawOrder();
    const places = this.batches[this.nextBatch++]!;
    const schedule = stageSchedule(stage.learningRate * at.rateFactor, at.steps, this.options.schedule);
    const [rate, momentum] = [at.rate ?? schedule.rate(at.position), schedule.momentum(at.position)];
    const { layers } = this.model.config;
    const { reach, only } = thawedIn(stage.stage, layers, at.position);
    const { loss, tokens, gradients } = reach
      ? this.steps.onDocuments(places, reach)
      : this.steps.onPooled(places, this.frozen!);
    if (only !== null) this.drop(gradients, (name) => classifierGroup(name, layers) !== only);
    this.update(gradients, loss, rate, momentum);
    return { loss, tokens, learningRate: rate, momentum };
  }

  async validate(stage: PlannedStage): Promise<EpochResult> {
    const remember = stage.stage === this.options.lastStage;
    const { result, improved } = await this.keeper.judge(() => this.measure(), remember);
    return { figures: result.figures, improved };
  }

  async end(): Promise<void> {
    this.keeper.end();
  }

  /** Validation logits `[valid documents, classes]`, in the order the documents were given. */
  async validLogits(): Promise<Float32Array> {
    const logits = (batch: DocumentBatch): Float32Array => this.model.logits(batch);
    return forEachDocument(this.valid.loader, this.labelNames.length, logits, this.breathe);
  }

  /** Seconds of one full step (without an update, and with everything as before afterwards), for the plan. */
  probe(places: Int32Array): number {
    const statistics = this.readStatistics();
    const generator = this.random.readState();
    const began = performance.now();
    const { gradients } = this.steps.onDocuments(places, { lowestLayer: 0, embedding: true });
    clipFactor(this.kernels, gradients, this.options.clip);
    const spent = (performance.now() - began) / 1000;
    this.drop(gradients, () => true);
    this.random.writeState(generator);
    this.writeStatistics(statistics);
    return spent;
  }

  readState(tensors: FloatTensors): ClassifierWorkState {
    for (const [name, tensor] of this.readTensors()) tensors.set(`parameters/${name}`, tensor);
    return {
      generator: this.random.readState(),
      orderGenerator: this.orderGenerator,
      nextBatch: this.nextBatch,
      optimiserSteps: readOptimiser(this.optimiser, tensors),
      keeper: this.keeper.readState(tensors),
    };
  }

  async takeUp(state: ClassifierWorkState, tensors: FloatTensors, stage: PlannedStage): Promise<void> {
    const prefix = 'parameters/';
    const own = [...tensors].filter(([name]) => name.startsWith(prefix));
    this.writeTensors(new Map(own.map(([name, tensor]) => [name.slice(prefix.length), tensor])));
    writeOptimiser(this.optimiser, tensors, state.optimiserSteps);
    this.keeper.takeUp(state.keeper, tensors);
    if (state.orderGenerator.length > 0) {
      this.random.writeState(state.orderGenerator);
      this.drawOrder();
    }
    this.nextBatch = state.nextBatch;
    this.random.writeState(state.generator);
    await this.prepare(stage);
  }

  dispose(): void {
    this.optimiser.dispose();
  }

  private async prepare(stage: PlannedStage): Promise<void> {
    const { reach } = thawedIn(stage.stage, this.model.config.layers, 0);
    const pooled = (batch: DocumentBatch): Float32Array => this.model.pooled(batch);
    this.frozen = reach
      ? null
      : await forEachDocument(this.train.loader, this.model.head.widths[0]!, pooled, this.breathe);
  }

  private drawOrder(): void {
    this.orderGenerator = this.random.readState();
    const { loader } = this.train;
    this.batches =
      this.options.batches === 'random' ? loader.randomBatches(this.random) : loader.sortishBatches(this.random);
    this.nextBatch = 0;
  }

  private async measure(): Promise<{ figures: EpochFigures; verdict: Verdict }> {
    const { multiLabel } = this.options;
    const logits = await this.validLogits();
    const probabilities = probabilitiesAt(logits, this.labelNames.length, 1, { multiLabel });
    const metrics = computeMetrics(probabilities, this.valid.labels, this.labelNames, { multiLabel });
    const { loss, accuracy, macroF1 } = metrics;
    return {
      figures: { validLoss: loss, accuracy, macroF1, perplexity: null },
      verdict: { metric: multiLabel ? metrics.microF1 : accuracy, loss },
    };
  }

  private update(gradients: Gradients, loss: number, rate: number, momentum: number): void {
    const { norm, factor } = clipFactor(this.kernels, gradients, this.options.clip);
    checkFinite(this.kernels, this.model.parameters, gradients, { loss, norm });
    const { layers } = this.model.config;
    const rates = discriminativeRates(rate, layers + 2, this.options.discriminativeFactor);
    this.optimiser.step(gradients, (name) => rates[classifierGroup(name, layers)]!, momentum, factor);
  }

  private drop(gradients: Gradients, which: (name: string) => boolean): void {
    for (const [name, gradient] of gradients) {
      if (!which(name)) continue;
      this.kernels.dispose(gradient);
      gradients.delete(name);
    }
  }

  private readTensors(): FloatTensors {
    return new Map([...readParameters(this.model.parameters), ...this.readStatistics()]);
  }

  private writeTensors(tensors: FloatTensors): void {
    writeParameters(this.model.parameters, tensors);
    this.writeStatistics(tensors);
  }

  private readStatistics(): FloatTensors {
    const tensors: FloatTensors = new Map();
    const { means, variances } = this.model.statistics;
    const put = (name: string, data: Float32Array): unknown =>
      tensors.set(name, { shape: [data.length], data: data.slice() });
    means.forEach((mean, block) => put(`statistics.${block}.mean`, mean));
    variances.forEach((variance, block) => put(`statistics.${block}.variance`, variance));
    return tensors;
  }

  private writeStatistics(tensors: FloatTensors): void {
    const { means, variances } = this.model.statistics;
    means.forEach((mean, block) => mean.set(tensors.get(`statistics.${block}.mean`)!.data));
    variances.forEach((variance, block) => variance.set(tensors.get(`statistics.${block}.variance`)!.data));
  }
}
