import { describe, expect, it } from 'vitest';
import {
  averageProbabilities,
  crossFitAverage,
  fitAverage,
  withTemperature,
} from '../../../src/engine/evaluate/average';
import { judgeBlend } from '../../../src/engine/evaluate/blend';
import { multiLabels, singleLabels, type LabelCsr } from '../../../src/engine/evaluate/label-csr';
import { computeMetrics, MetricsCounter } from '../../../src/engine/evaluate/metrics';
import { fitMixtureWeights, mixProbabilities } from '../../../src/engine/evaluate/mixture';
import { Random } from '../../../src/engine/train/random';

const single = { classes: 3, multiLabel: false };

/** Probabilities of a model that is right on `skill` of the rows, and sure of itself by `sureness`. */
function modelOf(random: Random, truth: readonly number[], skill: number, sureness = 0.8): Float32Array {
  return Float32Array.from(
    truth.flatMap((label) => {
      const chosen = random.uniform() < skill ? label : random.below(3);
      return [0, 1, 2].map((c) => (c === chosen ? sureness : (1 - sureness) / 2));
    }),
  );
}

function someRows(seed: number, n: number): { random: Random; truth: number[]; labels: LabelCsr } {
  const random = new Random(seed);
  const truth = Array.from({ length: n }, () => random.below(3));
  return { random, truth, labels: singleLabels(truth) };
}

function lossOf(probabilities: Float32Array, labels: LabelCsr, multiLabel: boolean, classes: number): number {
  return computeMetrics(probabilities, labels, Array.from({ length: classes }, (_, c) => `${c}`), { multiLabel }).loss; // prettier-ignore
}

describe('weights of an average', () => {
  it('have the smallest log loss of the whole simplex', () => {
    const { random, truth, labels } = someRows(1, 1000);
    const members = [0.9, 0.6, 0.3].map((skill) => modelOf(random, truth, skill));
    const weights = fitMixtureWeights(members, labels, single);
    expect(weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 6);
    const best = lossOf(mixProbabilities(members, weights), labels, false, 3);
    for (let a = 0; a <= 10; a++) {
      for (let b = 0; a + b <= 10; b++) {
        const other = [a / 10, b / 10, 1 - (a + b) / 10];
        expect(lossOf(mixProbabilities(members, other), labels, false, 3)).toBeGreaterThan(best - 2e-3);
      }
    }
  });

  it('leave out a member that knows nothing, with ninety labels of which nearly all are denied', () => {
    const random = new Random(3);
    const rows = Array.from({ length: 300 }, () => [random.below(90)]);
    const good = rows.flatMap(([label]) => Array.from({ length: 90 }, (_, c) => (c === label ? 0.8 : 0.002)));
    const blind = rows.flatMap(() => Array.from({ length: 90 }, () => 1 / 90));
    const members = [Float32Array.from(good), Float32Array.from(blind)];
    const weights = fitMixtureWeights(members, multiLabels(rows), { multiLabel: true });
    expect(weights[1]).toBeLessThan(0.02);
  });

  it('stay near equal on a handful of rows, whatever those say', () => {
    const { labels, truth } = someRows(4, 4);
    const right = modelOf(new Random(1), truth, 1, 0.9);
    const wrong = Float32Array.from(truth.flatMap((label) => [0, 1, 2].map((c) => (c === label ? 0.05 : 0.475))));
    const weights = fitMixtureWeights([right, wrong], labels, single);
    expect(weights[0]).toBeGreaterThan(0.5);
    expect(weights[0]).toBeLessThan(0.9);
  });

  it('give probabilities, before and after a temperature', () => {
    const { random, truth, labels } = someRows(5, 200);
    const members = [modelOf(random, truth, 0.7), modelOf(random, truth, 0.7)];
    const average = fitAverage(members, labels, single);
    const mixed = averageProbabilities(members, average, single);
    for (let i = 0; i < 600; i += 3) expect(mixed[i]! + mixed[i + 1]! + mixed[i + 2]!).toBeCloseTo(1, 5);
    expect(lossOf(mixed, labels, false, 3)).toBeLessThan(lossOf(members[0]!, labels, false, 3));
    expect([...withTemperature(mixed, 1, single)].every((p, i) => Math.abs(p - mixed[i]!) < 1e-6)).toBe(true);
  });
});

describe('cross-fitting', () => {
  it('predicts each row by weights that have not seen it', () => {
    const { random, truth, labels } = someRows(6, 50);
    const members = [modelOf(random, truth, 0.8), modelOf(random, truth, 0.5)];
    const before = crossFitAverage(members, labels, { ...single, folds: 5 });
    // Another label for row 7 changes the rows of other folds and not its own fold's.
    const other = singleLabels(truth.map((label, row) => (row === 7 ? (label + 1) % 3 : label)));
    const after = crossFitAverage(members, other, { ...single, folds: 5 });
    const same = (row: number): boolean => [0, 1, 2].every((c) => before[3 * row + c] === after[3 * row + c]);
    expect(truth.map((_, row) => same(row))).toEqual(truth.map((_, row) => row % 5 === 7 % 5));
  });
});

describe('a blend with the baseline', () => {
  it('pays where the two know different things, and its loss is not flattered by the fit', () => {
    const { random, truth, labels } = someRows(7, 400);
    const judged = judgeBlend(modelOf(random, truth, 0.6), modelOf(random, truth, 0.75), labels, single);
    expect(judged.pays).toBe(true);
    expect(judged.blendLoss).toBeLessThan(judged.modelLoss);
    expect(judged.average.weights[1]).toBeGreaterThan(0.3);
  });

  it('does not pay with a baseline that knows nothing', () => {
    for (const seed of [8, 9, 10, 11, 12]) {
      const { random, truth, labels } = someRows(seed, 300);
      const guess = new Float32Array(900).fill(1 / 3);
      expect(judgeBlend(modelOf(random, truth, 0.9, 0.93), guess, labels, single).pays).toBe(false);
    }
  });

  it('is used unjudged where there are too few rows to judge it, with weights that these hardly move', () => {
    const few = someRows(13, 12);
    const judged = judgeBlend(
      modelOf(few.random, few.truth, 0.9),
      modelOf(few.random, few.truth, 0.4),
      few.labels,
      single,
    );
    expect(judged.pays).toBe(true);
    expect(judged.average.weights[1]).toBeGreaterThan(0.05);
  });
});

describe('metrics row by row', () => {
  it.each([false, true])(
    'count labels that the model does not know as never predicted (several labels: %s)',
    (multiLabel) => {
      const probabilities = Float32Array.from([0.9, 0.1, 0.2, 0.8, 0.7, 0.3]);
      const rows = multiLabel ? [[0], [1, 2], [2]] : [[0], [1], [2]];
      const counter = new MetricsCounter(2, { multiLabel });
      rows.forEach((labels, row) => counter.add(probabilities, row, labels));
      const wide = Float32Array.from([0.9, 0.1, 0, 0.2, 0.8, 0, 0.7, 0.3, 0]);
      const whole = computeMetrics(wide, multiLabels(rows), ['a', 'b', 'c'], { multiLabel });
      const counted = counter.metrics(['a', 'b', 'c']);
      expect({ ...counted, loss: 0, ece: 0 }).toEqual({ ...whole, loss: 0, ece: 0 });
      expect(counted.loss).toBeCloseTo(whole.loss, 5);
      expect(counted.ece).toBeCloseTo(whole.ece, 9);
    },
  );
});
