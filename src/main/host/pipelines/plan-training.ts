import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { guessedSpeeds, planTraining as planFrom, type DataFacts } from '../../../engine/tasks/plan';
import { TokenShards } from '../../../engine/text/token-shards';
import { Vocabulary } from '../../../engine/text/vocabulary';
import { AppError } from '../../../shared/errors';
import type { RunOptions } from '../../../shared/run-options';
import type { TrainingPlan, TrainingRequest } from '../../../shared/training-types';
import type { OpenProject } from '../open-project';
import { pretrainedFolder } from '../pretrained';
import { runTokenizer } from '../run-tokenizer';
import type { HostServices } from '../services';

/** Rows looked at for an estimate, in pages from all over the data. */
const pages = 10;
const pageRows = 100;
/** About a tenth each is held out for validation and for the test. */
const trainShare = 0.8;

/** What a run would do and how long it would take, from a sample of the rows; the run itself plans from all of them. */
export async function planTraining(
  services: HostServices,
  project: OpenProject,
  request: TrainingRequest,
): Promise<TrainingPlan> {
  const { rows, labelled } = project.store.counts();
  if (rows === 0) throw new AppError('no-rows', 'The project has no rows yet.', { hint: 'Import a file first.' });
  const pretrained = await pretrainedFolder(request);
  const sample = await measureSample(services, project, rows, pretrained, request.options);
  const documents = Math.max(1, Math.round(labelled * trainShare));
  const facts: DataFacts = {
    languageModelTokens: Math.round(rows * sample.meanTokens),
    documents,
    tokens: Math.round(documents * sample.meanTokens),
    longest: sample.longest,
    validDocuments: Math.max(1, Math.round((labelled * (1 - trainShare)) / 2)),
    classes: project.store.labels().filter((label) => label.count > 0).length,
    newWords: sample.newWords,
    vocabulary: sample.vocabulary,
    pretrained: pretrained !== null,
  };
  const plan = planFrom(facts, request, guessedSpeeds);
  const estimated = `Estimated from ${sample.documents} of ${rows} texts and the usual speed of two cores; the run measures both.`;
  return { ...plan, reasons: [...plan.reasons, estimated] };
}

interface Sample {
  readonly documents: number;
  readonly meanTokens: number;
  readonly longest: number;
  readonly vocabulary: number;
  readonly newWords: number;
}

async function measureSample(
  services: HostServices,
  project: OpenProject,
  rows: number,
  pretrained: string | null,
  options: RunOptions,
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
    const { vocabulary, documents, tokens } = await services.pool.buildShards(inOneBatch(texts), {
      dir,
      tokenizer: model === null ? { language } : { language, model },
      vocabulary:
        known && model !== null
          ? known
          : { maxSize: 60_000, minCount: 2, ...(known ? { keep: new Set(known.itos) } : {}) },
    });
    const shards = TokenShards.open(dir);
    let longest = 1;
    for (let i = 0; i < documents; i++) longest = Math.max(longest, shards.length(i));
    shards.close();
    const newWords = known ? vocabulary.itos.filter((word) => !known.has(word)).length : 0;
    return { documents, meanTokens: tokens / Math.max(1, documents), longest, vocabulary: vocabulary.size, newWords };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function* inOneBatch(texts: readonly string[]): AsyncGenerator<readonly (readonly string[])[]> {
  yield texts.map((text) => [text]);
}
