import { join } from 'node:path';
import type { EncoderConfig } from '../model/config';
import { languageModelDropouts, scaleDropouts } from '../model/config';
import { freshLanguageModel, parametersFrom } from '../model/initialise';
import { LanguageModel } from '../model/language-model';
import type { Gradients } from '../model/parameters';
import { loadLanguageModel, saveLanguageModel } from '../model/language-model-files';
import { AppError } from '../../shared/errors';
import { TokenShards } from '../text/token-shards';
import { Vocabulary } from '../text/vocabulary';
import {
  loadCheckpoint,
  readOptimiser,
  readParameters,
  saveCheckpoint,
  writeOptimiser,
  writeParameters,
} from '../train/checkpoint';
import { evaluateLanguageModel, LanguageModelTrainer } from '../train/language-model-trainer';
import { Adam } from '../train/optimisers';
import { Random } from '../train/random';
import { SentenceTeacher } from '../train/sentence-teacher';
import { cosine } from '../train/schedules';
import type { StreamPosition } from '../train/stream-loader';
import { StreamLoader } from '../train/stream-loader';
import { TrainingMeter } from '../train/training-meter';
import type { FloatTensors } from '../weights/fastai-names';
import { sentenceFact } from './encoder-start';
import type { PretrainParams, PretrainResult } from './protocol';
import type { TaskContext } from './task-context';
import { seconds } from './task-context';

const checkpointEverySeconds = 120;
/** Validation, and the model as it is then, so that a long run can be watched and never leaves nothing. */
const validateEverySeconds = 1800;
const warmUpSteps = 400;
const stage = 'language-model-all';

interface PretrainState {
  readonly spent: number; // seconds of training so far
  readonly tokens: number;
  readonly steps: number;
  readonly epoch: number;
  readonly generator: readonly number[];
  readonly stream: StreamPosition;
  readonly optimiserSteps: Readonly<Record<string, number>>;
}

/** Everything a running pretraining holds. */
interface Session {
  readonly params: PretrainParams;
  readonly config: EncoderConfig;
  readonly model: LanguageModel;
  readonly optimiser: Adam;
  readonly random: Random;
  readonly loader: StreamLoader;
  readonly vocabulary: Vocabulary;
  readonly meter: TrainingMeter;
  teacher: SentenceTeacher | null;
  sentences: TokenShards | null;
  spent: number;
  tokens: number;
  steps: number;
  epoch: number;
}

/**
 * Trains a language model, from scratch or from the weights of another, on a corpus for a budget of minutes (of training, over all sittings), with
 * checkpoints, so that it can be stopped and gone on with at any time.
 */
export async function pretrain(params: PretrainParams, context: TaskContext): Promise<PretrainResult> {
  const shards = TokenShards.open(params.shardsDir);
  const vocabulary = await Vocabulary.load(join(params.shardsDir, 'vocabulary.json'));
  const checkpointFile = join(params.outDir, 'pretraining.safetensors');
  const saved = params.resume ? await loadCheckpoint<PretrainState>(checkpointFile) : null;
  const first = saved || params.startFrom === undefined ? null : await firstWeights(params.startFrom, vocabulary);
  const session = openSession(params, shards, vocabulary, first, context);
  // A run may get its teacher later than its first checkpoint; one that had it needs the projection to take it up.
  if (saved?.tensors.has('parameters/head.0.linear')) openTeacher(session, context);
  if (saved) takeUp(session, saved.state, saved.tensors);
  else session.loader.startEpoch();
  openTeacher(session, context);
  context.report({ type: 'stage', stage, stages: [stage, 'evaluate'] });
  try {
    await trainFor(session, context, () => saveCheckpoint(checkpointFile, checkpointOf(session)));
    await saveCheckpoint(checkpointFile, checkpointOf(session));
    const perplexity = await validate(session, context);
    await save(session, perplexity);
    const { outDir: modelDir } = params;
    return {
      modelDir,
      tokensSeen: session.tokens,
      epochs: session.epoch + session.loader.fraction,
      perplexity,
      seconds: session.spent,
    };
  } finally {
    session.model.reset();
    session.optimiser.dispose();
    session.model.parameters.dispose();
    session.teacher?.close();
    session.sentences?.close();
    shards.close();
  }
}

