import { describe, expect, it } from 'vitest';
import { multiLabels, singleLabels } from '../../../src/engine/evaluate/label-csr';
import { diverseOrder } from '../../../src/engine/labelling/diverse-order';
import { stratifiedFolds, trainingRows } from '../../../src/engine/labelling/folds';
import { fitPowerLaw, labelsForOnePoint } from '../../../src/engine/labelling/learning-curve';
import { mixInChance } from '../../../src/engine/labelling/mix-chance';
import { rightAnswers } from '../../../src/engine/labelling/right-answers';
import { SimilarityIndex, textRows } from '../../../src/engine/labelling/text-similarity';

const documents = (texts: readonly (readonly number[])[]) => ({
  length: texts.length,
  at: (i: number) => texts[i] ?? [],
});

describe('similarity', () => {
  it('is 1 for the same text, 0 for one without a common word, and between for the rest', () => {
    const rows = textRows(
      documents([
        [10, 11, 12],
        [10, 11, 12],
        [20, 21],
        [10, 21],
      ]),
    );
    const likeness = new Float32Array(3);
    new SimilarityIndex(rows, 1, 4).compare(0, likeness);
    expect(likeness[0]).toBeCloseTo(1, 5);
    expect(likeness[1]).toBe(0);
    expect(likeness[2]).toBeGreaterThan(0);
    expect(likeness[2]).toBeLessThan(0.9);
  });
});

describe('diverse order', () => {
  it('takes one of each kind first, the largest kind before the others, and leaves outliers to the end', () => {
    // Six texts of a kind, three of another, one that resembles nothing.
    const texts = [
      ...Array.from({ length: 6 }, (_, i) => [10, 11, 100 + i]),
      ...Array.from({ length: 3 }, (_, i) => [30, 31, 200 + i]),
      [300, 301],
    ];
    const order = Array.from(diverseOrder(textRows(documents(texts)), 0, 10));
    const kind = (place: number): string => (place < 6 ? 'a' : place < 9 ? 'b' : 'c');
    expect(order.slice(0, 2).map(kind)).toEqual(['a', 'b']);
    expect(new Set(order).size).toBe(10);
  });

  it('does not ask again for what resembles labelled texts', () => {
    const texts = [
      [10, 11, 12],
      [10, 11, 12],
      [10, 11, 13],
      [30, 31],
      [30, 32],
    ];
    const order = diverseOrder(textRows(documents(texts)), 1, 1);
    expect(order[0]).toBeGreaterThanOrEqual(2); // places among the candidates, behind the labelled one
  });
});

describe('folds', () => {
  it('hold each stratum as evenly as it can be', () => {
    const strata = Int32Array.from({ length: 53 }, (_, i) => i % 5);
    const fold = stratifiedFolds(strata, 5, 1);
    for (let stratum = 0; stratum < 5; stratum++) {
      const counts = [0, 1, 2, 3, 4].map((k) => fold.filter((f, i) => f === k && strata[i] === stratum).length);
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    }
  });

  it('give smaller training sets that lie within the larger ones and never hold a row of the fold', () => {
    const fold = stratifiedFolds(new Int32Array(40), 4, 1);
    const half = trainingRows(fold, 2, 0.5, 1);
    const all = trainingRows(fold, 2, 1, 1);
    expect(all).toHaveLength(30);
    expect(half).toHaveLength(15);
    expect(half.every((row) => all.includes(row))).toBe(true);
    expect(all.some((row) => fold[row] === 2)).toBe(false);
  });
});

describe('learning curve', () => {
  const points = [100, 200, 400, 800].map((labels) => ({ labels, share: 1 - 2 * labels ** -0.4, rows: 1000 }));

  it('finds the power law that the points follow', () => {
    const law = fitPowerLaw(points);
    expect(law?.power).toBeCloseTo(0.4, 3);
    expect(law?.scale).toBeCloseTo(2, 2);
  });

  it('says how many labels one point more takes, and that many bring it', () => {
    const more = labelsForOnePoint(fitPowerLaw(points), 800) ?? 0;
    const error = (labels: number): number => 2 * labels ** -0.4;
    expect(error(800) - error(800 + more)).toBeGreaterThanOrEqual(0.01);
    expect(error(800) - error(800 + more)).toBeLessThan(0.0115);
  });

  it('promises nothing where the curve is flat, falls, or has no error left', () => {
    expect(fitPowerLaw(points.map((point) => ({ ...point, share: 0.8 })))).toBeNull();
    expect(fitPowerLaw(points.map((point, i) => ({ ...point, share: 0.9 - i / 50 })))).toBeNull();
    expect(labelsForOnePoint({ scale: 0.01, power: 0.5 }, 100)).toBeNull();
    expect(labelsForOnePoint(null, 100)).toBeNull();
  });
});

describe('right answers', () => {
  it('are rows for one label each, and micro-averaged F1 for several', () => {
    const p = Float32Array.of(0.9, 0.1, 0.4, 0.6);
    expect(rightAnswers(p, singleLabels([0, 0]), 2, false)).toEqual({ right: 1, asked: 2 });
    const { right, asked } = rightAnswers(p, multiLabels([[0, 1], [1]]), 2, true);
    expect(right / asked).toBeCloseTo((2 * 2) / (2 * 2 + 0 + 1), 6);
  });
});

describe('chance among chosen rows', () => {
  it('has every tenth place, with a row that was not chosen, and none twice', () => {
    const chosen = Int32Array.from({ length: 40 }, (_, i) => i);
    const random = Int32Array.of(3, 100, 5, 101, 102);
    const { rowIds, byChance } = mixInChance(chosen, random, 20);
    expect(byChance).toEqual([100, 101]);
    expect([rowIds[9], rowIds[19]]).toEqual([100, 101]);
    expect(rowIds).toHaveLength(20);
    expect(new Set(rowIds).size).toBe(20);
  });

  it('leaves the list as it is where there is no other row', () => {
    const chosen = Int32Array.of(4, 2, 9);
    expect(mixInChance(chosen, chosen, 20)).toEqual({ rowIds: chosen, byChance: [] });
  });
});
