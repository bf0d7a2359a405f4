import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { BaselineDocuments, BaselineFitRequest } from '../../workers/baseline-protocol';
import type { OpenProject } from '../open-project';
import type { HostServices } from '../services';
import { tokenizerLanguage } from '../tokenizer-language';

/** Texts by their row, as the baseline worker reads them. */
export interface StudyTexts {
  pack(rowIds: ArrayLike<number>): BaselineDocuments;
  readonly words: BaselineFitRequest['words'];
}

const PAGE = 500;
/** So many texts say what language they are in. */
const LANGUAGE_TEXTS = 200;

/**
 * Tokenizes rows into a folder of their own, from which the worker reads them: tens of thousands of texts pass through
 * this process page by page and are never all in its memory.
 *
 * @param rowIds ascending
 * @returns the texts, and `remove` for when they are no longer needed
 * @throws CancelledError
 */
export async function textsOnDisk(
  services: HostServices,
  project: OpenProject,
  rowIds: Int32Array,
  signal: AbortSignal,
): Promise<StudyTexts & { readonly remove: () => Promise<void> }> {
  const base = await mkdtemp(path.join(os.tmpdir(), 'thaw-label-study-'));
  const folder = path.join(base, 'text');
  const remove = (): Promise<void> => rm(base, { recursive: true, force: true });
  try {
    const first = await project.store.rowsByIds(rowIds.subarray(0, LANGUAGE_TEXTS));
    await services.pool.buildShards(pagesOf(project, rowIds), {
      dir: folder,
      tokenizer: { language: tokenizerLanguage(first.map(({ text }) => text)) },
      vocabulary: { maxSize: 60_000, minCount: 1 },
      signal,
    });
  } catch (error) {
    await remove();
    throw error;
  }
  const placeOf = new Map(Array.from(rowIds, (row, place) => [row, place]));
  return {
    pack: (rows) => ({ kind: 'shards', folder, documents: Int32Array.from(rows, (row) => placeOf.get(row) ?? 0) }),
    words: { file: path.join(folder, 'vocabulary.json'), pretrained: null },
    remove,
  };
}

async function* pagesOf(
  { store }: OpenProject,
  rowIds: Int32Array,
): AsyncGenerator<readonly (readonly string[])[], void, undefined> {
  for (let start = 0; start < rowIds.length; start += PAGE) {
    const rows = await store.rowsByIds(rowIds.subarray(start, start + PAGE));
    yield rows.map(({ text }) => [text]);
  }
}
