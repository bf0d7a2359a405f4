import type { StageId } from '../../shared/jobs';
import { rowCount, type LabelCsr } from '../evaluate/label-csr';
import type { Classifier } from '../model/classifier';
import { outputWidths } from '../model/config';
import { concatParts } from '../model/pooling';
import { forEachDocument } from '../train/classifier-steps';
import type { DocumentLoader } from '../train/document-loader';
import { fitLinearHead, type HeldOutLogits, type LinearHead } from '../train/linear-head';
import type { PooledColumns } from '../train/pooled-rows';
import type { PlannedStage } from '../train/stage-work';
import type { TrainParams } from './protocol';
import type { TaskContext } from './task-context';
import { seconds } from './task-context';
import type { WatchedClassifierWork } from './watched-classifier';

/** The stage of a classifier that nothing thaws in. */
export const linearStage = 'classifier-linear' satisfies StageId;

/** A classifier whose head is one linear layer with biases, and what it learns from. */
export interface LinearHeadParts {
  readonly classifier: Classifier;
  readonly work: WatchedClassifierWork;
  readonly trainLoader: DocumentLoader;
  readonly trainLabels: LabelCsr;
  /** How many times as frequent each class is where the model will be used; null: as frequent. // [classes] */
  readonly classWeights: Float32Array | null;
  readonly params: TrainParams;
  readonly stage: PlannedStage;
  readonly track: readonly StageId[];
}

/**
 * Fits the head of a classifier to what its encoder, as it is, makes of the training texts. It takes seconds, so a run that is
 * taken up again does it anew.
 * @returns what its folds say of training texts that they have not learned from; null: these are too few
 */
export async function trainLinearHead(parts: LinearHeadParts, context: TaskContext): Promise<HeldOutLogits | null> {
  const { classifier, work, trainLabels, params, stage } = parts;
  context.report({ type: 'stage', stage: stage.stage, stages: [...parts.track] });
  const pooled = await poolTexts(parts, context);
  const texts = { pooled, labels: trainLabels, classes: params.labels.length, multiLabel: params.multiLabel };
  const breathe = (): Promise<void> => context.breathe();
  const options = { seed: params.request.seed, breathe };
  const head = await fitLinearHead(context.kernels, texts, pooledColumns(classifier), options);
  const shift = shiftOf(parts);
  putHead(classifier, head, shift);
  const { figures } = await work.validate(stage);
  context.report({ type: 'epoch', stage: stage.stage, epoch: 1, epochs: 1, trainLoss: head.loss, ...figures });
  const { heldOut } = head;
  return heldOut && { ...heldOut, logits: shifted(heldOut.logits, shift) };
}

/**
 * What class weights add to the logits. Odds of a class times its weight are what other shares of the classes ask for (Saerens et
 * al. 2002). Of a label that none or all of the texts have nothing is known that could be weighed. // [classes]
 */
function shiftOf({ classWeights, trainLabels, params }: LinearHeadParts): Float32Array {
  const counts = new Float32Array(params.labels.length);
  for (const label of trainLabels.labels) counts[label] = (counts[label] ?? 0) + 1;
  const texts = rowCount(trainLabels);
  return counts.map((count, c) => (count === 0 || count === texts ? 0 : Math.log(classWeights?.[c] ?? 1)));
}

/** The pooled vectors of the training texts, with progress. // [texts, width] */
function poolTexts({ classifier, trainLoader, trainLabels, stage }: LinearHeadParts, context: TaskContext) {
  const total = rowCount(trainLabels);
  const began = seconds();
  let done = 0;
  return forEachDocument(
    trainLoader,
    classifier.head.widths[0] ?? 0,
    (batch) => {
      done += batch.documents;
      return classifier.pooled(batch);
    },
    async () => {
      const secondsLeft = ((seconds() - began) * (total - done)) / Math.max(1, done);
      context.report({ type: 'count', stage: stage.stage, done, total, unit: 'texts', secondsLeft });
      await context.breathe();
    },
  );
}

/** What the pooled vectors of a classifier are made of, in order. */
function pooledColumns({ config, head: { pooling = concatParts, pooledOutputs = 1 } }: Classifier): PooledColumns[] {
  return outputWidths(config, pooledOutputs).flatMap((width) => pooling.map((part) => ({ part, width })));
}

/** @param shift of the logits, which a bias says exactly // [classes] */
function putHead(classifier: Classifier, head: LinearHead, shift: Float32Array): void {
  const { parameters, statistics } = classifier;
  const { means, variances, scales, weights, biases } = head;
  statistics.means[0]?.set(means);
  statistics.variances[0]?.set(variances);
  parameters.write('head.0.norm.weight', scales);
  parameters.write('head.0.norm.bias', new Float32Array(scales.length));
  parameters.write('head.0.linear', weights);
  parameters.write('head.0.bias', shifted(biases, shift));
}

/** Logits of rows, each label's moved by its shift. */
function shifted(logits: Float32Array, shift: Float32Array): Float32Array {
  return logits.map((logit, at) => logit + (shift[at % shift.length] ?? 0));
}
