import { f1Interval } from '../evaluate/wilson';
import { countOutcomes, type Outcomes } from './outcomes';
import { seededUniform } from './seeded-uniform';

/** A figure's 95 % interval. */
export type Interval = [low: number, high: number];

/** Intervals of what has no formula for one. */
export interface BootstrapIntervals {
  readonly accuracy: Interval;
  readonly macroF1: Interval;
  readonly microF1: Interval;
}

/** So often the rows are drawn anew, where there are not very many. */
const RESAMPLES = 1000;
/** At most so many rows are drawn in all: with many rows fewer draws say as much. */
const MOST_DRAWS = 30_000_000;
const FEWEST_RESAMPLES = 200;

/**
 * 95 % percentile intervals by drawing the rows anew with replacement (Efron 1979). Conventions of F1 are those of
 * `computeMetrics`: undefined is 0, macro F1 is over the classes that occur in a draw (multi-label: over all).
 * Yields between draws. Where every draw has the same F1, because all rows are right or none is, an interval without width
 * would claim what nobody knows: then it is that of all hits, see `f1Interval`.
 */
export function* bootstrapIntervals(
  outcomes: Outcomes,
  seed = 0,
  resamples = resamplesFor(outcomes.n),
): Generator<void, BootstrapIntervals> {
  const { n, classes, right, offsets, cells } = outcomes;
  const uniform = seededUniform(seed);
  const accuracy = new Float64Array(resamples);
  const macro = new Float64Array(resamples);
  const micro = new Float64Array(resamples);
  const counts = new Float64Array(classes * 3);
  for (let draw = 0; draw < resamples; draw++) {
    counts.fill(0);
    let hits = 0;
    for (let i = 0; i < n; i++) {
      const row = Math.floor(uniform() * n);
      hits += right[row] ?? 0;
      const end = offsets[row + 1] ?? 0;
      for (let at = offsets[row] ?? 0; at < end; at++) {
        const cell = cells[at] ?? 0;
        counts[cell] = (counts[cell] ?? 0) + 1;
      }
    }
    const f1 = f1Of(counts, outcomes);
    accuracy[draw] = n === 0 ? 0 : hits / n;
    macro[draw] = f1.macro;
    micro[draw] = f1.micro;
    yield;
  }
  const whole = intervalOfAll(outcomes);
  return {
    accuracy: percentileInterval(accuracy),
    macroF1: orElse(percentileInterval(macro), whole),
    microF1: orElse(percentileInterval(micro), whole),
  };
}

function orElse(interval: Interval, other: Interval): Interval {
  return interval[0] === interval[1] ? other : interval;
}

/** The interval of the F1 over all labels, from the counts. */
function intervalOfAll(outcomes: Outcomes): Interval {
  const counts = countOutcomes(outcomes);
  let [hits, others] = [0, 0];
  counts.forEach((count, cell) => (cell % 3 === 0 ? (hits += count) : (others += count)));
  return f1Interval(hits, others);
}

function resamplesFor(n: number): number {
  return Math.min(RESAMPLES, Math.max(FEWEST_RESAMPLES, Math.floor(MOST_DRAWS / Math.max(1, n))));
}

/** F1 of counts. // counts [classes, 3]: hits, missed, wrong */
export function f1Of(
  counts: Float64Array,
  { classes, multiLabel }: Pick<Outcomes, 'classes' | 'multiLabel'>,
): { readonly perClass: Float64Array; readonly macro: number; readonly micro: number } {
  const perClass = new Float64Array(classes);
  let [seen, sum, allHits, allOther] = [0, 0, 0, 0];
  for (let c = 0; c < classes; c++) {
    const hits = counts[3 * c] ?? 0;
    const other = (counts[3 * c + 1] ?? 0) + (counts[3 * c + 2] ?? 0);
    allHits += hits;
    allOther += other;
    if (hits + other > 0) perClass[c] = (2 * hits) / (2 * hits + other);
    if (hits + other > 0 || multiLabel) {
      seen++;
      sum += perClass[c] ?? 0;
    }
  }
  return {
    perClass,
    macro: seen === 0 ? 0 : sum / seen,
    micro: allHits + allOther === 0 ? 0 : (2 * allHits) / (2 * allHits + allOther),
  };
}

/** The 2.5 % and 97.5 % points, between neighbouring values where they fall between two (numpy's default). */
export function percentileInterval(values: Float64Array): Interval {
  const sorted = values.slice().sort();
  const at = (share: number): number => {
    const place = share * (sorted.length - 1);
    const low = sorted[Math.floor(place)] ?? 0;
    const high = sorted[Math.ceil(place)] ?? low;
    return low + (place - Math.floor(place)) * (high - low);
  };
  return [at(0.025), at(0.975)];
}