function openTeacher(session: Session, context: TaskContext): void {
  const { params, model, config } = session;
  if (!params.teacher || session.teacher) return;
  const { sentencesDir, ...teaching } = params.teacher;
  const sentences = TokenShards.open(sentencesDir);
  session.sentences = sentences;
  // A generator of its own, so that the order of the corpus does not depend on whether there is a teacher.
  session.teacher = new SentenceTeacher(context.kernels, config, model.parameters, new Random(params.seed + 1), {
    ...teaching,
    sentences,
    documents: sentences.documents,
    backward: params.backward,
  });
}

/**
 * The weights of another language model to begin with. Those of the other direction are a good start: what the rows of
 * words mean is the same read from either end.
 * @throws AppError 'model-missing', 'model-format'; 'bad-input' where its words are not those of the shards
 */
async function firstWeights(folder: string, vocabulary: Vocabulary): Promise<FloatTensors> {
  const { tensors, itos } = await loadLanguageModel(folder);
  if (itos.length === vocabulary.size && itos.every((word, id) => vocabulary.itos[id] === word)) return tensors;
  throw new AppError('bad-input', `${folder}: its ${itos.length} words are not those that the corpus was read with.`, {
    hint: 'Begin in an empty folder, so that the corpus is read with the words of that model.',
  });
}

function openSession(
  params: PretrainParams,
  shards: TokenShards,
  vocabulary: Vocabulary,
  first: FloatTensors | null,
  context: TaskContext,
): Session {
  const config: EncoderConfig = { ...params.sizes, vocabulary: vocabulary.itos.length, padding: 1 };
  const random = new Random(params.seed);
  const parameters = parametersFrom(context.kernels, first ?? freshLanguageModel(config, random));
  const model = new LanguageModel(context.kernels, config, parameters);
  const optimiser = new Adam(context.kernels, parameters, {
    beta2: 0.99,
    epsilon: 1e-7,
    weightDecay: 0,
    decoupled: true,
  });
  const documents = Int32Array.from({ length: shards.documents }, (_, i) => i);
  const { batchSize, bptt, backward } = params;
  const loader = new StreamLoader(shards, documents, { batchSize, bptt, variableLength: false, backward }, random);
  const meter = new TrainingMeter(stage, (event) => context.report(event));
  return {
    params,
    config,
    model,
    optimiser,
    random,
    loader,
    vocabulary,
    meter,
    teacher: null,
    sentences: null,
    spent: 0,
    tokens: 0,
    steps: 0,
    epoch: 0,
  };
}

async function trainFor(session: Session, context: TaskContext, checkpoint: () => Promise<void>): Promise<void> {
  const { params, loader, model } = session;
  const budget = params.minutes * 60;
  const dropouts = scaleDropouts(languageModelDropouts, params.dropMultiplier);
  const options = { dropouts, regularisation: { alpha: 0, beta: 0 }, clip: 0.4, stateReset: 0.05 };
  const trainer = new LanguageModelTrainer(context.kernels, model, session.optimiser, options, session.random);
  const lesson = lessonsOf(session);
  let lastCheckpoint = session.spent;
  let lastValidation = session.spent;
  while (session.spent < budget) {
    try {
      await context.breathe();
    } catch (error) {
      await checkpoint();
      throw error;
    }
    const began = seconds();
    const batch = loader.next();
    if (!batch) {
      session.epoch++;
      loader.startEpoch();
      model.reset();
      continue;
    }
    const learningRate = rateNow(session);
    const loss = trainer.step(batch, () => learningRate, 0.8, { lowestLayer: 0, embedding: true }, lesson?.next);
    session.spent += seconds() - began;
    session.tokens += batch.targets.length;
    session.steps++;
    const expected = Math.max(session.steps, Math.round((session.steps * budget) / session.spent));
    const epochs = (expected * loader.fraction) / session.steps + session.epoch;
    const secondsLeft = Math.max(0, budget - session.spent);
    const epoch = session.epoch + loader.fraction;
    session.meter.step({
      step: session.steps,
      steps: expected,
      epoch,
      epochs,
      loss,
      learningRate,
      momentum: 0.8,
      tokens: batch.targets.length,
      secondsLeft,
    });
    if (session.spent - lastCheckpoint > checkpointEverySeconds) {
      lastCheckpoint = session.spent;
      await checkpoint();
      if (lesson) context.report({ type: 'note', level: 'info', message: lesson.progress() });
    }
    if (session.spent - lastValidation > validateEverySeconds) {
      lastValidation = session.spent;
      await validateOnTheWay(session, context);
    }
  }
}

