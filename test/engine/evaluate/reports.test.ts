import { describe, expect, it } from 'vitest';
import { mostConfusedPairs } from '../../../src/engine/evaluate/confusions';
import { coverageCurve } from '../../../src/engine/evaluate/coverage';
import { multiLabels, singleLabels } from '../../../src/engine/evaluate/label-csr';
import { majorityClass } from '../../../src/engine/evaluate/majority';
import { expectedCalibrationError, reliabilityBins } from '../../../src/engine/evaluate/reliability';
import { chooseThresholds } from '../../../src/engine/evaluate/thresholds';
import { rowLosses, topLosses } from '../../../src/engine/evaluate/top-losses';
import { uncertainty } from '../../../src/engine/evaluate/uncertainty';

/** A reproducible stream of numbers in 0 … 1 (mulberry32). */
function randomStream(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

describe('reliability bins', () => {
  it('hold every row once, and the error of rows that are right as often as they say is near zero', () => {
    const random = randomStream(3);
    const confidence = Array.from({ length: 20_000 }, () => 0.5 + random() / 2);
    const probabilities = Float32Array.from(confidence.flatMap((p) => [p, 1 - p]));
    const labels = singleLabels(confidence.map((p) => (random() < p ? 0 : 1)));
    const bins = reliabilityBins(probabilities, labels, 2, { multiLabel: false });
    expect(bins).toHaveLength(15);
    expect(bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(20_000);
    expect(expectedCalibrationError(bins)).toBeLessThan(0.02);
    for (const bin of bins.filter((each) => each.count > 0)) {
      expect(bin.confidence).toBeGreaterThan(bin.low);
      expect(bin.confidence).toBeLessThanOrEqual(bin.high + 1e-6);
    }
  });
});

describe('the coverage curve', () => {
  it('starts at the surest row, ends at all rows with the plain accuracy, and keeps equals together', () => {
    const probabilities = Float32Array.of(0.9, 0.1, 0.2, 0.8, 0.8, 0.2, 0.45, 0.55);
    const curve = coverageCurve(probabilities, singleLabels([0, 1, 1, 0]), 2);
    expect(curve.map(({ coverage, accuracy, kept }) => [coverage, accuracy, kept])).toEqual([
      [0.25, 1, 1],
      [0.75, 2 / 3, 3],
      [1, 0.5, 4],
    ]);
    expect(curve.map((point) => point.threshold)).toEqual([0.9, 0.8, 0.55].map(Math.fround));
  });

  it('is thinned to the asked number of points, ends kept', () => {
    const random = randomStream(5);
    const probabilities = Float32Array.from({ length: 2000 }, random);
    const curve = coverageCurve(probabilities, singleLabels(new Int32Array(1000)), 2, { points: 11 });
    expect(curve).toHaveLength(11);
    expect(curve[0]?.kept).toBe(1);
    expect(curve[10]?.coverage).toBe(1);
  });
});

describe('confused pairs and top losses', () => {
  it('come most frequent and worst first', () => {
    expect(mostConfusedPairs([[5, 2, 0], [2, 1, 0], [3, 0, 9]], ['a', 'b', 'c'], 2)).toEqual([
      { actual: 'c', predicted: 'a', count: 3, share: 0.25 },
      { actual: 'b', predicted: 'a', count: 2, share: 2 / 3 },
    ]); // prettier-ignore
    const losses = rowLosses(Float32Array.of(0.5, 0.5, 0, 1, 1, 0), singleLabels([0, 0, 0]), 2, { multiLabel: false });
    expect(topLosses(losses, 2).map((each) => each.row)).toEqual([1, 0]);
    expect(losses[1]).toBeCloseTo(23 * Math.LN2, 10); // finite although the probability was 0
    const multi = rowLosses(Float32Array.of(0.5, 0.25), multiLabels([[0]]), 2, { multiLabel: true });
    expect(multi[0]).toBeCloseTo(Math.LN2 - Math.log(0.75), 6);
  });
});

describe('uncertainty', () => {
  it('is 0 for certain rows, 1 for even ones, and orders the rows between', () => {
    const probabilities = Float32Array.of(1, 0, 0, 1 / 3, 1 / 3, 1 / 3, 0.6, 0.3, 0.1);
    for (const method of ['entropy', 'breaking-ties'] as const) {
      const [sure, even, between] = uncertainty(probabilities, 3, 3, { method });
      expect(sure).toBe(0);
      expect(even).toBeCloseTo(1, 6);
      expect(between).toBeGreaterThan(0.5);
      expect(between).toBeLessThan(1);
    }
    const multi = uncertainty(Float32Array.of(0, 1, 0.5, 0.5), 2, 2, { multiLabel: true });
    expect([...multi]).toEqual([0, 1]);
    expect([...uncertainty(Float32Array.of(1), 1, 1)]).toEqual([0]);
  });
});

describe('chosen thresholds', () => {
  it('are shared by labels that are too rare, and 0.5 where nothing is true at all', () => {
    const random = randomStream(11);
    const rows = Array.from({ length: 200 }, (_, i) => (i < 60 ? [0] : i === 60 ? [1] : []));
    const probabilities = Float32Array.from(rows.flatMap((row) => [row[0] === 0 ? 0.3 : 0.1 * random(), 0.05, 0.01]));
    const [common, rare, never] = chooseThresholds(probabilities, multiLabels(rows));
    expect(common).toBeGreaterThan(0.1);
    expect(common).toBeLessThan(0.3);
    expect(rare).toBe(never);
    expect([...chooseThresholds(probabilities, multiLabels(rows.map(() => [])))]).toEqual([0.5, 0.5, 0.5]);
  });
});

describe('the majority class', () => {
  it('comes from the training rows and is measured on the others', () => {
    const majority = majorityClass(singleLabels([2, 1, 2]), singleLabels([2, 2, 0, 1]), 3);
    expect(majority).toEqual({ classId: 2, accuracy: 0.5 });
  });
});
