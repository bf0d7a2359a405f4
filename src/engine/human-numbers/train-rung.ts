import { AppError } from '../../shared/errors';
import type { Kernels } from '../kernels/kernels';
import type { EncoderConfig } from '../model/config';
import { freshEncoder, parametersFrom } from '../model/initialise';
import { Adam } from '../train/optimisers';
import { Random } from '../train/random';
import { oneCycle } from '../train/schedules';
import type { FloatTensors } from '../weights/fastai-names';
import { lstmCell, reluCell, tanhCell } from './cells';
import { humanNumbers } from './corpus';
import { LanguageModelRung } from './language-model-rung';
import type { RungModel } from './rung-model';
import type { Rung, RungName } from './rungs';
import { rungs, rungWidth } from './rungs';
import type { SectionBatch } from './sections';
import { sections } from './sections';
import { freshStepModel, StepModel } from './step-model';
import { ThreeTokenModel } from './three-token-model';
import { torchDecoder, torchEmbedding } from './torch-weights';

/** How good a rung is on validation: losses in nats a token. */
export interface RungEpoch {
  readonly epoch: number;
  readonly trainLoss: number;
  readonly loss: number;
  readonly accuracy: number;
}

export interface RungResult {
  readonly rung: RungName;
  readonly accuracy: number;
  readonly loss: number;
  /** Of training and validation, without what came before. */
  readonly seconds: number;
  readonly epochs: number;
  readonly seed: number;
  readonly history: readonly RungEpoch[];
}

/** Who wants to know how it goes on; both may throw to stop the training. */
export interface RungFollower {
  /** Called every few batches. */
  breathe(): Promise<void>;
  afterEpoch(epoch: RungEpoch, epochs: number): void;
}

/** So many batches are trained without a breath: each is some milliseconds. */
const batchesPerBreath = 10;

const cells = { relu: reluCell, tanh: tanhCell, lstm: lstmCell } as const;

/**
 * Trains one rung from scratch and validates it after each epoch, the state forgotten before every epoch and before
 * each validation (fastai's `ModelResetter`).
 * @throws AppError 'not-a-number'
 */
export async function trainRung(
  kernels: Kernels,
  name: RungName,
  options: { readonly seed: number; readonly epochs?: number | undefined },
  follower: RungFollower,
): Promise<RungResult> {
  const rung = rungs[name];
  const random = new Random(options.seed);
  const { ids, itos } = humanNumbers();
  const { valid } = sections(ids, rung.sectioning);
  const { train } = sections(ids, rung.trainSectioning ?? rung.sectioning);
  const model = makeRung(kernels, rung, itos.length, random);
  const { weightDecay } = rung;
  const optimiser = new Adam(kernels, model.parameters, { beta2: 0.99, epsilon: 1e-5, weightDecay, decoupled: true });
  const epochs = options.epochs ?? rung.epochs;
  const cycle = oneCycle(rung.learningRate, rung.cycle);
  const history: RungEpoch[] = [];
  const began = performance.now();
  try {
    for (let epoch = 0; epoch < epochs; epoch++) {
      model.reset();
      let trainLoss = 0;
      for (const [i, batch] of train.entries()) {
        if (i % batchesPerBreath === 0) await follower.breathe();
        const position = (epoch + i / train.length) / epochs;
        const { loss, gradients } = model.trainStep(batch);
        if (!Number.isFinite(loss)) throw notANumber(name, epoch);
        optimiser.step(gradients, () => cycle.rate(position), cycle.momentum(position));
        trainLoss += loss / train.length;
      }
      const figures = { epoch: epoch + 1, trainLoss, ...validate(model, valid) };
      history.push(figures);
      follower.afterEpoch(figures, epochs);
    }
    const seconds = (performance.now() - began) / 1000;
    const { accuracy, loss } = history.at(-1)!;
    return { rung: name, accuracy, loss, seconds, epochs, seed: options.seed, history };
  } finally {
    model.reset();
    optimiser.dispose();
    model.parameters.dispose();
  }
}

/** A rung with first weights as torch draws them. The caller resets it and disposes its parameters. */
export function makeRung(kernels: Kernels, rung: Rung, vocabulary: number, random: Random): RungModel {
  const { model } = rung;
  if (model.form === 'language-model') {
    const config: EncoderConfig = {
      kind: model.kind,
      vocabulary,
      embedding: rungWidth,
      hidden: rungWidth,
      layers: 2,
      padding: -1, // there is none
    };
    const parameters = parametersFrom(kernels, freshLanguageModel(config, model.regularisation.tied, random));
    return new LanguageModelRung(kernels, config, parameters, model.regularisation, random);
  }
  const sizes =
    model.form === 'three-token'
      ? { vocabulary, hidden: rungWidth, layers: 1, cell: reluCell, shared: true, carries: false }
      : { vocabulary, hidden: rungWidth, ...model, cell: cells[model.cell], shared: model.cell === 'relu' };
  const parameters = parametersFrom(kernels, freshStepModel(sizes, random));
  return model.form === 'three-token'
    ? new ThreeTokenModel(kernels, parameters)
    : new StepModel(kernels, sizes, parameters);
}

function freshLanguageModel(config: EncoderConfig, tied: boolean, random: Random): FloatTensors {
  const { vocabulary, embedding } = config;
  const tensors = freshEncoder({ ...config, padding: 0 }, random);
  // torch draws both biases of a layer; here they are their sum.
  for (const [name, { data }] of tensors) {
    if (/bias/i.test(name)) data.forEach((_, i) => (data[i] = uniform(random) + uniform(random)));
  }
  tensors.set('embedding', torchEmbedding(vocabulary, embedding, random));
  const decoder = torchDecoder(vocabulary, embedding, random);
  if (tied) decoder.delete('decoder.weight');
  return new Map([...tensors, ...decoder]);
}

/** One of torch's first values of a recurrent layer. */
function uniform(random: Random): number {
  return (2 * random.uniform() - 1) / Math.sqrt(rungWidth);
}

function validate(model: RungModel, batches: readonly SectionBatch[]): { loss: number; accuracy: number } {
  model.reset();
  let [loss, correct, targets] = [0, 0, 0];
  for (const batch of batches) {
    const measured = model.evaluate(batch);
    loss += measured.loss;
    correct += measured.correct;
    targets += batch.targets.length;
  }
  return { loss: loss / targets, accuracy: correct / targets };
}

function notANumber(rung: RungName, epoch: number): AppError {
  return new AppError(
    'not-a-number',
    `The loss of the rung "${rung}" is not a finite number any more in epoch ${epoch + 1}.`,
    {
      hint: 'Try another seed.',
      data: { rung, epoch },
    },
  );
}
