import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../shared/errors';
import type { StageId } from '../../shared/jobs';
import { noteEvent } from '../../shared/note-words';
import type { PlanReason } from '../../shared/run-notes';
import type { TrainingPlan } from '../../shared/training-types';
import { trainingPlanSchema } from '../../shared/training-types';
import { newWordShare } from '../text/new-word-share';
import { TokenShards } from '../text/token-shards';
import { Vocabulary } from '../text/vocabulary';
import type { PlannedStage } from '../train/stage-work';
import { writeJsonAtomic } from '../weights/atomic-write';
import type { LanguageModelStart } from './encoder-start';
import { fineTuneLanguageModel, languageModelStart, probeLanguageModel, tokensOf } from './fine-tune-language-model';
import type { DataFacts, Speeds } from './plan';
import { fitsLinearHead, guessedSpeeds, leavesLanguageModel, planTraining } from './plan';
import type { TrainParams, TrainResult } from './protocol';
import type { TaskContext } from './task-context';
import { seconds } from './task-context';
import { probeClassifier, trainClassifier } from './train-classifier';

/**
 * The whole training of a project: plan from a timed probe, language model, classifier stage by stage, calibration.
 * With `resume` everything that was finished is taken over and the rest goes on from its checkpoint.
 */
export async function train(params: TrainParams, context: TaskContext): Promise<TrainResult> {
  checkLabels(params);
  const began = seconds();
  await mkdir(params.runDir, { recursive: true });
  const shards = TokenShards.open(params.shardsDir);
  try {
    const { itos } = await Vocabulary.load(join(params.shardsDir, 'vocabulary.json'));
    const start = await languageModelStart(params, itos);
    const plan = await planOf(params, start, shards, context);
    const stages = plan.stages as PlannedStage[];
    const forLanguageModel = stages.filter((stage) => stage.stage.startsWith('language-model'));
    const forClassifier = stages.filter((stage) => stage.stage.startsWith('classifier'));
    const track: StageId[] = [...stages.map((stage) => stage.stage), 'calibrate'];
    const after = sumSeconds(forClassifier);
    // Time that was spent before an interruption is not counted: a resumed run gets its whole budget again.
    const left = (): number | null =>
      params.request.minutes === undefined
        ? null
        : Math.max(1, params.request.minutes * 60 * 0.92 - (seconds() - began));
    let tensors = start.tensors;
    if (forLanguageModel.length > 0) {
      const budget = left();
      const share = sumSeconds(forLanguageModel) / Math.max(1e-9, plan.seconds);
      const options = {
        stages: forLanguageModel,
        track,
        secondsAfter: after,
        budget: budget === null ? null : budget * share,
      };
      tensors = await fineTuneLanguageModel(params, start, shards, itos, options, context);
    }
    const options = { plan, stages: forClassifier, track, budget: left(), secondsAfter: 1 };
    const result = await trainClassifier(params, { ...start, tensors }, shards, itos, options, context);
    const languageModelDir = forLanguageModel.length > 0 ? join(params.outDir, 'language-model') : null;
    return { ...result, languageModelDir, plan, seconds: seconds() - began };
  } finally {
    shards.close();
  }
}

/** What the plan needs to know, read off the shards. */
export function dataFacts(params: TrainParams, start: LanguageModelStart, shards: TokenShards): DataFacts {
  const { train: labelled } = params;
  return {
    languageModelTokens: tokensOf(shards, params.languageModelTrain),
    documents: labelled.documents.length,
    tokensWithin: (most) => tokensOf(shards, labelled.documents, most),
    longest: labelled.documents.reduce((most, document) => Math.max(most, shards.length(document)), 1),
    validDocuments: params.valid.documents.length,
    classes: params.labels.length,
    newWords: start.pretrainedName === null ? 0 : start.newWords,
    newWordShare: newWordShare(shards, params.languageModelTrain, start.isNew),
    vocabulary: start.config.vocabulary,
    pretrained: start.pretrainedName !== null,
    sentenceVectors: start.sentenceVectors,
  };
}

async function planOf(
  params: TrainParams,
  start: LanguageModelStart,
  shards: TokenShards,
  context: TaskContext,
): Promise<TrainingPlan> {
  const file = join(params.runDir, 'plan.json');
  if (params.resume) {
    const saved = await readFile(file, 'utf8').catch(() => null);
    if (saved !== null) return trainingPlanSchema.parse(JSON.parse(saved));
  }
  context.report({ type: 'stage', stage: 'probe', stages: ['probe'] });
  await context.breathe();
  // An encoder that reads in both directions can be no language model.
  const fineTuneLanguageModel = params.request.fineTuneLanguageModel && !start.config.bidirectional;
  const request = { ...params.request, fineTuneLanguageModel };
  const facts = dataFacts(params, start, shards);
  // A linear head takes no step of training that could be timed.
  const isLinear = fitsLinearHead(facts, request) && leavesLanguageModel(facts, request);
  const speeds = isLinear ? guessedSpeeds : measureSpeeds({ ...params, request }, start, shards, context);
  await context.breathe();
  const { askedMinutes = request.minutes } = params;
  const { warnings = [], ...plan } = planTraining(facts, request, speeds, { askedMinutes });
  for (const note of [...start.notes, ...plan.reasons.filter(isReason)]) context.report(noteEvent(note));
  for (const note of warnings) context.report(noteEvent(note, 'warning'));
  await writeJsonAtomic(file, plan);
  return plan;
}

/** A plan that was just made has no sentences of an earlier version. */
function isReason(reason: PlanReason | string): reason is PlanReason {
  return typeof reason !== 'string';
}

function measureSpeeds(
  params: TrainParams,
  start: LanguageModelStart,
  shards: TokenShards,
  context: TaskContext,
): Speeds {
  const languageModel = params.request.fineTuneLanguageModel
    ? probeLanguageModel(params, start, shards, context)
    : null;
  const classifier = probeClassifier(params, start, shards, context);
  return {
    languageModel: languageModel ?? guessedSpeeds.languageModel,
    classifier: classifier ?? guessedSpeeds.classifier,
  };
}

function checkLabels(params: TrainParams): void {
  const least = params.multiLabel ? 1 : 2;
  if (params.labels.length < least || params.train.documents.length < 4) {
    throw new AppError(
      'too-few-labels',
      `There are ${params.train.documents.length} labelled texts with ${params.labels.length} different labels to train on.`,
      {
        hint: 'Label at least four texts with two different labels.',
        data: { labels: params.labels },
        says: { sentence: 'fewTexts', n: params.train.documents.length, labels: params.labels.length },
      },
    );
  }
}

function sumSeconds(stages: readonly PlannedStage[]): number {
  return stages.reduce((sum, stage) => sum + stage.seconds, 0);
}
