import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { multiLabels, singleLabels } from '../../../src/engine/evaluate/label-csr';
import { computeMetrics } from '../../../src/engine/evaluate/metrics';
import { fitTemperature, probabilitiesAt } from '../../../src/engine/evaluate/temperature';
import { bestThreshold } from '../../../src/engine/evaluate/thresholds';
import { wilsonInterval } from '../../../src/engine/evaluate/wilson';
import { metricsSchema } from '../../../src/shared/training-types';

interface Expected {
  readonly classes: number;
  readonly logits: number[];
  readonly accuracy: number;
  readonly macroF1: number;
  readonly microF1: number;
  readonly logLoss: number;
  readonly ece: number;
  readonly precision: number[];
  readonly recall: number[];
  readonly f1: number[];
  readonly support: number[];
}
interface Fixture {
  readonly single: (Expected & { labels: number[]; confusion: number[][]; temperatureNoPrior: number })[];
  readonly multi: (Expected & { labels: number[][]; bestF1: (number | null)[] })[];
}
// values computed with scikit-learn 1.9 and SciPy on the logits in the file
const fixture = JSON.parse(
  readFileSync(join(__dirname, '../../fixtures/metrics/scikit-learn.json'), 'utf8'),
) as Fixture;
const names = (classes: number): string[] => Array.from({ length: classes }, (_, c) => `label ${c}`);

function expectEqual(metrics: ReturnType<typeof computeMetrics>, expected: Expected): void {
  expect(metrics.accuracy).toBeCloseTo(expected.accuracy, 10);
  expect(metrics.macroF1).toBeCloseTo(expected.macroF1, 10);
  expect(metrics.microF1).toBeCloseTo(expected.microF1, 10);
  expect(metrics.loss).toBeCloseTo(expected.logLoss, 5);
  expect(metrics.ece).toBeCloseTo(expected.ece, 6);
  metrics.perClass.forEach((each, c) => {
    expect(each.precision).toBeCloseTo(expected.precision[c] ?? -1, 10);
    expect(each.recall).toBeCloseTo(expected.recall[c] ?? -1, 10);
    expect(each.f1).toBeCloseTo(expected.f1[c] ?? -1, 10);
    expect(each.support).toBe(expected.support[c]);
  });
  expect(metricsSchema.parse(metrics)).toEqual(metrics);
}

describe('metrics', () => {
  it.each(fixture.single)('with $classes classes equal those of scikit-learn', (one) => {
    const probabilities = probabilitiesAt(Float32Array.from(one.logits), one.classes, 1, { multiLabel: false });
    const labels = singleLabels(one.labels);
    const metrics = computeMetrics(probabilities, labels, names(one.classes), { multiLabel: false });
    expectEqual(metrics, one);
    expect(metrics.confusion).toEqual(one.confusion);
  });

  it.each(fixture.multi)('with $classes labels a row equal those of scikit-learn', (one) => {
    const probabilities = probabilitiesAt(Float32Array.from(one.logits), one.classes, 1, { multiLabel: true });
    const metrics = computeMetrics(probabilities, multiLabels(one.labels), names(one.classes), { multiLabel: true });
    expectEqual(metrics, one);
    expect(metrics.confusion).toBeNull();
  });

  it('count by hand on four rows', () => {
    // truth a a b b, predicted a b b b
    const probabilities = Float32Array.of(0.75, 0.25, 0.25, 0.75, 0, 1, 0.5 - 2 ** -10, 0.5 + 2 ** -10);
    const metrics = computeMetrics(probabilities, singleLabels([0, 0, 1, 1]), ['a', 'b'], { multiLabel: false });
    expect(metrics.confusion).toEqual([[1, 1], [0, 2]]); // prettier-ignore
    expect(metrics.accuracy).toBe(0.75);
    expect(metrics.perClass).toEqual([
      { label: 'a', precision: 1, recall: 0.5, f1: 2 / 3, support: 2 },
      { label: 'b', precision: 2 / 3, recall: 1, f1: 0.8, support: 2 },
    ]);
    // bins: two rows at .75 (half right), one at 1 (right), one at .501 (right)
    expect(metrics.ece).toBeCloseTo((2 * 0.25 + 0 + (0.5 - 2 ** -10)) / 4, 10);
    const half = -Math.log(0.5 + 2 ** -10);
    expect(metrics.loss).toBeCloseTo((-Math.log(0.75) - Math.log(0.25) + 0 + half) / 4, 6);
  });

  it('take a threshold for each label', () => {
    const probabilities = Float32Array.of(0.4, 0.9, 0.3, 0.1);
    const truth = multiLabels([[0], []]);
    const at = (thresholds: number[]): number =>
      computeMetrics(probabilities, truth, ['x', 'y'], { multiLabel: true, thresholds }).accuracy;
    expect(at([0.25, 0.5])).toBe(0);
    expect(at([0.35, 0.5])).toBe(0.5);
    expect(at([0.35, 0.95])).toBe(1);
  });

  it('refuse sizes that do not fit, two labels for one row, NaN and no rows', () => {
    const single = { multiLabel: false };
    const ids = singleLabels([0, 1]);
    expect(() => computeMetrics(new Float32Array(5), ids, ['a', 'b'], single)).toThrow(/2 rows × 2 labels, got 5/);
    expect(() => computeMetrics(new Float32Array(4), multiLabels([[0, 1], [1]]), ['a', 'b'], single)).toThrow(/Row 0/);
    expect(() => computeMetrics(new Float32Array(4), singleLabels([0, 2]), ['a', 'b'], single)).toThrow(/got 2/);
    expect(() => computeMetrics(Float32Array.of(0, 1, NaN, 0), ids, ['a', 'b'], single)).toThrow(
      /row 1 are not finite/,
    );
    const none = (): unknown => computeMetrics(new Float32Array(0), singleLabels([]), ['a'], single);
    expect(none).toThrow(expect.objectContaining({ code: 'no-rows' }));
  });
});

