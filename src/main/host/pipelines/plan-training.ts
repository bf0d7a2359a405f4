import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {
  fitsLinearHead,
  guessedSpeeds,
  planTraining as planFrom,
  validationSeconds,
  type DataFacts,
  type Speeds,
} from '../../../engine/tasks/plan';
import { newWordShare } from '../../../engine/text/new-word-share';
import { TokenShards } from '../../../engine/text/token-shards';
import { Vocabulary } from '../../../engine/text/vocabulary';
import { AppError } from '../../../shared/errors';
import type { PlanReason } from '../../../shared/run-notes';
import type { RunOptions } from '../../../shared/run-options';
import type { TrainingPlan, TrainingRequest } from '../../../shared/training-types';
import type { OpenProject } from '../open-project';
import { languageMismatch } from '../language-check';
import { sentenceVectorsOf, startingModels } from '../pretrained';
import { runTokenizer } from '../run-tokenizer';
import type { HostServices } from '../services';
import { dataWarnings } from './data-warnings';
import { knownSpeeds, overheadsOf, speedKey, timeSpeeds, withOverheads } from './time-run';
import { directionsOf } from './train-passes';

/** Rows looked at for an estimate, in pages from all over the data. */
const pages = 10;
const pageRows = 100;
/** About a tenth each is held out for validation and for the test. */
const trainShare = 0.8;

/** Words of the texts of a sample grow to those of all texts about like this (Heaps' law). */
const vocabularyGrowth = 0.55;
const mostWords = 60_000;

/**
 * What a run would do and how long it would take, from a sample of the rows; the run itself plans from all of them.
 * @param timed a few training steps are timed for it, and all that a run does besides training is counted
 */
export async function planTraining(
  services: HostServices,
  project: OpenProject,
  request: TrainingRequest,
  timed = false,
): Promise<TrainingPlan> {
  const { rows, labelled } = project.store.inUse();
  if (rows === 0)
    throw new AppError('no-rows', 'The project has no rows yet.', {
      hint: 'Import a file first.',
      says: { sentence: 'noRows' },
    });
  const starting = await startingModels(request);
  const folders = [starting.forward, starting.backward].filter((folder) => folder !== null);
  // Models of one run share a vocabulary, so the first stands for all in what is measured of the texts.
  const labels = project.store.labels().filter((label) => label.count > 0);
  const texts = `${project.path} ${rows} ${project.sources.length}`;
  const key = speedKey(request, texts);
  let speeds = timed ? knownSpeeds(services, key) : null;
  // While something trains, neither would be timed rightly.
  const mayTime = timed && speeds === null && services.queue.current() === null;
  const sample = await measureSample(services, project, rows, folders[0] ?? null, request.options, async (found) => {
    if (!mayTime) return;
    speeds = await timeSpeeds(services, key, request, {
      ...found,
      pretrained: folders[0] ?? null,
      labels: labels.length < 2 ? ['a', 'b'] : labels.map(({ name }) => name),
      multiLabel: (await project.store.columnChoice())?.multiLabel ?? false,
    });
  });
  const directions = directionsOf(request);
  const facts = await Promise.all(
    directions.map((direction) =>
      factsOf(sample, { rows, labelled, classes: labels.length }, starting[direction], request.options),
    ),
  );
  const tokenizeSeconds = (sample.seconds * rows) / Math.max(1, sample.documents);
  // What a linear head takes is next to nothing beside the rest of the job.
  const isWhole = timed || facts.some((own) => fitsLinearHead(own, request));
  const plan = planAll(facts, request, speeds, isWhole ? { rows, labelled, tokenizeSeconds } : null);
  return {
    ...plan,
    reasons: [...plan.reasons, estimateReason(sample.documents, rows, speeds)],
    warnings: [...(plan.warnings ?? []), ...(await dataWarnings(project, request, plan))],
    ...(timed ? { timed: speeds !== null } : {}),
    languageMismatch: await languageMismatch(folders, sample.texts, request.options),
  };
}

/** What the whole job is about, for what it does besides training. */
interface JobFacts {
  readonly rows: number;
  readonly labelled: number;
  readonly tokenizeSeconds: number;
}

/** The plan of all models of a run. @param job null: without what it does besides training */
function planAll(
  all: readonly DataFacts[],
  request: TrainingRequest,
  timed: Speeds | null,
  job: JobFacts | null,
): TrainingPlan {
  const speeds = timed ?? guessedSpeeds;
  const own = withShare(request, all.length);
  const [first] = all;
  if (!first) throw new AppError('internal', 'A run reads in no direction.');
  const { maxLength } = planFrom(first, own, speeds);
  const overheads =
    job &&
    overheadsOf(first, speeds, maxLength, { ...job, models: all.length, hasBudget: request.minutes !== undefined });
  const outside = overheads ? (overheads.tokenize + overheads.baseline + overheads.predict) / all.length : 0;
  const budget = { outside, askedMinutes: request.minutes };
  const plans = all.map((facts) => planFrom(facts, own, speeds, budget));
  const validation = plans.reduce((sum, plan, k) => sum + validationSeconds(plan, all[k] ?? first, speeds), 0);
  const plan = together(plans);
  return overheads ? withOverheads(plan, overheads, validation) : plan;
}

