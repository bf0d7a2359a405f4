/** A point of a learning-rate sweep. */
export interface RatePoint {
  readonly rate: number;
  readonly loss: number;
  /** Debiased exponential average, as the training curve has it. */
  readonly smoothed: number;
}

/** Learning rates that a sweep suggests; null where its curve is too short to say. */
export interface RateSuggestions {
  readonly valley: number | null;
  readonly slide: number | null;
  readonly minimum: number | null;
  readonly steep: number | null;
}

/** Points between the two places that `slide` compares, and the difference of slopes that ends its search. */
const slideGap = 15;
const slideThreshold = 0.005;

/**
 * The four suggestions of fastai's `lr_find`, from the same part of the curve: without its first tenth (while the average
 * settles) and its last five points (where the loss blows up).
 * @param steps that the sweep was planned for
 */
export function suggestRates(points: readonly RatePoint[], steps: number): RateSuggestions {
  const kept = points.slice(Math.floor(steps / 10), -5);
  const end = kept.findIndex(({ smoothed }) => Number.isNaN(smoothed));
  const curve = end < 0 ? kept : kept.slice(0, end);
  const rates = curve.map(({ rate }) => rate);
  const losses = curve.map(({ smoothed }) => smoothed);
  return {
    valley: valley(rates, losses),
    slide: slide(rates, losses),
    minimum: minimum(rates, losses),
    steep: steep(rates, losses),
  };
}

/** Half way between the first and the second third of the longest falling run of the curve (gaps allowed). */
export function valley(rates: readonly number[], losses: readonly number[]): number | null {
  if (rates.length === 0) return null;
  // Length of the longest falling sequence that ends at each point.
  const lengths = losses.map(() => 1);
  let end = 0;
  for (let i = 1; i < losses.length; i++) {
    for (let j = 0; j < i; j++) {
      if (losses[i]! < losses[j]!) lengths[i] = Math.max(lengths[i]!, lengths[j]! + 1);
    }
    if (lengths[i]! > lengths[end]!) end = i;
  }
  const length = end === 0 ? 0 : lengths[end]!;
  const third = length / 3;
  return rates[Math.max(0, end - length + Math.floor(third) + Math.floor(third / 2))]!;
}

/**
 * Slides two points of a fixed distance from the end of the curve towards its beginning until their slopes are alike;
 * the left one is the suggestion.
 */
export function slide(rates: readonly number[], losses: readonly number[]): number | null {
  const n = rates.length;
  if (n <= slideGap) return null;
  const slope = slopes(losses);
  let right = n - 1;
  let rate = rates[right - slideGap]!;
  while (right >= slideGap && Math.abs(slope[right]! - slope[right - slideGap]!) > slideThreshold) {
    rate = rates[right - slideGap]!;
    right--;
  }
  return rate;
}

/** A tenth of the rate with the lowest loss. */
export function minimum(rates: readonly number[], losses: readonly number[]): number | null {
  return rates.length === 0 ? null : rates[lowest(losses)]! / 10;
}

/** The rate at which the loss falls most steeply over the logarithm of the rate. */
export function steep(rates: readonly number[], losses: readonly number[]): number | null {
  if (rates.length < 2) return null;
  const falls = losses.slice(1).map((loss, i) => (loss - losses[i]!) / (Math.log(rates[i + 1]!) - Math.log(rates[i]!)));
  return rates[lowest(falls)]!;
}

/** Central differences, one-sided at the ends (numpy's `gradient`). */
function slopes(values: readonly number[]): number[] {
  const last = values.length - 1;
  return values.map((_, i) => {
    const [from, to] = [Math.max(0, i - 1), Math.min(last, i + 1)];
    return (values[to]! - values[from]!) / (to - from);
  });
}

function lowest(values: readonly number[]): number {
  let best = 0;
  values.forEach((value, i) => {
    if (value < values[best]!) best = i;
  });
  return best;
}
