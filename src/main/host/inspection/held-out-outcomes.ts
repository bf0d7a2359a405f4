import { outcomesOf, type AnswerOptions, type Outcomes } from '../../../engine/inspect/outcomes';
import type { HeldOut, HeldOutSplit } from './held-out';

/** Whose answers: of the deep model alone, of the baseline, or of both blended. */
export type Contender = 'deep' | 'baseline' | 'blend';

/** The rows that the run's figures were measured on: test rows where there are some. */
export function measuredSplit(heldOut: HeldOut): HeldOutSplit {
  return (measuredSide(heldOut) === 'test' ? heldOut.test : null) ?? heldOut.valid;
}

/** Which side those rows are of. */
export function measuredSide({ comparison, test }: HeldOut): 'valid' | 'test' {
  return comparison.split === 'test' && test ? 'test' : 'valid';
}

/** The splits of a run, with those that it was measured on last. */
export function splitsOf({
  valid,
  test,
}: Pick<HeldOut, 'valid' | 'test'>): readonly { readonly name: 'valid' | 'test'; readonly split: HeldOutSplit }[] {
  const first = { name: 'valid', split: valid } as const;
  return test ? [first, { name: 'test', split: test }] : [first];
}

/** How the probabilities of a contender become answers. */
export function answerOptions({ labels, multiLabel, thresholds }: HeldOut, whose: Contender): AnswerOptions {
  return { classes: labels.length, multiLabel, thresholds: thresholds[whose] };
}

/** What a contender's answers to the measured rows come to. */
export function measuredOutcomes(heldOut: HeldOut, whose: Contender): Outcomes {
  const split = measuredSplit(heldOut);
  const probabilities = split[whose] ?? split.deep;
  return outcomesOf(probabilities, split.truth, answerOptions(heldOut, whose));
}
