import type { Comparison, Metrics } from '../../../shared/training-types';
import { wilsonInterval } from '../../app/wilson';
import type { Contender } from '../../charts/comparison-chart-option';

/** The words for what is compared. */
export interface ContenderNames {
  readonly nameOf: (id: 'deep' | 'blend' | 'baseline' | 'majority') => string;
  readonly member: (name: string, weight: number) => string;
}

/**
 * What predicts, what it is made of, the TF-IDF baseline and the majority class, on the same rows, each with its 95 %
 * interval. A blend is followed by its network alone; an average by its members; a blend that does not pay is shown too.
 */
export function contendersOf(comparison: Comparison, { nameOf, member }: ContenderNames): readonly Contender[] {
  const { model, baseline, majority, deep, blend, members = [] } = comparison;
  const measured = (id: 'deep' | 'blend' | 'baseline', metrics: Metrics, used = false): Contender => ({
    name: nameOf(id),
    kind: id,
    used,
    accuracy: metrics.accuracy,
    interval: metrics.accuracyInterval,
  });
  const parts = members.map(({ name, weight, metrics }): Contender => {
    const { accuracy, accuracyInterval } = metrics;
    return { name: member(name, weight), kind: 'member', used: false, accuracy, interval: accuracyInterval };
  });
  return [
    measured(deep ? 'blend' : 'deep', model, true),
    ...(deep ? [measured('deep', deep)] : []),
    ...parts,
    measured('baseline', baseline),
    ...(blend && !deep ? [measured('blend', blend)] : []),
    {
      name: nameOf('majority'),
      kind: 'majority',
      used: false,
      accuracy: majority.accuracy,
      interval: wilsonInterval(majority.accuracy, model.n),
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
