import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import vm from 'node:vm';
import * as ort from 'onnxruntime-web';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onnxClassifier } from '../../src/engine/export/onnx/onnx-classifier';
import { openClassifier } from '../../src/engine/export/runtime';
import type { ModelFiles, OnnxRuntime } from '../../src/engine/export/runtime/runtime-types';
import { PortableKernels } from '../../src/engine/kernels/portable-kernels';
import { readClassifier, saveClassifier } from '../../src/engine/model/classifier-files';
import { SPECIAL_TOKENS } from '../../src/engine/text/special-tokens';
import { tokenize } from '../../src/engine/text/tokenizer';
import { chanceClassifier, chanceFile } from '../helpers/chance-classifier';
import { tensorflowForTests } from '../helpers/tensorflow';

const built = path.resolve(__dirname, '../../out/runtime/thaw-classifier.mjs');
const texts = ['A SMALL café :) &lt;b&gt; goooood 😀👍🏽 can’t', 'what what what what?', ''];

/** What every browser has, and nothing of Node. */
const browser = { TextEncoder, TextDecoder, URL, console };

describe('the built JavaScript of exported models', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'thaw-page-'));
    ort.env.wasm.numThreads = 1;
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('says the same where there is nothing of Node', async () => {
    const kernels = new PortableKernels((await tensorflowForTests('cpu')).tf);
    const itos = [...new Set([...SPECIAL_TOKENS, ...texts.flatMap((text) => tokenize([text]))])];
    const encoder = {
      kind: 'awd-lstm',
      vocabulary: itos.length,
      embedding: 8,
      hidden: 8,
      layers: 2,
      padding: 1,
    } as const;
    const file = chanceFile(encoder, ['a', 'b'], {});
    await saveClassifier(folder, file, chanceClassifier(kernels, file), itos);
    const { file: stored, ...tensors } = await readClassifier(folder);
    const network = onnxClassifier(stored, tensors);
    const files: ModelFiles = {
      read: (name) => {
        if (name === 'model.onnx') return Promise.resolve(network);
        return readFile(path.join(folder, name)).catch(() => null);
      },
    };
    const expected = await (await openClassifier(ort, files)).predict(texts);
    const source = (await readFile(built, 'utf8')).replace(/export \{ openClassifier \};\s*$/, 'openClassifier');
    const open = vm.runInNewContext(source, { ...browser }) as typeof openClassifier;
    const got = await (await open(inThisRealm, files)).predict(texts);
    expect(JSON.parse(JSON.stringify(got))).toEqual(expected);
    expect(new Set(got.map(({ labels }) => labels[0]?.probability)).size).toBe(texts.length);
  });
});

/** ONNX Runtime knows the arrays of its own global object only. */
const inThisRealm: OnnxRuntime = {
  InferenceSession: ort.InferenceSession,
  Tensor: function (type: 'int64', data: BigInt64Array, dims: readonly number[]) {
    return new ort.Tensor(type, BigInt64Array.from(data), [...dims]);
  } as unknown as OnnxRuntime['Tensor'],
};
