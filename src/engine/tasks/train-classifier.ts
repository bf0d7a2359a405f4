import { join } from 'node:path';
import type { StageId } from '../../shared/jobs';
import type { TrainingPlan } from '../../shared/training-types';
import type { LabelCsr } from '../evaluate/label-csr';
import { fitTemperature, probabilitiesAt } from '../evaluate/temperature';
import { chooseThresholds } from '../evaluate/thresholds';
import { Classifier } from '../model/classifier';
import type { ClassifierFile } from '../model/classifier-files';
import { saveClassifier } from '../model/classifier-files';
import type { DropoutRates } from '../model/config';
import { freshHead, parametersFrom } from '../model/initialise';
import type { TokenShards } from '../text/token-shards';
import { loadCheckpoint, removeCheckpoint, saveCheckpoint } from '../train/checkpoint';
import type { ClassifierWorkState } from '../train/classifier-work';
import { ClassifierWork } from '../train/classifier-work';
import { DocumentLoader } from '../train/document-loader';
import { Random } from '../train/random';
import type { PlannedStage, StagesState } from '../train/run-stages';
import { runStages } from '../train/run-stages';
import type { FloatTensors } from '../weights/fastai-names';
import type { LanguageModelStart } from './fine-tune-language-model';
import type { LabelledDocuments, TrainParams, TrainResult } from './protocol';
import type { TaskContext } from './task-context';

/** Dropout of the encoder while the classifier trains; weaker than fastai's, for data sets of some thousand rows. */
const encoderDropouts: DropoutRates = { embed: 0.05, input: 0.25, weight: 0.2, hidden: 0.15, output: 0 };
const headDropouts = [0.3, 0.1] as const;
const headHidden = 50;

interface ClassifierCheckpoint {
  readonly stages: StagesState;
  readonly work: ClassifierWorkState;
}

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
  start: LanguageModelStart,
  shards: TokenShards,
  itos: readonly string[],
  options: ClassifierOptions,
  context: TaskContext,
): Promise<Pick<TrainResult, 'classifierDir' | 'validLogits' | 'temperature' | 'thresholds'>> {
  const { classifier, work } = makeWork(params, start, shards, options.plan, context);
  const checkpointFile = join(params.runDir, 'classifier.safetensors');
  try {
    const saved = params.resume ? await loadCheckpoint<ClassifierCheckpoint>(checkpointFile) : null;
    const savedStage = saved ? options.stages[saved.state.stages.stageIndex] : undefined;
    if (saved && savedStage) await work.takeUp(saved.state.work, saved.tensors, savedStage);
    const checkpoint = async (stages: StagesState): Promise<void> => {
      const tensors: FloatTensors = new Map();
      const state: ClassifierCheckpoint = { stages, work: work.readState(tensors) };
      await saveCheckpoint(checkpointFile, { state, tensors });
    };
    await runStages(
      work,
      {
        ...options,
        resumeFrom: saved?.state.stages ?? null,
        checkpoint,
        checkpointEverySeconds: params.checkpointSeconds ?? 20,
      },
      context,
    );
    work.restoreBest();
    context.report({ type: 'stage', stage: 'calibrate', stages: [...options.track] });
    const validLogits = await work.validLogits();
    const { temperature, thresholds } = calibrate(validLogits, csr(params.valid), params);
    const classifierDir = join(params.outDir, 'classifier');
    const calibration = { temperature, thresholds };
    await saveClassifier(classifierDir, fileOf(params, start, options.plan, classifier, calibration), classifier, itos);
    await removeCheckpoint(checkpointFile);
    return { classifierDir, validLogits, temperature, thresholds };
  } finally {
    work.dispose();
    classifier.parameters.dispose();
  }
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
    head: { widths: [...classifier.head.widths] },
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
  const plan = { maxLength: Math.min(longest, 600), bptt: 70, batchSize: 32 };
  const { classifier, work, trainLoader } = makeWork(params, start, shards, plan, context);
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

function makeWork(
  params: TrainParams,
  start: LanguageModelStart,
  shards: TokenShards,
  plan: Pick<TrainingPlan, 'maxLength' | 'bptt' | 'batchSize'>,
  context: TaskContext,
) {
  const { kernels } = context;
  const random = new Random(params.request.seed + 2);
  const head = { widths: [3 * start.config.embedding, headHidden, params.labels.length] };
  const tensors: FloatTensors = new Map([...start.tensors, ...freshHead(head, random)]);
  tensors.delete('decoder.bias');
  const parameters = parametersFrom(kernels, tensors);
  const sizes = { encoder: start.config, head, bptt: plan.bptt, maxLength: 20 * plan.bptt };
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
  const work = new ClassifierWork(
    kernels,
    classifier,
    {
      train: { loader: trainLoader, labels: csr(params.train) },
      valid: { loader: validLoader, labels: csr(params.valid) },
      labelNames: params.labels,
    },
    {
      dropouts: encoderDropouts,
      headDropouts,
      clip: 0.25,
      weightDecay: 0.01,
      discriminativeFactor: 2.6,
      multiLabel: params.multiLabel,
      classWeights: params.request.classWeights ? balancedWeights(params) : null,
      smoothing: 0,
    },
    random,
    () => context.breathe(),
  );
  return { classifier, work, trainLoader };
}

function calibrate(logits: Float32Array, labels: LabelCsr, params: TrainParams) {
  const { multiLabel } = params;
  if (labels.offsets.length < 2) return { temperature: 1, thresholds: null };
  const temperature = fitTemperature(logits, labels, { multiLabel });
  if (!multiLabel) return { temperature, thresholds: null };
  const probabilities = probabilitiesAt(logits, params.labels.length, temperature, { multiLabel });
  return { temperature, thresholds: [...chooseThresholds(probabilities, labels)] };
}

/** Weights that make every class count alike: n / (classes · n_c). */
function balancedWeights(params: TrainParams): Float32Array {
  const counts = new Float32Array(params.labels.length);
  for (const label of params.train.labels) counts[label] = (counts[label] ?? 0) + 1;
  return counts.map((count) => params.train.labels.length / (params.labels.length * Math.max(1, count)));
}

function csr(documents: LabelledDocuments): LabelCsr {
  return { offsets: documents.labelOffsets, labels: documents.labels };
}
