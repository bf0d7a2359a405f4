import type { Comparison } from '../../../shared/training-types';
import { wilsonInterval } from '../../app/wilson';
import type { Contender } from '../../charts/comparison-chart-option';

/** The words for the three that are compared. */
export interface ContenderNames {
  readonly model: string;
  readonly baseline: string;
  readonly majority: string;
}

/** Model, TF-IDF baseline and majority class on the same rows, each with its 95 % interval. */
export function contendersOf(comparison: Comparison, names: ContenderNames): readonly Contender[] {
  const { model, baseline, majority } = comparison;
  return [
    { name: names.model, accuracy: model.accuracy, interval: model.accuracyInterval },
    { name: names.baseline, accuracy: baseline.accuracy, interval: baseline.accuracyInterval },
    { name: names.majority, accuracy: majority.accuracy, interval: wilsonInterval(majority.accuracy, model.n) },
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
