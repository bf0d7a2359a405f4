import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { NativeKernels } from '../../../src/engine/kernels/native-kernels';
import type { EncoderConfig } from '../../../src/engine/model/config';
import { freshLanguageModel, parametersFrom } from '../../../src/engine/model/initialise';
import { Adam } from '../../../src/engine/train/optimisers';
import { Random } from '../../../src/engine/train/random';
import { cosineLoss, SentenceTeacher } from '../../../src/engine/train/sentence-teacher';
import { tensorflowForTests } from '../../helpers/tensorflow';

const config: EncoderConfig = { kind: 'awd-lstm', vocabulary: 40, embedding: 8, hidden: 12, layers: 2, padding: 1 };

describe('cosineLoss', () => {
  it('has the gradient that finite differences have', () => {
    const random = new Random(3);
    const given = Float32Array.from({ length: 12 }, () => random.uniform() * 2 - 1);
    const wanted = Float32Array.of(1, 0, 0, 0, 0, 0.6, 0.8, 0, 0.5, -0.5, 0.5, 0.5);
    const { loss, dLogits } = cosineLoss(given, wanted, 4, 3);
    expect(loss).toBeGreaterThan(0);
    given.forEach((value, i) => {
      const [up, down] = [1e-3, -1e-3].map((step) => {
        const moved = given.slice();
        moved[i] = value + step;
        return cosineLoss(moved, wanted, 4, 3).loss;
      });
      expect(dLogits[i]).toBeCloseTo((3 * (up! - down!)) / 2e-3, 3);
    });
  });

  it('is nothing where both point the same way, however long', () => {
    const { loss, dLogits } = cosineLoss(Float32Array.of(3, 4), Float32Array.of(0.6, 0.8), 2, 1);
    expect(loss).toBeCloseTo(0, 6);
    for (const value of dLogits) expect(value).toBeCloseTo(0, 6);
  });
});

describe('a teacher of sentences', async () => {
  const kernels = new NativeKernels((await tensorflowForTests('native')).binding!);
  const folder = mkdtempSync(join(tmpdir(), 'thaw-teacher-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const random = new Random(1);
  const texts = Array.from({ length: 24 }, (_, i) =>
    Int32Array.from({ length: 3 + (i % 7) }, () => 9 + random.below(31)),
  );
  const sentences = { length: (i: number) => texts[i]!.length, read: (i: number) => texts[i]! };
  // Each vector has a single 1 (half float 0x3c00), at a place that the first word decides.
  const vectors = new Uint16Array(texts.length * 4);
  texts.forEach((text, i) => vectors.fill(0x3c00, i * 4 + (text[0]! % 4), i * 4 + (text[0]! % 4) + 1));
  const vectorsFile = join(folder, 'vectors.f16');
  writeFileSync(vectorsFile, vectors);
  const options = {
    sentences,
    vectorsFile,
    documents: texts.length,
    width: 4,
    batchSize: 8,
    weight: 1,
    backward: false,
  };

  it('teaches the encoder its vectors and frees what it used', () => {
    const parameters = parametersFrom(kernels, freshLanguageModel(config, new Random(2)));
    const before = parameters.read('embedding');
    const teacher = new SentenceTeacher(kernels, config, parameters, new Random(4), options);
    const optimiser = new Adam(kernels, parameters);
    const epoch = (): number => {
      let sum = 0;
      for (let step = 0; step < 3; step++) {
        const { loss, gradients } = teacher.step();
        sum += loss / 3;
        optimiser.step(gradients, () => 1e-2, 0.8);
      }
      return sum;
    };
    const first = epoch();
    for (let i = 0; i < 60; i++) epoch();
    expect(epoch()).toBeLessThan(first / 3);
    expect(parameters.read('embedding')).not.toEqual(before);
    teacher.close();
    optimiser.dispose();
    parameters.dispose();
    expect(kernels.liveTensors()).toBe(0);
  });

  it('refuses vectors that are too few for the sentences', () => {
    const parameters = parametersFrom(kernels, freshLanguageModel(config, new Random(2)));
    expect(() => new SentenceTeacher(kernels, config, parameters, random, { ...options, documents: 25 })).toThrow(
      /expected 25 vectors of 4 half floats \(200 bytes\), got 192 bytes/,
    );
    parameters.dispose();
  });
});
