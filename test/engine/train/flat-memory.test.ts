import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { NativeKernels } from '../../../src/engine/kernels/native-kernels';
import { Classifier } from '../../../src/engine/model/classifier';
import type { EncoderConfig } from '../../../src/engine/model/config';
import { freshHead, freshLanguageModel, parametersFrom } from '../../../src/engine/model/initialise';
import { LanguageModel } from '../../../src/engine/model/language-model';
import { classifierRecipe, languageModelRecipe } from '../../../src/engine/tasks/recipe';
import { ClassifierWork } from '../../../src/engine/train/classifier-work';
import { DocumentLoader } from '../../../src/engine/train/document-loader';
import { LanguageModelTrainer } from '../../../src/engine/train/language-model-trainer';
import { LanguageModelWork } from '../../../src/engine/train/language-model-work';
import type { OptimiserName } from '../../../src/engine/train/make-optimiser';
import { makeOptimiser } from '../../../src/engine/train/make-optimiser';
import { Random } from '../../../src/engine/train/random';
import type { PlannedStage } from '../../../src/engine/train/stage-work';
import { StreamLoader } from '../../../src/engine/train/stream-loader';
import { tensorflowForTests } from '../../helpers/tensorflow';

const config: EncoderConfig = {
  kind: 'awd-lstm',
  vocabulary: 60,
  embedding: 8,
  hidden: 12,
  layers: 2,
  padding: 1,
};
const megabyte = 2 ** 20;

/** Without it memory says when the garbage collector last ran, not what is held. */
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

describe('memory while training', async () => {
  const kernels = new NativeKernels((await tensorflowForTests('native')).binding!);

  const documentsOf = (lengths: readonly number[]) => {
    const random = new Random(9);
    const all = lengths.map((length) => Int32Array.from({ length }, () => 9 + random.below(51)));
    return { length: (d: number) => all[d]!.length, read: (d: number) => all[d]! };
  };
  const stage = (name: PlannedStage['stage']): PlannedStage => ({
    stage: name,
    epochs: 1,
    learningRate: 1e-3,
    seconds: 0,
  });

  function classifierOn(lengths: readonly number[], optimiser: OptimiserName, batchSize = 8, layers = 2) {
    const sized = { ...config, layers };
    const random = new Random(1);
    const recipe = classifierRecipe({ classifierOptimiser: optimiser, nonMonotone: 0 }, 100);
    const head = { widths: [3 * config.embedding, 10, 2] };
    const parameters = parametersFrom(kernels, new Map([...freshLanguageModel(sized, random), ...freshHead(head, random)])); // prettier-ignore
    const classifier = new Classifier(kernels, { encoder: sized, head, bptt: 70, maxLength: 1400 }, parameters);
    const documents = Int32Array.from(lengths.keys());
    const sizes = { batchSize, batchTokens: 12_000, bptt: 70, padding: 1, maxTokens: null, backward: false };
    const loader = new DocumentLoader(documentsOf(lengths), documents, sizes);
    const labels = { offsets: Int32Array.from([...documents, lengths.length]), labels: documents.map((d) => d % 2) };
    const data = { train: { loader, labels }, valid: { loader, labels }, labelNames: ['even', 'odd'] };
    const training = { ...recipe, lastStage: 'classifier-all', multiLabel: false, loss: { focalGamma: 1 } } as const;
    const work = new ClassifierWork(kernels, classifier, data, training, random, async () => undefined);
    const dispose = (): void => {
      work.dispose();
      parameters.dispose();
    };
    return { work, dispose };
  }

  /** Takes steps; how many tensors were alive half-way and at the end, and how much memory was added. */
  async function follow(steps: number, step: (i: number) => Promise<void> | void) {
    const warm = Math.ceil(steps / 2);
    let [tensors, resident] = [0, 0];
    for (let i = 0; i < steps; i++) {
      await step(i);
      // Often, so that what waits to be collected does not make the process larger.
      if (i % 50 === 0) collectGarbage();
      if (i === warm) {
        collectGarbage();
        [tensors, resident] = [kernels.liveTensors(), process.memoryUsage.rss()];
      }
    }
    collectGarbage();
    const grown = (process.memoryUsage.rss() - resident) / megabyte;
    return { tensors: kernels.liveTensors() - tensors, grown };
  }

  it.each<OptimiserName>(['adam', 'nt-asgd'])(
    'is flat over 1,000 steps of a language model with %s, validation between',
    async (name) => {
      const lengths = Array.from({ length: 60 }, (_, i) => 5 + (i % 20));
      const random = new Random(1);
      const parameters = parametersFrom(kernels, freshLanguageModel(config, random));
      const model = new LanguageModel(kernels, config, parameters);
      const recipe = languageModelRecipe({ lmOptimiser: name, nonMonotone: 0, lmBatchSize: 2, lmBptt: 5 }, 2000);
      const optimiser = makeOptimiser(kernels, parameters, recipe.optimiser);
      const trainer = new LanguageModelTrainer(kernels, model, optimiser, recipe.training, random);
      const documents = Int32Array.from(lengths.keys());
      const texts = documentsOf(lengths);
      const loader = new StreamLoader(texts, documents, { ...recipe, backward: false }, random);
      const valid = { source: texts, documents: documents.slice(0, 10) };
      const rest = { random, valid, backward: false, breathe: async () => undefined };
      const work = new LanguageModelWork({ ...recipe, model, trainer, optimiser, loader, ...rest });
      await work.begin();
      const { tensors, grown } = await follow(1000, async (i) => {
        work.step(stage('language-model-all'), { position: i / 1000, steps: 1000, rateFactor: 1 });
        if (i % 50 === 0) await work.validate(stage('language-model-all'));
      });
      expect(tensors).toBe(0);
      expect(grown).toBeLessThan(40);
      model.reset();
      optimiser.dispose();
      parameters.dispose();
    },
    300_000,
  );

  it('is flat over 1,000 steps of a classifier', async () => {
    const { work, dispose } = classifierOn(
      Array.from({ length: 80 }, (_, i) => 1 + ((i * 13) % 12)),
      'adam',
    );
    await work.begin(stage('classifier-all'));
    const { tensors, grown } = await follow(1000, (i) => {
      work.step(stage('classifier-all'), { position: i / 1000, steps: 1000, rateFactor: 1 });
    });
    expect(tensors).toBe(0);
    expect(grown).toBeLessThan(40);
    dispose();
  }, 300_000);

  it('stays bounded where a text of 50,000 tokens lies beside texts of one', async () => {
    const peak = async (lengths: readonly number[]): Promise<number> => {
      const { work, dispose } = classifierOn(lengths, 'adam', 2, 1);
      await work.begin(stage('classifier-all'));
      const before = process.memoryUsage.rss();
      let most = before;
      for (let i = 0; i < work.batchesPerEpoch(); i++) {
        const { loss } = work.step(stage('classifier-all'), { position: 0, steps: 10, rateFactor: 1 });
        expect(Number.isFinite(loss)).toBe(true);
        most = Math.max(most, process.memoryUsage.rss());
      }
      const { figures } = await work.validate(stage('classifier-all'));
      expect(Number.isFinite(figures.validLoss)).toBe(true);
      dispose();
      return (most - before) / megabyte;
    };
    await peak([1, 300, 1, 1]); // what TensorFlow takes for itself
    expect(await peak([1, 50_000, 1, 1])).toBeLessThan(120);
    expect(kernels.liveTensors()).toBe(0);
  }, 300_000);
});
