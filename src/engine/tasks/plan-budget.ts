import type { StageId } from '../../shared/jobs';
import type { TrainingPlan } from '../../shared/training-types';

/** A stage with what it costs, before a budget is looked at. Times in seconds. */
export interface StageDraft {
  readonly stage: StageId;
  readonly epochs: number;
  readonly learningRate: number;
  /** However many epochs there are. */
  readonly fixed: number;
  readonly perEpoch: number;
  /** Its epochs are worth more than they cost: they are cut last. */
  readonly isCheap?: boolean;
}

/** The time that a run may take, and what of it is not these stages'. Times in seconds. */
export interface Budget {
  readonly seconds: number;
  /** Of the job besides these stages and their validation. */
  readonly outside: number;
  /** Of one validation in a stage, with texts cut after so many tokens. */
  readonly validation: (stage: string, maxLength: number) => number;
  /** The minutes that the person gave. */
  readonly asked: number;
}

/** Stages that fit into a budget. */
export interface FittedStages {
  readonly stages: TrainingPlan['stages'];
  /** What is left of the epochs, 0 to 1. */
  readonly share: number;
  /** Where the budget will not be kept to, because too little would be left: the minutes given, and those it takes. */
  readonly tooSmall: { readonly minutes: number; readonly least: number } | null;
}

/** Saving, and what a busy machine takes. */
const usableShare = 0.9;
/** Less than this share of the epochs teaches nothing, so that no budget cuts them further. */
const leastShare = 0.02;
/** With this share of the epochs a run is quick, but worth its time. */
const worthShare = 0.1;

/** Cuts epochs down where the stages are longer than the budget; what they cost however short they are stays. */
export function fitToBudget(drafts: readonly StageDraft[], maxLength: number, budget: Budget | null): FittedStages {
  if (budget === null) return { stages: cut(drafts, 1, false), share: 1, tooSmall: null };
  const kept = settle(drafts, maxLength, budget, true);
  const { share, keeps, fits, least } = kept.share > worthShare ? kept : settle(drafts, maxLength, budget, false);
  // In the person's minutes: a budget may be one model's share of them.
  const minutes = Math.ceil((least / budget.seconds) * budget.asked);
  return {
    stages: cut(drafts, share, keeps),
    share,
    tooSmall: fits ? null : { minutes: budget.asked, least: minutes },
  };
}

/** How much of the epochs fits. @param keeps the cheap stages have all of theirs */
function settle(drafts: readonly StageDraft[], maxLength: number, budget: Budget, keeps: boolean) {
  const usable = usableShare * budget.seconds - budget.outside;
  const isCut = (draft: StageDraft): boolean => !(keeps && draft.isCheap === true);
  const scalable = sum(drafts, (each) => (isCut(each) ? each.epochs * each.perEpoch : 0));
  const fixed = (share: number): number =>
    sum(drafts, (each) => {
      const epochs = isCut(each) ? each.epochs * share : each.epochs;
      const own = isCut(each) ? 0 : epochs * each.perEpoch;
      return each.fixed + own + validations(epochs) * budget.validation(each.stage, maxLength);
    });
  const needs = (share: number): number => fixed(share) + share * scalable;
  const share = greatest((of) => needs(of) <= usable);
  return {
    share,
    keeps,
    fits: needs(share) <= usable,
    least: (needs(worthShare) + budget.outside) / usableShare, // seconds
  };
}

function cut(drafts: readonly StageDraft[], share: number, keeps: boolean): TrainingPlan['stages'] {
  return drafts.map(({ stage, epochs, learningRate, fixed, perEpoch, isCheap = false }) => {
    const left = keeps && isCheap ? epochs : epochs * share;
    return { stage, epochs: left, learningRate, seconds: fixed + left * perEpoch };
  });
}

/** Every stage validates at each whole epoch and at its end. */
export function validations(epochs: number): number {
  return Math.ceil(epochs - 1e-9);
}

/** The greatest share that fits, to a thousandth, or else the least; what fits gets less as the share grows. */
function greatest(fits: (share: number) => boolean): number {
  if (fits(1)) return 1;
  let [low, high] = [leastShare, 1];
  while (high - low > 1e-3) {
    const middle = (low + high) / 2;
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}

function sum(drafts: readonly StageDraft[], of: (draft: StageDraft) => number): number {
  return drafts.reduce((total, draft) => total + of(draft), 0);
}
