import { join } from 'node:path';
import type { RateCurve } from '../../shared/training-types';
import { TokenShards } from '../text/token-shards';
import { Vocabulary } from '../text/vocabulary';
import { LanguageModelWork } from '../train/language-model-work';
import { suggestRates } from '../train/rate-suggestions';
import type { RateRange, RateSweep } from '../train/rate-sweep';
import { sweepRates } from '../train/rate-sweep';
import type { PlannedStage, StageWork } from '../train/stage-work';
import { TrainingMeter } from '../train/training-meter';
import { languageModelParts, languageModelStart } from './fine-tune-language-model';
import { guessedSpeeds, planTraining } from './plan';
import type { FindRateParams } from './protocol';
import type { TaskContext } from './task-context';
import { dataFacts } from './train';
import { classifierWork } from './train-classifier';

/** Steps that the head takes before the classifier's sweep: with a random head every rate looks alike at first. */
const headSteps = 200;

/**
 * Sweeps the learning rate of a run's language model or classifier, everything unfrozen, and suggests rates. Models on
 * disk are only read.
 */
export async function findRate(params: FindRateParams, context: TaskContext): Promise<RateCurve> {
  const { train, range } = params;
  const shards = TokenShards.open(train.shardsDir);
  try {
    const { itos } = await Vocabulary.load(join(train.shardsDir, 'vocabulary.json'));
    const start = await languageModelStart(train, itos);
    const sweep =
      params.part === 'language-model'
        ? await sweepLanguageModel(params, { start, shards }, context)
        : await sweepClassifier(params, { start, shards }, context);
    const suggestions = suggestRates(sweep.points, range.steps);
    return { part: params.part, points: [...sweep.points], diverged: sweep.diverged, suggestions };
  } finally {
    shards.close();
  }
}

interface Inputs {
  readonly start: Awaited<ReturnType<typeof languageModelStart>>;
  readonly shards: TokenShards;
}

async function sweepLanguageModel(
  { train, range }: FindRateParams,
  { start, shards }: Inputs,
  context: TaskContext,
): Promise<RateSweep> {
  const parts = languageModelParts(train, start, shards, context);
  const work = new LanguageModelWork(parts);
  try {
    const stage: PlannedStage = { stage: 'language-model-all', epochs: 1, learningRate: range.to, seconds: 0 };
    await work.begin();
    return await sweep(work, stage, range, context);
  } finally {
    parts.model.reset();
    parts.optimiser.dispose();
    parts.model.parameters.dispose();
  }
}

async function sweepClassifier(
  { train, range }: FindRateParams,
  { start, shards }: Inputs,
  context: TaskContext,
): Promise<RateSweep> {
  const plan = planTraining(dataFacts(train, start, shards), train.request, guessedSpeeds);
  const { classifier, work } = classifierWork(train, start, shards, { ...plan, lastStage: 'classifier-all' }, context);
  try {
    const rate = 2.5 * (plan.stages.find(({ stage }) => stage === 'classifier-all')?.learningRate ?? 4e-3);
    const head: PlannedStage = { stage: 'classifier-head', epochs: 1, learningRate: rate, seconds: 0 };
    await work.begin(head);
    for (let step = 0; step < headSteps; step++) {
      await context.breathe();
      work.step(head, { position: step / headSteps, steps: headSteps, rateFactor: 1 });
    }
    await work.end();
    const all: PlannedStage = { ...head, stage: 'classifier-all' };
    await work.begin(all);
    return await sweep(work, all, range, context);
  } finally {
    work.dispose();
    classifier.parameters.dispose();
  }
}

function sweep(
  work: StageWork<unknown>,
  stage: PlannedStage,
  range: RateRange,
  context: TaskContext,
): Promise<RateSweep> {
  context.report({ type: 'stage', stage: 'find-rate', stages: ['find-rate'] });
  const meter = new TrainingMeter('find-rate', (event) => context.report(event));
  const { steps } = range;
  return sweepRates(work, stage, range, async (result, step) => {
    const left = { epoch: step / steps, epochs: 1, secondsLeft: null };
    meter.step({ step, steps, ...result, ...left });
    await context.breathe();
  });
}
