import type { StageId } from '../../shared/jobs';
import { rowCount, type LabelCsr } from '../evaluate/label-csr';
import type { Classifier } from '../model/classifier';
import { outputWidths } from '../model/config';
import { concatParts } from '../model/pooling';
import { forEachDocument } from '../train/classifier-steps';
import type { DocumentLoader } from '../train/document-loader';
import { fitLinearHead, type LinearHead, type PooledColumns } from '../train/linear-head';
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
 */
export async function trainLinearHead(parts: LinearHeadParts, context: TaskContext): Promise<void> {
  const { classifier, work, trainLabels, params, stage } = parts;
  context.report({ type: 'stage', stage: stage.stage, stages: [...parts.track] });
  const pooled = await poolTexts(parts, context);
  const texts = { pooled, labels: trainLabels, classes: params.labels.length, multiLabel: params.multiLabel };
  const breathe = (): Promise<void> => context.breathe();
  const options = { seed: params.request.seed, breathe };
  const head = await fitLinearHead(context.kernels, texts, pooledColumns(classifier), options);
  putHead(classifier, head, parts.classWeights);
  const { figures } = await work.validate(stage);
  context.report({ type: 'epoch', stage: stage.stage, epoch: 1, epochs: 1, trainLoss: head.loss, ...figures });
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

/** Odds of a class times its weight are what other shares of the classes ask for (Saerens et al. 2002): a bias says it exactly. */
function putHead(classifier: Classifier, head: LinearHead, classWeights: Float32Array | null): void {
  const { parameters, statistics } = classifier;
  const { means, variances, scales, weights, biases } = head;
  statistics.means[0]?.set(means);
  statistics.variances[0]?.set(variances);
  parameters.write('head.0.norm.weight', scales);
  parameters.write('head.0.norm.bias', new Float32Array(scales.length));
  parameters.write('head.0.linear', weights);
  parameters.write('head.0.bias', classWeights ? biases.map((bias, c) => bias + Math.log(classWeights[c] ?? 1)) : biases);
}
