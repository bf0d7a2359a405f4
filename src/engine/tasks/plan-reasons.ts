import type { PlanReason } from '../../shared/run-notes';
import type { TrainingRequest } from '../../shared/training-types';
import type { DataFacts } from './plan';
import type { FittedStages } from './plan-budget';

/** A finished plan, and what it was made from. */
export interface PlanFound {
  readonly facts: DataFacts;
  readonly request: TrainingRequest;
  readonly maxLength: number;
  readonly fitted: FittedStages;
  /** Whether a budget cuts texts shorter than the preset would. */
  readonly isShorter: boolean;
  readonly isGentle: boolean;
}

/** Below a few windows of text there is nothing that a language model could learn. */
export const fewestTokens = 2000;
/** Less than one pass is a share of the texts: nobody reads anything 0.7 times. */
const wholePass = 0.95;

/** Why a plan is as it is, from its final numbers. @param minutes that the person gave, if any */
export function planReasons(found: PlanFound, minutes: number | undefined): PlanReason[] {
  const { facts, request, fitted } = found;
  const isLinear = epochsOf(fitted, 'classifier-linear') > 0;
  const isLeftOut = request.fineTuneLanguageModel && !isLinear && !epochsOf(fitted, 'language-model-all');
  const tokens = facts.languageModelTokens;
  return [
    ...(minutes !== undefined && fitted.share < 1
      ? [{ code: 'cut-to-budget', share: fitted.share, minutes } as const]
      : []),
    ...cutReasons(found, minutes),
    ...(isLeftOut && tokens < fewestTokens ? [{ code: 'language-model-too-short', tokens } as const] : []),
    ...(isLeftOut && tokens >= fewestTokens && minutes !== undefined
      ? [{ code: 'language-model-left-out', minutes } as const]
      : []),
    ...languageModelReasons(found),
    ...classifierReasons(found),
  ];
}

function cutReasons({ facts, maxLength, isShorter }: PlanFound, minutes: number | undefined): PlanReason[] {
  if (maxLength >= facts.longest) return [];
  const cut = { tokens: maxLength, longest: facts.longest };
  return isShorter && minutes !== undefined
    ? [{ code: 'texts-cut-for-budget', ...cut, minutes }]
    : [{ code: 'texts-cut', ...cut }];
}

function languageModelReasons({ facts, fitted, isGentle }: PlanFound): PlanReason[] {
  const times = epochsOf(fitted, 'language-model-all');
  if (!times) return [];
  const { languageModelTokens: tokens, newWords: words, vocabulary } = facts;
  const hasNewRows = epochsOf(fitted, 'language-model-new-rows') > 0;
  return [
    times < wholePass
      ? { code: 'language-model-reads-part', tokens, share: times }
      : { code: 'language-model-reads', tokens, times },
    ...(isGentle ? [{ code: 'changed-little' } as const] : []),
    ...(hasNewRows ? [{ code: 'new-words', words, vocabulary } as const] : []),
  ];
}

function classifierReasons({ facts: { documents: texts }, fitted }: PlanFound): PlanReason[] {
  if (epochsOf(fitted, 'classifier-linear')) return [{ code: 'linear-head', texts }];
  const times = epochsOf(fitted, 'classifier-all');
  if (!times) return [{ code: 'head-only', texts, times: epochsOf(fitted, 'classifier-head') }];
  return times < wholePass
    ? [{ code: 'classifier-sees-part', texts, share: times }]
    : [{ code: 'classifier-sees', texts, times }];
}

function epochsOf({ stages }: FittedStages, stage: string): number {
  return stages.find((each) => each.stage === stage)?.epochs ?? 0;
}
