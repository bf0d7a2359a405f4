import type { RunOptions } from '../../shared/run-options';
import type { DropoutRates } from '../model/config';
import { languageModelDropouts, scaleDropouts } from '../model/config';
import type { PoolPart } from '../model/pooling';
import { concatParts } from '../model/pooling';
import type { LanguageModelTraining } from '../train/language-model-trainer';
import type { OptimiserChoice, OptimiserName } from '../train/make-optimiser';
import type { ScheduleName, ScheduleOptions } from '../train/schedules';
import { oneCycleDefaults, scheduleDefaults } from '../train/schedules';
import type { KeeperOptions } from '../train/weight-keeper';

/** What both parts of a run are trained by, after the options and the defaults. */
export interface StageRecipe {
  readonly optimiser: OptimiserChoice;
  readonly schedule: ScheduleOptions;
  readonly clip: number;
  readonly discriminativeFactor: number;
  readonly keeper: KeeperOptions;
  readonly patience: number;
  readonly retries: number;
}

export interface LanguageModelRecipe extends StageRecipe {
  readonly training: LanguageModelTraining;
  readonly batchSize: number;
  readonly bptt: number;
  readonly variableLength: boolean;
}

export interface ClassifierRecipe extends StageRecipe {
  readonly dropouts: DropoutRates;
  readonly headDropouts: readonly number[];
  readonly pooling: readonly PoolPart[];
  readonly pooledOutputs: number;
  readonly batches: 'sortish' | 'random';
  readonly gradientTokens: number;
  readonly smoothing: number;
  readonly focalGamma: number;
}

/** Dropout of the encoder while the classifier trains; weaker than fastai's, for data sets of some thousand rows. */
const encoderDropouts: DropoutRates = { embed: 0.05, input: 0.25, weight: 0.2, hidden: 0.15, output: 0 };

/** Batch and window of the language model: few tokens come in fewer, shorter rows, so that an epoch has enough steps. */
export function languageModelBatch(tokens: number, options: RunOptions = {}): { batchSize: number; bptt: number } {
  const [batchSize, bptt] = tokens > 1_000_000 ? [48, 64] : tokens > 60_000 ? [32, 48] : [8, 40];
  return { batchSize: options.lmBatchSize ?? batchSize, bptt: options.lmBptt ?? bptt };
}

/** How the language model is trained. @param tokens of its training texts */
export function languageModelRecipe(options: RunOptions, tokens: number): LanguageModelRecipe {
  const clip = clipOf(options.lmClip);
  return {
    optimiser: optimiserOf(options, options.lmOptimiser, options.lmWeightDecay),
    schedule: scheduleOf(options, options.lmSchedule),
    clip,
    discriminativeFactor: options.lmDiscriminative ?? 1,
    keeper: { bestBy: options.lmBest ?? 'loss', nonMonotone: options.nonMonotone ?? 5 },
    patience: options.lmPatience ?? 0,
    retries: options.retries ?? 3,
    training: {
      dropouts: { ...scaleDropouts(languageModelDropouts, options.lmDropMultiplier ?? 0.7), zoneOut: options.zoneOut },
      regularisation: { alpha: options.lmAlpha ?? 2, beta: options.lmBeta ?? 1 },
      clip,
      stateReset: options.lmStateReset ?? 0.05,
      smoothing: options.lmLabelSmoothing ?? 0,
    },
    ...languageModelBatch(tokens, options),
    variableLength: options.lmVariableBptt ?? true,
  };
}

/**
 * Fewer validation texts than this do not tell by their right answers which epoch was best: ten have eleven possible
 * accuracies, and the first epoch that happened to have the best one was kept (of twelve, on 77 labels).
 */
const fewestForMetric = 100;

/**
 * How the classifier is trained.
 * @param validDocuments that its epochs are judged by
 * @param isLinear nothing thaws: a frozen encoder says more with the outputs of two layers than of one, a trained one does not
 */
export function classifierRecipe(options: RunOptions, validDocuments: number, isLinear = false): ClassifierRecipe {
  return {
    optimiser: optimiserOf(options, options.classifierOptimiser, options.classifierWeightDecay),
    schedule: scheduleOf(options, options.classifierSchedule),
    clip: clipOf(options.classifierClip),
    discriminativeFactor: options.classifierDiscriminative ?? 1.4,
    keeper: {
      bestBy: options.bestBy ?? (validDocuments < fewestForMetric ? 'loss' : 'metric'),
      nonMonotone: options.nonMonotone ?? 5,
    },
    patience: options.patience ?? 0,
    retries: options.retries ?? 3,
    dropouts: { ...scaleDropouts(encoderDropouts, options.classifierDropMultiplier ?? 1), zoneOut: options.zoneOut },
    headDropouts: options.headDropouts ?? [0.3, 0.1],
    pooling: poolingOf(options.pooling),
    pooledOutputs: options.pooledOutputs ?? (isLinear ? 2 : 1),
    batches: options.classifierBatches ?? 'sortish',
    gradientTokens: options.gradientTokens ?? 1400,
    smoothing: options.labelSmoothing ?? 0,
    focalGamma: options.focalGamma ?? 0,
  };
}

/**
 * The greatest rate that holds where none is given, for an optimiser; `adam` is Adam's. Descent without Adam's scaling
 * needs rates that are some hundred times greater, and greater ones yet where nothing is learned so far: on 1,500
 * questions of TREC the finder's valley and minimum were 1.4 and 1.7 for the pretrained language model, 2.2 and 1.7 for
 * the classifier, 4.2 and 10 from scratch (Merity et al. 2017 take 30). Momentum .8 makes steps five times as long.
 */
export function usualRate(optimiser: OptimiserName | undefined, adam: number, fromScratch = false): number {
  if (optimiser === undefined || optimiser === 'adam') return adam;
  const plain = adam * (fromScratch ? 2000 : 500);
  return optimiser === 'sgd-momentum' ? plain / 5 : plain;
}

function optimiserOf(
  options: RunOptions,
  name: OptimiserName = 'adam',
  weightDecay: number | undefined = undefined,
): OptimiserChoice {
  return { name, beta2: options.beta2 ?? 0.99, weightDecay: weightDecay ?? (name === 'adam' ? 0.01 : 1.2e-6) };
}

function scheduleOf(options: RunOptions, name: ScheduleName = 'one-cycle'): ScheduleOptions {
  const [first = 0.8, middle = 0.7, last = 0.8] = options.momentums ?? oneCycleDefaults.momentums;
  return {
    name,
    oneCycle: {
      pctStart: options.pctStart ?? oneCycleDefaults.pctStart,
      div: options.div ?? oneCycleDefaults.div,
      divFinal: options.divFinal ?? oneCycleDefaults.divFinal,
      momentums: [first, middle, last],
    },
    cutFraction: options.cutFraction ?? scheduleDefaults.cutFraction,
    cutRatio: options.cutRatio ?? scheduleDefaults.cutRatio,
  };
}

/** 0 as an option: never clip. */
function clipOf(clip = 0.25): number {
  return clip === 0 ? Infinity : clip;
}

function poolingOf(name: RunOptions['pooling'] = 'concat'): readonly PoolPart[] {
  return name === 'concat' ? concatParts : (name.split('-') as PoolPart[]);
}
