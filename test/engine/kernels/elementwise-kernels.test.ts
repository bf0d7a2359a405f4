import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Kernels, Tensor, Variable } from '../../../src/engine/kernels/kernels';
import { overTime } from '../../../src/engine/model/encoder';
import { regularisedGradient } from '../../../src/engine/model/regularisation';
import { Random } from '../../../src/engine/train/random';
import { kernelsForTests, type KernelsForTests } from '../../helpers/fused-kernels';

// Dropout masks, Adam's step and the gradient of an encoder's output in one pass each (native/elementwise.h).

let kernels: KernelsForTests;
beforeAll(async () => {
  kernels = await kernelsForTests();
});
afterAll(() => kernels.restore());

function maskOf(k: Kernels, shape: readonly number[], p: number, seed: readonly [number, number]): Float32Array {
  return k.scope(() => k.read(k.dropoutMask(shape, p, seed)));
}

/** The share of places where both are 0. */
function shareOf(one: Float32Array, other: Float32Array): number {
  let both = 0;
  for (let i = 0; i < one.length; i++) if (one[i] === 0 && other[i] === 0) both++;
  return both / one.length;
}

function same(a: Float32Array, b: Float32Array): boolean {
  return Buffer.from(a.buffer, a.byteOffset, a.byteLength).equals(Buffer.from(b.buffer, b.byteOffset, b.byteLength));
}

/** Weights and moments after some steps of Adam on gradients by chance. */
function trained(k: Kernels, shape: readonly number[]): Float32Array[] {
  const random = new Random(3);
  const size = shape.reduce((product, n) => product * n, 1);
  const drawn = (): Float32Array => Float32Array.from({ length: size }, () => random.uniform() * 2 - 1);
  const first = drawn();
  const variables = [first, new Float32Array(size), new Float32Array(size)].map((data) => k.variable(data, shape));
  const [variable, mean, square] = variables as [(typeof variables)[0], (typeof variables)[0], (typeof variables)[0]];
  const before = k.value(variable);
  for (let step = 1; step <= 4; step++) {
    const gradient = k.float(drawn(), shape);
    const [learningRate, beta1] = [0.01 * step, 0.8 - 0.05 * step];
    const gradientScale = step === 2 ? 0.3 : undefined;
    const choice = { learningRate, beta1, beta2: 0.99, epsilon: 1e-5, weightDecay: 0.1, gradientScale, step };
    k.adam(variable, mean, square, gradient, choice);
    k.dispose(gradient);
  }
  // Who read the weights before still has the weights of before.
  expect(same(k.read(before), first)).toBe(true);
  const result = variables.map((each) => k.scope(() => k.read(k.value(each))));
  k.dispose(before);
  variables.forEach((each) => k.disposeVariable(each));
  return result;
}

describe.each(['avx2', 'avx512', 'avx512-bf16', 'amx'])('one-pass kernels for %s', (name) => {
  it('draw masks with the share of zeros that was asked for, each seed its own, on any number of threads the same', () => {
    const alone = kernels.fused(name, 1);
    if (!alone) return;
    const shape = [401, 299];
    const masks = ([[1, 2], [2, 1], [1, 3], [-7, 40]] as const).map((seed) => maskOf(alone, shape, 0.3, seed)); // prettier-ignore
    const kept = Math.fround(1 / 0.7);
    for (const [i, mask] of masks.entries()) {
      expect(new Set(mask)).toEqual(new Set([0, kept]));
      const zeros = shareOf(mask, mask);
      expect(Math.abs(zeros - 0.3)).toBeLessThan(0.006); // over four standard errors
      // Neighbours in a row, in a column, and other seeds know nothing of each other: both are 0 in 9 of 100 places.
      const pairs = [1, 2, 299, 300].map((shift) => [mask.subarray(shift), mask] as const);
      const others = masks.filter((_, j) => j !== i).map((other) => [other, mask] as const);
      for (const [one, other] of [...pairs, ...others]) {
        const both = shareOf(one, other);
        expect(Math.abs(both - 0.09)).toBeLessThan(0.004);
      }
    }
    const together = kernels.fused(name, 3)!;
    expect(same(maskOf(together, shape, 0.3, [1, 2]), masks[0]!)).toBe(true);
    expect(maskOf(together, [5], 0, [1, 2])).toEqual(new Float32Array(5).fill(1));
    expect(together.liveTensors() + alone.liveTensors()).toBe(0);
  });

  it.each([[[7]], [[33, 65]], [[1100, 500]]])(
    'take the steps of Adam that TensorFlow’s own kernel takes, %s',
    (shape) => {
      const fused = kernels.fused(name, 2);
      if (!fused) return;
      const [mine, theirs] = [trained(fused, shape), trained(kernels.plain, shape)];
      theirs.forEach((expected, which) => {
        let most = 0;
        expected.forEach((value, i) => (most = Math.max(most, Math.abs(value - mine[which]![i]!))));
        expect(most).toBeLessThan(2e-6);
      });
      expect([kernels.plain.liveTensors(), fused.liveTensors()]).toEqual([0, 0]);
    },
  );
});