async function factsOf(
  sample: Sample,
  { rows, labelled, classes }: { readonly rows: number; readonly labelled: number; readonly classes: number },
  pretrained: string | null,
  options: RunOptions,
): Promise<DataFacts> {
  const documents = Math.max(1, Math.round(labelled * trainShare));
  return {
    languageModelTokens: Math.round(rows * meanWithin(sample.lengths)),
    documents,
    tokensWithin: (most) => Math.round(documents * meanWithin(sample.lengths, most)),
    longest: Math.max(1, ...sample.lengths),
    validDocuments: Math.max(1, Math.round((labelled * (1 - trainShare)) / 2)),
    classes,
    newWords: sample.newWords,
    newWordShare: sample.newWordShare,
    vocabulary: sample.vocabulary,
    pretrained: pretrained !== null,
    sentenceVectors: await sentenceVectorsOf(pretrained, options),
  };
}

/** The plans of models that are trained one after the other, as one. */
function together(plans: readonly TrainingPlan[]): TrainingPlan {
  const [first] = plans;
  if (!first) throw new AppError('internal', 'A run reads in no direction.');
  if (plans.length === 1) return first;
  const seconds = plans.reduce((sum, plan) => sum + plan.seconds, 0);
  const reasons: TrainingPlan['reasons'] = [...plans.flatMap((plan) => plan.reasons), { code: 'both-directions' }];
  return {
    ...first,
    stages: plans.flatMap(({ stages }) => stages),
    seconds,
    reasons: withoutDoubles(reasons),
    warnings: withoutDoubles(plans.flatMap(({ warnings = [] }) => warnings)),
  };
}

/** Models of one run have most of their notes in common. */
function withoutDoubles<T>(notes: readonly T[]): T[] {
  return [...new Map(notes.map((note) => [JSON.stringify(note), note])).values()];
}

/** What an estimate rests on. @param speeds those that were timed; null: the usual ones */
function estimateReason(texts: number, of: number, speeds: Speeds | null): PlanReason {
  if (speeds === null) return { code: 'estimated-usual', texts, of };
  const [languageModel, classifier] = [Math.round(speeds.languageModel), Math.round(speeds.classifier)];
  return { code: 'estimated-timed', texts, of, languageModel, classifier };
}

/** Each of the models gets its part of the budget. */
function withShare(request: TrainingRequest, models: number): TrainingRequest {
  return request.minutes === undefined ? request : { ...request, minutes: request.minutes / models };
}

/** The mean of lengths that are cut after `most`. */
function meanWithin(lengths: readonly number[], most = Infinity): number {
  return lengths.reduce((sum, length) => sum + Math.min(most, length), 0) / Math.max(1, lengths.length);
}

interface Sample {
  readonly texts: readonly string[];
  /** That cutting them into words took. */
  readonly seconds: number;
  readonly documents: number;
  readonly lengths: readonly number[]; // in tokens
  readonly vocabulary: number;
  readonly newWords: number;
  readonly newWordShare: number;
}

async function measureSample(
  services: HostServices,
  project: OpenProject,
  rows: number,
  pretrained: string | null,
  options: RunOptions,
  use: (sample: { shardsDir: string; documents: number; vocabulary: number }) => Promise<void>,
): Promise<Sample> {
  const texts: string[] = [];
  const step = Math.max(pageRows, Math.floor(rows / pages));
  for (let offset = 0; offset < rows && texts.length < pages * pageRows; offset += step) {
    texts.push(...(await project.store.page({}, offset, pageRows)).rows.map((row) => row.text));
  }
  const known = pretrained === null ? null : await Vocabulary.load(path.join(pretrained, 'vocabulary.json'));
  // Sub-words that are still to be learned are estimated by words.
  const { language, model } = await runTokenizer(options, pretrained === null ? [] : [pretrained], texts);
  const folder = await mkdtemp(path.join(os.tmpdir(), 'thaw-plan-'));
  try {
    const dir = path.join(folder, 'text');
    const begun = performance.now();
    const { vocabulary, documents } = await services.pool.buildShards(inOneBatch(texts), {
      dir,
      tokenizer: model === null ? { language } : { language, model },
      vocabulary:
        known && model !== null
          ? known
          : { maxSize: 60_000, minCount: 2, ...(known ? { keep: new Set(known.itos) } : {}) },
    });
    const seconds = (performance.now() - begun) / 1000;
    const growth = (rows / Math.max(1, documents)) ** vocabularyGrowth;
    const words = Math.min(Math.max(mostWords, vocabulary.size), Math.round(vocabulary.size * growth));
    await use({ shardsDir: dir, documents, vocabulary: words });
    const shards = TokenShards.open(dir);
    const lengths = Array.from({ length: documents }, (_, i) => shards.length(i));
    const isNew = Uint8Array.from(vocabulary.itos, (word) => Number(known?.has(word) === false));
    const newWords = isNew.reduce((sum, each) => sum + each, 0);
    const every = Int32Array.from({ length: documents }, (_, i) => i);
    const share = newWordShare(shards, every, isNew);
    shards.close();
    return {
      texts,
      seconds,
      documents,
      lengths,
      vocabulary: vocabulary.size,
      newWords,
      newWordShare: share,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function* inOneBatch(texts: readonly string[]): AsyncGenerator<readonly (readonly string[])[]> {
  yield texts.map((text) => [text]);
}
