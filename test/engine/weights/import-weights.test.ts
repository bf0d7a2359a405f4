import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { PortableKernels } from '../../../src/engine/kernels/portable-kernels';
import type { Classifier } from '../../../src/engine/model/classifier';
import { loadClassifier } from '../../../src/engine/model/classifier-files';
import { padDocuments, type DocumentBatch } from '../../../src/engine/model/document-batch';
import { loadLanguageModel } from '../../../src/engine/model/language-model-files';
import { crossEntropy } from '../../../src/engine/train/losses';
import { importFastaiWeights } from '../../../src/engine/weights/fastai-import';
import { subwordNames } from '../../../src/engine/weights/old-token-names';
import { readSafetensorsSync } from '../../../src/engine/weights/safetensors';
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
