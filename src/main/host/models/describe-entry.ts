import { existsSync } from 'node:fs';
import path from 'node:path';
import type { ModelDownload, ModelInfo } from '../../../shared/model-types';
import { weightBytes, type CatalogueEntry } from './catalogue';
import { partBytes } from './download-file';
import { bytesBelow, describeModel } from './installed-models';
import type { KnownHash } from './known-hashes';

/**
 * A model of the catalogue as the list shows it, fetched or not.
 * @param folder where it lies once it is fetched
 * @param part where an interrupted download lies
 * @param known the archive that it was made of here before
 */
export async function describeEntry(
  entry: CatalogueEntry,
  folder: string,
  part: string,
  known: KnownHash | null,
): Promise<ModelInfo> {
  const { id, title, language, backward, tokens, encoder, perplexity, licence, page, notes, archive } = entry;
  const installed = existsSync(path.join(folder, 'model.json'));
  const actual = installed ? await describeModel(folder, 'catalogue').catch(() => null) : null;
  const { kind, vocabulary, embedding, hidden, layers } = encoder;
  return {
    id,
    title,
    origin: 'catalogue',
    kind: 'language-model',
    installed,
    folder: installed ? folder : null,
    bytes: installed ? await bytesBelow(folder) : null,
    languages: [language],
    backward,
    tokens,
    encoder: actual?.encoder ?? { kind, vocabulary, embedding, hidden, layers },
    perplexity,
    licence,
    page,
    notes: [...notes],
    download: downloadOf(entry),
    sha256: known?.sha256 ?? null,
    trustedOnFirstUse: archive.sha256 === null && known !== null,
    partBytes: await partBytes(part),
  };
}

function downloadOf({ archive, encoder }: CatalogueEntry): ModelDownload {
  const { url, bytes, sha256, firstMebibyteMd5 } = archive;
  return {
    url,
    host: new URL(url).host,
    bytes,
    estimate: bytes === null ? weightBytes(encoder) : null,
    check: sha256 !== null ? 'sha256' : firstMebibyteMd5 !== null ? 'first-mebibyte' : 'first-use',
  };
}