describe('Wilson intervals', () => {
  it('equal published values and stay inside 0 to 1', () => {
    // Newcombe 1998, table I, method 3: 81 of 263; 15 of 148; 0 of 20; 1 of 29
    const published: [number, number, number, number][] = [
      [81, 263, 0.2553, 0.3662],
      [15, 148, 0.0624, 0.1605],
      [0, 20, 0, 0.1611],
      [1, 29, 0.0061, 0.1718],
    ];
    for (const [hits, trials, low, high] of published) {
      expect(wilsonInterval(hits, trials)[0]).toBeCloseTo(low, 4);
      expect(wilsonInterval(hits, trials)[1]).toBeCloseTo(high, 4);
    }
    expect(wilsonInterval(0, 0)).toEqual([0, 1]);
    expect(wilsonInterval(20, 20)[1]).toBe(1);
  });
});

describe('temperature', () => {
  it.each(fixture.single)('with $classes classes reaches the minimum that SciPy finds once rows are many', (one) => {
    const times = 4000; // so that the prior of ten rows does not count
    const logits = Float32Array.from(
      { length: one.logits.length * times },
      (_, i) => one.logits[i % one.logits.length] ?? 0,
    );
    const labels = Int32Array.from(
      { length: one.labels.length * times },
      (_, i) => one.labels[i % one.labels.length] ?? 0,
    );
    expect(fitTemperature(logits, singleLabels(labels)) / one.temperatureNoPrior).toBeCloseTo(1, 2);
  });

  it('is the minimum of the loss with the prior, for multi-label too', () => {
    for (const one of fixture.multi) {
      const logits = Float32Array.from(one.logits);
      const labels = multiLabels(one.labels);
      const truth = one.labels.flatMap((row) => names(one.classes).map((_, c) => row.includes(c)));
      const objective = (t: number): number => {
        const p = probabilitiesAt(logits, one.classes, t, { multiLabel: true });
        const loss = truth.reduce((sum, yes, i) => sum - Math.log(yes ? (p[i] ?? 0) : 1 - (p[i] ?? 0)), 0);
        return loss + 10 * (1 / t - Math.log(1 / t));
      };
      const found = fitTemperature(logits, labels, { multiLabel: true });
      for (const factor of [0.98, 1.02]) expect(objective(found)).toBeLessThan(objective(found * factor));
    }
  });

  it('undoes a known over-confidence, and never changes the first choice', () => {
    const one = fixture.single[2];
    if (!one) throw new Error('fixture');
    const logits = Float32Array.from(one.logits);
    const plain = fitTemperature(logits, singleLabels(one.labels));
    const fourfold = fitTemperature(logits.map((z) => z * 4), singleLabels(one.labels)); // prettier-ignore
    expect(fourfold / plain).toBeGreaterThan(3.5);
    for (const t of [0.05, 0.7, 20]) {
      const p = probabilitiesAt(logits, one.classes, t, { multiLabel: false });
      for (let i = 0; i < logits.length; i += 2) {
        expect((p[i] ?? 0) > (p[i + 1] ?? 0)).toBe((logits[i] ?? 0) > (logits[i + 1] ?? 0));
        expect((p[i] ?? 0) + (p[i + 1] ?? 0)).toBeCloseTo(1, 6);
      }
    }
  });

  it('stays moderate when a few rows are all right or all wrong', () => {
    const logits = Float32Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? 2 : -2));
    const right = fitTemperature(logits, singleLabels(new Int32Array(10)));
    const wrong = fitTemperature(logits, singleLabels(new Int32Array(10).fill(1)));
    expect(right).toBeGreaterThan(0.5);
    expect(right).toBeLessThan(1);
    expect(wrong).toBeGreaterThan(3);
    expect(wrong).toBeLessThanOrEqual(20);
  });
});

describe('thresholds', () => {
  it('reach the highest F1 that any cut has', () => {
    for (const one of fixture.multi) {
      const probabilities = probabilitiesAt(Float32Array.from(one.logits), one.classes, 1, { multiLabel: true });
      one.bestF1.forEach((best, c) => {
        const own = probabilities.filter((_, i) => i % one.classes === c);
        const truth = Uint8Array.from(one.labels, (row) => (row.includes(c) ? 1 : 0));
        const threshold = bestThreshold(own, truth);
        if (best === null) return expect(threshold).toBe(0.5);
        let [hits, predicted] = [0, 0];
        own.forEach((p, i) => {
          if (p >= threshold) predicted++;
          if (p >= threshold && truth[i] === 1) hits++;
        });
        expect((2 * hits) / (predicted + truth.reduce((a, b) => a + b, 0))).toBeCloseTo(best, 10);
      });
    }
  });
});
