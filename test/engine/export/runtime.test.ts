import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import * as ort from 'onnxruntime-web';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onnxClassifier } from '../../../src/engine/export/onnx/onnx-classifier';
import { openClassifier } from '../../../src/engine/export/runtime';
import type { ModelFiles } from '../../../src/engine/export/runtime/runtime-types';
import type { Kernels } from '../../../src/engine/kernels/kernels';
import { PortableKernels } from '../../../src/engine/kernels/portable-kernels';
import { readClassifier, saveClassifier, type ClassifierFile } from '../../../src/engine/model/classifier-files';
import { Predictor } from '../../../src/engine/tasks/predict';
import { SENTENCEPIECE_FILE, SentencePieceModel } from '../../../src/engine/text/sentencepiece/sentencepiece-model';
import { subwordVocabulary } from '../../../src/engine/text/sentencepiece/subword-vocabulary';
import { SPECIAL_TOKENS } from '../../../src/engine/text/special-tokens';
import { tokenize, type TokenizerOptions } from '../../../src/engine/text/tokenizer';
import { Vocabulary } from '../../../src/engine/text/vocabulary';
import { chanceClassifier, chanceFile } from '../../helpers/chance-classifier';
import { tensorflowForTests } from '../../helpers/tensorflow';

const piecesFile = resolve(__dirname, '../../fixtures/sentencepiece/fastai.model');
const labels = ['a', 'b', 'c'];
const texts = [
  'Die Lieferung kam ZWEI Tage zu spät :) &amp; niemand antwortete!!!',
  '今天的天气很好，我们去公园。',
  'x',
  '',
];

/** How texts are cut: into words, words without spaces, and sub-words; with several columns. */
const cases: readonly {
  name: string;
  tokenizer: ClassifierFile['tokenizer'];
  options: TokenizerOptions;
  columns: number;
}[] = [
  { name: 'German words', tokenizer: { language: 'de' }, options: { language: 'de' }, columns: 1 },
  { name: 'Chinese words', tokenizer: { language: 'zh' }, options: { language: 'zh' }, columns: 1 },
  { name: 'two columns', tokenizer: {}, options: {}, columns: 2 },
  { name: 'sub-words', tokenizer: { kind: 'sentencepiece' }, options: { model: piecesFile }, columns: 1 },
];

describe('the JavaScript of exported models', () => {
  let folder: string;
  let kernels: Kernels;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'thaw-runtime-'));
    kernels = new PortableKernels((await tensorflowForTests('cpu')).tf);
    ort.env.wasm.numThreads = 1;
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each(cases)('reads texts as Thaw does: $name', async ({ tokenizer, options, columns }) => {
    const rows = texts.map((text) => Array.from({ length: columns }, (_, i) => (i === 0 ? text : `${text} again`)));
    const tokens = rows.map((fields) => tokenize(fields, options));
    const vocabulary =
      options.model === undefined
        ? new Vocabulary([...new Set([...SPECIAL_TOKENS, ...tokens.flat()])])
        : subwordVocabulary(SentencePieceModel.load(piecesFile));
    const encoder = {
      kind: 'awd-lstm',
      vocabulary: vocabulary.size,
      embedding: 12,
      hidden: 16,
      layers: 2,
      padding: 1,
    } as const;
    const file = chanceFile(encoder, labels, { tokenizer });
    await saveClassifier(folder, file, chanceClassifier(kernels, file), vocabulary.itos);
    const ids = tokens.map((own) => own.map((token) => vocabulary.idOf(token)));
    const offsets = Int32Array.from({ length: ids.length + 1 }, (_, i) => ids.slice(0, i).flat().length);
    const expected = await new Predictor(kernels).predict(folder, Int32Array.from(ids.flat()), offsets);
    const classifier = await openClassifier(ort, await filesOf(folder, columns));
    const answers = await classifier.predict(columns === 1 ? texts : rows);
    answers.forEach((answer, row) => {
      for (const { label, probability } of answer.labels) {
        expect(probability).toBeCloseTo(expected[row * labels.length + labels.indexOf(label)] ?? Number.NaN, 5);
      }
    });
    expect(new Set(answers.map(({ labels: said }) => said[0]?.probability)).size).toBe(texts.length);
  });

  it('says which columns it wants', async () => {
    const files = await filesOf(folder, 2);
    const classifier = await openClassifier(ort, files);
    await expect(classifier.predict(['one text'])).rejects.toThrow(/each column \(c0, c1\), got 1/);
    await expect(openClassifier(ort, { read: () => Promise.resolve(null) })).rejects.toThrow(/no model\.json/);
  });
});

/** The exported folder of what is in a model's folder, as a browser would read it. */
async function filesOf(folder: string, columns: number): Promise<ModelFiles> {
  const { file, ...tensors } = await readClassifier(folder);
  const notes = { columns: { textColumns: Array.from({ length: columns }, (_, i) => `c${i}`) } };
  const made: Readonly<Record<string, Uint8Array>> = {
    'model.onnx': onnxClassifier(file, tensors),
    'training.json': new TextEncoder().encode(JSON.stringify(notes)),
    [SENTENCEPIECE_FILE]: await readFile(piecesFile),
  };
  return { read: async (name) => made[name] ?? readFile(join(folder, name)) };
}
