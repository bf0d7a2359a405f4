import { join } from 'node:path';
import type { StageId } from '../../shared/jobs';
import type { TrainingPlan } from '../../shared/training-types';
import { joinLabels, pickLabels, type LabelCsr } from '../evaluate/label-csr';
import { fitTemperature, probabilitiesAt } from '../evaluate/temperature';
import { chooseThresholds } from '../evaluate/thresholds';
import { Classifier } from '../model/classifier';
import type { ClassifierFile } from '../model/classifier-files';
import { saveClassifier } from '../model/classifier-files';
import { pooledWidth } from '../model/config';
import { freshHead, parametersFrom } from '../model/initialise';
import { concatParts } from '../model/pooling';
import type { TokenShards } from '../text/token-shards';
import { readParameters } from '../train/checkpoint';
import { DocumentLoader } from '../train/document-loader';
import { checkFiniteTensors } from '../train/finite';
import type { HeldOutLogits } from '../train/linear-head';
import { Random } from '../train/random';
import type { PlannedStage } from '../train/stage-work';
import type { FloatTensors } from '../weights/fastai-names';
import type { LanguageModelStart } from './encoder-start';
import type { RunStart } from './fine-tune-language-model';
import type { LabelledDocuments, TrainParams, TrainResult } from './protocol';
import { classifierRecipe } from './recipe';
import { runStageSession } from './stage-session';
import { linearStage, trainLinearHead } from './train-linear-head';
import type { TaskContext } from './task-context';
import { WatchedClassifierWork } from './watched-classifier';

const headHidden = 50;

export interface ClassifierOptions {
  readonly plan: TrainingPlan;
  readonly stages: readonly PlannedStage[];
  readonly track: readonly StageId[];
  readonly budget: number | null;
  readonly secondsAfter: number;
}

/** Trains the classifier by gradual unfreezing, calibrates it on validation, and writes it to `outDir/classifier`. */
export async function trainClassifier(
  params: TrainParams,
  start: RunStart,
  shards: TokenShards,
  itos: readonly string[],
  options: ClassifierOptions,
  context: TaskContext,
): Promise<Pick<TrainResult, 'classifierDir' | 'validLogits' | 'heldOut' | 'temperature' | 'thresholds'>> {
  const lastStage = options.stages.at(-1)?.stage ?? 'classifier-all';
  const parts = classifierWork(params, start, shards, { ...options.plan, lastStage }, context);
  const { classifier, work } = parts;
  const { labels: labelNames, multiLabel, valid } = params;
  const held = { documents: valid.documents, labels: csr(valid), labelNames, multiLabel };
  work.watchOver(held, (event) => context.report(event));
  try {
    const { heldOut, removeFiles } = await learn(parts, params, options, context);
    checkFiniteTensors(readParameters(classifier.parameters));
    context.report({ type: 'stage', stage: 'calibrate', stages: [...options.track] });
    const validLogits = await work.validLogits();
    const judged = withHeldOut({ logits: validLogits, labels: csr(params.valid) }, heldOut, csr(params.train));
    const { temperature, thresholds } = calibrate(judged.logits, judged.labels, params);
    const classifierDir = join(params.outDir, 'classifier');
    const calibration = { temperature, thresholds };
    const file = fileOf(params, start, options.plan, classifier, calibration);
    await saveClassifier(classifierDir, file, classifier, itos, start.unseen);
    await removeFiles();
    return { classifierDir, validLogits, heldOut, temperature, thresholds };
  } finally {
    work.dispose();
    classifier.parameters.dispose();
  }
}

interface Learned {
  readonly heldOut: HeldOutLogits | null;
  /** What was kept to go on from. */
  readonly removeFiles: () => Promise<void>;
}

async function learn(
  parts: ClassifierParts,
  params: TrainParams,
  options: ClassifierOptions,
  context: TaskContext,
): Promise<Learned> {
  const { work, recipe } = parts;
  const [first] = options.stages;
  if (first?.stage === linearStage) {
    const { track } = options;
    const trainLabels = csr(params.train);
    const linear = { ...parts, trainLabels, classWeights: classWeightsOf(params), params, stage: first, track };
    return { heldOut: await trainLinearHead(linear, context), removeFiles: () => Promise.resolve() };
  }
  const { patience, retries } = recipe;
  const session = { ...options, name: 'classifier', patience, retries };
  return { heldOut: null, removeFiles: await runStageSession(work, session, params, context) };
}

function fileOf(
  params: TrainParams,
  start: LanguageModelStart,
  plan: TrainingPlan,
  classifier: Classifier,
  calibration: { temperature: number; thresholds: number[] | null },
): ClassifierFile {
  return {
    format: 'thaw-classifier',
    version: 1,
    encoder: start.config,
    head: headOf(classifier),
    labels: [...params.labels],
    multiLabel: params.multiLabel,
    ...calibration,
    tokenizer: params.tokenizer,
    bptt: plan.bptt,
    maxTokens: plan.maxLength,
    backward: params.backward ?? false,
    facts: { pretrained: start.pretrainedName, validDocuments: params.valid.documents.length },
  };
}

