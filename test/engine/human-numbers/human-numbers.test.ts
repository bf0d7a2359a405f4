import { describe, expect, it } from 'vitest';
import { humanNumbers, numberWords } from '../../../src/engine/human-numbers/corpus';
import { lstmCell, reluCell, tanhCell } from '../../../src/engine/human-numbers/cells';
import { LanguageModelRung } from '../../../src/engine/human-numbers/language-model-rung';
import { rungs } from '../../../src/engine/human-numbers/rungs';
import type { RungModel } from '../../../src/engine/human-numbers/rung-model';
import type { SectionBatch } from '../../../src/engine/human-numbers/sections';
import { sections } from '../../../src/engine/human-numbers/sections';
import { freshStepModel, StepModel } from '../../../src/engine/human-numbers/step-model';
import { ThreeTokenModel } from '../../../src/engine/human-numbers/three-token-model';
import { trainRung } from '../../../src/engine/human-numbers/train-rung';
import type { Kernels } from '../../../src/engine/kernels/kernels';
import { NativeKernels } from '../../../src/engine/kernels/native-kernels';
import { parametersFrom } from '../../../src/engine/model/initialise';
import { Random } from '../../../src/engine/train/random';
import { tensorflowForTests } from '../../helpers/tensorflow';

describe('the text', () => {
  it('is the numbers one to 9,999 in words: 63,098 tokens of 30 words', () => {
    const { ids, itos } = humanNumbers();
    expect(ids.length).toBe(63_098);
    expect(itos.length).toBe(30);
    expect(Array.from(ids.subarray(0, 6), (id) => itos[id])).toEqual(['one', '.', 'two', '.', 'three', '.']);
    expect(Array.from(ids.subarray(-7), (id) => itos[id]).join(' ')).toBe('. nine thousand nine hundred ninety nine');
  });

  it.each([
    [7, 'seven'],
    [13, 'thirteen'],
    [20, 'twenty'],
    [85, 'eighty five'],
    [100, 'one hundred'],
    [419, 'four hundred nineteen'],
    [3000, 'three thousand'],
    [9042, 'nine thousand forty two'],
  ])('writes %i as "%s"', (n, words) => {
    expect(numberWords(n).join(' ')).toBe(words);
  });

  it('is cut into three-token sections as in the book, where "thousand" is 15.165 % of the validation targets', () => {
    const { ids, itos } = humanNumbers();
    const { train, valid } = sections(ids, rungs['three-token'].sectioning);
    const targets = valid.flatMap((batch) => [...batch.targets]);
    expect(train.flatMap((batch) => [...batch.targets]).length + targets.length).toBe(21_032);
    const thousands = targets.filter((id) => itos[id] === 'thousand').length;
    expect(thousands / targets.length).toBeCloseTo(0.15165200855716662, 15);
  });

  it('is cut into 49 batches for training and 12 for validation whose rows go on from batch to batch', () => {
    const { ids } = humanNumbers();
    const { train, valid } = sections(ids, rungs.awd.sectioning);
    expect([train.length, valid.length]).toEqual([49, 12]);
    for (const batches of [train, valid]) {
      batches.slice(1).forEach((batch, i) => {
        const before = batches[i]!;
        for (let row = 0; row < 64; row++) expect(batch.ids[row]).toBe(before.targets[15 * 64 + row]);
        expect(batch.targets.subarray(0, 15 * 64)).toEqual(batch.ids.subarray(64));
      });
    }
    expect(Array.from(train[0]!.ids.filter((_, i) => i % 64 === 0))).toEqual([...ids.subarray(0, 16)]);
  });
});

