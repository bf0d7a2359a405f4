import { AppError } from '../../shared/errors';
import { computeMetrics } from '../evaluate/metrics';
import type { LabelCsr } from '../evaluate/label-csr';
import { probabilitiesAt } from '../evaluate/temperature';
import type { Kernels } from '../kernels/kernels';
import type { Classifier, LogitLoss } from '../model/classifier';
import type { DropoutRates } from '../model/config';
import type { DocumentBatch } from '../model/document-batch';
import type { EncoderReach } from '../model/encoder';
import type { HeadMasks } from '../model/head';
import type { DropoutMasks } from '../model/masks';
import { drawMasks } from '../model/masks';
import type { Gradients } from '../model/parameters';
import type { FloatTensors } from '../weights/fastai-names';
import { readOptimiser, readParameters, writeOptimiser, writeParameters } from './checkpoint';
import type { DocumentLoader } from './document-loader';
import { binaryCrossEntropy, crossEntropy } from './losses';
import { Adam, clipGradients } from './optimisers';
import type { Random } from './random';
import type { EpochFigures, PlannedStage, StageWork, StepResult } from './run-stages';
import { discriminativeRates, oneCycle } from './schedules';

export interface ClassifierTraining {
  readonly dropouts: DropoutRates;
  readonly headDropouts: readonly number[];
  readonly clip: number;
  readonly weightDecay: number;
  readonly discriminativeFactor: number;
  readonly multiLabel: boolean;
  readonly classWeights: Float32Array | null;
  readonly smoothing: number;
}

/** The JSON part of a checkpoint. */
export interface ClassifierWorkState {
  readonly generator: readonly number[];
  readonly orderGenerator: readonly number[];
  readonly nextBatch: number;
  readonly optimiserSteps: Readonly<Record<string, number>>;
  readonly bestAccuracy: number;
  readonly bestLoss: number;
}

/** What gradual unfreezing sets free in each stage; null: the head only. */
function reachOf(stage: PlannedStage, layers: number): EncoderReach | null {
  switch (stage.stage) {
    case 'classifier-head':
      return null;
    case 'classifier-last':
      return { lowestLayer: layers - 1, embedding: false };
    case 'classifier-last-two':
      return { lowestLayer: Math.max(0, layers - 2), embedding: false };
    default:
      return { lowestLayer: 0, embedding: true };
  }
}

/** Trains a classifier by gradual unfreezing with discriminative rates (Howard & Ruder 2018, section 3.3). */
export class ClassifierWork implements StageWork {
  private readonly kernels: Kernels;
  private readonly model: Classifier;
  private readonly train: { loader: DocumentLoader; labels: LabelCsr };
  private readonly valid: { loader: DocumentLoader; labels: LabelCsr };
  private readonly labelNames: readonly string[];
  private readonly options: ClassifierTraining;
  private readonly random: Random;
  private readonly optimiser: Adam;
  private readonly breathe: () => Promise<void>;
  private batches: Int32Array[] = [];
  private nextBatch = 0;
  private orderGenerator: readonly number[] = [];
  /** Pooled vectors of all training documents while the encoder is frozen: it then gives the same each epoch. */
  private frozen: Float32Array | null = null;
  private best: { accuracy: number; loss: number; tensors: FloatTensors } | null = null;

  constructor(
    kernels: Kernels,
    model: Classifier,
    data: {
      train: { loader: DocumentLoader; labels: LabelCsr };
      valid: { loader: DocumentLoader; labels: LabelCsr };
      labelNames: readonly string[];
    },
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
    this.optimiser = new Adam(kernels, model.parameters, {
      beta2: 0.99,
      epsilon: 1e-7,
      weightDecay: options.weightDecay,
      decoupled: true,
    });
  }

  async begin(stage: PlannedStage): Promise<void> {
    this.best = null;
    this.drawOrder();
    await this.prepare(stage);
  }

  batchesPerEpoch(): number {
    return this.batches.length;
  }

  step(stage: PlannedStage, position: number): StepResult {
    if (this.nextBatch >= this.batches.length) this.drawOrder();
    const places = this.batches[this.nextBatch++]!;
    const cycle = oneCycle(stage.learningRate);
    const [rate, momentum] = [cycle.rate(position), cycle.momentum(position)];
    const reach = reachOf(stage, this.model.config.layers);
    const { loss, tokens, gradients } = reach ? this.documentStep(places, reach) : this.headStep(places);
    this.update(gradients, loss, rate, momentum);
    return { loss, tokens, learningRate: rate, momentum };
  }

