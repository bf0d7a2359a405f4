import { describe, expect, it } from 'vitest';
import type { LossAndGradient, LossOptions } from '../../../src/engine/train/losses';
import { binaryCrossEntropy, crossEntropy } from '../../../src/engine/train/losses';
import { Random } from '../../../src/engine/train/random';

const [rows, classes] = [5, 4];
const logits = new Random(3).uniforms(rows * classes, 3);
const labels = [0, 3, 1, 1, 2];
const targets = [1, 0, 0, 1, 0, 0, 0, 0, 1, 1, 1, 1, 0, 1, 0, 0, 0, 0, 1, 0];
const classWeights = Float32Array.of(0.5, 2, 1, 3);

const options: [string, LossOptions][] = [
  ['plain', {}],
  ['label smoothing', { smoothing: 0.1 }],
  ['class weights', { classWeights }],
  ['focal loss, γ 2', { focalGamma: 2 }],
  ['focal loss, γ 0.5', { focalGamma: 0.5 }],
  ['everything at once', { smoothing: 0.2, classWeights, focalGamma: 1.5 }],
];

/** The gradient by central differences, in 64-bit but for the logits themselves. */
function checkGradient(lossOf: (logits: Float32Array) => LossAndGradient): void {
  const { dLogits } = lossOf(logits);
  const step = 2 ** -8;
  logits.forEach((x, i) => {
    const at = (value: number): number => lossOf(logits.map((each, j) => (j === i ? value : each))).loss;
    expect(dLogits[i]).toBeCloseTo((at(x + step) - at(x - step)) / (2 * step), 4);
  });
}

describe('the loss of one label a text', () => {
  it.each(options)('has the gradient that small changes show: %s', (_, each) => {
    checkGradient((x) => crossEntropy(x, labels, classes, each));
  });

  it('is focal loss as written down: weight · (1 − p)^γ · −log p, over the weights', () => {
    const each = (row: number): { p: number; weight: number } => {
      const values = [...logits.subarray(row * classes, (row + 1) * classes)].map(Math.exp);
      return { p: values[labels[row]!]! / values.reduce((a, b) => a + b), weight: classWeights[labels[row]!]! };
    };
    let [sum, weights] = [0, 0];
    for (let row = 0; row < rows; row++) {
      const { p, weight } = each(row);
      sum += weight * (1 - p) ** 2 * -Math.log(p);
      weights += weight;
    }
    const { loss } = crossEntropy(logits, labels, classes, { classWeights, focalGamma: 2 });
    expect(loss).toBeCloseTo(sum / weights, 6);
  });

  it('counts a text that is sure less and less as γ grows', () => {
    const sure = Float32Array.of(4, 0, 0, 0);
    const at = (focalGamma: number): number => crossEntropy(sure, [0], classes, { focalGamma }).loss;
    expect(at(1)).toBeLessThan(at(0));
    expect(at(3)).toBeLessThan(at(1));
  });

  it('stays finite where the model is certain', () => {
    const { loss, dLogits } = crossEntropy(Float32Array.of(200, 0, -200, 0), [0], classes, { focalGamma: 0.5 });
    expect(loss).toBe(0);
    expect([...dLogits].every(Number.isFinite)).toBe(true);
  });
});

describe('the loss of several labels a text', () => {
  it.each(options)('has the gradient that small changes show: %s', (_, each) => {
    checkGradient((x) => binaryCrossEntropy(x, targets, classes, each));
  });

  it('weighs what is given as torch does with pos_weight', () => {
    let sum = 0;
    logits.forEach((x, i) => {
      const p = 1 / (1 + Math.exp(-x));
      sum -= targets[i] ? classWeights[i % classes]! * Math.log(p) : Math.log(1 - p);
    });
    const { loss } = binaryCrossEntropy(logits, targets, classes, { classWeights });
    expect(loss).toBeCloseTo(sum / logits.length, 6);
  });

  it('stays finite far from zero', () => {
    const { loss, dLogits } = binaryCrossEntropy(Float32Array.of(500, -500), [0, 1], 2, { focalGamma: 2 });
    expect(loss).toBeCloseTo(500, 3);
    expect([...dLogits].every(Number.isFinite)).toBe(true);
  });
});
