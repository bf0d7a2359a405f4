import type { Kernels } from '../../src/engine/kernels/kernels';
import { languageModelDropouts, scaleDropouts, type EncoderConfig } from '../../src/engine/model/config';
import { freshLanguageModel, parametersFrom } from '../../src/engine/model/initialise';
import { LanguageModel } from '../../src/engine/model/language-model';
import { TokenShards } from '../../src/engine/text/token-shards';
import { LanguageModelTrainer } from '../../src/engine/train/language-model-trainer';
import { Adam } from '../../src/engine/train/optimisers';
import { Random } from '../../src/engine/train/random';
import { StreamLoader } from '../../src/engine/train/stream-loader';
import { loadMachine } from './machine';
import { timed, type Prepare } from './serve';

interface Sizes {
  readonly vocabulary: number;
  readonly embedding: number;
  readonly hidden: number;
  readonly layers: number;
  readonly batch: number;
  readonly bptt: number;
}

interface StepSpec extends Sizes {
  readonly steps: number;
}

/** Whole training steps of a language model as `thaw pretrain` takes them, on random tokens: tokens a second. */
export const languageModelStep: Prepare = async (spec) => {
  const sizes = spec as StepSpec;
  const { kernels } = await loadMachine();
  const random = new Random(1);
  const { trainer } = makeTrainer(kernels, sizes, random);
  const tokens = sizes.batch * sizes.bptt;
  const draw = (): Int32Array => Int32Array.from({ length: tokens }, () => 9 + random.below(sizes.vocabulary - 9));
  const batch = { ids: draw(), targets: draw(), time: sizes.bptt, batch: sizes.batch };
  const step = (): number => trainer.step(batch, () => 1e-3, 0.8, { lowestLayer: 0, embedding: true });
  step();
  return async () => {
    const { seconds } = await timed(() => {
      for (let i = 0; i < sizes.steps; i++) step();
    });
    return { rate: (sizes.steps * tokens) / seconds };
  };
};

interface EpochSpec extends Sizes {
  readonly shards: string;
  readonly steps: number;
}

/**
 * Seconds a token over all documents of a shard folder: loading all of an epoch's windows, and as many training
 * steps as asked for, spread over the epoch.
 */
export const languageModelEpoch: Prepare = async (spec) => {
  const sizes = spec as EpochSpec;
  const { kernels } = await loadMachine();
  const random = new Random(1);
  const { trainer, model } = makeTrainer(kernels, sizes, random);
  const source = TokenShards.open(sizes.shards);
  const documents = Int32Array.from({ length: source.documents }, (_, i) => i);
  return async () => {
    const options = { batchSize: sizes.batch, bptt: sizes.bptt, variableLength: false, backward: false };
    const loader = new StreamLoader(source, documents, options, random);
    const windows = Math.max(1, Math.floor(loader.tokensPerEpoch / (sizes.batch * sizes.bptt)));
    const every = Math.max(1, Math.floor(windows / sizes.steps));
    let [loading, training, trained, number] = [0, 0, 0, 0];
    model.reset();
    let begun = performance.now();
    loader.startEpoch();
    for (let batch = loader.next(); batch; batch = loader.next()) {
      const window = batch;
      loading += performance.now() - begun;
      if (number++ % every === 0) {
        const step = (): number => trainer.step(window, () => 1e-3, 0.8, { lowestLayer: 0, embedding: true });
        training += (await timed(step)).seconds * 1000;
        trained += window.targets.length;
      }
      begun = performance.now();
    }
    const tokens = loader.tokensPerEpoch;
    return { tokens, loading: (loading * 1e3) / tokens, training: (training * 1e3) / trained };
  };
};

function makeTrainer(kernels: Kernels, sizes: Sizes, random: Random) {
  const { vocabulary, embedding, hidden, layers } = sizes;
  const config: EncoderConfig = { kind: 'awd-lstm', vocabulary, embedding, hidden, layers, padding: 1 };
  const parameters = parametersFrom(kernels, freshLanguageModel(config, random));
  const model = new LanguageModel(kernels, config, parameters);
  const training = {
    dropouts: scaleDropouts(languageModelDropouts, 0.7),
    regularisation: { alpha: 2, beta: 1 },
    clip: 0.25,
    stateReset: 0,
  };
  return { model, trainer: new LanguageModelTrainer(kernels, model, new Adam(kernels, parameters), training, random) };
}
