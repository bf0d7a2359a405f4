import type { StageId } from '../../shared/jobs';
import type { RunOptions } from '../../shared/run-options';
import type { Preset, TrainingPlan, TrainingRequest } from '../../shared/training-types';
import { fitToBudget, validations, type Budget, type StageDraft } from './plan-budget';
import { fewestTokens, planReasons } from './plan-reasons';
import { usualRate } from './recipe';

/** What the plan needs to know of the data and the pretrained model. */
export interface DataFacts {
  readonly languageModelTokens: number;
  readonly documents: number; // labelled, for training
  /** Tokens of them, each cut after `most`. */
  readonly tokensWithin: (most: number) => number;
  readonly longest: number; // tokens
  readonly validDocuments: number;
  readonly classes: number;
  readonly newWords: number;
  /** The share of such words in running text, 0 to 1: rare words are many in a vocabulary and few in a text. */
  readonly newWordShare: number;
  readonly vocabulary: number;
  readonly pretrained: boolean;
  /** Width of the sentence vectors that the pretrained model learned; null: it did not. */
  readonly sentenceVectors: number | null;
}

/** Training speeds in tokens a second, from a timed probe (or a guess, for a first estimate). */
export interface Speeds {
  readonly languageModel: number;
  readonly classifier: number;
}

/** A guess for two cores of a plain laptop, before anything was timed. */
export const guessedSpeeds: Speeds = { languageModel: 3000, classifier: 6000 };

/** How much work a preset does: tokens to train on, with the least and the most passes over the data. */
interface Effort {
  readonly languageModelTokens: number;
  readonly languageModelEpochs: readonly [number, number];
  readonly classifierTokens: number;
  readonly classifierEpochs: readonly [number, number];
  /** Texts are cut after the second number of tokens; null: never. Where that leaves few passes, after fewer. */
  readonly cut: readonly [number, number] | null;
}

/**
 * On a few ten thousand tokens the language model's validation loss turns up after three to four passes, while the
 * classifier's still falls after ten: so most of the work goes there.
 */
const efforts: Record<Preset, Effort> = {
  quick: {
    languageModelTokens: 150_000,
    languageModelEpochs: [0.1, 3],
    classifierTokens: 700_000,
    classifierEpochs: [0.3, 8],
    cut: [64, 256],
  },
  standard: {
    languageModelTokens: 500_000,
    languageModelEpochs: [0.1, 4],
    classifierTokens: 3_000_000,
    classifierEpochs: [1, 12],
    cut: [128, 600],
  },
  best: {
    languageModelTokens: 6_000_000,
    languageModelEpochs: [2, 8],
    classifierTokens: 12_000_000,
    classifierEpochs: [4, 25],
    cut: null,
  },
};

/** Epochs of the frozen head: its input is computed once, so they cost next to nothing. */
const headEpochs = 8;
/** A language model that reads so little of what it should learns nothing, and only its validation takes time. */
const leastFineTuning = 0.05;

/** What a plan with a budget has to reckon with, besides the data. */
export interface BudgetFacts {
  /** Seconds that the job takes besides this plan's stages and their validation: cutting into words, predicting … */
  readonly outside?: number;
  /** The minutes that the person gave, for words: those of the request may be one model's share, or what is left. */
  readonly askedMinutes?: number | undefined;
}

/**
 * Decides epochs, rates, batch and lengths from the data's size, the preset and the speeds. Without `minutes` the
 * decision depends on the data alone, so that the same seed gives the same weights; with it, epochs fit the budget, and
 * texts are cut shorter where only reading them would take most of it. The reasons are those of the finished plan.
 */
export function planTraining(
  facts: DataFacts,
  request: TrainingRequest,
  speeds: Speeds,
  { outside = 0, askedMinutes = request.minutes }: BudgetFacts = {},
): TrainingPlan {
  const effort = efforts[request.preset];
  const { options = {}, minutes } = request; // runs of an earlier version have none
  const isLinear = fitsLinearHead(facts, request);
  const usual = Math.min(facts.longest, options.maxTokens ?? usualCut(facts, effort));
  const draftWith = (fine: boolean) => (maxLength: number) => [
    ...(fine ? languageModelStages(facts, effort, speeds, options) : []),
    ...classifierStages(
      { ...facts, tokens: facts.tokensWithin(maxLength) },
      effort,
      speeds,
      unfreezingOf(isLinear, options),
    ),
  ];
  const validation = validationOf(facts, speeds);
  const budget: Budget | null =
    minutes === undefined ? null : { seconds: minutes * 60, outside, validation, asked: askedMinutes ?? minutes };
  const fitWith = (fine: boolean) => {
    const draft = draftWith(fine);
    const maxLength = budget && options.maxTokens === undefined ? affordableCut(usual, draft, budget) : usual;
    return { maxLength, fitted: fitToBudget(draft(maxLength), maxLength, budget) };
  };
  const isWanted = request.fineTuneLanguageModel && !(isLinear && leavesLanguageModel(facts, request));
  const isLongEnough = isWanted && facts.languageModelTokens >= fewestTokens;
  const whole = fitWith(isLongEnough);
  const isWorthIt = whole.fitted.share >= leastFineTuning || options.lmEpochs !== undefined;
  const { maxLength, fitted } = isLongEnough && !isWorthIt ? fitWith(false) : whole;
  const found = { facts, request, maxLength, fitted, isShorter: maxLength < usual, isGentle: knowsSentencesOf(facts) };
  return {
    stages: fitted.stages,
    batchSize: options.classifierBatchSize ?? 32,
    bptt: options.classifierBptt ?? 70,
    maxLength,
    seconds: fitted.stages.reduce((sum, stage) => sum + stage.seconds, 0),
    reasons: planReasons(found, askedMinutes),
    warnings: fitted.tooSmall === null ? [] : [{ code: 'budget-too-small', ...fitted.tooSmall }],
  };
}

