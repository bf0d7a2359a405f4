import os from 'node:os';
import path from 'node:path';
import { guessedSpeeds, readingShare, type DataFacts, type Speeds } from '../../../engine/tasks/plan';
import type { TrainParams } from '../../../engine/tasks/protocol';
import type { StageId } from '../../../shared/jobs';
import type { TrainingPlan, TrainingRequest } from '../../../shared/training-types';
import type { HostServices } from '../services';
import { fewestUnlabelled } from './finish-run';

/** What the sample's shards hold, and the run that is to be timed on them. */
export interface SpeedSample {
  readonly shardsDir: string;
  readonly documents: number;
  readonly pretrained: string | null;
  readonly labels: readonly string[];
  readonly multiLabel: boolean;
  /** Words that the vocabulary of all texts will about have. */
  readonly vocabulary: number;
}

/** Seconds a text that fitting the baseline takes, and that it takes however few they are. */
const baselineCost = { text: 0.0004, least: 1.5 } as const;
/** Loading TensorFlow and models, writing checkpoints and the finished models. */
const fixedSeconds = 4;
/** At most so many rows without a label get predictions at the end. */
const mostPredicted = 50_000;

const known = new WeakMap<HostServices, Map<string, Speeds>>();

/**
 * What decides on a step's speed: while it stays the same, nothing is timed again.
 * @param texts names the texts, as they were imported
 */
export function speedKey(request: TrainingRequest, texts: string): string {
  const { options, pretrained, fineTuneLanguageModel } = request;
  const { classifierEpochs: _a, lmEpochs: _b, classifierRate: _c, lmRate: _d, blend: _e, ...telling } = options;
  return JSON.stringify([texts, pretrained ?? '', fineTuneLanguageModel, telling]);
}

/** Speeds that were timed before for such a run; null for none. */
export function knownSpeeds(services: HostServices, key: string): Speeds | null {
  return known.get(services)?.get(key) ?? null;
}

/** Times a few steps of a run on the training worker, and keeps what comes out. */
export async function timeSpeeds(
  services: HostServices,
  key: string,
  request: TrainingRequest,
  sample: SpeedSample,
): Promise<Speeds> {
  const { languageModel, classifier } = await services.training.measureSpeeds({
    train: paramsOf(request, sample),
    vocabulary: sample.vocabulary,
  });
  const speeds = {
    languageModel: languageModel ?? guessedSpeeds.languageModel,
    classifier: classifier ?? guessedSpeeds.classifier,
  };
  const own = known.get(services) ?? new Map<string, Speeds>();
  known.set(services, own.set(key, speeds));
  return speeds;
}

/** The sample as a run; nothing is written to its folders. */
function paramsOf(request: TrainingRequest, sample: SpeedSample): TrainParams {
  const all = Int32Array.from({ length: sample.documents }, (_, i) => i);
  const documents = {
    documents: all,
    labelOffsets: Int32Array.from({ length: sample.documents + 1 }, (_, i) => i),
    labels: all.map((i) => i % Math.max(1, sample.labels.length)),
  };
  const folder = path.join(os.tmpdir(), 'thaw-speed');
  return {
    runDir: folder,
    outDir: folder,
    shardsDir: sample.shardsDir,
    labels: sample.labels,
    multiLabel: sample.multiLabel,
    languageModelTrain: all,
    languageModelValid: all.subarray(0, 0),
    train: documents,
    valid: { ...documents, documents: all.subarray(0, 0), labelOffsets: Int32Array.of(0) },
    request,
    pretrainedDir: sample.pretrained,
    resume: false,
    tokenizer: {},
  };
}

/** What a job does besides training its models, in seconds: cut texts into words, fit the baseline, measure, predict. */
export interface Overheads {
  readonly tokenize: number;
  readonly baseline: number;
  readonly predict: number;
}

/** What the overheads of a job depend on, besides its texts. */
export interface OverheadFacts {
  readonly rows: number;
  readonly labelled: number;
  readonly tokenizeSeconds: number;
  readonly models: number;
  /** With a budget, predictions of more than a few rows wait for time that is left over. */
  readonly hasBudget: boolean;
}

/** The overheads of a job, once for all of its models. @param maxLength tokens that texts are cut after */
export function overheadsOf(facts: DataFacts, speeds: Speeds, maxLength: number, all: OverheadFacts): Overheads {
  const meanTokens = facts.tokensWithin(maxLength) / Math.max(1, facts.documents);
  const predicted =
    facts.validDocuments + Math.min(all.hasBudget ? fewestUnlabelled : mostPredicted, all.rows - all.labelled);
  return {
    tokenize: all.tokenizeSeconds + fixedSeconds,
    baseline: Math.max(baselineCost.least, baselineCost.text * facts.documents),
    predict: (all.models * readingShare * predicted * meanTokens) / speeds.classifier,
  };
}

/** A plan with all that its run does besides training. @param validation seconds, of all stages */
export function withOverheads(plan: TrainingPlan, overheads: Overheads, validation: number): TrainingPlan {
  const stage = (id: StageId, seconds: number) => ({ stage: id, epochs: 0, learningRate: 0, seconds });
  const stages = [
    stage('tokenize', overheads.tokenize),
    stage('baseline', overheads.baseline),
    ...plan.stages,
    stage('evaluate', validation),
    stage('predict', overheads.predict),
  ];
  return { ...plan, stages, seconds: stages.reduce((sum, each) => sum + each.seconds, 0) };
}
