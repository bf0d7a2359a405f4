/** A probability is kept this far from 0 and 1: what 32-bit floats can tell apart. */
const LEAST = 2 ** -24;

/** log(p / (1 − p)), in nats. */
export function logOddsOf(probability: number): number {
  const p = Math.min(1 - LEAST, Math.max(LEAST, probability));
  return Math.log(p) - Math.log1p(-p);
}
