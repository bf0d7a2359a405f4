import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { SavedImport } from '../../../engine/weights/save-imported';
import { AppError, CancelledError, toEnvelope } from '../../../shared/errors';
import type { ModelImport, ModelInfo, ModelList, ModelProgress } from '../../../shared/model-types';
import { modelsFolder } from '../../platform/paths';
import { shippedModels } from '../pretrained';
import { catalogue as wholeCatalogue, type CatalogueEntry } from './catalogue';
import { checkArchive } from './check-archive';
import { convertArchive } from './convert-archive';
import { convertInWorker, type ConvertModel } from './convert-model';
import { describeEntry } from './describe-entry';
import { downloadFile, forgetPart, hashFile } from './download-file';
import { lockDownload } from './download-lock';
import { describeModel, modelFoldersIn } from './installed-models';
import { KnownHashes } from './known-hashes';
import { TransferClock } from './transfer-clock';

/** What a library is made with; tests give their own. */
export interface LibraryOptions {
  readonly folder?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly catalogue?: readonly CatalogueEntry[];
  readonly convert?: ConvertModel;
  readonly retryDelay?: number;
  /** Hears how downloads stand, about four times a second. */
  readonly onProgress?: (progress: ModelProgress) => void;
}

/** An import that was done. */
export interface ImportedModelInfo {
  readonly model: ModelInfo;
  readonly saved: SavedImport;
}

/** The archive, what is unpacked of it, and the converted model lie on the disk together for a moment. */
const spareFactor = 3;
const reportInterval = 250;

/**
 * The language models there are: those that ship with Thaw, those of the catalogue (fetched only when asked for by
 * name), and those made of a person's own files. Nothing here opens a connection but {@link ModelLibrary.download}.
 */
export class ModelLibrary {
  readonly folder: string;
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #catalogue: readonly CatalogueEntry[];
  readonly #convert: ConvertModel;
  readonly #retryDelay: number | undefined;
  readonly #hashes: KnownHashes;
  readonly #onProgress: (progress: ModelProgress) => void;
  readonly #running = new Map<string, { readonly stop: AbortController; progress: ModelProgress }>();

