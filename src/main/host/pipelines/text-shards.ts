import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { Vocabulary } from '../../../engine/text/vocabulary';
import { writeJsonAtomic } from '../../../engine/weights/atomic-write';
import type { JobControl } from '../job-control';
import { readJson } from '../json-file';
import type { OpenProject } from '../open-project';
import type { HostServices } from '../services';
import { tokenizerLanguage } from '../tokenizer-language';

/** Rows read from the store at a time. */
const batchRows = 2000;
/** fastai's limits: at most so many words, each seen at least twice. */
const vocabularyLimits = { maxSize: 60_000, minCount: 2 } as const;

const stampSchema = z.object({
  rows: z.number(),
  sources: z.string(), // hash of what was imported
  language: z.string(),
  maxSize: z.number(),
  minCount: z.number(),
  keep: z.string(), // hash of the pretrained vocabulary, '' for none
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
 * Tokenizes all rows into the project's `text/` folder, or takes what is there where nothing has changed.
 * @param pretrained language models whose words the vocabulary keeps
 */
export async function ensureShards(
  services: HostServices,
  project: OpenProject,
  pretrained: readonly string[],
  control: JobControl,
): Promise<ProjectShards> {
  const { rows } = project.store.counts();
  const known = await Promise.all(pretrained.map((each) => Vocabulary.load(path.join(each, 'vocabulary.json'))));
  const keep = known.flatMap((vocabulary) => vocabulary.itos);
  const stamp: ShardsStamp = {
    rows,
    sources: hash(project.sources.map(({ path: file, bytes, modifiedAt, role }) => [file, bytes, modifiedAt, role])),
    language: await languageOf(project),
    ...vocabularyLimits,
    keep: keep.length > 0 ? hash(keep) : '',
  };
  const folder = project.textFolder;
  if (hash(await readStamp(folder)) === hash(stamp)) return { folder, stamp, documents: rows };
  const fresh = `${folder}.new`;
  await rm(fresh, { recursive: true, force: true });
  const built = await services.pool.buildShards(fieldBatches(project, control), {
    dir: fresh,
    tokenizer: { language: stamp.language },
    vocabulary: { ...vocabularyLimits, ...(keep.length > 0 ? { keep: new Set(keep) } : {}) },
    onProgress: (done) =>
      control.report({ type: 'count', stage: 'tokenize', done, total: rows, unit: 'texts', secondsLeft: null }),
    signal: control.signal,
  });
  await writeJsonAtomic(path.join(fresh, 'stamp.json'), stamp);
  await rm(folder, { recursive: true, force: true });
  await rename(fresh, folder);
  const unknown = (built.unknownRate * 100).toFixed(1);
  const count = (n: number): string => n.toLocaleString('en-US');
  const message = `${count(built.documents)} texts, ${count(built.tokens)} tokens, a vocabulary of ${count(built.vocabulary.size)} (${unknown} % of the tokens are outside it).`;
  control.report({ type: 'note', level: 'info', message });
  return { folder, stamp, documents: built.documents };
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

async function languageOf(project: OpenProject): Promise<string> {
  const { rows } = await project.store.page({}, 0, 200);
  return tokenizerLanguage(rows.map((row) => row.text));
}

async function* fieldBatches(
  project: OpenProject,
  control: JobControl,
): AsyncGenerator<readonly (readonly string[])[]> {
  for await (const batch of project.store.documents(batchRows)) {
    await control.checkpoint();
    yield batch.map((document) => document.fields);
  }
}

function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}
