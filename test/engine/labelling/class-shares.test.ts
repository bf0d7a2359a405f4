import { describe, expect, it } from 'vitest';
import { canTellApart, shareWeights } from '../../../src/engine/labelling/class-shares';

/** 60 rows labelled one by one, of three classes with the shares 1/2, 1/3, 1/6, and `more` of class 2 at once. */
function rows(more: number): { classIds: number[]; atOnce: Uint8Array } {
  const one = [...Array<number>(30).fill(0), ...Array<number>(20).fill(1), ...Array<number>(10).fill(2)];
  const classIds = [...one, ...Array<number>(more).fill(2)];
  return { classIds, atOnce: Uint8Array.from(classIds, (_, i) => Number(i >= one.length)) };
}

describe('weights for the shares of labels', () => {
  it('give the training rows the shares of those that were labelled one by one', () => {
    const { classIds, atOnce } = rows(240);
    const weights = shareWeights(classIds, atOnce, 3)!;
    const mass = [0, 0, 0];
    for (const id of classIds) mass[id]! += weights[id]! / classIds.length;
    // Half a row more of each class, of which nothing is ruled out.
    expect(mass[0]).toBeCloseTo(30.5 / 61.5, 5);
    expect(mass[1]).toBeCloseTo(20.5 / 61.5, 5);
    expect(mass[2]).toBeCloseTo(10.5 / 61.5, 5);
  });

  it('leave a class possible that was only labelled at once, and one without rows alone', () => {
    const { classIds, atOnce } = rows(0);
    const weights = shareWeights(
      [...classIds, ...Array<number>(100).fill(3)],
      Uint8Array.from([...atOnce, ...Array<number>(100).fill(1)]),
      5,
    )!;
    expect(weights[3]).toBeGreaterThan(0);
    expect(weights[3]).toBeLessThan(0.05);
    expect(weights[4]).toBe(1);
  });

  it('are none where nothing was labelled at once, or too little one by one', () => {
    const { classIds, atOnce } = rows(0);
    expect(shareWeights(classIds, atOnce, 3)).toBeNull();
    expect(canTellApart(Uint8Array.from({ length: 100 }, (_, i) => Number(i >= 19)))).toBe(false);
    expect(canTellApart(Uint8Array.from({ length: 100 }, (_, i) => Number(i >= 20)))).toBe(true);
  });
});
