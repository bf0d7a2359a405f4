import type { Comparison, Metrics } from '../../../shared/training-types';
import { wilsonInterval } from '../../app/wilson';
import type { Contender } from '../../charts/comparison-chart-option';

/** The words for what is compared; a part without words is left out. */
export interface ContenderNames {
  readonly model: string;
  readonly baseline: string;
  readonly majority: string;
  /** The network without the baseline, where the model is a blend of both. */
  readonly deep?: string;
  /** A blend that was tried and is not used. */
  readonly blend?: string;
  readonly member?: (name: string, weight: number) => string;
}

/**
 * The model with what it is made of, the TF-IDF baseline and the majority class, on the same rows, each with its 95 %
 * interval. A model that is a blend is followed by its network alone; an average by its members; a blend that does not
 * pay is shown too.
 */
export function contendersOf(comparison: Comparison, names: ContenderNames): readonly Contender[] {
  const { model, baseline, majority, deep, blend, members = [] } = comparison;
  const measured = (name: string, metrics: Metrics, tone: Contender['tone']): Contender => ({
    name,
    accuracy: metrics.accuracy,
    interval: metrics.accuracyInterval,
    tone,
  });
  const { deep: deepName, blend: blendName, member } = names;
  const parts = member ? members.map((own) => measured(member(own.name, own.weight), own.metrics, 'part')) : [];
  return [
    measured(names.model, model, 'model'),
    ...(deep && deepName !== undefined ? [measured(deepName, deep, 'part')] : []),
    ...parts,
    measured(names.baseline, baseline, 'rival'),
    ...(blend && !deep && blendName !== undefined ? [measured(blendName, blend, 'floor')] : []),
    {
      name: names.majority,
      accuracy: majority.accuracy,
      interval: wilsonInterval(majority.accuracy, model.n),
      tone: 'floor',
    },
  ];
}

/** What can honestly be said of the model beside its strongest rival: only what the intervals allow. */
export function verdictOf(comparison: Comparison): 'better' | 'unclear' | 'worse' {
  const [low, high] = comparison.model.accuracyInterval;
  const rival =
    comparison.baseline.accuracy >= comparison.majority.accuracy
      ? comparison.baseline.accuracy
      : comparison.majority.accuracy;
  if (low > rival) return 'better';
  return high < rival ? 'worse' : 'unclear';
}