/** What the regularised gradient of a window of chance is, with the two penalties that it adds to the loss. */
function regularised(
  k: Kernels,
  [time, batch, width]: readonly [number, number, number],
  drops: 'never' | 'alike' | 'each step',
): Float32Array {
  const random = new Random(8);
  const drawn = (rows: number): Tensor => k.float(random.uniforms(rows * width, 1), [rows, width]);
  return k.scope(() => {
    const [raw, gradient] = [drawn(time * batch), drawn(time * batch)];
    const mask = drops === 'never' ? null : drawn(drops === 'alike' ? batch : time * batch);
    const dropped = mask ? overTime(k, raw, mask, time) : raw;
    const output = { raw, mask, dropped, gradient, time };
    const { dRaw, ar, tar } = regularisedGradient(k, output, { alpha: 2 * time * batch, beta: 3 * time * batch });
    const result = new Float32Array(time * batch * width + 2);
    result.set([ar / batch, tar / batch]);
    result.set(k.read(dRaw), 2);
    return result;
  });
}

describe.each(['avx2', 'avx512', 'avx512-bf16', 'amx'])('the gradient of an output by the kernels for %s', (name) => {
  it.each([
    [[5, 3, 7], 'alike'],
    [[16, 64, 64], 'never'],
    [[12, 9, 40], 'each step'],
    [[70, 32, 400], 'alike'],
    [[1, 4, 33], 'alike'],
  ] as const)('is that of the small operations, %s, dropped: %s', (shape, drops) => {
    const expected = regularised(kernels.plain, shape, drops);
    for (const threads of [1, 3]) {
      const fused = kernels.fused(name, threads);
      if (!fused) return;
      const mine = regularised(fused, shape, drops);
      let most = 0;
      expected.forEach(
        (value, i) => (most = Math.max(most, Math.abs(value - mine[i]!) / Math.max(1, Math.abs(value)))),
      );
      expect(most).toBeLessThan(2e-6);
      expect(fused.liveTensors()).toBe(0);
    }
  });
});

describe('variables', () => {
  it('made from one array change apart from it and from each other, however the array lies in memory', () => {
    for (const k of [kernels.plain, kernels.fused('avx2', 1)]) {
      if (!k) continue;
      for (let size = 20; size < 60; size++) {
        const zeros = new Float32Array(size);
        const variables = [zeros, zeros, new Float32Array(size)].map((each) => k.variable(each, [size]));
        const [mean, square, weights] = variables as [Variable, Variable, Variable];
        const gradient = k.fill([size], 1);
        const choice = { learningRate: 0.1, beta1: 0.5, beta2: 0.9, epsilon: 1e-7, weightDecay: 0, step: 1 };
        k.adam(weights, mean, square, gradient, choice);
        expect(zeros[0]).toBe(0);
        const [first, second] = [mean, square].map((each) => k.scope(() => k.read(k.value(each))[0]));
        expect(first).toBeCloseTo(0.5, 5);
        expect(second).toBeCloseTo(0.1, 5);
        k.dispose(gradient);
        variables.forEach((each) => k.disposeVariable(each));
      }
    }
  });
});
