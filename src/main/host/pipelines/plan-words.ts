import type { Speeds } from '../../../engine/tasks/plan';

/** Why the plan of both directions is twice as long. */
export const trainedTwice =
  'Two models are trained one after the other, one for each direction: every stage comes twice.';

/** What an estimate rests on. @param speeds those that were timed; null: the usual ones */
export function estimateWords(documents: number, rows: number, speeds: Speeds | null): string {
  const speed = speeds === null ? 'the usual speed of two cores' : `a few timed steps (${perSecond(speeds)})`;
  return `Estimated from ${documents} of ${rows} texts and ${speed}; the run measures both.`;
}

function perSecond({ languageModel, classifier }: Speeds): string {
  const count = (n: number): string => Math.round(n).toLocaleString('en-US');
  return `${count(languageModel)} tokens a second in the language model, ${count(classifier)} in the classifier`;
}