/** So many passes over the labelled texts are worth more than the later parts of these texts. */
const wantedPasses = 4;
/** Cuts are whole steps of so many tokens. */
const cutStep = 16;
/** A text of fewer tokens is not cut for any budget: its first sentence or two should be read. */
const leastCut = 32;

/** The greatest cut that leaves the wanted passes, within what the preset allows. */
function usualCut({ longest, tokensWithin }: DataFacts, { cut, classifierTokens }: Effort): number {
  if (cut === null) return longest;
  const [least, most] = cut;
  for (let length = Math.min(most, longest); length > least; length -= cutStep) {
    if (tokensWithin(length) * wantedPasses <= classifierTokens) return length;
  }
  return least;
}

/** The greatest cut with which what cannot be left out (reading each text once, validating) takes a quarter of the budget. */
function affordableCut(usual: number, draft: (maxLength: number) => StageDraft[], budget: Budget): number {
  const left = (budget.seconds - budget.outside) / 4;
  for (let length = usual; length > leastCut; length -= cutStep) {
    const stages = draft(length);
    const fixed = stages.reduce((sum, { stage, fixed: own }) => sum + own + budget.validation(stage, length), 0);
    if (fixed <= left) return length;
  }
  return Math.min(usual, leastCut);
}

/** Reading a text costs about so much of learning from it. */
export const readingShare = 0.35;
/** The language model is validated on about so many tokens at most. */
const mostValidated = 60_000;

/** Seconds that a plan's stages validate for; they are not in its own. */
export function validationSeconds(plan: TrainingPlan, facts: DataFacts, speeds: Speeds): number {
  const once = validationOf(facts, speeds);
  return plan.stages.reduce((sum, { stage, epochs }) => sum + validations(epochs) * once(stage, plan.maxLength), 0);
}

/** Seconds of one validation in a stage, with texts cut after so many tokens. */
function validationOf(facts: DataFacts, speeds: Speeds): Budget['validation'] {
  const { documents, validDocuments, tokensWithin } = facts;
  return (stage, maxLength) => {
    const tokens = (validDocuments * tokensWithin(maxLength)) / Math.max(1, documents);
    return stage.startsWith('language-model')
      ? (readingShare * Math.min(mostValidated, tokens)) / speeds.languageModel
      : (readingShare * tokens) / speeds.classifier;
  };
}

/**
 * A model that was taught sentence vectors forgets them while it learns the next word alone: after four passes at the
 * usual rate, 3,000 rows of banking77 gave 60 % on frozen states where the untouched model gives 73, of rt_polarity 62
 * where it gives 68. At an eighth of the rate and one pass the finished classifiers were better (docs/guide/results.md).
 */
const gentle = { rate: 1 / 8, epochs: 1 } as const;

/**
 * Of texts in a language that a model does not read, at least so large a share of the words is new to it. Of running
 * text the English model knows 86 to 98 % in seven English sets, however many rare words they have, 40 % in German.
 */
const foreign = 0.3;

/** Whether the model knows sentences, and most of the words that these are made of. */
function knowsSentencesOf({
  sentenceVectors,
  newWordShare,
}: Pick<DataFacts, 'sentenceVectors' | 'newWordShare'>): boolean {
  return sentenceVectors !== null && newWordShare < foreign;
}

function languageModelStages(facts: DataFacts, effort: Effort, speeds: Speeds, options: RunOptions): StageDraft[] {
  const tokens = facts.languageModelTokens;
  const isGentle = knowsSentencesOf(facts);
  const [least, usual] = effort.languageModelEpochs;
  const most = isGentle ? Math.min(usual, gentle.epochs) : usual;
  const epochs = options.lmEpochs ?? clamp(effort.languageModelTokens / tokens, [Math.min(least, most), most]);
  const scale = isGentle ? gentle.rate : 1;
  const rate = (adam: number): number =>
    options.lmRate ?? usualRate(options.lmOptimiser, scale * adam, !facts.pretrained);
  const stage = (id: StageId, passes: number, learningRate: number): StageDraft => ({
    stage: id,
    epochs: passes,
    learningRate,
    fixed: 0,
    perEpoch: tokens / speeds.languageModel,
  });
  const all = stage('language-model-all', epochs, rate(facts.pretrained ? 4e-3 : 5e-3));
  const newRowsEpochs = options.lmNewRowsEpochs ?? Math.min(1, epochs / 3);
  if (!facts.pretrained || facts.newWords === 0 || newRowsEpochs === 0) return [all];
  return [stage('language-model-new-rows', newRowsEpochs, rate(4e-3)), all];
}

