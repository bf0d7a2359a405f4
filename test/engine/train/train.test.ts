import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadClassifier } from '../../../src/engine/model/classifier-files';
import { loadLanguageModel } from '../../../src/engine/model/language-model-files';
import { NativeKernels } from '../../../src/engine/kernels/native-kernels';
import { Predictor } from '../../../src/engine/tasks/predict';
import type { TrainParams } from '../../../src/engine/tasks/protocol';
import { train } from '../../../src/engine/tasks/train';
import { TokenShards } from '../../../src/engine/text/token-shards';
import { CancelledError } from '../../../src/shared/errors';
import { tensorflowForTests } from '../../helpers/tensorflow';
import { contextFor, makeTinyProject, wordsInNoText } from '../../helpers/tiny-training';

describe('training', async () => {
  const backend = await tensorflowForTests('native');
  const kernels = new NativeKernels(backend.binding!, backend.fused);
  let project: Awaited<ReturnType<typeof makeTinyProject>>;
  let whole: Buffer;

  const paramsIn = (name: string): TrainParams => ({
    ...project.params,
    runDir: join(project.folder, name, 'run'),
    outDir: join(project.folder, name, 'out'),
  });
  const weightsOf = (name: string) => readFile(join(project.folder, name, 'out', 'classifier', 'weights.safetensors'));

  beforeAll(async () => {
    project = await makeTinyProject();
  });
  afterAll(() => project.remove());

  it('learns to tell the two classes apart, and reports every stage', async () => {
    const context = contextFor(kernels);
    const result = await train(paramsIn('whole'), context);
    whole = await weightsOf('whole');
    const stages = context.events.flatMap((event) => (event.type === 'stage' ? [event.stage] : []));
    expect(stages).toEqual([
      'probe',
      'language-model-new-rows',
      'language-model-all',
      'classifier-head',
      'classifier-last',
      'classifier-last-two',
      'classifier-all',
      'calibrate',
    ]);
    const best = Math.max(...context.events.flatMap((event) => (event.type === 'epoch' ? [event.accuracy ?? 0] : [])));
    expect(best).toBeGreaterThan(0.9);
    expect(result.validLogits).toHaveLength(80);
    expect(result.temperature).toBeGreaterThan(0);
  });

  it('gives the same weights for the same seed', async () => {
    await train(paramsIn('again'), contextFor(kernels));
    expect(Buffer.compare(await weightsOf('again'), whole)).toBe(0);
  });

  it('gives other weights for another seed', async () => {
    const params = paramsIn('other');
    await train({ ...params, request: { ...params.request, seed: 4 } }, contextFor(kernels));
    expect(Buffer.compare(await weightsOf('other'), whole)).not.toBe(0);
  });

  // A breath comes before each step, so these fall into every stage: new rows, all rows, head, and the rest.
  it.each([3, 12, 40, 70])('stopped at breath %i and resumed, ends with the same weights to the bit', async (at) => {
    const name = `stopped-${at}`;
    await mkdir(join(project.folder, name), { recursive: true });
    await expect(train(paramsIn(name), contextFor(kernels, at))).rejects.toBeInstanceOf(CancelledError);
    await train({ ...paramsIn(name), resume: true }, contextFor(kernels));
    expect(Buffer.compare(await weightsOf(name), whole)).toBe(0);
  });

  it('can read words that no text has but the pretrained model knows, unless they are to be dropped', async () => {
    const folder = join(project.folder, 'whole', 'out', 'classifier');
    const { classifier, itos, file } = await loadClassifier(kernels, folder);
    expect(itos.slice(-2)).toEqual(wordsInNoText);
    expect(file.encoder.vocabulary).toBe(itos.length);
    const pretrained = await loadLanguageModel(project.params.pretrainedDir ?? '');
    const embedding = pretrained.tensors.get('embedding')!;
    expect(classifier.parameters.read('embedding').slice(-24)).toEqual(embedding.data.slice(-24));
    classifier.parameters.dispose();
    const predictor = new Predictor(kernels);
    const ids = Int32Array.of(2, itos.length - 1, 2, 0);
    const [known, , unknown] = await predictor.predict(folder, ids, Int32Array.of(0, 2, 4));
    expect(known).not.toBeCloseTo(unknown!, 6);
    predictor.dispose();

    const params = paramsIn('dropped');
    const { request } = params;
    await train({ ...params, request: { ...request, options: { unseenWords: 'drop' } } }, contextFor(kernels));
    const dropped = await loadClassifier(kernels, join(project.folder, 'dropped', 'out', 'classifier'));
    expect(dropped.itos).toEqual(itos.slice(0, -2));
    const [same] = await predictor.predict(folder, ids.subarray(2), Int32Array.of(0, 2));
    expect(dropped.classifier.parameters.shape('embedding')[0]).toBe(itos.length - 2);
    expect(same).toBe(unknown);
    dropped.classifier.parameters.dispose();
    predictor.dispose();
  });

  it('fits a linear head where nothing is to thaw, that says the same once it is saved', async () => {
    const params = paramsIn('linear');
    const { request, valid } = params;
    const context = contextFor(kernels);
    const linear = { ...request, options: { ...request.options, unfreezing: 'none' } as const };
    const result = await train({ ...params, request: linear }, context);
    const { classifierDir, validLogits, languageModelDir, temperature } = result;
    const stages = context.events.flatMap((event) => (event.type === 'stage' ? [event.stage] : []));
    expect(stages).toEqual(['probe', 'language-model-new-rows', 'language-model-all', 'classifier-linear', 'calibrate']); // prettier-ignore
    expect(languageModelDir).not.toBeNull();
    const epoch = context.events.findLast((event) => event.type === 'epoch');
    expect(epoch!.stage).toBe('classifier-linear');
    expect(epoch!.accuracy).toBeGreaterThan(0.8);
    const counted = context.events.flatMap((event) => (event.type === 'count' ? [event] : [])).at(-1)!;
    expect([counted.done, counted.total]).toEqual([params.train.documents.length, params.train.documents.length]);

    const shards = TokenShards.open(params.shardsDir);
    const first = Int32Array.from(shards.read(valid.documents[0]!));
    shards.close();
    const predictor = new Predictor(kernels);
    const said = await predictor.predict(classifierDir, first, Int32Array.of(0, first.length));
    expect(said[0]! > said[1]! ? 0 : 1).toBe(validLogits[0]! > validLogits[1]! ? 0 : 1);
    expect(Math.log(said[0]! / said[1]!)).toBeCloseTo((validLogits[0]! - validLogits[1]!) / temperature, 3);
    predictor.dispose();
  });

  it('leaves no tensor behind, whether it ends or is stopped', () => {
    expect(kernels.liveTensors()).toBe(0);
  });

  it('keeps a budget of minutes', async () => {
    const params = paramsIn('budget');
    const began = performance.now();
    await train({ ...params, request: { ...params.request, preset: 'best', minutes: 0.1 } }, contextFor(kernels));
    expect((performance.now() - began) / 1000).toBeLessThan(9);
  });

  it('predicts from the saved folder what it said in validation', async () => {
    const predictor = new Predictor(kernels);
    const shards = TokenShards.open(project.params.shardsDir);
    const documents = Array.from({ length: 40 }, (_, i) => shards.read(120 + i));
    shards.close();
    const offsets = new Int32Array(41);
    documents.forEach((ids, i) => {
      offsets[i + 1] = offsets[i]! + ids.length;
    });
    const ids = Int32Array.from(documents.flatMap((document) => [...document]));
    const probabilities = await predictor.predict(join(project.folder, 'whole', 'out', 'classifier'), ids, offsets);
    const correct = documents.filter((_, i) => probabilities[2 * i + (i % 2)]! > 0.5).length;
    expect(correct / 40).toBeGreaterThan(0.9);
    for (let i = 0; i < 40; i++) expect(probabilities[2 * i]! + probabilities[2 * i + 1]!).toBeCloseTo(1, 5);
    predictor.dispose();
    expect(kernels.liveTensors()).toBe(0);
  });
});
