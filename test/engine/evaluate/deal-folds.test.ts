import { describe, expect, it } from 'vitest';
import { dealFolds } from '../../../src/engine/evaluate/deal-folds';

describe('rows that are dealt into folds', () => {
  it.each([3, 10, 12, 101])('are each held out once, the others remaining, of %i', (rows) => {
    const folds = dealFolds(rows, 5, 4);
    const all = Array.from({ length: rows }, (_, i) => i);
    expect(folds.flatMap(({ held }) => [...held]).sort((a, b) => a - b)).toEqual(all);
    for (const { held, rest } of folds) {
      expect([...held, ...rest].sort((a, b) => a - b)).toEqual(all);
      expect(held.length).toBeLessThanOrEqual(Math.ceil(rows / 5));
    }
  });

  it('are the same for the same seed, and others for another', () => {
    expect(dealFolds(40, 5, 1)).toEqual(dealFolds(40, 5, 1));
    expect(dealFolds(40, 5, 2)).not.toEqual(dealFolds(40, 5, 1));
  });
});
