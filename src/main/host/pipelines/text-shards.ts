import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { SentencePieceModel } from '../../../engine/text/sentencepiece/sentencepiece-model';
import { subwordVocabulary } from '../../../engine/text/sentencepiece/subword-vocabulary';
import { type TokenizerFile } from '../../../engine/text/tokenizer-file';
import { SENTENCEPIECE_FILE } from '../../../engine/text/sentencepiece/sentencepiece-model';
import { Vocabulary } from '../../../engine/text/vocabulary';
import type { TextSnapshot } from '../../../engine/store/text-snapshot';
import { writeJsonAtomic } from '../../../engine/weights/atomic-write';
import { noteEvent } from '../../../shared/note-words';
import type { RunOptions } from '../../../shared/run-options';
import type { BuiltShards } from '../../workers/tokenization-build';
import { followTokenizing } from '../follow-tokenizing';
import type { JobControl } from '../job-control';
import { readJson } from '../json-file';
import type { OpenProject } from '../open-project';
import type { HostServices } from '../services';
import { learnSubwords } from '../learn-subwords';
import { fingerprint, runTokenizer } from '../run-tokenizer';

/** Rows read from the store at a time. */
const batchRows = 2000;
/** fastai's limits: at most so many words, each seen at least twice; or so many sub-words. */
const usualLimits = { words: 60_000, sentencepiece: 30_000, minCount: 2 } as const;

const stampSchema = z.object({
  rows: z.number(),
  sources: z.string(), // hash of what was imported
  language: z.string(),
  maxSize: z.number(),
  minCount: z.number(),
  keep: z.string(), // hash of the pretrained vocabulary, '' for none
  kind: z.enum(['words', 'sentencepiece']).default('words'),
  pieces: z.string().default(''), // fingerprint of the pretrained sub-words; '' for words, and for those learned here
  texts: z.number().default(0), // counts the changes of texts since they were imported
});
/** What the shards were made from: while it is the same, they can be used again. */
export type ShardsStamp = z.infer<typeof stampSchema>;

/** The token shards of all rows; document d is row d. */
export interface ProjectShards {
  readonly folder: string;
  readonly stamp: ShardsStamp;
  readonly documents: number;
}

/**
 * Tokenizes all rows into the project's `text/` folder, or takes what is there where nothing has changed. All texts are
 * those of one moment: what is edited while a run reads is for the next run.
 * @param pretrained language models whose words the vocabulary keeps, or whose sub-words are used
 */
export async function ensureShards(
  services: Pick<HostServices, 'pool'>,
  project: OpenProject,
  pretrained: readonly string[],
  options: RunOptions,
  control: JobControl,
): Promise<ProjectShards> {
  const texts = await project.store.textSnapshot();
  try {
    return await shardsOf(services, project, texts, pretrained, options, control);
  } finally {
    texts.close();
  }
}

async function shardsOf(
  services: Pick<HostServices, 'pool'>,
  project: OpenProject,
  texts: TextSnapshot,
  pretrained: readonly string[],
  options: RunOptions,
  control: JobControl,
): Promise<ProjectShards> {
  const { rows } = texts;
  const tokenizer = await runTokenizer(options, pretrained, await firstTexts(texts));
  const keep = tokenizer.kind === 'words' ? await wordsOf(pretrained) : [];
  const stamp: ShardsStamp = {
    rows,
    sources: hash(project.sources.map(({ path: file, bytes, modifiedAt, role }) => [file, bytes, modifiedAt, role])),
    language: tokenizer.language,
    maxSize: options.maxVocabulary ?? usualLimits[tokenizer.kind],
    minCount: options.minCount ?? usualLimits.minCount,
    keep: keep.length > 0 ? hash(keep) : '',
    kind: tokenizer.kind,
    pieces: tokenizer.model === null ? '' : await fingerprint(tokenizer.model),
    texts: texts.revision,
  };
  const folder = project.textFolder;
  if (hash(await readStamp(folder)) === hash(stamp)) return { folder, stamp, documents: rows };
  const fresh = `${folder}.new`;
  await rm(fresh, { recursive: true, force: true });
  const build = { dir: fresh, stamp, keep };
  const built =
    tokenizer.kind === 'words'
      ? await buildWords(services, texts, build, control)
      : await buildSubwords(services, texts, build, tokenizer.model, control);
  await writeJsonAtomic(path.join(fresh, 'stamp.json'), stamp);
  await rm(folder, { recursive: true, force: true });
  await rename(fresh, folder);
  const code = stamp.kind === 'words' ? 'cut-into-words' : 'cut-into-pieces';
  const { documents, tokens, unknownRate: share } = built;
  const found = { texts: documents, tokens, vocabulary: built.vocabulary.size, share };
  control.report(noteEvent({ code, language: stamp.language, ...found }));
  return { folder, stamp, documents };
}

