import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NativeKernels } from '../../../src/engine/kernels/native-kernels';
import { Predictor } from '../../../src/engine/tasks/predict';
import type { TrainParams } from '../../../src/engine/tasks/protocol';
import { train } from '../../../src/engine/tasks/train';
import { TokenShards } from '../../../src/engine/text/token-shards';
import { CancelledError } from '../../../src/shared/errors';
import type { RunOptions } from '../../../src/shared/run-options';
import { tensorflowForTests } from '../../helpers/tensorflow';
import { contextFor, makeTinyProject } from '../../helpers/tiny-training';

/** Whole runs, language model to classifier, short and at a rate that makes up for it. */
const short: RunOptions = {
  lmEpochs: 1,
  classifierEpochs: 9,
  classifierStageEpochs: 0,
  classifierRate: 0.03,
  classifierDiscriminative: 1,
  classifierDropMultiplier: 0.2,
};

describe('a run with another encoder', { timeout: 300_000 }, async () => {
  const backend = await tensorflowForTests('native');
  const kernels = new NativeKernels(backend.binding!, backend.fused);
  let project: Awaited<ReturnType<typeof makeTinyProject>>;

  const paramsOf = (name: string, options: RunOptions, change: Partial<TrainParams> = {}): TrainParams => ({
    ...project.params,
    ...change,
    runDir: join(project.folder, name, 'run'),
    outDir: join(project.folder, name, 'out'),
    request: {
      ...project.params.request,
      options: { ...short, ...options },
    },
  });
  const inFolder = (name: string, ...parts: string[]): string => join(project.folder, name, 'out', ...parts);
  const modelJson = async (name: string, part: string): Promise<{ encoder: Record<string, unknown> }> =>
    JSON.parse(await readFile(inFolder(name, part, 'model.json'), 'utf8')) as { encoder: Record<string, unknown> };
  const notesOf = (context: ReturnType<typeof contextFor>): string =>
    context.events.flatMap((event) => (event.type === 'note' ? [event.message] : [])).join('\n');
  const bestOf = (context: ReturnType<typeof contextFor>): number =>
    Math.max(
      ...context.events.flatMap((e) =>
        e.type === 'epoch' && e.stage.startsWith('classifier') ? [e.accuracy ?? 0] : [],
      ),
    );

  beforeAll(async () => {
    project = await makeTinyProject();
  });
  afterAll(() => project.remove());

  it('of quasi-recurrent layers learns, says what it took over, and resumes to the bit', async () => {
    const options: RunOptions = { encoder: 'qrnn', zoneOut: 0.1 };
    const context = contextFor(kernels);
    await train(paramsOf('qrnn', options), context);
    expect(notesOf(context)).toContain('Of "tiny" only the embedding is taken over');
    expect(bestOf(context)).toBeGreaterThan(0.8);
    expect((await modelJson('qrnn', 'classifier')).encoder).toMatchObject({
      kind: 'qrnn',
      qrnn: { window: 2, outputGate: true },
    });
    await mkdir(join(project.folder, 'stopped'), { recursive: true });
    await expect(train(paramsOf('stopped', options), contextFor(kernels, 8))).rejects.toBeInstanceOf(CancelledError);
    await train(paramsOf('stopped', options, { resume: true }), contextFor(kernels));
    const weights = (name: string) => readFile(inFolder(name, 'classifier', 'weights.safetensors'));
    expect(Buffer.compare(await weights('stopped'), await weights('qrnn'))).toBe(0);
  });

  it('starts from a quasi-recurrent language model without being told its kind', async () => {
    const context = contextFor(kernels);
    const pretrainedDir = inFolder('qrnn', 'language-model');
    await train(paramsOf('from-qrnn', {}, { pretrainedDir }), context);
    expect(notesOf(context)).not.toContain('only the embedding');
    expect((await modelJson('from-qrnn', 'classifier')).encoder).toMatchObject({ kind: 'qrnn' });
  });

  it('of gated recurrent layers, from scratch and with sizes of its own, learns', async () => {
    const context = contextFor(kernels);
    const options: RunOptions = { encoder: 'gru', embeddingSize: 10, hiddenSize: 14, layers: 1 };
    await train(paramsOf('gru', options, { pretrainedDir: null }), context);
    expect(bestOf(context)).toBeGreaterThan(0.8);
    const { encoder } = await modelJson('gru', 'language-model');
    expect(encoder).toMatchObject({ kind: 'gru', embedding: 10, hidden: 14, layers: 1 });
  });

  it.each(['awd-lstm', 'qrnn'] as const)(
    'in both directions (%s) has no language model, learns, and predicts',
    async (encoder) => {
      const context = contextFor(kernels);
      const params = paramsOf(`both-${encoder}`, { encoder, bidirectional: true });
      const result = await train(params, context);
      expect(result.languageModelDir).toBeNull();
      expect(notesOf(context)).toContain('there is no language model to fine-tune');
      expect(context.events.some((e) => e.type === 'stage' && e.stage.startsWith('language-model'))).toBe(false);
      expect(bestOf(context)).toBeGreaterThan(0.8);
      const predictor = new Predictor(kernels);
      const shards = TokenShards.open(params.shardsDir);
      const ids = shards.read(121);
      const probabilities = await predictor.predict(
        result.classifierDir,
        Int32Array.from(ids),
        Int32Array.of(0, ids.length),
      );
      shards.close();
      predictor.dispose();
      expect(probabilities[0]! + probabilities[1]!).toBeCloseTo(1, 5);
    },
  );

  it('leaves no tensor behind', () => {
    expect(kernels.liveTensors()).toBe(0);
  });
});
