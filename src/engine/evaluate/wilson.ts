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
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}
