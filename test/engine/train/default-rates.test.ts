import { describe, expect, it } from 'vitest';
import { PortableKernels } from '../../../src/engine/kernels/portable-kernels';
import { freshLanguageModel, parametersFrom } from '../../../src/engine/model/initialise';
import { LanguageModel } from '../../../src/engine/model/language-model';
import { languageModelRecipe, usualRate } from '../../../src/engine/tasks/recipe';
import { LanguageModelTrainer } from '../../../src/engine/train/language-model-trainer';
import { makeOptimiser, type OptimiserName } from '../../../src/engine/train/make-optimiser';
import { Random } from '../../../src/engine/train/random';
import { tensorflowForTests } from '../../helpers/tensorflow';

const config = { kind: 'awd-lstm', vocabulary: 30, embedding: 12, hidden: 16, layers: 2, padding: 1 } as const;
const [time, batch] = [10, 4];
/** The plan's rate for Adam from scratch. */
const adam = 5e-3;

/** Windows of a text in which each word says which one comes next. */
function windowAt(step: number): { ids: Int32Array; targets: Int32Array } {
  const wordAt = (t: number, row: number): number => 9 + ((step * time + t + 5 * row) % 20);
  const all = (shift: number): Int32Array =>
    Int32Array.from({ length: time * batch }, (_, i) => wordAt(Math.floor(i / batch) + shift, i % batch));
  return { ids: all(0), targets: all(1) };
}

describe('the rate that an optimiser gets where none is given', async () => {
  const kernels = new PortableKernels((await tensorflowForTests('cpu')).tf);

  /** Mean loss of the last ten of so many steps. */
  const lossAfter = (name: OptimiserName, rate: number, steps: number): number => {
    const random = new Random(1);
    const parameters = parametersFrom(kernels, freshLanguageModel(config, random));
    const model = new LanguageModel(kernels, config, parameters);
    const { optimiser: choice, training } = languageModelRecipe({ lmOptimiser: name, lmDropMultiplier: 0 }, 2000);
    const optimiser = makeOptimiser(kernels, parameters, choice);
    const trainer = new LanguageModelTrainer(kernels, model, optimiser, training, random);
    const reach = { lowestLayer: 0, embedding: true };
    const losses: number[] = [];
    for (let step = 0; step < steps; step++)
      losses.push(trainer.step({ ...windowAt(step), time, batch }, () => rate, 0.8, reach));
    optimiser.dispose();
    model.reset();
    parameters.dispose();
    const last = losses.slice(-10);
    return last.reduce((sum, loss) => sum + loss, 0) / last.length;
  };

  it.each<OptimiserName>(['sgd', 'sgd-momentum', 'nt-asgd'])(
    'lets %s learn, which Adam’s own rate would not',
    (name) => {
      // 21 words with equal chances are 3.0 nats.
      const learned = lossAfter(name, usualRate(name, adam, true), 120);
      expect(learned).toBeLessThan(2.5);
      expect(lossAfter(name, adam, 120)).toBeGreaterThan(learned + 0.3);
      expect(kernels.liveTensors()).toBe(0);
    },
    120_000,
  );
});