  constructor(options: LibraryOptions = {}) {
    this.#env = options.env ?? process.env;
    this.folder = path.resolve(options.folder ?? modelsFolder({ env: this.#env }));
    this.#catalogue = (options.catalogue ?? wholeCatalogue).map((entry) =>
      mirrored(entry, this.#env.THAW_MODEL_MIRROR),
    );
    this.#convert = options.convert ?? convertInWorker;
    this.#retryDelay = options.retryDelay;
    this.#onProgress = options.onProgress ?? (() => undefined);
    this.#hashes = new KnownHashes(this.folder);
  }

  /** Every model: shipped, of the catalogue, own. */
  async list(): Promise<ModelList> {
    const shipped = await Promise.all((await shippedModels()).map((folder) => describeModel(folder, 'shipped')));
    const known = await this.#hashes.all();
    const named = await Promise.all(
      this.#catalogue.map((entry) =>
        describeEntry(entry, path.join(this.folder, entry.id), this.#part(entry.id, 'part'), known[entry.id] ?? null),
      ),
    );
    const ids = new Set(this.#catalogue.map(({ id }) => id));
    const folders = (await modelFoldersIn(this.folder)).filter((folder) => !ids.has(path.basename(folder)));
    // A folder that cannot be read must not hide all the others.
    const own = await Promise.all(folders.map((folder) => describeModel(folder, 'own').catch(() => null)));
    const models = [...shipped, ...named, ...own].filter((model) => model !== null);
    return { folder: this.folder, models, downloads: [...this.#running.values()].map(({ progress }) => progress) };
  }

  /** One model by its id. @throws AppError `not-found` naming those there are */
  async show(id: string): Promise<ModelInfo> {
    const { models } = await this.list();
    const found = models.find((model) => model.id === id);
    if (found) return found;
    throw new AppError('not-found', `There is no model "${id}". There are: ${models.map((model) => model.id).join(', ')}.`, {
      hint: 'Look at the list: thaw models',
    }); // prettier-ignore
  }

  /**
   * Fetches a model of the catalogue and makes a model folder of it; one that is there is kept.
   * @param trustNew accepts another file than the first download had
   * @throws AppError `not-found`, `busy`, `network`, `hash-mismatch`, `disk-full`, `model-format`; CancelledError
   */
  async download(id: string, trustNew = false): Promise<ModelInfo> {
    const entry = await this.#entry(id);
    if (this.#running.has(id))
      throw new AppError('busy', `${id} is being downloaded already.`, {
        says: { sentence: 'downloading', model: id },
      });
    const stop = new AbortController();
    const first: ModelProgress = { id, state: 'downloading', done: 0, total: entry.archive.bytes, secondsLeft: null, error: null }; // prettier-ignore
    this.#running.set(id, { stop, progress: first });
    let last: ModelProgress = first;
    const report = (change: Partial<ModelProgress>): void => {
      last = { ...last, ...change };
      const running = this.#running.get(id);
      if (running) running.progress = last;
      this.#onProgress(last);
    };
    try {
      report({});
      const letGo = await lockDownload(this.#part(id, 'lock'));
      try {
        if (!existsSync(path.join(this.folder, id, 'model.json')))
          await this.#fetch(entry, trustNew, stop.signal, report);
      } finally {
        await letGo();
      }
      this.#running.delete(id);
      report({ state: 'done', secondsLeft: null });
      return await this.show(id);
    } catch (error) {
      this.#running.delete(id);
      const cancelled = stop.signal.aborted;
      const told = cancelled ? new CancelledError('The download was cancelled. It can go on later.') : error;
      report({ state: cancelled ? 'cancelled' : 'failed', secondsLeft: null, error: toEnvelope(told) });
      throw told;
    }
  }

  /** Ends a download; what has come so far stays for the next time. */
  cancel(id: string): void {
    this.#running.get(id)?.stop.abort();
  }

  /** Deletes a model that was downloaded or imported, and what an interrupted download has left. @throws AppError `bad-input`, `not-found` */
  async remove(id: string): Promise<{ readonly freed: number }> {
    const model = await this.show(id);
    if (model.origin === 'shipped') {
      throw new AppError('bad-input', `${id} ships with Thaw and is not removed.`);
    }
    if (this.#running.has(id))
      throw new AppError('busy', `${id} is being downloaded.`, {
        hint: 'Cancel that first.',
        says: { sentence: 'downloading', model: id },
      });
    if (!model.installed && model.partBytes === 0) throw new AppError('not-found', `${id} is not installed.`);
    const freed = (model.bytes ?? 0) + model.partBytes;
    await forgetPart(this.#part(id, 'part'));
    await rm(path.join(this.folder, id), { recursive: true, force: true });
    return { freed };
  }

  /** Makes a model of a person's own files. @throws AppError `bad-input` where the name is taken, and as `importModel` */
  async import(request: ModelImport): Promise<ImportedModelInfo> {
    const id = request.name
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-+|-+$/g, '')
      .toLowerCase();
    const { models } = await this.list();
    const taken = id === '' || models.some((model) => model.id === id);
    if (taken) throw new AppError('bad-input', `A model cannot be called "${request.name}": ${id === '' ? 'it needs a letter or digit' : `there is a model ${id} already`}.`, { hint: 'Choose another name.', says: { sentence: 'modelName', wanted: request.name } }); // prettier-ignore
    const folder = path.join(this.folder, id);
    const { weights, vocabulary, backward, language, sentencepiece, labels, multiLabel } = request;
    const sha256 = await hashFile(path.resolve(weights), 'sha256').catch(() => null); // the import says what is wrong
    const saved = await this.#convert(
      {
        weights: path.resolve(weights),
        vocabulary: path.resolve(vocabulary),
        out: folder,
        name: request.name,
        backward,
        language,
        sentencepiece: sentencepiece === null ? null : path.resolve(sentencepiece),
        labels,
        multiLabel,
        facts: { weightsFile: path.basename(weights), weightsSha256: sha256 },
      },
      new AbortController().signal,
    );
    return { model: await this.show(id), saved };
  }

  /** The folder of an installed model by its id; null where there is none of that name. */
  async folderOf(id: string): Promise<string | null> {
    const { models } = await this.list();
    return models.find((model) => model.id === id)?.folder ?? null;
  }

  /** Ends all downloads; what has come so far stays for the next time. */
  async close(): Promise<void> {
    for (const { stop } of this.#running.values()) stop.abort();
    while (this.#running.size > 0) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  async #fetch(
    entry: CatalogueEntry,
    trustNew: boolean,
    signal: AbortSignal,
    report: (change: Partial<ModelProgress>) => void,
  ): Promise<void> {
    const { id, archive } = entry;
    const part = this.#part(id, 'part');
    const clock = new TransferClock(reportInterval);
    try {
      const bytes = await downloadFile(
        { url: archive.url, part, bytes: archive.bytes },
        {
          signal,
          env: this.#env,
          ...(this.#retryDelay === undefined ? {} : { retryDelay: this.#retryDelay }),
          spare: (total) => total * spareFactor,
          onProgress: (done, total) => {
            const secondsLeft = clock.told(done, total ?? archive.bytes);
            if (secondsLeft !== undefined) report({ done, total: total ?? archive.bytes, secondsLeft });
          },
        },
      );
      report({ state: 'checking', done: bytes, total: bytes, secondsLeft: null });
      const known = (await this.#hashes.all())[id] ?? null;
      const sha256 = await checkArchive(part, archive, trustNew ? null : known);
      await convertArchive(
        { entry, archive: part, sha256, out: path.join(this.folder, id) },
        { convert: this.#convert, signal, onState: (state) => report({ state }) },
      );
      await this.#hashes.keep(id, { sha256, bytes, url: archive.url, seenAt: new Date().toISOString() });
      await forgetPart(part);
    } catch (error) {
      // What is wrong in itself would only fail again.
      const wrong = error instanceof AppError && ['hash-mismatch', 'model-format', 'bad-input'].includes(error.code);
      if (wrong && !signal.aborted) await forgetPart(part);
      throw error;
    }
  }

  async #entry(id: string): Promise<CatalogueEntry> {
    const entry = this.#catalogue.find((each) => each.id === id);
    if (entry) return entry;
    throw new AppError('not-found', `The catalogue has no model "${id}". It has: ${this.#catalogue.map((each) => each.id).join(', ')}.`, {
      hint: 'Files of your own are taken in with: thaw models import',
    }); // prettier-ignore
  }

  #part(id: string, ending: 'part' | 'lock'): string {
    return path.join(this.folder, '.downloads', `${id}.${ending}`);
  }
}

/** An organisation's own server may stand in for the sources: `THAW_MODEL_MIRROR=https://…` holds the archives by name. */
function mirrored(entry: CatalogueEntry, mirror: string | undefined): CatalogueEntry {
  if (mirror === undefined || mirror === '') return entry;
  const url = `${mirror.replace(/\/+$/, '')}/${path.posix.basename(new URL(entry.archive.url).pathname)}`;
  return { ...entry, archive: { ...entry.archive, url } };
}
