import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { unpackTarGz, type TakenFile } from '../../../engine/weights/tar-archive';
import { AppError } from '../../../shared/errors';
import type { CatalogueEntry } from './catalogue';
import type { ConvertModel } from './convert-model';
import { downloadedCard } from './model-card';

/** An archive of the catalogue that was fetched and checked. */
export interface FetchedArchive {
  readonly entry: CatalogueEntry;
  readonly archive: string;
  readonly sha256: string;
  /** Where the model folder goes. */
  readonly out: string;
}

/** How {@link convertArchive} works. */
export interface ArchiveConversion {
  readonly convert: ConvertModel;
  readonly signal: AbortSignal;
  readonly onState: (state: 'unpacking' | 'converting') => void;
}

/**
 * Unpacks what is needed of an archive and makes a model folder of it, with a card that says where it is from. What is
 * unpacked is deleted however it ends.
 * @throws AppError `model-format`, `disk-full`, and as `importModel`; CancelledError
 */
export async function convertArchive(
  { entry, archive, sha256, out }: FetchedArchive,
  { convert, signal, onState }: ArchiveConversion,
): Promise<void> {
  const { weights, vocabulary, sentencepiece, url } = entry.archive;
  const patterns = [...weights, ...vocabulary, ...(sentencepiece === null ? [] : [sentencepiece])];
  onState('unpacking');
  await mkdir(path.dirname(archive), { recursive: true });
  const work = await mkdtemp(`${archive}.unpacked-`);
  try {
    const wanted = (name: string): boolean => patterns.some((pattern) => pattern.test(name));
    const files = await unpackTarGz(archive, work, { wanted, signal });
    onState('converting');
    const { title, perplexity, licence, attribution, page } = entry;
    await convert(
      {
        weights: best(files, weights, url).path,
        vocabulary: best(files, vocabulary, url).path,
        sentencepiece: sentencepiece === null ? null : best(files, [sentencepiece], url).path,
        out,
        name: entry.id,
        backward: entry.backward,
        language: entry.language,
        labels: null,
        multiLabel: false,
        facts: {
          title,
          validationPerplexity: perplexity,
          licence,
          attribution,
          page,
          source: url,
          archiveSha256: sha256,
        },
        card: downloadedCard(entry, sha256, url),
      },
      signal,
    );
    signal.throwIfAborted();
  } finally {
    await rm(work, { recursive: true, force: true });
    await rm(`${out}.half`, { recursive: true, force: true });
  }
}

/** The first file that the first fitting pattern names. */
function best(files: readonly TakenFile[], patterns: readonly RegExp[], url: string): TakenFile {
  for (const pattern of patterns) {
    const found = files.find(({ name }) => pattern.test(name));
    if (found) return found;
  }
  const names = files.map(({ name }) => name).join(', ') || 'none of the files that are needed';
  const wanted = patterns.at(-1)?.source ?? '';
  throw new AppError('model-format', `${url}: expected a file like ${wanted} in the archive, got ${names}.`, {
    hint: 'Its makers have laid it out anew; unpack it by hand and take its files in with: thaw models import',
  });
}
