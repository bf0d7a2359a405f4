import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { TokenShards } from '../../engine/text/token-shards';
import { type Vocabulary } from '../../engine/text/vocabulary';
import { multiLabels } from '../../engine/evaluate/label-csr';
import type { ParsedRequest, Response } from '../../shared/contract';
import type { Row } from '../../shared/data-types';
import { AppError } from '../../shared/errors';
import type { NumericalDocuments } from './model-scores';
import type { OpenProject } from './open-project';
import type { HostServices } from './services';
import { tokenizerLanguage } from './tokenizer-language';

/** A baseline says something from so many labelled rows on. */
const fewestLabels = 10;
/** So many unlabelled rows are looked at; a person labels far fewer. */
const poolSize = 5000;
/** At most so many labelled rows are fitted: more would not change what is asked next. */
const mostLabelled = 5000;
/** Milliseconds of quiet after a label before the baseline is fitted anew. */
const quiet = 400;
const pageSize = 500;

/** Rows as token ids of a vocabulary of their own, which stays the same while a project is open. */
interface TokenPool {
  readonly project: OpenProject;
  readonly vocabulary: Vocabulary;
  readonly language: string;
  readonly documents: Map<number, ArrayLike<number>>;
  readonly candidates: Int32Array;
}

/**
 * What to label next. Until there is a classifier, the TF-IDF baseline is fitted in the background as labels come, and
 * its doubts order the queue; a classifier's predictions take their place.
 */
export class LabelQueue {
  readonly #services: HostServices;
  #pool: TokenPool | null = null;
  #timer: NodeJS.Timeout | undefined;
  #fitting: Promise<void> | null = null;
  #again = false;
  #abort = new AbortController();
  #tried = false;

  constructor(services: HostServices) {
    this.#services = services;
  }

  /** The next unlabelled rows. */
  async next({ order, limit, exclude }: ParsedRequest<'labels.queue'>): Promise<Response<'labels.queue'>> {
    const { store } = this.#services.project;
    const { rowIds, basis } = store.unlabelledCandidates(order, limit, exclude);
    // A project that was just opened may have labels enough for a baseline, but none was fitted yet.
    if (order === 'uncertain' && basis === 'none' && !this.#tried) this.labelsChanged();
    return { rows: await store.rowsByIds(rowIds), basis };
  }

  /** To be called after each change of labels: fits the baseline anew once it is quiet for a moment. */
  labelsChanged(): void {
    if (this.#fitting) {
      this.#again = true;
      return;
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#startFit(), quiet).unref();
  }

  /** Resolves when no fit is under way or waiting: for tests and for closing. */
  async settled(): Promise<void> {
    while (this.#fitting ?? this.#timer) await (this.#fitting ?? new Promise((resolve) => setTimeout(resolve, 20)));
  }

  /** Stops what is under way; the project closes. */
  async reset(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#again = false;
    this.#abort.abort();
    await this.#fitting;
    this.#abort = new AbortController();
    this.#pool = null;
    this.#tried = false;
  }

  #startFit(): void {
    this.#timer = undefined;
    const project = this.#services.currentProject;
    this.#tried = true;
    if (!project || !isWorthFitting(project)) return;
    const { signal } = this.#abort;
    this.#fitting = this.#fit(project, signal)
      .catch((error: unknown) => {
        // The queue works without a baseline, so a failed fit is only worth a line in the log.
        if (!signal.aborted) process.stderr.write(`The baseline for labelling could not be fitted: ${String(error)}\n`);
      })
      .finally(() => {
        this.#fitting = null;
        if (this.#again && !signal.aborted) this.labelsChanged();
        this.#again = false;
      });
  }

  async #fit(project: OpenProject, signal: AbortSignal): Promise<void> {
    const labelled = await labelledRows(project);
    const pool = await this.#poolFor(project, labelled, signal);
    await this.#addMissing(pool, labelled);
    const names = [...new Set(labelled.flatMap((row) => row.labels))].sort();
    const idOf = new Map(names.map((name, id) => [name, id]));
    const truth = multiLabels(labelled.map((row) => row.labels.map((label) => idOf.get(label) ?? 0)));
    const columns = await project.store.columnChoice();
    const [probabilities] = await this.#services.baseline.fit(
      {
        documents: {
          kind: 'ids',
          ...pack(
            pool,
            labelled.map((row) => row.id),
          ),
        },
        labelOffsets: truth.offsets,
        labels: truth.labels,
        classes: names.length,
        multiLabel: columns?.multiLabel === true,
        seed: 0,
        saveTo: null,
        predict: [{ kind: 'ids', ...pack(pool, pool.candidates) }],
      },
      signal,
    );
    if (signal.aborted || project.models.hasClassifier || !probabilities) return;
    await project.store.savePredictions(pool.candidates, names, probabilities, 'baseline');
  }

  /** Tokenizes a sample of the unlabelled rows, once for a project. */
  async #poolFor(project: OpenProject, labelled: readonly Row[], signal: AbortSignal): Promise<TokenPool> {
    if (this.#pool?.project === project) return this.#pool;
    const candidates = await project.store.unlabelledRowIds(poolSize, 0);
    const rows = [...(await rowsInPages(project, candidates)), ...labelled];
    const language = tokenizerLanguage(rows.slice(0, 200).map((row) => row.text));
    const folder = await mkdtemp(path.join(os.tmpdir(), 'thaw-label-queue-'));
    const shardsFolder = path.join(folder, 'text');
    try {
      const { vocabulary } = await this.#services.pool.buildShards(inBatches(rows), {
        dir: shardsFolder,
        tokenizer: { language },
        vocabulary: { maxSize: 60_000, minCount: 1 },
        signal,
      });
      const shards = TokenShards.open(shardsFolder);
      const documents = new Map(rows.map((row, i) => [row.id, shards.read(i).slice()]));
      shards.close();
      this.#pool = { project, vocabulary, language, documents, candidates };
      return this.#pool;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** Rows labelled since that were not in the sample: found by a search, or undone elsewhere. */
  async #addMissing(pool: TokenPool, rows: readonly Row[]): Promise<void> {
    const missing = rows.filter((row) => !pool.documents.has(row.id));
    if (missing.length === 0) return;
    const fields = missing.map((row) => [row.text]);
    const { ids, offsets } = await this.#services.pool.numericalise(fields, pool.vocabulary, {
      language: pool.language,
    });
    missing.forEach((row, i) => pool.documents.set(row.id, ids.slice(offsets[i] ?? 0, offsets[i + 1] ?? 0)));
  }
}

