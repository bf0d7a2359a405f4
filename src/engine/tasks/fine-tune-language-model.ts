import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ProgressEvent, StageId } from '../../shared/jobs';
import type { UnseenRows } from '../model/initialise';
import { parametersFrom, unseenRows } from '../model/initialise';
import { LanguageModel } from '../model/language-model';
import { loadLanguageModel, saveLanguageModel } from '../model/language-model-files';
import type { TokenShards } from '../text/token-shards';
import { readParameters } from '../train/checkpoint';
import { checkFiniteTensors } from '../train/finite';
import { LanguageModelTrainer } from '../train/language-model-trainer';
import { makeOptimiser } from '../train/make-optimiser';
import { Random } from '../train/random';
import type { PlannedStage } from '../train/stage-work';
import { StreamLoader } from '../train/stream-loader';
import type { FloatTensors } from '../weights/fastai-names';
import type { LanguageModelStart } from './encoder-start';
import { sentenceFact, startEncoder } from './encoder-start';
import type { TrainParams } from './protocol';
import { languageModelRecipe } from './recipe';
import { runStageSession } from './stage-session';
import type { TaskContext } from './task-context';
import { seconds } from './task-context';
import { WatchedLanguageModelWork } from './watched-language-model';

/** First weights of a run, and what the pretrained model knows of words that the texts have not. */
export interface RunStart extends LanguageModelStart {
  readonly unseen: UnseenRows | null; // null where nothing of it can be used
}

/** Takes the pretrained model over to the vocabulary at hand, or draws first weights. */
export async function languageModelStart(params: TrainParams, itos: readonly string[]): Promise<RunStart> {
  const { pretrainedDir, request, tokenizer } = params;
  const pretrained = pretrainedDir === null ? null : await loadLanguageModel(pretrainedDir);
  const { options = {} } = request; // runs of an earlier version have none
  const start = startEncoder(pretrained, itos, options, request.seed);
  const isDropped = tokenizer.kind === 'sentencepiece' || options.unseenWords === 'drop';
  const keeps = pretrained && !isDropped && start.config.embedding === pretrained.config.embedding;
  return { ...start, unseen: keeps ? unseenRows(pretrained.tensors, pretrained.itos, itos) : null };
}

export interface FineTuneOptions {
  readonly stages: readonly PlannedStage[];
  readonly track: readonly StageId[];
  readonly budget: number | null;
  readonly secondsAfter: number;
}

/**
 * Fine-tunes the language model on all texts and writes it to `outDir/language-model`.
 * @returns the fine-tuned tensors
 */
export async function fineTuneLanguageModel(
  params: TrainParams,
  start: LanguageModelStart,
  shards: TokenShards,
  itos: readonly string[],
  options: FineTuneOptions,
  context: TaskContext,
): Promise<FloatTensors> {
  const folder = join(params.outDir, 'language-model');
  if (params.resume && existsSync(join(folder, 'model.json'))) return (await loadLanguageModel(folder)).tensors;
  const parts = languageModelParts(params, start, shards, context);
  const subwords = itos.some((token) => token.startsWith('▁'));
  const report = (event: ProgressEvent): void => context.report(event);
  const work = new WatchedLanguageModelWork(parts, { itos, subwords, valid: parts.valid, report });
  try {
    const { patience, retries } = parts.recipe;
    const session = { ...options, name: 'language-model', patience, retries };
    const removeFiles = await runStageSession(work, session, params, context);
    const tensors = readParameters(parts.model.parameters);
    checkFiniteTensors(tensors);
    const facts = {
      pretrained: start.pretrainedName,
      epochs: options.stages.at(-1)?.epochs ?? 0,
      ...(start.sentenceVectors === null ? {} : { [sentenceFact]: start.sentenceVectors }),
    };
    const file = {
      format: 'thaw-language-model',
      version: 1,
      name: 'fine-tuned',
      encoder: start.config,
      backward: params.backward ?? false,
      tokenizer: params.tokenizer,
      facts,
    } as const;
    await saveLanguageModel(folder, file, tensors, itos, 'F32');
    await removeFiles();
    return tensors;
  } finally {
    parts.model.reset();
    parts.optimiser.dispose();
    parts.model.parameters.dispose();
  }
}

/** Times one step of the language model: tokens a second. */
export function probeLanguageModel(
  params: TrainParams,
  start: LanguageModelStart,
  shards: TokenShards,
  context: TaskContext,
): number | null {
  const parts = languageModelParts(params, start, shards, context);
  try {
    parts.loader.startEpoch();
    let [best, tokens] = [Infinity, 0];
    // The first step allocates and warms up; the better of the two after it counts.
    for (let i = 0; i < 3; i++) {
      const batch = parts.loader.next();
      if (!batch) break;
      const began = seconds();
      parts.trainer.step(batch, () => 0, 0.8, { lowestLayer: 0, embedding: true });
      if (i > 0 && seconds() - began < best) [best, tokens] = [seconds() - began, batch.targets.length];
    }
    return tokens > 0 ? tokens / best : null;
  } finally {
    parts.model.reset();
    parts.optimiser.dispose();
    parts.model.parameters.dispose();
  }
}

/** The language model of a run with all that trains it; the caller disposes model and optimiser. */
export function languageModelParts(
  params: TrainParams,
  start: LanguageModelStart,
  shards: TokenShards,
  context: TaskContext,
) {
  const { kernels } = context;
  const recipe = languageModelRecipe(params.request.options, tokensOf(shards, params.languageModelTrain));
  const { backward = false } = params;
  const random = new Random(params.request.seed + 1);
  const parameters = parametersFrom(kernels, start.tensors);
  const model = new LanguageModel(kernels, start.config, parameters);
  const optimiser = makeOptimiser(kernels, parameters, recipe.optimiser);
  const trainer = new LanguageModelTrainer(kernels, model, optimiser, recipe.training, random);
  const { batchSize, bptt, variableLength, schedule, discriminativeFactor, keeper } = recipe;
  const streams = { batchSize, bptt, variableLength, backward };
  const loader = new StreamLoader(shards, params.languageModelTrain, streams, random);
  const valid = { source: shards, documents: params.languageModelValid };
  const breathe = (): Promise<void> => context.breathe();
  const training = { bptt, backward, schedule, discriminativeFactor, keeper };
  return { recipe, model, trainer, optimiser, loader, random, valid, ...training, breathe };
}

/** Tokens of some documents together, each cut after `most`. */
export function tokensOf(shards: TokenShards, documents: Int32Array, most = Infinity): number {
  return documents.reduce((sum, document) => sum + Math.min(most, shards.length(document)), 0);
}
