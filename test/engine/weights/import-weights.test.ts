import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Kernels, Tensor } from '../../../src/engine/kernels/kernels';
import { PortableKernels } from '../../../src/engine/kernels/portable-kernels';
import type { Classifier } from '../../../src/engine/model/classifier';
import { loadClassifier, saveClassifier } from '../../../src/engine/model/classifier-files';
import { padDocuments, type DocumentBatch } from '../../../src/engine/model/document-batch';
import { loadLanguageModel, storedTensors } from '../../../src/engine/model/language-model-files';
import { crossEntropy } from '../../../src/engine/train/losses';
import { importFastaiWeights, type ImportedWeights } from '../../../src/engine/weights/fastai-import';
import type { FloatTensors } from '../../../src/engine/weights/fastai-names';
import { subwordNames } from '../../../src/engine/weights/old-token-names';
import { readSafetensorsSync, writeSafetensors } from '../../../src/engine/weights/safetensors';
import { saveImported, type ImportedModel } from '../../../src/engine/weights/save-imported';
import { tensorflowForTests } from '../../helpers/tensorflow';

const fixtures = join(__dirname, '../../fixtures');
const made = (name: string): string => join(fixtures, 'fastai-files', name);
const oracle = (size: string, name: string): string => join(fixtures, 'parity', size, 'fastai-files', name);
const scratch = mkdtempSync(join(tmpdir(), 'thaw-import-weights-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const plain: ImportedModel = {
  name: 'x',
  backward: false,
  tokenizer: { language: 'en', kind: 'words' },
  labels: null,
  multiLabel: false,
};

/**
 * The oracle kept its running statistics after a training step that came behind its logits. Our own step on the same
 * batch moves them once more: after = 0.9 · kept + 0.1 · batch, hence before = (kept − 0.1 · batch) / 0.9.
 */
function beforeTrainingStep(classifier: Classifier, batch: DocumentBatch, labels: Int32Array): void {
  const { statistics } = classifier;
  const kept = [statistics.means, statistics.variances].map((each) => each.map((values) => values.slice()));
  const masks = { encoder: null, head: [null, null] };
  const loss = (logits: Float32Array) => crossEntropy(logits, labels, 4);
  classifier.trainStep(batch, masks, { lowestLayer: 0, embedding: true }, loss);
  [statistics.means, statistics.variances].forEach((each, which) =>
    each.forEach((after, block) => {
      const values = kept[which]?.[block] ?? after;
      each[block] = values.map((value, j) => (value - ((after[j] ?? 0) - 0.9 * value)) / 0.9);
    }),
  );
}

/** Batch norm with running statistics, linear layer with bias, and ReLU in between, in plain numbers. */
function headByHand({ tensors }: ImportedWeights, pooled: Float32Array, outputs: readonly number[]): number[] {
  const of = (name: string): Float32Array => tensors.get(name)?.data ?? new Float32Array();
  return outputs.reduce<number[]>(
    (x, count, block) => {
      const norm = (what: string): Float32Array => of(`1.layers.${block}.0.${what}`);
      const scaled = x.map((value, j) => {
        const deviation = Math.sqrt((norm('running_var')[j] ?? NaN) + 1e-5);
        return ((value - (norm('running_mean')[j] ?? NaN)) / deviation) * (norm('weight')[j] ?? NaN) + (norm('bias')[j] ?? NaN); // prettier-ignore
      });
      const weight = of(`1.layers.${block}.1.weight`);
      return Array.from({ length: count }, (_, i) => {
        const sum = scaled.reduce((total, value, j) => total + value * (weight[i * x.length + j] ?? NaN), 0);
        const whole = sum + (of(`1.layers.${block}.1.bias`)[i] ?? NaN);
        return block === outputs.length - 1 ? whole : Math.max(0, whole);
      });
    },
    [...pooled],
  );
}

/** The gradients of the last biases against differences of the loss. */
function expectBiasGradients(kernels: Kernels, classifier: Classifier, batch: DocumentBatch, classes: number): void {
  const labels = Int32Array.from([1, 0]);
  const step = () =>
    classifier.trainStep(batch, { encoder: null, head: [null, null] }, null, (logits) =>
      crossEntropy(logits, labels, classes),
    );
  const { parameters } = classifier;
  for (const block of [0, 1]) {
    const name = `head.${block}.bias`;
    const gradient = step().gradients.get(name);
    const slope = kernels.read(gradient as Tensor)[1] ?? NaN;
    const before = parameters.read(name);
    const lossAt = (change: number): number => {
      parameters.write(name, before.map((value, i) => (i === 1 ? value + change : value))); // prettier-ignore
      return step().loss;
    };
    expect((lossAt(0.01) - lossAt(-0.01)) / 0.02).toBeCloseTo(slope, 2);
    parameters.write(name, before);
  }
}

describe('an imported classifier', () => {
  it.each([
    ['classifier.pth', null, ['a', 'b', 'c', 'd']],
    ['classifier_legacy.pth', ['w', 'x', 'y', 'z'], ['w', 'x', 'y', 'z']],
  ])('of %s says of documents what fastai says', async (file, given, labels) => {
    const folder = join(scratch, file);
    const imported = await importFastaiWeights(made(file), made('vocab_pair.pkl'));
    const saved = await saveImported(folder, imported, { ...plain, labels: given, backward: true });
    expect(saved.kind).toBe('classifier');
    const kernels = new PortableKernels((await tensorflowForTests('cpu')).tf);
    const loaded = await loadClassifier(kernels, folder);
    expect(loaded.file).toMatchObject({ labels, backward: true, bptt: 72, poolTokens: 1440, temperature: 1 });
    const { tensors } = readSafetensorsSync(join(fixtures, 'parity/small/classifier-maxlen-none/tensors.safetensors'));
    const x = tensors.get('x');
    const [count = 0, time = 0] = x?.shape ?? [];
    const ids = Array.from(x?.data ?? [], Number);
    const documents = Array.from({ length: count }, (_, i) =>
      ids.slice(i * time, (i + 1) * time).filter((id) => id !== 1),
    );
    const { statistics } = loaded.classifier;
    statistics.means.forEach((mean, block) => {
      expect(mean).toEqual(tensors.get(`param.1.layers.${block}.0.running_mean`)?.data);
      expect(statistics.variances[block]).toEqual(tensors.get(`param.1.layers.${block}.0.running_var`)?.data);
    });
    const batch = padDocuments(documents, loaded.file.bptt, 1);
    beforeTrainingStep(loaded.classifier, batch, Int32Array.from(tensors.get('y')?.data ?? [], Number));
    const logits = loaded.classifier.logits(batch);
    const expected = tensors.get('eval.logits')?.data as Float32Array;
    expect(logits).toHaveLength(expected.length);
    expected.forEach((value, i) => expect(logits[i]).toBeCloseTo(value, 5));
    loaded.classifier.parameters.dispose();
  });

  it('of fastai 1, whose linear layers have biases and stand in one row, counts with them', async () => {
    const modern = await importFastaiWeights(made('classifier.pth'), made('vocab_pair.pkl'));
    const names = { '0.0': 0, '0.1': 2, '1.0': 4, '1.1': 6 } as const;
    const old: FloatTensors = new Map();
    for (const [name, tensor] of modern.tensors) {
      const [, block = '', what = ''] = /^1\.layers\.(\d\.\d)\.(\w+)$/.exec(name) ?? [];
      old.set(block === '' ? name : `1.layers.${names[block as keyof typeof names]}.${what}`, tensor);
    }
    const [, hidden = 0, classes = 0] = modern.head ?? [];
    const biasOf = (count: number): Float32Array => Float32Array.from({ length: count }, (_, i) => 0.3 * i - 0.7);
    old.set('1.layers.2.bias', { shape: [hidden], data: biasOf(hidden) });
    old.set('1.layers.6.bias', { shape: [classes], data: biasOf(classes) });
    const weights = join(scratch, 'fastai1.safetensors');
    await writeSafetensors(weights, storedTensors(old, 'F32'), {});
    const imported = await importFastaiWeights(weights, made('vocab_pair.pkl'));
    expect(imported).toMatchObject({ head: modern.head, headBiases: true });
    const folder = join(scratch, 'fastai1');
    await saveImported(folder, imported, plain);
    const kernels = new PortableKernels((await tensorflowForTests('cpu')).tf);
    const { classifier, file, itos } = await loadClassifier(kernels, folder);
    expect(file).toMatchObject({ head: { biases: true }, bptt: 70, poolTokens: 1400 });
    const batch = padDocuments(
      [
        [2, 9, 10, 11],
        [2, 12, 30],
      ],
      file.bptt,
      1,
    );
    const pooled = classifier.pooled(batch);
    expect(classifier.logits(batch)).toHaveLength(2 * classes);
    classifier.logits(batch).forEach((value, i) => {
      const row = pooled.subarray(Math.floor(i / classes) * 36, (Math.floor(i / classes) + 1) * 36);
      expect(value).toBeCloseTo(headByHand(imported, row, [hidden, classes])[i % classes] ?? NaN, 4);
    });
    await saveClassifier(join(scratch, 'again'), file, classifier, itos);
    const again = await loadClassifier(kernels, join(scratch, 'again'));
    expect(again.classifier.logits(batch)).toEqual(classifier.logits(batch));
    expectBiasGradients(kernels, classifier, batch, classes);
    again.classifier.parameters.dispose();
    classifier.parameters.dispose();
  });

  it('needs as many different labels as it has classes', async () => {
    const imported = await importFastaiWeights(made('classifier.pth'), oracle('small', 'vocab_v2.pkl'));
    for (const labels of [null, ['a', 'b'], ['a', 'b', 'c', 'c']]) {
      await expect(saveImported(join(scratch, 'none'), imported, { ...plain, labels })).rejects.toMatchObject({
        code: 'bad-input',
      });
    }
    const model = await importFastaiWeights(oracle('small', 'model_v2.pth'), oracle('small', 'vocab_v2.pkl'));
    await expect(saveImported(join(scratch, 'none'), model, { ...plain, labels: ['a', 'b'] })).rejects.toThrow(
      /language model/,
    );
  });
});

describe('an imported language model', () => {
  it.each(['model_v2.pth', 'model_v2_with_opt.pth'])('of %s is a model folder with the same numbers', async (file) => {
    const folder = join(scratch, `lm-${file}`);
    const imported = await importFastaiWeights(oracle('two-layer', file), oracle('two-layer', 'vocab_v2.pkl'));
    await saveImported(folder, imported, { ...plain, backward: true });
    const loaded = await loadLanguageModel(folder);
    expect(loaded.file).toMatchObject({ backward: true, encoder: { kind: 'awd-lstm', vocabulary: 64, padding: 1 } });
    expect(loaded.tensors.get('embedding')?.data).toEqual(imported.tensors.get('0.encoder.weight')?.data);
    expect(loaded.tensors.get('decoder.bias')?.data).toEqual(imported.tensors.get('1.decoder.bias')?.data);
    expect(loaded.itos).toEqual(imported.vocabulary);
  });

  it('may be a QRNN', async () => {
    const imported = await importFastaiWeights(made('qrnn.pth'), oracle('small', 'vocab_v2.pkl'));
    expect(imported.config).toEqual({
      ...{ kind: 'qrnn', vocab: 40, embedding: 12, hidden: 16, layers: 3 },
      qrnn: { window: 2, outputGate: true },
    });
    const saved = await saveImported(join(scratch, 'qrnn'), imported, plain);
    expect(saved.encoder).toMatchObject({ kind: 'qrnn', qrnn: { window: 2, outputGate: true } });
    const loaded = await loadLanguageModel(join(scratch, 'qrnn'));
    expect(loaded.config.kind).toBe('qrnn');
    // the weight before dropout counts, not the one of the last batch
    const raw = imported.tensors.get('0.rnns.1.layers.0.linear.weight_raw')?.data ?? new Float32Array();
    const kept = loaded.tensors.get('rnns.1.input')?.data ?? new Float32Array();
    const magnitudes = (values: Float32Array): number[] => [...values].map(Math.abs).sort((a, b) => a - b);
    expect(magnitudes(kept)).toEqual(magnitudes(raw));
  });

  it('of sub-words has the special tokens that its texts really hold', () => {
    const words = ['xxunk', 'xxpad', 'xxbos', '▁xxbos', '▁xxmaj', '▁the', 'xxmaj'];
    expect(subwordNames(words)).toEqual(['xxunk', 'xxpad', 'xxfake', 'xxbos', 'xxmaj', '▁the', 'xxfake']);
  });

  it('whose ids are the pieces of fastai 1 takes their unknown piece for unknown text', () => {
    const words = ['▁xxunk', '▁xxpad', '▁xxbos', '<unk>', '▁', 'e'];
    expect(subwordNames(words)).toEqual(['xxfake', 'xxpad', 'xxbos', 'xxunk', '▁', 'e']);
  });
});

describe('files that are no weights', () => {
  const words = oracle('small', 'vocab_v2.pkl');

  it.each(['evil.pth', 'evil_legacy.pth'])('with a program inside (%s) are refused, and nothing runs', async (file) => {
    await expect(importFastaiWeights(made(file), words)).rejects.toThrow(/refers to '(posix|nt)\.system'/);
    expect(existsSync('EVIL')).toBe(false);
  });

  it('with a program in the vocabulary are refused, and nothing runs', async () => {
    await expect(importFastaiWeights(oracle('small', 'model_v2.pth'), made('evil.pkl'))).rejects.toThrow(/system/);
    expect(existsSync('EVIL')).toBe(false);
  });

  it('hold a whole module, other tensors, or too little, and the error says which', async () => {
    await expect(importFastaiWeights(made('module.pth'), words)).rejects.toMatchObject({
      message: expect.stringContaining('torch.nn.modules.linear.Linear') as string,
      hint: expect.stringContaining('state_dict') as string,
    });
    await expect(importFastaiWeights(made('other.pth'), words)).rejects.toThrow(/got these tensors: fc/);
    await expect(importFastaiWeights(made('classifier.pth'), oracle('two-layer', 'vocab_v2.pkl'))).rejects.toThrow(
      /64 words.*40/,
    );
    const cut = join(scratch, 'cut.pth');
    writeFileSync(cut, readFileSync(made('classifier.pth')).subarray(0, 20_000));
    await expect(importFastaiWeights(cut, words)).rejects.toThrow(/cut off/);
    const legacy = join(scratch, 'cut-legacy.pth');
    writeFileSync(legacy, readFileSync(made('classifier_legacy.pth')).subarray(0, 20_000));
    await expect(importFastaiWeights(legacy, words)).rejects.toMatchObject({ code: 'model-format' });
  });
});
