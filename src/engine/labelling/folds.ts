import { seededOrder } from '../evaluate/seeded-order';

/**
 * Spreads rows over folds so that each stratum is in all of them as evenly as it can be.
 *
 * @param strata a number for each row; equal numbers are spread evenly
 * @returns the fold of each row, 0 … folds - 1
 */
export function stratifiedFolds(strata: ArrayLike<number>, folds: number, seed: number): Uint8Array {
  const order = seededOrder(strata.length, seed)();
  const next = new Map<number, number>();
  const fold = new Uint8Array(strata.length);
  let start = 0;
  for (const row of order) {
    const stratum = strata[row] ?? 0;
    // Each stratum begins at another fold, else rare ones would all be in the first.
    const at = next.get(stratum) ?? start++;
    fold[row] = at % folds;
    next.set(stratum, at + 1);
  }
  return fold;
}

/**
 * The rows to train on for one point of a learning curve: a share of those outside of a fold, the same ones for the
 * same seed, and every smaller share within the larger.
 */
export function trainingRows(fold: Uint8Array, heldOut: number, share: number, seed: number): Int32Array {
  const order = seededOrder(fold.length, seed + 1 + heldOut)();
  const outside = order.filter((row) => fold[row] !== heldOut);
  return outside.slice(0, Math.max(1, Math.round(share * outside.length))).sort();
}