function isWorthFitting(project: OpenProject): boolean {
  if (project.models.hasClassifier) return false;
  const { rows, labelled } = project.store.counts();
  const used = project.store.labels().filter((label) => label.count > 0);
  return labelled >= fewestLabels && used.length >= 2 && labelled < rows;
}

/** Labelled rows; of very many, pages from all over the file, which may be sorted by label. */
async function labelledRows(project: OpenProject): Promise<Row[]> {
  const rows: Row[] = [];
  const { labelled } = project.store.counts();
  const step = Math.max(pageSize, Math.floor((labelled * pageSize) / mostLabelled));
  for (let offset = 0; offset < labelled; offset += step) {
    rows.push(...(await project.store.page({ labelled: true }, offset, pageSize)).rows);
  }
  if (rows.length === 0) throw new AppError('too-few-labels', 'No row is labelled any more.');
  return rows;
}

async function rowsInPages(project: OpenProject, ids: Int32Array): Promise<Row[]> {
  const rows: Row[] = [];
  for (let start = 0; start < ids.length; start += pageSize) {
    rows.push(...(await project.store.rowsByIds(ids.subarray(start, start + pageSize))));
  }
  return rows;
}

async function* inBatches(rows: readonly Row[]): AsyncGenerator<readonly (readonly string[])[]> {
  for (let start = 0; start < rows.length; start += pageSize) {
    yield rows.slice(start, start + pageSize).map((row) => [row.text]);
  }
}

function pack(pool: TokenPool, rowIds: ArrayLike<number>): NumericalDocuments {
  const documents = Array.from(rowIds, (id) => pool.documents.get(id) ?? []);
  const offsets = new Int32Array(documents.length + 1);
  documents.forEach((document, i) => (offsets[i + 1] = (offsets[i] ?? 0) + document.length));
  const ids = new Int32Array(offsets[documents.length] ?? 0);
  documents.forEach((document, i) => ids.set(document, offsets[i] ?? 0));
  return { ids, offsets };
}
