import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NativeKernels } from '../../../src/engine/kernels/native-kernels';
import { Predictor } from '../../../src/engine/tasks/predict';
import type { TrainParams } from '../../../src/engine/tasks/protocol';
import { train } from '../../../src/engine/tasks/train';
import { TokenShards } from '../../../src/engine/text/token-shards';
import { TokenShardsWriter } from '../../../src/engine/text/token-shards-writer';
import { Vocabulary } from '../../../src/engine/text/vocabulary';
import { DocumentLoader } from '../../../src/engine/train/document-loader';
import { Random } from '../../../src/engine/train/random';
import { StreamLoader } from '../../../src/engine/train/stream-loader';
import { tensorflowForTests } from '../../helpers/tensorflow';
import { contextFor, makeTinyProject } from '../../helpers/tiny-training';

/** Two documents that begin with xxbos (2). */
const texts = [
  [2, 10, 11, 12],
  [2, 20, 21],
];
const source = { length: (i: number) => texts[i]!.length, read: (i: number) => texts[i]! };

describe('reading backward, as fastai does with `backwards=True` (`reverse_text`)', () => {
  it('puts the last token of a document first and xxbos last', () => {
    const options = { batchSize: 2, batchTokens: 100, bptt: 70, padding: 1, backward: true };
    const whole = new DocumentLoader(source, Int32Array.of(0, 1), { ...options, maxTokens: null });
    const { batch } = whole.load(Int32Array.of(0, 1));
    expect([0, 1, 2, 3].map((t) => batch.ids[2 * t])).toEqual([12, 11, 10, 2]);
    expect([0, 1, 2, 3].map((t) => batch.ids[2 * t + 1])).toEqual([21, 20, 2, 1]);
  });

  it('cuts a long document before it is turned round, so that both directions read the same tokens', () => {
    const options = { batchSize: 2, batchTokens: 100, bptt: 70, padding: 1, backward: true, maxTokens: 3 };
    const { batch } = new DocumentLoader(source, Int32Array.of(0), options).load(Int32Array.of(0));
    expect([...batch.ids]).toEqual([11, 10, 2]);
  });

  it('streams documents one after the other, each turned round by itself', () => {
    const options = { batchSize: 1, bptt: 6, variableLength: false, backward: true };
    const loader = new StreamLoader(source, Int32Array.of(0, 1), options, new Random(1));
    loader.startEpoch();
    const window = loader.next()!;
    const stream = [...window.ids, window.targets.at(-1)!];
    expect([[12, 11, 10, 2, 21, 20, 2].join(), [21, 20, 2, 12, 11, 10, 2].join()]).toContain(stream.join());
  });
});

describe('a backward run', async () => {
  const backend = await tensorflowForTests('native');
  const kernels = new NativeKernels(backend.binding!, backend.fused);
  let project: Awaited<ReturnType<typeof makeTinyProject>>;
  let turned: string;

  beforeAll(async () => {
    project = await makeTinyProject();
    turned = join(project.folder, 'turned');
    const shards = TokenShards.open(project.params.shardsDir);
    const vocabulary = await Vocabulary.load(join(project.params.shardsDir, 'vocabulary.json'));
    const writer = await TokenShardsWriter.create(turned, vocabulary);
    for (let i = 0; i < shards.documents; i++) await writer.append([...shards.read(i)].reverse());
    await writer.finish();
    shards.close();
  });
  afterAll(() => project.remove());

  const paramsIn = (name: string): TrainParams => ({
    ...project.params,
    runDir: join(project.folder, name, 'run'),
    outDir: join(project.folder, name, 'out'),
  });

  it('on texts is, to the bit, a forward run on the texts turned round: language model, classifier, predictions', async () => {
    await train({ ...paramsIn('backward'), backward: true }, contextFor(kernels));
    await train({ ...paramsIn('forward'), shardsDir: turned }, contextFor(kernels));
    const [one, other] = ['backward', 'forward'].map((name) => join(project.folder, name, 'out'));
    for (const part of ['language-model', 'classifier']) {
      const [a, b] = await Promise.all([one!, other!].map((out) => readFile(join(out, part, 'weights.safetensors'))));
      expect(Buffer.compare(a!, b!)).toBe(0);
      const file = JSON.parse(await readFile(join(one!, part, 'model.json'), 'utf8')) as { backward: boolean };
      expect(file.backward).toBe(true);
    }
    const ids = Int32Array.of(2, 9, 10, 11, 30, 31);
    const offsets = Int32Array.of(0, 6);
    const predictor = new Predictor(kernels);
    const backward = await predictor.predict(join(one!, 'classifier'), ids, offsets);
    const forward = await predictor.predict(join(other!, 'classifier'), ids.slice().reverse(), offsets);
    expect([...backward]).toEqual([...forward]);
    predictor.dispose();
  });
});
