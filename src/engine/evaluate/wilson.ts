/** The 97.5 % point of the normal distribution: a 95 % interval. */
const Z = 1.959963984540054;

/**
 * The 95 % Wilson score interval of a share, which stays inside 0 … 1 and is honest for few rows (Wilson 1927).
 * No trials give the whole range.
 */
export function wilsonInterval(successes: number, trials: number): [low: number, high: number] {
  if (trials <= 0) return [0, 1];
  const share = successes / trials;
  const z2 = Z * Z;
  const scale = 1 + z2 / trials;
  const middle = (share + z2 / (2 * trials)) / scale;
  const half = (Z / scale) * Math.sqrt((share * (1 - share)) / trials + z2 / (4 * trials * trials));
  // Exactly nothing and exactly all, which rounding would miss.
  const low = successes <= 0 ? 0 : Math.max(0, middle - half);
  return [low, successes >= trials ? 1 : Math.min(1, middle + half)];
}

/**
 * A 95 % interval of an F1, which is honest where a label is never right or always, and a bootstrap says 0 to 0 or 100 to
 * 100. F1 is 2 J / (1 + J) of the Jaccard index J: the hits among the rows that have the label or were given it. J is a
 * share, so it has a {@link wilsonInterval}, and the rise from J to F1 keeps the order of its ends.
 *
 * @param hits rows that have the label and were given it
 * @param others rows that have it or were given it, not both
 */
export function f1Interval(hits: number, others: number): [low: number, high: number] {
  const [low, high] = wilsonInterval(hits, hits + others);
  return [(2 * low) / (1 + low), (2 * high) / (1 + high)];
}