/**
 * With fewer labelled texts a linear head on the model as it is has more right than a classifier that thaws, if the model learned
 * sentences (docs/guide/results.md, "Few labels").
 */
const fewLabelled = 300;
/** Options of a head that is trained: where one is set, a head is trained. */
const trainedHead = /^(classifier|head|gradient|label|focal|bestBy|patience)/;

/**
 * Whether nothing of the encoder is to thaw: the options say so, or labelled texts are so few that it is better, and nothing was
 * asked for that only a head in training has.
 */
export function fitsLinearHead(facts: LinearFacts, { options = {} }: TrainingRequest): boolean {
  if (options.unfreezing !== undefined) return options.unfreezing === 'none';
  if (Object.keys(options).some((name) => trainedHead.test(name))) return false;
  return facts.documents < fewLabelled && knowsSentencesOf(facts);
}

/**
 * Whether the language model is left as it is under a linear head: one that learned sentences would forget some of them. Another
 * one, and one from scratch above all, has to read the texts first.
 */
export function leavesLanguageModel(facts: LinearFacts, { options = {} }: TrainingRequest): boolean {
  return options.lmEpochs === undefined && knowsSentencesOf(facts);
}

/** What decides on a linear head. */
type LinearFacts = Pick<DataFacts, 'documents' | 'sentenceVectors' | 'newWordShare'>;

function unfreezingOf(isLinear: boolean, options: RunOptions): RunOptions {
  return isLinear ? { ...options, unfreezing: 'none' } : options;
}

/** Every text is read once; the fit itself takes about a second. */
function linearHead({ tokens }: { readonly tokens: number }, speeds: Speeds): StageDraft {
  const seconds = (readingShare * tokens) / speeds.classifier + 1;
  return { stage: 'classifier-linear', epochs: 1, learningRate: 0, fixed: seconds, perEpoch: 0 };
}

/** How many times greater the rates of earlier stages are than that of the last. */
const earlierRates = { head: 2.5, last: 2.5, lastTwo: 1.25 } as const;

function classifierStages(
  facts: DataFacts & { readonly tokens: number },
  effort: Effort,
  speeds: Speeds,
  options: RunOptions,
): StageDraft[] {
  const { unfreezing = 'gradual' } = options;
  const epochs =
    options.classifierEpochs ?? clamp(effort.classifierTokens / Math.max(1, facts.tokens), effort.classifierEpochs);
  const rate = options.classifierRate ?? usualRate(options.classifierOptimiser, 3e-3);
  const stage = (id: StageId, passes: number, factor: number, cost: number): StageDraft => ({
    stage: id,
    epochs: passes,
    learningRate: factor * rate,
    fixed: 0,
    perEpoch: (facts.tokens * cost) / speeds.classifier,
  });
  const head = (passes: number): StageDraft => ({
    ...stage('classifier-head', passes, earlierRates.head, 0),
    // The frozen encoder runs over every text once; the head's own epochs cost next to nothing.
    fixed: (0.4 * facts.tokens) / speeds.classifier,
    perEpoch: facts.documents / 8000,
    isCheap: true,
  });
  if (unfreezing === 'none') return [linearHead(facts, speeds)];
  if (unfreezing === 'last') {
    return [head(options.classifierHeadEpochs ?? options.classifierEpochs ?? Math.max(headEpochs, epochs))];
  }
  const between = options.classifierStageEpochs ?? Math.min(1, epochs / 4);
  const all = stage('classifier-all', epochs, 1, 1);
  const stages = {
    full: [all],
    gradual: [
      head(options.classifierHeadEpochs ?? headEpochs),
      stage('classifier-last', between, earlierRates.last, 0.6),
      stage('classifier-last-two', between, earlierRates.lastTwo, 0.9),
      all,
    ],
    // One turn of each group of the encoder, from the embedding up, is about as much as the two stages of "gradual".
    'chain-thaw': [
      head(options.classifierHeadEpochs ?? headEpochs),
      stage('classifier-chain', 2 * between, earlierRates.lastTwo, 0.9),
      all,
    ],
  }[unfreezing];
  const kept = stages.filter((each) => each.epochs > 0);
  return kept.length > 0 ? kept : [head(headEpochs)];
}

function clamp(value: number, [low, high]: readonly [number, number]): number {
  return Math.min(high, Math.max(low, value));
}
