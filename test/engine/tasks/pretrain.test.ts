import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NativeKernels } from '../../../src/engine/kernels/native-kernels';
import { freshLanguageModel } from '../../../src/engine/model/initialise';
import { loadLanguageModel, saveLanguageModel } from '../../../src/engine/model/language-model-files';
import { pretrain } from '../../../src/engine/tasks/pretrain';
import type { PretrainParams } from '../../../src/engine/tasks/protocol';
import { Vocabulary } from '../../../src/engine/text/vocabulary';
import { Random } from '../../../src/engine/train/random';
import type { FloatTensors } from '../../../src/engine/weights/fastai-names';
import { tensorflowForTests } from '../../helpers/tensorflow';
import { contextFor, makeTinyProject } from '../../helpers/tiny-training';

const sizes = { kind: 'awd-lstm', embedding: 12, hidden: 16, layers: 2 } as const;

/** The greatest difference between two sets of weights of the same names. */
const distance = (a: FloatTensors, b: FloatTensors): number =>
  Math.max(
    ...[...a].map(([name, { data }]) =>
      data.reduce((most, x, i) => Math.max(most, Math.abs(x - b.get(name)!.data[i]!)), 0),
    ),
  );

describe('pretraining', async () => {
  const backend = await tensorflowForTests('native');
  const kernels = new NativeKernels(backend.binding!, backend.fused);
  let project: Awaited<ReturnType<typeof makeTinyProject>>;

  const paramsOf = (name: string, more: Partial<PretrainParams> = {}): PretrainParams => ({
    shardsDir: project.params.shardsDir,
    validShardsDir: project.params.shardsDir,
    outDir: join(project.folder, name),
    sizes,
    minutes: 3 / 60,
    decayMinutes: 1 / 60,
    batchSize: 8,
    bptt: 16,
    learningRate: 3e-3,
    dropMultiplier: 0.1,
    seed: 5,
    backward: false,
    resume: false,
    name,
    tokenizer: {},
    ...more,
  });
  /** Saves a model of the sizes above with other words, or those of the project. */
  const saveModel = async (name: string, itos: readonly string[]): Promise<string> => {
    const encoder = { ...sizes, vocabulary: itos.length, padding: 1 };
    const file = {
      format: 'thaw-language-model',
      version: 1,
      name,
      encoder,
      backward: false,
      tokenizer: {},
      facts: {},
    } as const;
    const folder = join(project.folder, name);
    await saveLanguageModel(folder, file, freshLanguageModel(encoder, new Random(8)), itos, 'F16');
    return folder;
  };

  beforeAll(async () => {
    project = await makeTinyProject();
  });
  afterAll(() => rm(project.folder, { recursive: true, force: true }));

  it('learns from a corpus, and goes on from its checkpoint', async () => {
    const first = await pretrain(paramsOf('forward'), contextFor(kernels));
    const chance = 60;
    expect(first.perplexity).toBeLessThan(chance);
    expect(first.perplexity).toBeGreaterThan(1);
    const more = await pretrain(paramsOf('forward', { minutes: 6 / 60, resume: true }), contextFor(kernels));
    expect(more.tokensSeen).toBeGreaterThan(first.tokensSeen);
    const { file } = await loadLanguageModel(more.modelDir);
    expect(file.facts).toMatchObject({ tokensSeen: more.tokensSeen });
  });

  it('begins with the weights of a model that reads the other way', async () => {
    const { itos } = await Vocabulary.load(join(project.params.shardsDir, 'vocabulary.json'));
    const startFrom = await saveModel('other-way', itos);
    // One step, of a rate that has hardly begun to rise.
    const moment = { minutes: 1e-9, decayMinutes: 1e-9, backward: true, validShardsDir: null };
    await pretrain(paramsOf('begun', { ...moment, startFrom }), contextFor(kernels));
    await pretrain(paramsOf('by-chance', moment), contextFor(kernels));
    const [start, begun, byChance] = await Promise.all(
      [startFrom, join(project.folder, 'begun'), join(project.folder, 'by-chance')].map(loadLanguageModel),
    );
    expect(begun!.file).toMatchObject({ backward: true, name: 'begun' });
    expect(distance(start!.tensors, begun!.tensors)).toBeLessThan(1e-3);
    expect(distance(start!.tensors, byChance!.tensors)).toBeGreaterThan(0.05);
  });

  it('refuses a model with other words', async () => {
    const { itos } = await Vocabulary.load(join(project.params.shardsDir, 'vocabulary.json'));
    const startFrom = await saveModel('other-words', [...itos.slice(0, -1), 'something']);
    await expect(pretrain(paramsOf('refused', { startFrom }), contextFor(kernels))).rejects.toMatchObject({
      code: 'bad-input',
    });
  });
});