describe.each(['small kernels', 'fused kernels'])('the models on %s', { timeout: 300_000 }, async (which) => {
  const backend = await tensorflowForTests('native');
  const k: Kernels = new NativeKernels(backend.binding!, which === 'fused kernels' ? backend.fused : null);
  const [vocabulary, hidden] = [9, 6];
  const random = new Random(3);
  const ids = Int32Array.from({ length: 200 }, () => random.below(vocabulary));
  const everyToken = sections(ids, { time: 5, batch: 3, everyToken: true, continuous: true }).train;
  const threes = sections(ids, { time: 3, batch: 3, everyToken: false, continuous: false }).train;

  it('give the same whether three layers are written out or looped over', () => {
    const sizes = { vocabulary, hidden, layers: 1, cell: reluCell, shared: true, carries: false };
    const tensors = freshStepModel(sizes, new Random(5));
    const loop = new StepModel(k, sizes, parametersFrom(k, tensors));
    expectSame(k, new ThreeTokenModel(k, parametersFrom(k, tensors)), loop, threes.slice(0, 2));
  });

  it('give the same whether the LSTM cell is written out or the engine’s layer runs', () => {
    const sizes = { vocabulary, hidden, layers: 2, cell: lstmCell, shared: false, carries: true };
    const tensors = freshStepModel(sizes, new Random(6));
    const config = { kind: 'awd-lstm', vocabulary, embedding: hidden, hidden, layers: 2, padding: -1 } as const;
    const plain = { tied: false, dropout: 0, dropouts: null, alpha: 0, beta: 0, stateReset: 0, smoothing: 0 };
    const layer = new LanguageModelRung(k, config, parametersFrom(k, tensors), plain, new Random(1));
    expectSame(k, new StepModel(k, sizes, parametersFrom(k, tensors)), layer, everyToken.slice(0, 3));
  });

  it('have gradients that agree with finite differences (two-layer network)', () => {
    const sizes = { vocabulary, hidden, layers: 2, cell: tanhCell, shared: false, carries: true };
    const model = new StepModel(k, sizes, parametersFrom(k, freshStepModel(sizes, new Random(7))));
    // From an empty state: a carried one would change with the weights.
    const step = (): ReturnType<RungModel['trainStep']> => {
      model.reset();
      return model.trainStep(everyToken[1]!);
    };
    const { gradients } = step();
    for (const name of model.parameters.names()) {
      const [before, gradient] = [model.parameters.read(name), k.read(gradients.get(name)!)];
      const direction = gradient.map((g) => (random.uniform() < 0.5 ? Math.sign(g) : 2 * random.uniform() - 1));
      const slope = gradient.reduce((sum, g, i) => sum + g * direction[i]!, 0);
      const at = (by: number): number => {
        model.parameters.write(
          name,
          before.map((value, i) => value + by * direction[i]!),
        );
        return step().loss;
      };
      const measured = (at(4e-3) - at(-4e-3)) / 8e-3;
      model.parameters.write(name, before);
      expect(Math.abs(measured - slope), name).toBeLessThan(0.01 * Math.abs(slope) + 1e-3);
    }
    model.reset();
    model.parameters.dispose();
  });

  it('learn: one epoch of the first rung beats the commonest word, and the same seed gives the same figures', async () => {
    const alive = k.liveTensors();
    const quiet = { breathe: async () => undefined, afterEpoch: () => undefined };
    const one = await trainRung(k, 'three-token', { seed: 1, epochs: 1 }, quiet);
    const two = await trainRung(k, 'three-token', { seed: 1, epochs: 1 }, quiet);
    expect(one.accuracy).toBeGreaterThan(0.3);
    expect({ ...two, seconds: 0 }).toEqual({ ...one, seconds: 0 });
    expect(k.liveTensors()).toBe(alive);
  });

  it('keep no tensors from step to step at the top rung', async () => {
    const counts: number[] = [];
    const follower = { breathe: async () => void counts.push(k.liveTensors()), afterEpoch: () => undefined };
    await trainRung(k, 'awd', { seed: 1, epochs: 1 }, follower);
    expect(counts.length).toBe(5);
    expect(new Set(counts.slice(1)).size).toBe(1);
  });
});

/** Holds two models' losses and gradients against one another, section after section. */
function expectSame(k: Kernels, one: RungModel, other: RungModel, batches: readonly SectionBatch[]): void {
  for (const batch of batches) {
    const [a, b] = [one.trainStep(batch), other.trainStep(batch)];
    expect(a.loss).toBeCloseTo(b.loss, 5);
    expect([...a.gradients.keys()].sort()).toEqual([...b.gradients.keys()].sort());
    for (const [name, gradient] of a.gradients) {
      const expected = k.read(b.gradients.get(name)!);
      k.read(gradient).forEach((value, i) => expect(Math.abs(value - expected[i]!), name).toBeLessThan(2e-6));
    }
    k.dispose(...a.gradients.values(), ...b.gradients.values());
  }
  for (const model of [one, other]) {
    model.reset();
    model.parameters.dispose();
  }
}