  async validate(stage: PlannedStage): Promise<EpochFigures> {
    const logits = await this.logits(this.valid.loader);
    const { multiLabel } = this.options;
    const probabilities = probabilitiesAt(logits, this.labelNames.length, 1, { multiLabel });
    const metrics = computeMetrics(probabilities, this.valid.labels, this.labelNames, { multiLabel });
    const score = multiLabel ? metrics.microF1 : metrics.accuracy;
    if (stage.stage === 'classifier-all') this.rememberIfBest(score, metrics.loss);
    return { validLoss: metrics.loss, accuracy: metrics.accuracy, macroF1: metrics.macroF1, perplexity: null };
  }

  /** Takes the best weights of the last stage, by validation. */
  restoreBest(): void {
    if (this.best) this.writeTensors(this.best.tensors);
  }

  /** Validation logits `[valid documents, classes]`, in the order the documents were given. */
  async validLogits(): Promise<Float32Array> {
    return this.logits(this.valid.loader);
  }

  /** Seconds of one full step (without an update, and with everything as before afterwards), for the plan. */
  probe(places: Int32Array): number {
    const { means, variances } = this.model.statistics;
    const before = { means: means.map((x) => x.slice()), variances: variances.map((x) => x.slice()) };
    const generator = this.random.readState();
    const began = performance.now();
    const { gradients } = this.documentStep(places, { lowestLayer: 0, embedding: true });
    clipGradients(this.kernels, gradients, this.options.clip);
    const spent = (performance.now() - began) / 1000;
    for (const gradient of gradients.values()) this.kernels.dispose(gradient);
    this.random.writeState(generator);
    means.forEach((mean, block) => mean.set(before.means[block]!));
    variances.forEach((variance, block) => variance.set(before.variances[block]!));
    return spent;
  }

  readState(tensors: FloatTensors): ClassifierWorkState {
    for (const [name, tensor] of this.readTensors()) tensors.set(`parameters/${name}`, tensor);
    for (const [name, tensor] of this.best?.tensors ?? []) tensors.set(`best/${name}`, tensor);
    return {
      generator: this.random.readState(),
      orderGenerator: this.orderGenerator,
      nextBatch: this.nextBatch,
      optimiserSteps: readOptimiser(this.optimiser, tensors),
      bestAccuracy: this.best?.accuracy ?? -1,
      bestLoss: this.best?.loss ?? Infinity,
    };
  }

  async takeUp(state: ClassifierWorkState, tensors: FloatTensors, stage: PlannedStage): Promise<void> {
    const under = (prefix: string): FloatTensors =>
      new Map(
        [...tensors].filter(([name]) => name.startsWith(prefix)).map(([name, t]) => [name.slice(prefix.length), t]),
      );
    this.writeTensors(under('parameters/'));
    writeOptimiser(this.optimiser, tensors, state.optimiserSteps);
    const best = under('best/');
    this.best = best.size > 0 ? { accuracy: state.bestAccuracy, loss: state.bestLoss, tensors: best } : null;
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
    this.frozen = reachOf(stage, this.model.config.layers) ? null : await this.pooledDocuments();
  }

  private drawOrder(): void {
    this.orderGenerator = this.random.readState();
    this.batches = this.train.loader.sortishBatches(this.random);
    this.nextBatch = 0;
  }

  private documentStep(
    places: Int32Array,
    reach: EncoderReach,
  ): { loss: number; tokens: number; gradients: Gradients } {
    const { kernels: k, model } = this;
    const { batch } = this.train.loader.load(places);
    const { loss, gradients } = k.scope(() => {
      const encoder = this.encoderMasks(batch.documents);
      const head = this.headMasks(batch.documents);
      return model.trainStep(batch, { encoder, head }, reach, this.lossOf(places));
    });
    return { loss, tokens: batch.documents * batch.time, gradients };
  }

  private headStep(places: Int32Array): { loss: number; tokens: number; gradients: Gradients } {
    const width = this.model.head.widths[0]!;
    const rows = new Float32Array(places.length * width);
    places.forEach((place, i) => rows.set(this.frozen!.subarray(place * width, (place + 1) * width), i * width));
    const { loss, gradients } = this.kernels.scope(() =>
      this.model.headStep(rows, places.length, this.headMasks(places.length), this.lossOf(places)),
    );
    return { loss, tokens: places.length, gradients };
  }

