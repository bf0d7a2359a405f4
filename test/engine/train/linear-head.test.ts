import { describe, expect, it } from 'vitest';
import { multiLabels, singleLabels } from '../../../src/engine/evaluate/label-csr';
import { NativeKernels } from '../../../src/engine/kernels/native-kernels';
import { normEpsilon } from '../../../src/engine/model/head';
import { fitLinearHead, type LinearHead, type PooledTexts } from '../../../src/engine/train/linear-head';
import { Random } from '../../../src/engine/train/random';
import { tensorflowForTests } from '../../helpers/tensorflow';

const columns = [
  { part: 'last', width: 20 },
  { part: 'max', width: 20 },
  { part: 'mean', width: 20 },
] as const;
const width = 60;
const breathe = (): Promise<void> => Promise.resolve();

/** Vectors whose first columns say the class, as clearly as `signal` is great. The columns have scales of their own. */
function texts(count: number, classes: number, signal: number, seed = 1): PooledTexts {
  const random = new Random(seed);
  const ids = Int32Array.from({ length: count }, (_, i) => i % classes);
  const noise = random.uniforms(count * width, 1);
  const pooled = noise.map((value, at) => {
    const [row, column] = [Math.floor(at / width), at % width];
    return (value + (column % 20 === ids[row] ? signal : 0)) * (1 + column) + 5;
  });
  return { pooled, labels: singleLabels(ids), classes, multiLabel: false };
}

/** What the head says of vectors, worked out anew. // [texts][classes] */
function logits(head: LinearHead, pooled: Float32Array): number[][] {
  const classes = head.biases.length;
  return Array.from({ length: pooled.length / width }, (_, row) =>
    Array.from({ length: classes }, (__, c) => {
      let sum = head.biases[c]!;
      for (let j = 0; j < width; j++) sum += normal(head, pooled[row * width + j]!, j) * head.weights[j * classes + c]!;
      return sum;
    }),
  );
}

function normal({ means, variances, scales }: LinearHead, value: number, j: number): number {
  return ((value - means[j]!) / Math.sqrt(variances[j]! + normEpsilon)) * scales[j]!;
}

function softmax(row: number[]): number[] {
  const exps = row.map((value) => Math.exp(value - Math.max(...row)));
  const total = exps.reduce((a, b) => a + b);
  return exps.map((value) => value / total);
}

const accuracy = (head: LinearHead, { pooled, labels }: PooledTexts): number =>
  logits(head, pooled).filter((row, i) => row.indexOf(Math.max(...row)) === labels.labels[i]).length /
  labels.labels.length;

