import { describe, expect, it } from 'vitest';
import { PortableKernels } from '../../../src/engine/kernels/portable-kernels';
import type { PooledChunk, PoolPart } from '../../../src/engine/model/pooling';
import { concatPool, concatPoolBackward } from '../../../src/engine/model/pooling';
import { Random } from '../../../src/engine/train/random';
import { tensorflowForTests } from '../../helpers/tensorflow';

const variants: PoolPart[][] = [
  ['last', 'max', 'mean'],
  ['last'],
  ['max'],
  ['mean'],
  ['last', 'max'],
  ['last', 'mean'],
  ['max', 'mean'],
];

describe('pooling', async () => {
  const kernels = new PortableKernels((await tensorflowForTests('cpu')).tf);
  const width = 3;
  const random = new Random(5);
  // Two documents of 4 and 1 tokens in chunks of 3: the second begins in the second chunk.
  const layout = [
    { time: 3, batch: 1, mask: [1, 1, 1], lastRow: [-1, -1] },
    { time: 2, batch: 2, mask: [1, 1, 0, 0], lastRow: [0, 1] },
  ];
  const lengths = Int32Array.of(4, 1);
  const values = layout.map(({ time, batch }) => random.uniforms(time * batch * width, 1));
  const chunksOf = (data: readonly Float32Array[]): PooledChunk[] =>
    layout.map(({ time, batch, mask, lastRow }, i) => ({
      output: kernels.float(data[i]!, [time * batch, width]),
      time,
      batch,
      mask: Float32Array.from(mask),
      lastRow: Int32Array.from(lastRow),
    }));
  const pool = (data: readonly Float32Array[], parts: readonly PoolPart[]): Float32Array =>
    kernels.scope(() => kernels.read(concatPool(kernels, chunksOf(data), lengths, parts).pooled));

  it.each(variants)('of %s %s %s puts these side by side', (...parts) => {
    const wanted = parts.filter((part) => part !== undefined);
    const whole = pool(values, ['last', 'max', 'mean']);
    const places = { last: 0, max: width, mean: 2 * width };
    const expected = [0, 1].flatMap((document) =>
      wanted.flatMap((part) => {
        const start = document * 3 * width + places[part];
        return [...whole.subarray(start, start + width)];
      }),
    );
    expect([...pool(values, wanted)]).toEqual(expected);
  });

  it('is right: last state, maximum and mean of the tokens of each document', () => {
    const tokens = [0, 1, 2].map((t) => [...values[0]!.subarray(t * width, (t + 1) * width)]);
    tokens.push([...values[1]!.subarray(0, width)]);
    const column = (j: number): number[] => tokens.map((token) => token[j]!);
    const whole = pool(values, ['last', 'max', 'mean']);
    for (let j = 0; j < width; j++) {
      expect(whole[j]).toBe(tokens[3]![j]);
      expect(whole[width + j]).toBe(Math.max(...column(j)));
      expect(whole[2 * width + j]).toBeCloseTo(column(j).reduce((a, b) => a + b) / 4, 6);
    }
    expect([...whole.subarray(3 * width, 4 * width)]).toEqual([...values[1]!.subarray(width, 2 * width)]);
  });

  it.each(variants)('of %s %s %s has the gradient that small changes show', (...parts) => {
    const wanted = parts.filter((part) => part !== undefined);
    const weights = random.uniforms(2 * wanted.length * width, 1);
    const loss = (data: readonly Float32Array[]): number =>
      pool(data, wanted).reduce((sum, x, i) => sum + x * weights[i]!, 0);
    const gradients = kernels.scope(() => {
      const { trace } = concatPool(kernels, chunksOf(values), lengths, wanted);
      const d = kernels.float(weights, [2, wanted.length * width]);
      return concatPoolBackward(kernels, trace, d).map((gradient) => kernels.read(gradient));
    });
    const step = 1e-2;
    values.forEach((data, chunk) =>
      data.forEach((x, i) => {
        const moved = (by: number): Float32Array[] =>
          values.map((each, c) => (c === chunk ? each.map((value, j) => (j === i ? x + by : value)) : each));
        const slope = (loss(moved(step)) - loss(moved(-step))) / (2 * step);
        expect(gradients[chunk]![i]).toBeCloseTo(slope, 3);
      }),
    );
    expect(kernels.liveTensors()).toBe(0);
  });
});