/** Times one full step of the classifier: tokens a second. */
export function probeClassifier(
  params: TrainParams,
  start: LanguageModelStart,
  shards: TokenShards,
  context: TaskContext,
): number | null {
  const longest = params.train.documents.reduce((most, document) => Math.max(most, shards.length(document)), 1);
  const { classifierBptt: bptt = 70, classifierBatchSize: batchSize = 32, maxTokens = 600 } = params.request.options;
  const plan = { maxLength: Math.min(longest, maxTokens), bptt, batchSize, lastStage: 'classifier-all' } as const;
  const { classifier, work, trainLoader } = classifierWork(params, start, shards, plan, context);
  try {
    const batches = trainLoader.sortedBatches();
    // A batch from the middle stands for the rest; the first one warms up.
    const middle = batches[Math.floor(batches.length / 2)];
    if (!middle) return null;
    const tokens = trainLoader.load(middle).batch.ids.length;
    work.probe(middle);
    return tokens / Math.min(work.probe(middle), work.probe(middle));
  } finally {
    work.dispose();
    classifier.parameters.dispose();
  }
}

/** What {@link classifierWork} makes. */
type ClassifierParts = ReturnType<typeof classifierWork>;

/** The classifier of a run with all that trains it; the caller disposes work and parameters. */
export function classifierWork(
  params: TrainParams,
  start: LanguageModelStart,
  shards: TokenShards,
  plan: Pick<TrainingPlan, 'maxLength' | 'bptt' | 'batchSize'> & { readonly lastStage: StageId },
  context: TaskContext,
) {
  const { kernels } = context;
  const isLinear = plan.lastStage === linearStage;
  const recipe = classifierRecipe(params.request.options, params.valid.documents.length, isLinear);
  const random = new Random(params.request.seed + 2);
  const { pooling } = recipe;
  const pooledOutputs = Math.min(recipe.pooledOutputs, start.config.layers + 1);
  const width = pooledWidth(start.config, pooling.length, pooledOutputs);
  const classes = params.labels.length;
  const widths = isLinear ? [width, classes] : [width, headHidden, classes];
  const head = { widths, pooling, pooledOutputs, biases: isLinear };
  const tensors: FloatTensors = new Map([...start.tensors, ...freshHead(head, random)]);
  tensors.delete('decoder.bias');
  const parameters = parametersFrom(kernels, tensors);
  const sizes = { encoder: start.config, head, bptt: plan.bptt, maxLength: recipe.gradientTokens };
  const classifier = new Classifier(kernels, sizes, parameters);
  const loaderOptions = {
    batchSize: plan.batchSize,
    batchTokens: 12_000,
    bptt: plan.bptt,
    padding: start.config.padding,
    maxTokens: plan.maxLength,
    backward: params.backward ?? false,
  };
  const trainLoader = new DocumentLoader(shards, params.train.documents, loaderOptions);
  const validLoader = new DocumentLoader(shards, params.valid.documents, { ...loaderOptions, batchSize: 128 });
  const data = {
    train: { loader: trainLoader, labels: csr(params.train) },
    valid: { loader: validLoader, labels: csr(params.valid) },
    labelNames: params.labels,
  };
  const { multiLabel } = params;
  const { smoothing, focalGamma } = recipe;
  const training = {
    ...recipe,
    lastStage: plan.lastStage,
    multiLabel,
    loss: { classWeights: classWeightsOf(params), smoothing, focalGamma },
  };
  const work = new WatchedClassifierWork(kernels, classifier, data, training, random, () => context.breathe());
  return { classifier, work, trainLoader, recipe };
}

/** Rows to calibrate by: the validation rows, and the training rows that folds were asked about. */
function withHeldOut(
  valid: { readonly logits: Float32Array; readonly labels: LabelCsr },
  heldOut: HeldOutLogits | null,
  train: LabelCsr,
) {
  if (heldOut === null) return valid;
  const logits = Float32Array.from([...valid.logits, ...heldOut.logits]);
  return { logits, labels: joinLabels(valid.labels, pickLabels(train, heldOut.rows)) };
}

function calibrate(logits: Float32Array, labels: LabelCsr, params: TrainParams) {
  const { multiLabel } = params;
  if (labels.offsets.length < 2) return { temperature: 1, thresholds: null };
  const temperature = fitTemperature(logits, labels, { multiLabel });
  if (!multiLabel) return { temperature, thresholds: null };
  const probabilities = probabilitiesAt(logits, params.labels.length, temperature, { multiLabel });
  return { temperature, thresholds: [...chooseThresholds(probabilities, labels)] };
}

/** How much more each class counts than it is frequent, for what the run was asked; null: no class does. */
function classWeightsOf(params: TrainParams): Float32Array | null {
  return params.request.classWeights ? balancedWeights(params) : (params.classWeights ?? null);
}

/**
 * Weights that make every class count alike: n / (classes · n_c). With several labels a text: how many texts lack a label
 * for each that has it.
 */
function balancedWeights(params: TrainParams): Float32Array {
  const { labels, documents } = params.train;
  const counts = new Float32Array(params.labels.length);
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  if (params.multiLabel) return counts.map((count) => (documents.length - count) / Math.max(1, count));
  return counts.map((count) => labels.length / (params.labels.length * Math.max(1, count)));
}

function headOf({ head: { widths, pooling, pooledOutputs = 1, biases = false } }: Classifier): ClassifierFile['head'] {
  const isConcat = !pooling || pooling.join() === concatParts.join();
  return {
    widths: [...widths],
    ...(isConcat ? {} : { pooling: [...pooling] }),
    ...(pooledOutputs > 1 ? { pooledOutputs } : {}),
    ...(biases ? { biases } : {}),
  };
}

function csr(documents: LabelledDocuments): LabelCsr {
  return { offsets: documents.labelOffsets, labels: documents.labels };
}
