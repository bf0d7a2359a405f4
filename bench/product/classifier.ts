import type { Kernels } from '../../src/engine/kernels/kernels';
import { Classifier } from '../../src/engine/model/classifier';
import { classifierDropouts, type EncoderConfig } from '../../src/engine/model/config';
import { padDocuments } from '../../src/engine/model/document-batch';
import { freshEncoder, freshHead, parametersFrom } from '../../src/engine/model/initialise';
import { drawMasks } from '../../src/engine/model/masks';
import { saveClassifier } from '../../src/engine/model/classifier-files';
import { Predictor } from '../../src/engine/tasks/predict';
import { crossEntropy } from '../../src/engine/train/losses';
import { Adam } from '../../src/engine/train/optimisers';
import { Random } from '../../src/engine/train/random';
import { SPECIAL_TOKENS } from '../../src/engine/text/special-tokens';
import { readIds } from '../ids-file';
import { loadMachine } from './machine';
import { timed, type Prepare } from './serve';

/** Sizes of a classifier's encoder. */
interface Sizes {
  readonly vocabulary: number;
  readonly embedding: number;
  readonly hidden: number;
  readonly layers: number;
}

interface TrainSpec extends Sizes {
  readonly documents: number;
  readonly length: number;
  readonly steps: number;
}

const bptt = 72;
const maxLength = bptt * 20;
const headDropouts = [0.4, 0.1];

/** Training steps of all layers on random documents of one length: documents a second. */
export const trainClassifier: Prepare = async (spec) => {
  const { documents, length, steps, ...sizes } = spec as TrainSpec;
  const { kernels: k } = await loadMachine();
  const random = new Random(1);
  const classifier = freshClassifier(k, sizes, random);
  const optimiser = new Adam(k, classifier.parameters);
  const texts = Array.from({ length: documents }, () =>
    Int32Array.from({ length }, () => 9 + random.below(sizes.vocabulary - 9)),
  );
  const labels = Int32Array.from({ length: documents }, () => random.below(2));
  const step = (): void => {
    const batch = padDocuments(texts, bptt, 1);
    const { gradients } = k.scope(() => {
      const encoder = drawMasks(k, classifier.config, classifierDropouts, documents, () => random.seedPair());
      const head = headDropouts.map((p, i) =>
        k.dropoutMask([documents, classifier.head.widths[i] ?? 0], p, random.seedPair()),
      );
      return classifier.trainStep(batch, { encoder, head }, { lowestLayer: 0, embedding: true }, (logits) =>
        crossEntropy(logits, labels, 2, {}),
      );
    });
    optimiser.step(gradients, () => 1e-3, 0.8);
  };
  step();
  return async () => {
    const { seconds } = await timed(() => {
      for (let i = 0; i < steps; i++) step();
    });
    return { rate: (steps * documents) / seconds };
  };
};

interface PredictSpec extends Sizes {
  readonly file: string;
  readonly folder: string;
}

/** Prediction of documents of many lengths with a saved classifier, as the training worker does it: documents a second. */
export const predictClassifier: Prepare = async (spec) => {
  const { file, folder, ...sizes } = spec as PredictSpec;
  const { kernels } = await loadMachine();
  await saveFresh(kernels, sizes, folder);
  const predictor = new Predictor(kernels);
  const { ids, offsets } = readIds(file);
  await predictor.predict(folder, ids.subarray(0, offsets[1]), offsets.subarray(0, 2));
  return async () => {
    const { seconds } = await timed(() => predictor.predict(folder, ids, offsets));
    return { rate: (offsets.length - 1) / seconds };
  };
};

/** Writes a classifier with random weights to a folder. */
export const saveRandomClassifier: Prepare = async (spec) => {
  const { folder, ...sizes } = spec as Sizes & { readonly folder: string };
  const { kernels } = await loadMachine();
  return async () => {
    await saveFresh(kernels, sizes, folder);
    return {};
  };
};

/** Writes a classifier with random weights to a folder: for speed its answers do not matter. */
async function saveFresh(kernels: Kernels, sizes: Sizes, folder: string): Promise<void> {
  const classifier = freshClassifier(kernels, sizes, new Random(1));
  const itos = Array.from({ length: sizes.vocabulary }, (_, id) => SPECIAL_TOKENS[id] ?? `word${id}`);
  await saveClassifier(
    folder,
    {
      format: 'thaw-classifier',
      version: 1,
      encoder: classifier.config,
      head: { widths: [...classifier.head.widths] },
      labels: ['neg', 'pos'],
      multiLabel: false,
      temperature: 1,
      thresholds: null,
      tokenizer: { language: 'en' },
      bptt,
      maxTokens: null,
      poolTokens: maxLength,
      backward: false,
      // Models that were imported may predict without the notes of a training.
      facts: { imported: 'bench' },
    },
    classifier,
    itos,
  );
  classifier.parameters.dispose();
}

function freshClassifier(kernels: Kernels, sizes: Sizes, random: Random): Classifier {
  const encoder: EncoderConfig = { kind: 'awd-lstm', padding: 1, ...sizes };
  const head = { widths: [3 * sizes.embedding, 50, 2] };
  const tensors = new Map([...freshEncoder(encoder, random), ...freshHead(head, random)]);
  return new Classifier(kernels, { encoder, head, bptt, maxLength }, parametersFrom(kernels, tensors));
}
