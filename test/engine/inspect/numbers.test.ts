import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { multiLabels, singleLabels } from '../../../src/engine/evaluate/label-csr';
import { computeMetrics } from '../../../src/engine/evaluate/metrics';
import { f1Interval } from '../../../src/engine/evaluate/wilson';
import { bootstrapIntervals, f1Of, percentileInterval } from '../../../src/engine/inspect/bootstrap';
import { abstainFigures, THRESHOLDS } from '../../../src/engine/inspect/confidence';
import { confidentLearning } from '../../../src/engine/inspect/confident-learning';
import { countOutcomes, outcomesOf } from '../../../src/engine/inspect/outcomes';
import { comparePaired, exactMcNemar } from '../../../src/engine/inspect/paired';
import { rankCorrelation } from '../../../src/engine/inspect/rank-correlation';
import { seededUniform } from '../../../src/engine/inspect/seeded-uniform';
import { similarityOrder } from '../../../src/engine/inspect/similarity-order';
import { runNow } from '../../../src/engine/evaluate/in-steps';

/** Numbers of numpy, scipy and cleanlab: see make_numbers.py beside them. */
interface Numbers {
  confidentLearning: {
    given: number[];
    probabilities: number[];
    classes: number;
    joint: number[][];
    calibratedOffDiagonal: number;
    ranked: number[];
  };
  mcnemar: { b: number; c: number; p: number }[];
  bootstrapAccuracy: { n: number; right: number; low: number; high: number }[];
  percentiles: { values: number[]; low: number; high: number };
  spearman: { a: number[]; b: number[]; rho: number };
  clusters: { confusion: number[][]; groups: number[] };
}
const numbers = JSON.parse(
  readFileSync(path.resolve(__dirname, '../../fixtures/inspect/numbers.json'), 'utf8'),
) as Numbers;

/** Probabilities with which a classifier says exactly these labels. */
function saying(answers: readonly number[], classes: number): Float32Array {
  const probabilities = new Float32Array(answers.length * classes).fill(0.1);
  answers.forEach((label, row) => (probabilities[row * classes + label] = 0.7));
  return probabilities;
}

describe('intervals', () => {
  it('are those of a binomial draw where the bootstrap is of an accuracy (scipy)', () => {
    for (const { n, right, low, high } of numbers.bootstrapAccuracy) {
      const truth = singleLabels(new Int32Array(n));
      const answers = Array.from({ length: n }, (_, row) => (row < right ? 0 : 1));
      const outcomes = outcomesOf(saying(answers, 2), truth, { classes: 2, multiLabel: false });
      const { accuracy } = runNow(bootstrapIntervals(outcomes, 3, 4000));
      expect(Math.abs(accuracy[0] - low)).toBeLessThanOrEqual(1.01 / n);
      expect(Math.abs(accuracy[1] - high)).toBeLessThanOrEqual(1.01 / n);
    }
  });

  it('are the same for the same seed, and hold the figure they belong to', () => {
    const truth = singleLabels([0, 0, 0, 1, 1, 1, 2, 2, 2, 2]);
    const outcomes = outcomesOf(saying([0, 0, 1, 1, 1, 2, 2, 2, 0, 2], 3), truth, { classes: 3, multiLabel: false });
    const [first, second] = [runNow(bootstrapIntervals(outcomes, 5)), runNow(bootstrapIntervals(outcomes, 5))];
    expect(first).toEqual(second);
    const { perClass, macro } = f1Of(countOutcomes(outcomes), outcomes);
    expect(first.macroF1[0]).toBeLessThan(macro);
    expect(first.macroF1[1]).toBeGreaterThan(macro);
    const counts = countOutcomes(outcomes);
    perClass.forEach((f1, c) => {
      const [low, high] = f1Interval(counts[3 * c]!, counts[3 * c + 1]! + counts[3 * c + 2]!);
      expect(low).toBeLessThan(f1);
      expect(high).toBeGreaterThan(f1);
    });
  });

  it('leave open what a label that is never right could be, and one that always is', () => {
    const [low, high] = f1Interval(0, 12);
    expect(low).toBe(0);
    expect(high).toBeCloseTo(0.3903, 3); // J to 0.2425, the exact one of none in 12 by Wilson
    expect(f1Interval(20, 0)[0]).toBeCloseTo(0.9124, 3);
    const truth = singleLabels([0, 0, 0, 1, 1, 1]);
    const outcomes = outcomesOf(saying([0, 0, 0, 1, 1, 1], 2), truth, { classes: 2, multiLabel: false });
    const { macroF1, microF1 } = runNow(bootstrapIntervals(outcomes, 1));
    expect(macroF1).toEqual(microF1);
    expect(macroF1[0]).toBeGreaterThan(0.6);
    expect(macroF1[0]).toBeLessThan(0.9);
  });

  it('of F1 hold the true one about 95 times in 100, of few rows too', () => {
    const chance = seededUniform(11);
    for (const [rows, share] of [
      [12, 0.2],
      [12, 0.6],
      [60, 0.85],
    ] as const) {
      // prettier-ignore
      let held = 0;
      for (let draw = 0; draw < 2000; draw++) {
        let hits = 0;
        for (let i = 0; i < rows; i++) if (chance() < share) hits++;
        const [low, high] = f1Interval(hits, rows - hits);
        if (low <= (2 * share) / (1 + share) && high >= (2 * share) / (1 + share)) held++;
      }
      expect(held / 2000).toBeGreaterThan(0.92);
      expect(held / 2000).toBeLessThan(0.99);
    }
  });

  it('take percentiles as numpy does', () => {
    const { values, low, high } = numbers.percentiles;
    const [ownLow, ownHigh] = percentileInterval(Float64Array.from(values));
    expect(ownLow).toBeCloseTo(low, 12);
    expect(ownHigh).toBeCloseTo(high, 12);
  });
});

