import { confidentLearning } from '../../../engine/inspect/confident-learning';
import type { HeldOut, HeldOutSplit } from './held-out';
import { splitsOf } from './held-out-outcomes';

/** Below this share right (several labels: micro F1), how many labels a model doubts says more of the model than of the labels. */
const leastAccuracy = 0.7;

/** A held-out row whose label is doubted. */
export interface DoubtedPlace {
  readonly side: 'valid' | 'test';
  readonly split: HeldOutSplit;
  readonly place: number; // in the split
  readonly suggestion: readonly number[]; // class numbers
  readonly believed: number; // probability of the label that it has
}

/** The doubted labels of a run's held-out rows, least believed first. */
export interface DoubtedPlaces {
  /** Whose probabilities do the doubting. */
  readonly doubter: 'final' | 'baseline';
  readonly rows: readonly DoubtedPlace[];
  /** How many labels may be wrong; null where the doubter is wrong too often to say. */
  readonly estimates: { readonly valid: number; readonly test: number } | null;
}

/**
 * Doubts are found in each split by itself and shown together; the split that decided on the temperature is one of them.
 * The one whose probabilities fit the rows better does the doubting: the classifier, or the word counts.
 */
export function doubtedPlaces(heldOut: HeldOut): DoubtedPlaces {
  const { labels, multiLabel, comparison } = heldOut;
  const doubter = comparison.baseline.loss < comparison.model.loss ? 'baseline' : 'final';
  const { accuracy, microF1 } = comparison[doubter === 'baseline' ? 'baseline' : 'model'];
  const found = splitsOf(heldOut).map(({ name, split }) => ({
    side: name,
    split,
    doubts: confidentLearning(split[doubter], split.truth, labels.length, { multiLabel }),
  }));
  const rows = found
    .flatMap(({ side, split, doubts }) =>
      doubts.rows.map(({ row, suggestion, believed }) => ({ side, split, place: row, suggestion, believed })),
    )
    .sort((a, b) => a.believed - b.believed);
  const estimateOf = (which: 'valid' | 'test'): number =>
    found.find(({ side }) => side === which)?.doubts.estimate ?? 0;
  const estimates = { valid: estimateOf('valid'), test: estimateOf('test') };
  return { doubter, rows, estimates: (multiLabel ? microF1 : accuracy) >= leastAccuracy ? estimates : null };
}
