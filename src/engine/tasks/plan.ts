import type { StageId } from '../../shared/jobs';
import type { Preset, TrainingPlan, TrainingRequest } from '../../shared/training-types';

/** What the plan needs to know of the data and the pretrained model. */
export interface DataFacts {
  readonly languageModelTokens: number;
  readonly documents: number; // labelled, for training
  readonly tokens: number; // of them
  readonly longest: number; // tokens
  readonly validDocuments: number;
  readonly classes: number;
  readonly newWords: number;
  readonly vocabulary: number;
  readonly pretrained: boolean;
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
  readonly maxTokens: number | null;
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
    maxTokens: 256,
  },
  standard: {
    languageModelTokens: 500_000,
    languageModelEpochs: [0.5, 4],
    classifierTokens: 3_000_000,
    classifierEpochs: [1, 15],
    maxTokens: 600,
  },
  best: {
    languageModelTokens: 6_000_000,
    languageModelEpochs: [2, 8],
    classifierTokens: 12_000_000,
    classifierEpochs: [4, 25],
    maxTokens: null,
  },
};

/** Epochs of the frozen head: its input is computed once, so they cost next to nothing. */
const headEpochs = 8;

/**
 * Decides epochs, rates, batch and lengths from the data's size, the preset and the speeds. Without `minutes` the
 * decision depends on the data alone, so that the same seed gives the same weights; with it, epochs fit the budget.
 */
export function planTraining(facts: DataFacts, request: TrainingRequest, speeds: Speeds): TrainingPlan {
  const effort = efforts[request.preset];
  const reasons: string[] = [];
  const maxLength = effort.maxTokens === null ? facts.longest : Math.min(facts.longest, effort.maxTokens);
  if (maxLength < facts.longest)
    reasons.push(`Texts are cut after ${maxLength} tokens (the longest has ${facts.longest}).`);
  const stages = [
    ...(request.fineTuneLanguageModel ? languageModelStages(facts, effort, speeds, reasons) : []),
    ...classifierStages(facts, effort, speeds, reasons),
  ];
  const fitted = request.minutes === undefined ? stages : fitToBudget(stages, request.minutes * 60, reasons);
  return {
    stages: fitted,
    batchSize: 32,
    bptt: 70,
    maxLength,
    seconds: fitted.reduce((sum, stage) => sum + stage.seconds, 0),
    reasons,
  };
}

/** Batch and window of the language model: few tokens come in fewer, shorter rows, so that an epoch has enough steps. */
export function languageModelBatch(tokens: number): { batchSize: number; bptt: number } {
  if (tokens > 1_000_000) return { batchSize: 48, bptt: 64 };
  if (tokens > 60_000) return { batchSize: 32, bptt: 48 };
  return { batchSize: 8, bptt: 40 };
}

type PlanStage = TrainingPlan['stages'][number];

function languageModelStages(facts: DataFacts, effort: Effort, speeds: Speeds, reasons: string[]): PlanStage[] {
  const tokens = facts.languageModelTokens;
  // Below a few windows of text there is nothing that a language model could learn.
  if (tokens < 2000) {
    reasons.push(`The language model is not fine-tuned: ${tokens} tokens are too few to learn from.`);
    return [];
  }
  const epochs = clamp(effort.languageModelTokens / tokens, effort.languageModelEpochs);
  reasons.push(`The language model reads ${count(tokens)} tokens ${times(epochs)}.`);
  const stage = (id: StageId, passes: number, learningRate: number): PlanStage => ({
    stage: id,
    epochs: passes,
    learningRate,
    seconds: (passes * tokens) / speeds.languageModel,
  });
  const all = stage('language-model-all', epochs, facts.pretrained ? 4e-3 : 5e-3);
  if (!facts.pretrained || facts.newWords === 0) return [all];
  reasons.push(
    `${count(facts.newWords)} of ${count(facts.vocabulary)} words are new to it; their rows are trained first.`,
  );
  return [stage('language-model-new-rows', Math.min(1, epochs / 3), 4e-3), all];
}

function classifierStages(facts: DataFacts, effort: Effort, speeds: Speeds, reasons: string[]): PlanStage[] {
  const epochs = clamp(effort.classifierTokens / Math.max(1, facts.tokens), effort.classifierEpochs);
  reasons.push(
    `The classifier sees ${count(facts.documents)} labelled texts ${times(epochs)} once everything is unfrozen.`,
  );
  const stage = (id: StageId, passes: number, learningRate: number, cost: number): PlanStage => ({
    stage: id,
    epochs: passes,
    learningRate,
    seconds: (passes * facts.tokens * cost) / speeds.classifier,
  });
  const warm = Math.min(1, epochs / 4);
  return [
    {
      ...stage('classifier-head', headEpochs, 1e-2, 0),
      seconds: (0.4 * facts.tokens) / speeds.classifier + (headEpochs * facts.documents) / 8000,
    },
    stage('classifier-last', warm, 1e-2, 0.6),
    stage('classifier-last-two', warm, 5e-3, 0.9),
    stage('classifier-all', epochs, 4e-3, 1),
  ];
}

/** Cuts epochs down where the plan is longer than the budget; the head's few seconds stay. */
function fitToBudget(stages: PlanStage[], budget: number, reasons: string[]): PlanStage[] {
  const total = stages.reduce((sum, stage) => sum + stage.seconds, 0);
  // Tokenizing, validation and saving take their part.
  const usable = budget * 0.85;
  if (total <= usable) return stages;
  const factor = usable / total;
  reasons.push(`Epochs are cut to ${Math.round(factor * 100)} % to keep to ${Math.round(budget / 6) / 10} minutes.`);
  return stages.map((stage) => ({ ...stage, epochs: stage.epochs * factor, seconds: stage.seconds * factor }));
}

function clamp(value: number, [low, high]: readonly [number, number]): number {
  return Math.min(high, Math.max(low, value));
}

function count(n: number): string {
  return n.toLocaleString('en');
}

function times(epochs: number): string {
  return epochs < 1.05 && epochs > 0.95 ? 'once' : `${Math.round(epochs * 10) / 10} times`;
}