describe('outcomes', () => {
  it('give the F1 figures that were tested against scikit-learn, for one label and for several', () => {
    const names = ['a', 'b', 'c'];
    const single = singleLabels([0, 0, 1, 2, 2, 1]);
    const one = saying([0, 1, 1, 2, 0, 1], 3);
    const several = multiLabels([[0], [0, 2], [], [1, 2], [1], [0, 1, 2]]);
    const many = Float32Array.from([.9, .2, .1, .8, .6, .7, .1, .2, .6, .4, .9, .8, .1, .3, .2, .6, .4, .9]); // prettier-ignore
    for (const [probabilities, truth, multiLabel] of [
      [one, single, false],
      [many, several, true],
    ] as const) {
      const metrics = computeMetrics(probabilities, truth, names, { multiLabel });
      const outcomes = outcomesOf(probabilities, truth, { classes: 3, multiLabel });
      const { perClass, macro, micro } = f1Of(countOutcomes(outcomes), outcomes);
      expect(macro).toBeCloseTo(metrics.macroF1, 12);
      expect(micro).toBeCloseTo(metrics.microF1, 12);
      expect([...perClass]).toEqual(metrics.perClass.map(({ f1 }) => f1));
      expect(outcomes.right.reduce((sum, each) => sum + each, 0) / outcomes.n).toBeCloseTo(metrics.accuracy, 12);
    }
  });
});

describe('two classifiers on the same rows', () => {
  it('are compared by the exact McNemar test (scipy)', () => {
    for (const { b, c, p } of numbers.mcnemar) expect(exactMcNemar(b, c) / p).toBeCloseTo(1, 8);
  });

  it('differ by an interval that holds nothing where they are the same, and all where one is always right', () => {
    const same = comparePaired([1, 1, 0, 0, 1], [1, 1, 0, 0, 1]);
    expect(same).toMatchObject({ n: 5, bothRight: 3, bothWrong: 2, difference: 0, p: 1 });
    expect(same.interval[0]).toBeLessThan(0);
    expect(same.interval[1]).toBeGreaterThan(0);
    const better = comparePaired(new Uint8Array(50), new Uint8Array(50).fill(1));
    expect(better).toMatchObject({ onlySecond: 50, difference: 1 });
    expect(better.interval[0]).toBeGreaterThan(0.85);
    expect(better.p).toBeLessThan(1e-10);
  });
});

