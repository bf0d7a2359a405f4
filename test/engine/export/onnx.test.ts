import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ort from 'onnxruntime-web';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onnxClassifier } from '../../../src/engine/export/onnx/onnx-classifier';
import type { Kernels } from '../../../src/engine/kernels/kernels';
import { PortableKernels } from '../../../src/engine/kernels/portable-kernels';
import { readClassifier, saveClassifier, type ClassifierFile } from '../../../src/engine/model/classifier-files';
import type { EncoderConfig } from '../../../src/engine/model/config';
import { Predictor } from '../../../src/engine/tasks/predict';
import { Random } from '../../../src/engine/train/random';
import { SPECIAL_TOKENS } from '../../../src/engine/text/special-tokens';
import { chanceClassifier, chanceFile } from '../../helpers/chance-classifier';
import { tensorflowForTests } from '../../helpers/tensorflow';

const sizes = { vocabulary: 40, embedding: 12, hidden: 16, layers: 2, padding: 1 } as const;
const labels = ['a', 'b', 'c'];
const itos = [...SPECIAL_TOKENS, ...Array.from({ length: 31 }, (_, i) => `word${i}`)];

/** What is tried: every layer, pooling and head that a classifier can have. */
const lstm = { kind: 'awd-lstm', ...sizes } as const;
const cases: readonly { name: string; encoder: EncoderConfig; more?: Partial<ClassifierFile> }[] = [
  { name: 'LSTM', encoder: lstm },
  { name: 'LSTM of three layers', encoder: { ...lstm, layers: 3 } },
  { name: 'GRU', encoder: { kind: 'gru', ...sizes } },
  { name: 'QRNN, window 2, output gate', encoder: { kind: 'qrnn', ...sizes } },
  { name: 'QRNN, window 1, no gate', encoder: { kind: 'qrnn', ...sizes, qrnn: { window: 1, outputGate: false } } },
  { name: 'several labels', encoder: lstm, more: { multiLabel: true } },
  { name: 'mean alone', encoder: lstm, more: { head: { widths: [], pooling: ['mean'] } } },
  {
    name: 'all outputs pooled, biases',
    encoder: { kind: 'gru', ...sizes },
    more: { head: { widths: [], pooledOutputs: 3, biases: true } },
  },
  { name: 'from the end, cut', encoder: lstm, more: { backward: true, maxTokens: 25 } },
];

describe('a classifier as ONNX', () => {
  let folder: string;
  let kernels: Kernels;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'thaw-onnx-'));
    kernels = new PortableKernels((await tensorflowForTests('cpu')).tf);
    ort.env.wasm.numThreads = 1;
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each(cases)('says what the engine says: $name', async ({ name, encoder, more = {} }) => {
    const file = chanceFile(encoder, labels, more);
    const own = join(folder, name.replaceAll(/\W+/g, '-'));
    await saveClassifier(own, file, chanceClassifier(kernels, file), itos);
    const documents = someDocuments(new Random(3));
    const expected = await new Predictor(kernels).predict(own, ...flat(documents));
    const { file: stored, ...tensors } = await readClassifier(own);
    const session = await ort.InferenceSession.create(onnxClassifier(stored, { ...tensors }));
    const read = documents.map((ids) => {
      const cut = ids.slice(0, stored.maxTokens ?? ids.length);
      return stored.backward ? cut.reverse() : cut;
    });
    const { probabilities } = await session.run(feedsOf(read));
    const got = probabilities?.data as Float32Array;
    expect(probabilities?.dims).toEqual([documents.length, labels.length]);
    expect(spread(expected)).toBeGreaterThan(0.005); // nothing is shown by texts that all get the same answer
    expected.forEach((value, i) => expect(Math.abs((got[i] ?? Number.NaN) - value)).toBeLessThan(2e-6));
  });

  it('refuses layers that read in both directions, and says what to do', () => {
    const encoder = { kind: 'awd-lstm', ...sizes, bidirectional: true } as const;
    const file = { encoder, bptt: 70 } as unknown as ClassifierFile;
    expect(() => onnxClassifier(file, { parameters: new Map(), means: [], variances: [] })).toThrow(/both directions/);
  });
});

/** Texts of one token, of less and of more than a chunk. */
function someDocuments(random: Random): number[][] {
  return [1, 2, 7, 10, 11, 24, 60].map((length) => Array.from({ length }, () => 2 + random.below(38)));
}

function flat(documents: readonly (readonly number[])[]): [Int32Array, Int32Array] {
  const offsets = Int32Array.from({ length: documents.length + 1 }, (_, i) => documents.slice(0, i).flat().length);
  return [Int32Array.from(documents.flat()), offsets];
}

/** What stands behind a text's end must not count, so it is not padding here. */
function feedsOf(documents: readonly (readonly number[])[]): Record<string, ort.Tensor> {
  const time = Math.max(...documents.map(({ length }) => length));
  const ids = new BigInt64Array(documents.length * time).fill(5n);
  documents.forEach((document, row) => document.forEach((id, t) => (ids[row * time + t] = BigInt(id))));
  const lengths = BigInt64Array.from(documents, ({ length }) => BigInt(length));
  return {
    ids: new ort.Tensor('int64', ids, [documents.length, time]),
    lengths: new ort.Tensor('int64', lengths, [documents.length]),
  };
}

function spread(probabilities: Float32Array): number {
  const ranges = labels.map((_, label) => {
    const own = probabilities.filter((_value, i) => i % labels.length === label);
    return Math.max(...own) - Math.min(...own);
  });
  return Math.max(...ranges);
}
