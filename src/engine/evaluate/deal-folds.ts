import { seededOrder } from './seeded-order';

/** Rows that are held out together, and those that are not. */
export interface Fold {
  readonly held: Int32Array;
  readonly rest: Int32Array;
}

/** Deals rows into folds of like size, the same ones for the same seed. @param folds at most so many; fewer where rows are few */
export function dealFolds(rows: number, folds: number, seed: number): Fold[] {
  const order = seededOrder(rows, seed)();
  const size = Math.max(1, Math.ceil(rows / folds));
  return Array.from({ length: Math.ceil(rows / size) }, (_, fold) => {
    const [begin, end] = [fold * size, (fold + 1) * size];
    return { held: order.slice(begin, end), rest: order.filter((__, i) => i < begin || i >= end) };
  });
}