describe('confident learning', () => {
  const { given, probabilities, classes, ranked, calibratedOffDiagonal } = numbers.confidentLearning;
  const doubts = confidentLearning(Float32Array.from(probabilities), singleLabels(given), classes, {
    multiLabel: false,
  });

  it('doubts the rows that cleanlab doubts by low self-confidence, in its order', () => {
    expect(doubts.rows.map(({ row }) => row)).toEqual(ranked);
  });

  it('expects as many wrong labels as cleanlab, but for its rounding to whole rows', () => {
    expect(Math.abs(doubts.estimate - calibratedOffDiagonal)).toBeLessThan(classes / 2);
  });

  it('finds the row whose label the probabilities contradict, and no other', () => {
    const p = Float32Array.of(0.9, 0.1, 0.8, 0.2, 0.05, 0.95, 0.1, 0.9, 0.2, 0.8);
    const { rows } = confidentLearning(p, singleLabels([0, 0, 0, 1, 1]), 2, { multiLabel: false });
    expect(rows.map(({ row, suggestion }) => [row, suggestion])).toEqual([[2, [1]]]);
    expect(rows[0]?.believed).toBeCloseTo(0.05, 5);
  });

  it('turns doubted labels round where rows have several', () => {
    // Label 1 is certain wherever it stands but on row 2, and certain but missing on row 5.
    const truth = multiLabels([[0, 1], [0, 1], [0, 1], [0], [0], [0]]);
    const p = Float32Array.from([.9, .95, .9, .9, .9, .02, .9, .05, .9, .1, .9, .97]); // prettier-ignore
    const several = confidentLearning(p, truth, 2, { multiLabel: true });
    expect(several.rows.map(({ row, suggestion }) => [row, suggestion])).toEqual([
      [2, [0]],
      [5, [0, 1]],
    ]);
  });
});

describe('answers that are held back', () => {
  it('are counted for every threshold as a plain count says', () => {
    const truth = singleLabels([0, 1, 1, 0, 1]);
    const p = Float32Array.from([0.9, 0.1, 0.29, 0.71, 0.6, 0.4, 0.5, 0.5, 0, 1]);
    const { points, perClass, total } = abstainFigures(p, truth, ['a', 'b'], false);
    expect(total).toBe(5);
    expect(points).toHaveLength(THRESHOLDS);
    for (const { threshold, kept, right } of points) {
      const confident = [0.9, 0.71, 0.6, 0.5, 1].map((each) => Math.fround(each) >= Math.fround(threshold));
      const correct = [true, true, false, true, true];
      expect(kept, String(threshold)).toBe(confident.filter(Boolean).length);
      expect(right, String(threshold)).toBe(correct.filter((each, i) => each && confident[i]).length);
    }
    expect(perClass[1]).toMatchObject({ label: 'b', support: 3 });
    expect(perClass[1]?.kept[0]).toBe(2);
  });

  it('of several labels are precision and recall of each label', () => {
    const truth = multiLabels([[0], [0, 1], []]);
    const p = Float32Array.from([0.9, 0.4, 0.6, 0.8, 0.7, 0.1]);
    const { points, perClass, total } = abstainFigures(p, truth, ['a', 'b'], true);
    expect(total).toBe(3);
    expect(points[50]).toMatchObject({ kept: 4, right: 3 }); // .9, .6, .7 (wrong), .8
    expect(points[65]).toMatchObject({ kept: 3, right: 2 });
    expect(perClass[0]?.kept[65]).toBe(2);
  });
});

describe('labels in the order of their mix-ups', () => {
  it('stand beside those that scipy clusters them with', () => {
    const { confusion, groups } = numbers.clusters;
    const order = similarityOrder(confusion);
    expect([...order].sort((a, b) => a - b)).toEqual(groups.map((_, label) => label));
    const seen = order.map((label) => groups[label]);
    const changes = seen.filter((group, i) => i > 0 && group !== seen[i - 1]).length;
    expect(changes).toBe(new Set(groups).size - 1);
  });

  it('are in order within a moment for 200 labels', () => {
    const confusion = Array.from({ length: 200 }, (_, a) =>
      Array.from({ length: 200 }, (_u, p) => (a === p ? 50 : (a * 7 + p * 13) % 5)),
    );
    const begun = performance.now();
    expect(new Set(similarityOrder(confusion)).size).toBe(200);
    expect(performance.now() - begun).toBeLessThan(2000);
  });
});

describe('rank correlation', () => {
  it('is that of scipy, equal values included', () => {
    const { a, b, rho } = numbers.spearman;
    expect(rankCorrelation(a, b)).toBeCloseTo(rho, 10);
  });

  it('says nothing of two values or of equal ones', () => {
    expect(rankCorrelation([1, 2], [1, 2])).toBeNull();
    expect(rankCorrelation([1, 1, 1], [1, 2, 3])).toBeNull();
  });
});