interface ShardsToBuild {
  readonly dir: string;
  readonly stamp: ShardsStamp;
  readonly keep: readonly string[];
}

async function buildWords(
  services: Pick<HostServices, 'pool'>,
  texts: TextSnapshot,
  { dir, stamp, keep }: ShardsToBuild,
  control: JobControl,
): Promise<BuiltShards> {
  const { maxSize, minCount, language } = stamp;
  return services.pool.buildShards(fieldBatches(texts, control), {
    dir,
    tokenizer: { language },
    vocabulary: { maxSize, minCount, ...(keep.length > 0 ? { keep: new Set(keep) } : {}) },
    ...followTokenizing(control, stamp.rows),
  });
}

/** Learns the sub-words first where the run does not start from a language model that has some. */
async function buildSubwords(
  services: Pick<HostServices, 'pool'>,
  texts: TextSnapshot,
  { dir, stamp }: ShardsToBuild,
  known: string | null,
  control: JobControl,
): Promise<BuiltShards> {
  const learned = `${dir}.${SENTENCEPIECE_FILE}`;
  try {
    if (known === null) {
      await learnSubwords(
        services,
        fieldBatches(texts, control),
        { file: learned, language: stamp.language, maxPieces: stamp.maxSize },
        control,
      );
    }
    const model = known ?? learned;
    return await services.pool.buildShards(fieldBatches(texts, control), {
      dir,
      tokenizer: { language: stamp.language, model },
      vocabulary: subwordVocabulary(SentencePieceModel.load(model)),
      ...followTokenizing(control, stamp.rows),
    });
  } finally {
    await rm(learned, { force: true });
  }
}

async function wordsOf(pretrained: readonly string[]): Promise<readonly string[]> {
  const known = await Promise.all(pretrained.map((each) => Vocabulary.load(path.join(each, 'vocabulary.json'))));
  return known.flatMap((vocabulary) => vocabulary.itos);
}

/** What a model's `model.json` says of the tokenizer that made the shards. */
export function tokenizerOfShards({ language, kind }: ShardsStamp): TokenizerFile {
  return { language, kind };
}

/** Puts the sub-words, where there are some, beside each model that was trained on the shards. */
export async function copySubwords(shards: string, { kind }: ShardsStamp, models: readonly (string | null)[]) {
  if (kind === 'words') return;
  for (const model of models) {
    if (model !== null) await copyFile(path.join(shards, SENTENCEPIECE_FILE), path.join(model, SENTENCEPIECE_FILE));
  }
}

/** True where the shards in the project's folder are those of this stamp. */
export async function shardsMatch(project: OpenProject, stamp: ShardsStamp): Promise<boolean> {
  return hash(await readStamp(project.textFolder)) === hash(stamp);
}

/** The form in which a stamp is kept with a run. */
export const shardsStampSchema = stampSchema;

async function readStamp(folder: string): Promise<ShardsStamp | null> {
  const file = path.join(folder, 'stamp.json');
  return existsSync(file) ? readJson(file, stampSchema, 'a stamp of token shards', 'project-format') : null;
}

/** Enough texts to tell their language by. */
async function firstTexts(texts: TextSnapshot): Promise<readonly string[]> {
  for await (const batch of texts.documents(200)) return batch.map(({ fields }) => fields.join('\n'));
  return [];
}

async function* fieldBatches(texts: TextSnapshot, control: JobControl): AsyncGenerator<readonly (readonly string[])[]> {
  for await (const batch of texts.documents(batchRows)) {
    await control.checkpoint();
    yield batch.map((document) => document.fields);
  }
}

function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}
