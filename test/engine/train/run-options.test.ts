import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Kernels } from '../../../src/engine/kernels/kernels';
import { NativeKernels } from '../../../src/engine/kernels/native-kernels';
import type { TrainParams } from '../../../src/engine/tasks/protocol';
import { train } from '../../../src/engine/tasks/train';
import { CancelledError } from '../../../src/shared/errors';
import type { RunOptions } from '../../../src/shared/run-options';
import { tensorflowForTests } from '../../helpers/tensorflow';
import { contextFor, makeTinyProject } from '../../helpers/tiny-training';

/** Short runs: about twenty steps of the language model and as many of the classifier. */
const short: RunOptions = {
  lmEpochs: 2,
  lmNewRowsEpochs: 0.3,
  lmBatchSize: 16,
  lmBptt: 20,
  classifierEpochs: 3,
  classifierHeadEpochs: 1,
  classifierStageEpochs: 0.5,
};

/** Each case holds several options that do not touch one another; together they are all that change a run's state. */
const cases: [string, RunOptions, Partial<TrainParams>?][] = [
  [
    'NT-ASGD that averages from the second epoch on, constant rate, last weights',
    {
      lmOptimiser: 'nt-asgd',
      classifierOptimiser: 'nt-asgd',
      nonMonotone: 0,
      lmRate: 200,
      classifierRate: 20,
      lmSchedule: 'constant',
      classifierSchedule: 'constant',
      lmBest: 'last',
      bestBy: 'last',
      lmClip: 0,
    },
  ],
  [
    'SGD with momentum, cosine, focal loss, label smoothing, random batches',
    {
      lmOptimiser: 'sgd-momentum',
      classifierOptimiser: 'sgd-momentum',
      lmSchedule: 'cosine',
      classifierSchedule: 'cosine',
      focalGamma: 2,
      labelSmoothing: 0.1,
      lmLabelSmoothing: 0.1,
      classifierBatches: 'random',
      lmVariableBptt: false,
    },
  ],
  [
    'SGD, slanted triangular, chain-thaw, pooling without the last state, discriminative language model',
    {
      lmOptimiser: 'sgd',
      lmSchedule: 'slanted-triangular',
      classifierSchedule: 'slanted-triangular',
      unfreezing: 'chain-thaw',
      pooling: 'max-mean',
      lmDiscriminative: 2.6,
      momentums: [0.9, 0.8, 0.9],
    },
  ],
  [
    'everything at once, backward, best by loss, early stopping, gradient cut short',
    {
      unfreezing: 'full',
      bestBy: 'loss',
      patience: 1,
      lmPatience: 1,
      classifierBptt: 8,
      gradientTokens: 16,
      classifierDropMultiplier: 0.5,
      headDropouts: [0.1, 0],
      classifierDiscriminative: 1,
    },
    { backward: true },
  ],
  ['the head only', { unfreezing: 'last', classifierHeadEpochs: 3, beta2: 0.95 }],
];

describe('a run with options', async () => {
  const kernels = new NativeKernels((await tensorflowForTests('native')).binding!);
  let project: Awaited<ReturnType<typeof makeTinyProject>>;
  beforeAll(async () => {
    project = await makeTinyProject();
  });
  afterAll(() => project.remove());

  const paramsFor = (name: string, options: RunOptions, more: Partial<TrainParams> = {}): TrainParams => ({
    ...project.params,
    ...more,
    runDir: join(project.folder, name, 'run'),
    outDir: join(project.folder, name, 'out'),
    request: { ...project.params.request, classWeights: true, options: { ...short, ...options } },
  });
  const weightsOf = async (name: string): Promise<string> => {
    const parts = ['classifier', 'language-model'].map((part) => join(project.folder, name, 'out', part));
    const files = await Promise.all(parts.map((part) => readFile(join(part, 'weights.safetensors'))));
    return files.map((file) => file.toString('base64')).join();
  };

  it.each(cases)('goes on after an interruption to the same weights, to the bit: %s', async (name, options, more) => {
    const whole = contextFor(kernels);
    await train(paramsFor(`${name}-whole`, options, more), whole);
    const expected = await weightsOf(`${name}-whole`);
    const params = paramsFor(`${name}-stopped`, options, more);
    // Stopped three times, the second and third time soon after going on; breaths come before steps and in validation.
    const stops = [Math.floor(whole.breaths * 0.3), 6, Math.floor(whole.breaths * 0.3)];
    for (const [i, at] of stops.entries()) {
      const attempt = train({ ...params, resume: i > 0 }, contextFor(kernels, at));
      await expect(attempt).rejects.toBeInstanceOf(CancelledError);
    }
    await train({ ...params, resume: true }, contextFor(kernels));
    expect((await weightsOf(`${name}-stopped`)) === expected).toBe(true);
    expect(kernels.liveTensors()).toBe(0);
  });

  it('with other options has other weights', async () => {
    const names = cases.map(([name]) => `${name}-whole`);
    expect(new Set(await Promise.all(names.map(weightsOf))).size).toBe(cases.length);
  });

  it('steps back from a number that is not finite, says where, and trains to its end', async () => {
    const broken = breakOnce(kernels, 30);
    const context = contextFor(broken);
    await train(paramsFor('broken', {}), context);
    const notes = context.events.flatMap((event) =>
      event.type === 'note' && event.level === 'warning' ? [event.message] : [],
    );
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(/^Stage [a-z-]+, step \d+: the (loss|gradient of \S+) is not finite any more\./);
    expect(notes[0]).toContain('0.5 of its rate');
    expect(kernels.liveTensors()).toBe(0);
  });

  it('gives up with the name of the stage, the step and the tensor where nothing helps', async () => {
    const params = paramsFor('hopeless', { lmRate: 1e6, lmClip: 0, lmOptimiser: 'sgd', retries: 1, lmWeightDecay: 10 });
    await expect(train(params, contextFor(kernels))).rejects.toMatchObject({
      code: 'not-a-number',
      message: expect.stringMatching(/^Stage language-model-[a-z-]+, step \d+: /) as string,
      data: { stage: expect.stringMatching(/^language-model/) as string, tensor: expect.any(String) as string },
    });
    expect(kernels.liveTensors()).toBe(0);
  });
});

/** Kernels that say once, at the n-th norm of gradients, that it is infinite: as an overflow of the device would be. */
function breakOnce(kernels: Kernels, at: number): Kernels {
  let calls = 0;
  return new Proxy(kernels, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      if (name !== 'sumOfSquares') return value.bind(target) as unknown;
      return (tensors: Parameters<Kernels['sumOfSquares']>[0]) =>
        ++calls === at ? Infinity : target.sumOfSquares(tensors);
    },
  });
}