describe('a linear head on frozen states', async () => {
  const backend = await tensorflowForTests('native');
  const kernels = new NativeKernels(backend.binding!, backend.fused);
  const fit = (data: PooledTexts, seed = 0): Promise<LinearHead> =>
    fitLinearHead(kernels, data, columns, { seed, breathe });

  // Fewer texts than columns go through rows of their own, more do not: both must end at the optimum.
  it.each([40, 240])('ends where the gradient of the penalised loss is nothing, with %i texts', async (count) => {
    const data = texts(count, 4, 0.8);
    const head = await fit(data);
    const errors = logits(head, data.pooled).map((row, i) =>
      softmax(row).map((p, c) => p - (data.labels.labels[i] === c ? 1 : 0)),
    );
    let [gradient, penalty] = [0, 0];
    for (let j = 0; j < width; j++) {
      for (let c = 0; c < 4; c++) {
        const slope = errors.reduce((sum, row, i) => sum + row[c]! * normal(head, data.pooled[i * width + j]!, j), 0);
        const pull = head.weights[j * 4 + c]! / head.c;
        gradient += (slope + pull) ** 2;
        penalty += pull ** 2;
      }
    }
    // The two pulls are each as great as `penalty`; what is left of them is what the solver's tolerance leaves.
    expect(Math.sqrt(gradient / penalty)).toBeLessThan(0.05);
    const loss = logits(head, data.pooled).reduce(
      (sum, row, i) => sum - Math.log(softmax(row)[data.labels.labels[i]!]!),
      0,
    );
    expect(head.loss).toBeCloseTo(loss / count, 4);
  });

  it('says more of other texts than chance, and believes labels less that nothing speaks for', async () => {
    const clear = await fit(texts(80, 4, 1.5));
    expect(accuracy(clear, texts(400, 4, 1.5, 2))).toBeGreaterThan(0.85);
    const { c } = await fit(texts(80, 4, 0));
    expect(c).toBe(1);
    expect(clear.c).toBeGreaterThan(c);
  });

  it('says of texts what it would without them, where it knows their label', async () => {
    const data = texts(60, 4, 0.9);
    const { heldOut } = await fit(data);
    expect([...heldOut!.rows].sort((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, i) => i));
    const right = [...heldOut!.rows].filter((row, i) => {
      const own = [...heldOut!.logits.subarray(4 * i, 4 * i + 4)];
      return own.indexOf(Math.max(...own)) === data.labels.labels[row];
    });
    // Neither chance nor what it says of texts that it has learned by heart.
    expect(right.length / 60).toBeGreaterThan(0.4);
    expect(right.length / 60).toBeLessThan(0.97);
    expect(accuracy(await fit(data), data)).toBeGreaterThan(0.97);

    const rare = singleLabels(data.labels.labels.map((label, i) => (i === 8 ? 4 : label)));
    const withRare = await fit({ ...data, labels: rare, classes: 5 });
    expect(withRare.heldOut!.rows).not.toContain(8);
    expect(withRare.heldOut!.rows).toHaveLength(59);
  });

  it('lets the mean of the states count more than the last one', async () => {
    const data = texts(60, 3, 1);
    const head = await fit(data);
    const lengthOf = (first: number): number => {
      let squares = 0;
      for (let i = 0; i < 60; i++)
        for (let j = first; j < first + 20; j++) squares += normal(head, data.pooled[i * width + j]!, j) ** 2;
      return Math.sqrt(squares / 60);
    };
    expect(lengthOf(40) / lengthOf(0)).toBeCloseTo(1 / 0.3, 3);
    expect(lengthOf(0) ** 2 + lengthOf(20) ** 2 + lengthOf(40) ** 2).toBeCloseTo(1, 3);
  });

  it('is the same for the same seed, to the bit', async () => {
    const [one, other] = [await fit(texts(50, 3, 1), 7), await fit(texts(50, 3, 1), 7)];
    expect(other).toEqual(one);
  });

  it('takes several labels a text, a label with a single text, doubled texts and too few to hold any out', async () => {
    const { pooled } = texts(60, 3, 1.5);
    const several = multiLabels(Array.from({ length: 60 }, (_, i) => (i % 3 === 2 ? [0, 2] : [i % 3])));
    const head = await fit({ pooled, labels: several, classes: 3, multiLabel: true });
    const rows = logits(head, pooled);
    expect(rows.filter((row, i) => row[0]! > 0 === (i % 3 !== 1)).length).toBeGreaterThan(57);

    const ids = Int32Array.from({ length: 60 }, (_, i) => (i === 59 ? 2 : i % 2));
    const doubled = pooled.map((value, at) => (at < width ? pooled[at + 2 * width]! : value));
    const single = await fit({ pooled: doubled, labels: singleLabels(ids), classes: 3, multiLabel: false });
    expect(logits(single, doubled).flat().every(Number.isFinite)).toBe(true);

    const four = await fit({ ...texts(4, 2, 2), classes: 2 });
    expect([four.c, four.heldOut]).toEqual([30, null]);
    expect(accuracy(four, texts(4, 2, 2))).toBe(1);
  });

  it('leaves no tensor behind', () => {
    expect(kernels.liveTensors()).toBe(0);
  });
});
