import type { Confidence } from '../../shared/inspect-types';
import { rowCount, type LabelCsr } from '../evaluate/label-csr';
import { argmax } from '../evaluate/rank';
import { wilsonInterval } from '../evaluate/wilson';
import { truthOf } from './outcomes';

/** Thresholds 0, 0.01 … 1. */
export const THRESHOLDS = 101;

type AbstainFigures = Pick<Confidence, 'total' | 'points' | 'perClass'>;

/**
 * What holding back unsure answers does, for every threshold in steps of a hundredth. One label a row: answers whose
 * probability reaches the threshold are kept. Several labels: every label of every row is an answer of its own, given
 * where it reaches the threshold, so that the share right is the precision and kept hits of all true labels the recall.
 *
 * @param probabilities // [n, classes]
 */
export function abstainFigures(
  probabilities: Float32Array,
  truth: LabelCsr,
  names: readonly string[],
  multiLabel: boolean,
): AbstainFigures {
  const classes = names.length;
  const n = rowCount(truth);
  // Counted into the last threshold that an answer reaches, then summed from above.
  const kept = new Float64Array(classes * THRESHOLDS);
  const right = new Float64Array(classes * THRESHOLDS);
  const support = new Float64Array(classes);
  const add = (label: number, probability: number, isRight: boolean): void => {
    const place = label * THRESHOLDS + lastReached(probability);
    kept[place] = (kept[place] ?? 0) + 1;
    if (isRight) right[place] = (right[place] ?? 0) + 1;
  };
  for (let row = 0; row < n; row++) {
    const own = truthOf(truth, row);
    for (const label of own) support[label] = (support[label] ?? 0) + 1;
    const start = row * classes;
    if (multiLabel) {
      for (let c = 0; c < classes; c++) add(c, probabilities[start + c] ?? 0, own.includes(c));
    } else {
      const best = argmax(probabilities, start, classes);
      add(best, probabilities[start + best] ?? 0, own[0] === best);
    }
  }
  const sums = { kept: fromAbove(kept, classes), right: fromAbove(right, classes) };
  const perClass = names.map((label, c) => ({
    label,
    support: support[c] ?? 0,
    kept: sums.kept[c] ?? [],
    right: sums.right[c] ?? [],
  }));
  const total = multiLabel ? support.reduce((sum, each) => sum + each, 0) : n;
  const over = (of: readonly (readonly number[])[], t: number): number =>
    of.reduce((sum, each) => sum + (each[t] ?? 0), 0);
  const points = Array.from({ length: THRESHOLDS }, (_, t) => {
    const [keptAll, rightAll] = [over(sums.kept, t), over(sums.right, t)];
    return {
      threshold: t / (THRESHOLDS - 1),
      kept: keptAll,
      right: rightAll,
      interval: wilsonInterval(rightAll, keptAll),
    };
  });
  return { total, points, perClass };
}

/** The highest threshold that a probability reaches. */
function lastReached(probability: number): number {
  // 0.29 · 100 is 28.999…: compared as 32-bit floats, as which probabilities are kept.
  let place = Math.min(THRESHOLDS - 1, Math.max(0, Math.floor(probability * (THRESHOLDS - 1) + 1e-4)));
  while (place > 0 && Math.fround(place / (THRESHOLDS - 1)) > Math.fround(probability)) place--;
  return place;
}

/** By class, for each threshold how many reach it. */
function fromAbove(counts: Float64Array, classes: number): number[][] {
  return Array.from({ length: classes }, (_, c) => {
    const sums = new Array<number>(THRESHOLDS).fill(0);
    let sum = 0;
    for (let t = THRESHOLDS - 1; t >= 0; t--) {
      sum += counts[c * THRESHOLDS + t] ?? 0;
      sums[t] = sum;
    }
    return sums;
  });
}