  private lossOf(places: Int32Array): LogitLoss {
    const { offsets, labels } = this.train.labels;
    const classes = this.labelNames.length;
    if (!this.options.multiLabel) {
      const own = Int32Array.from(places, (place) => labels[offsets[place]!]!);
      const { smoothing, classWeights } = this.options;
      return (logits) => crossEntropy(logits, own, classes, { smoothing, classWeights });
    }
    const targets = new Float32Array(places.length * classes);
    places.forEach((place, i) => {
      for (let j = offsets[place]!; j < offsets[place + 1]!; j++) targets[i * classes + labels[j]!] = 1;
    });
    return (logits) => binaryCrossEntropy(logits, targets);
  }

  private update(gradients: Gradients, loss: number, rate: number, momentum: number): void {
    const norm = clipGradients(this.kernels, gradients, this.options.clip);
    if (!Number.isFinite(loss) || !Number.isFinite(norm)) {
      for (const gradient of gradients.values()) this.kernels.dispose(gradient);
      throw new AppError('not-a-number', 'The loss of the classifier is not a finite number any more.', {
        hint: 'Train again with a lower learning rate.',
        data: { loss, norm },
      });
    }
    const { layers } = this.model.config;
    const rates = discriminativeRates(rate, layers + 2, this.options.discriminativeFactor);
    this.optimiser.step(gradients, (name) => rates[groupOf(name, layers)]!, momentum);
  }

  private encoderMasks(documents: number): DropoutMasks {
    return drawMasks(this.kernels, this.model.config, this.options.dropouts, documents, () => this.random.seedPair());
  }

  private headMasks(documents: number): HeadMasks {
    return this.options.headDropouts.map((p, block) =>
      p > 0 ? this.kernels.dropoutMask([documents, this.model.head.widths[block]!], p, this.random.seedPair()) : null,
    );
  }

  private async logits(loader: DocumentLoader): Promise<Float32Array> {
    const classes = this.labelNames.length;
    return this.forEachDocument(loader, classes, (batch) => this.model.logits(batch));
  }

  private async pooledDocuments(): Promise<Float32Array> {
    return this.forEachDocument(this.train.loader, this.model.head.widths[0]!, (batch) => this.model.pooled(batch));
  }

  private async forEachDocument(
    loader: DocumentLoader,
    width: number,
    compute: (batch: DocumentBatch) => Float32Array,
  ): Promise<Float32Array> {
    const result = new Float32Array(loader.documentCount * width);
    for (const places of loader.sortedBatches()) {
      const values = compute(loader.load(places).batch);
      places.forEach((place, i) => result.set(values.subarray(i * width, (i + 1) * width), place * width));
      await this.breathe();
    }
    return result;
  }

  private rememberIfBest(accuracy: number, loss: number): void {
    const { best } = this;
    if (best && (accuracy < best.accuracy || (accuracy === best.accuracy && loss >= best.loss))) return;
    this.best = { accuracy, loss, tensors: this.readTensors() };
  }

  private readTensors(): FloatTensors {
    const tensors = readParameters(this.model.parameters);
    this.model.statistics.means.forEach((data, i) =>
      tensors.set(`statistics.${i}.mean`, { shape: [data.length], data: data.slice() }),
    );
    this.model.statistics.variances.forEach((data, i) =>
      tensors.set(`statistics.${i}.variance`, { shape: [data.length], data: data.slice() }),
    );
    return tensors;
  }

  private writeTensors(tensors: FloatTensors): void {
    writeParameters(this.model.parameters, tensors);
    this.model.statistics.means.forEach((data, i) => data.set(tensors.get(`statistics.${i}.mean`)!.data));
    this.model.statistics.variances.forEach((data, i) => data.set(tensors.get(`statistics.${i}.variance`)!.data));
  }
}

/** The group of a parameter, from the bottom: embedding, each layer, head. */
function groupOf(name: string, layers: number): number {
  const layer = /^rnns\.(\d+)\./.exec(name);
  if (layer) return 1 + Number(layer[1]);
  return name.startsWith('head.') ? layers + 1 : 0;
}