/** What the teacher adds to each step, and how far the student has come. */
function lessonsOf({ teacher }: Session): { next: () => Gradients; progress: () => string } | null {
  if (!teacher) return null;
  let distance = NaN; // 1 − cosine, smoothed
  return {
    next() {
      const { loss, gradients } = teacher.step();
      distance = Number.isNaN(distance) ? loss : 0.98 * distance + 0.02 * loss;
      return gradients;
    },
    progress: () => `1 − cosine to the teacher’s vectors: ${distance.toFixed(4)}`,
  };
}

async function validateOnTheWay(session: Session, context: TaskContext): Promise<void> {
  if (!session.params.validShardsDir) return;
  const carried = session.model.readState();
  await save(session, await validate(session, context));
  session.model.writeState(carried);
  context.report({ type: 'stage', stage, stages: [stage, 'evaluate'] });
}

/**
 * Warm-up, a long plateau, and a fall to nothing over the last minutes of the budget ("WSD": Hu et al. 2024, MiniCPM).
 * On the plateau a run can be stopped and given more minutes without harm; a cosine that has come down cannot. The fall
 * follows the time, so that it ends exactly when the budget does, whatever else the machine is doing.
 */
function rateNow({ params, spent, steps }: Session): number {
  const { learningRate, minutes, decayMinutes } = params;
  const warm = Math.min(1, (steps + 1) / warmUpSteps);
  const left = (minutes * 60 - spent) / (decayMinutes * 60);
  return learningRate * warm * (left >= 1 ? 1 : cosine(1e-3, 1)(Math.max(0, left)));
}

async function validate(session: Session, context: TaskContext): Promise<number | null> {
  const { validShardsDir, bptt, backward } = session.params;
  if (!validShardsDir) return null;
  context.report({ type: 'stage', stage: 'evaluate', stages: [stage, 'evaluate'] });
  const shards = TokenShards.open(validShardsDir);
  const documents = Int32Array.from({ length: shards.documents }, (_, i) => i);
  try {
    const options = { batchSize: 16, bptt, backward };
    const score = await evaluateLanguageModel(session.model, shards, documents, options, () => context.breathe());
    const { epoch, loader } = session;
    const done = epoch + loader.fraction;
    context.report({
      type: 'epoch',
      stage,
      epoch: done,
      epochs: done,
      trainLoss: session.meter.smoothedLoss,
      validLoss: score.loss,
      accuracy: score.accuracy,
      macroF1: null,
      perplexity: score.perplexity,
    });
    return score.perplexity;
  } finally {
    shards.close();
  }
}

async function save(session: Session, perplexity: number | null): Promise<void> {
  const { params, config, tokens, spent, vocabulary } = session;
  const facts = {
    tokensSeen: tokens,
    trainingMinutes: Math.round(spent / 6) / 10,
    validationPerplexity: perplexity,
    ...(params.teacher ? { [sentenceFact]: params.teacher.width } : {}),
  };
  const file = {
    format: 'thaw-language-model',
    version: 1,
    name: params.name,
    encoder: config,
    backward: params.backward,
    tokenizer: params.tokenizer,
    facts,
  } as const;
  const parameters = readParameters(session.model.parameters);
  // The projection to the teacher's vectors is no part of a language model.
  for (const key of [...parameters.keys()]) if (key.startsWith('head.')) parameters.delete(key);
  await saveLanguageModel(params.outDir, file, parameters, vocabulary.itos, 'F16');
}

function checkpointOf(session: Session) {
  const tensors = readParameters(session.model.parameters, 'parameters/');
  const optimiserSteps = readOptimiser(session.optimiser, tensors);
  session.model.readState().forEach((tensor, i) => tensors.set(`carried/${i}`, tensor));
  const state: PretrainState = {
    spent: session.spent,
    tokens: session.tokens,
    steps: session.steps,
    epoch: session.epoch,
    generator: session.random.readState(),
    stream: session.loader.readPosition(),
    optimiserSteps,
  };
  return { state, tensors };
}

function takeUp(session: Session, state: PretrainState, tensors: ReturnType<typeof checkpointOf>['tensors']): void {
  writeParameters(session.model.parameters, tensors, 'parameters/');
  writeOptimiser(session.optimiser, tensors, state.optimiserSteps);
  const carried = [...tensors].filter(([name]) => name.startsWith('carried/')).map(([, tensor]) => tensor);
  session.model.writeState(carried);
  session.random.writeState(state.generator);
  session.loader.resumeAt(state.stream);
  session.spent = state.spent;
  session.tokens = state.tokens;
  session.steps = state.steps;
  session.epoch = state.epoch;
}
