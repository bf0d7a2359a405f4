import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { TellingWord } from '../../../engine/store/rows-sharing';
import { SPECIAL_TOKENS } from '../../../engine/text/special-tokens';
import { TokenShards } from '../../../engine/text/token-shards';
import type { Vocabulary } from '../../../engine/text/vocabulary';
import type { Row } from '../../../shared/data-types';
import type { NumericalDocuments } from '../model-scores';
import type { OpenProject } from '../open-project';
import type { HostServices } from '../services';
import { tokenizerLanguage } from '../tokenizer-language';

/** So many unlabelled rows are looked at; a person labels far fewer, and a million would take minutes. */
const CANDIDATES = 5000;
const PAGE = 500;
/** A pool that has taken up so many rows beyond its first ones is made anew. */
const MOST_DOCUMENTS = 40_000;

/** Rows of a project as token ids of a vocabulary of their own: a sample of the unlabelled ones, and what is added. */
export class TokenPool {
  readonly #services: HostServices;
  readonly #documents: Map<number, ArrayLike<number>>;
  readonly #vocabulary: Vocabulary;
  readonly #language: string;
  readonly #texts: Int32Array; // by token: texts of the first sample that hold it
  readonly #firstCount: number;

  private constructor(
    services: HostServices,
    readonly project: OpenProject,
    /** Unlabelled rows picked by chance, in an order by chance. */
    readonly candidates: Int32Array,
    /** Rows of the project when the pool was made. */
    readonly rows: number,
    parts: { vocabulary: Vocabulary; language: string; documents: Map<number, ArrayLike<number>> },
  ) {
    this.#services = services;
    this.#documents = parts.documents;
    this.#vocabulary = parts.vocabulary;
    this.#language = parts.language;
    this.#firstCount = parts.documents.size;
    this.#texts = new Int32Array(parts.vocabulary.size);
    for (const document of parts.documents.values())
      for (const token of new Set(Array.from(document))) this.#texts[token] = (this.#texts[token] ?? 0) + 1;
  }

  /** Tokenizes a sample of the unlabelled rows, and some that have to be there. @throws CancelledError */
  static async make(
    services: HostServices,
    project: OpenProject,
    withRows: Int32Array,
    signal: AbortSignal,
  ): Promise<TokenPool> {
    const { rows: projectRows } = project.store.counts();
    const candidates = await project.store.unlabelledRowIds(CANDIDATES, 0);
    const rows = await rowsOf(project, Int32Array.from(new Set([...candidates, ...withRows])).sort());
    const language = tokenizerLanguage(rows.slice(0, 200).map((row) => row.text));
    const folder = await mkdtemp(path.join(os.tmpdir(), 'thaw-label-queue-'));
    const shardsFolder = path.join(folder, 'text');
    try {
      const { vocabulary } = await services.pool.buildShards(inBatches(rows), {
        dir: shardsFolder,
        tokenizer: { language },
        vocabulary: { maxSize: 60_000, minCount: 1 },
        signal,
      });
      const shards = TokenShards.open(shardsFolder);
      const documents = new Map<number, ArrayLike<number>>(rows.map((row, i) => [row.id, shards.read(i).slice()]));
      shards.close();
      return new TokenPool(services, project, candidates, projectRows, { vocabulary, language, documents });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** Whether it still says something about the project: no rows were imported since, and enough candidates wait. */
  get isFresh(): boolean {
    const { store } = this.project;
    const { rows } = store.counts();
    if (rows !== this.rows || this.#documents.size > this.#firstCount + MOST_DOCUMENTS) return false;
    const waiting = this.candidates.filter((row) => store.isWaiting(row)).length;
    return waiting > this.candidates.length / 3 || waiting >= store.inUse().waiting;
  }

  /** Its words by token id. */
  get words(): readonly string[] {
    return this.#vocabulary.itos;
  }

  /** Tokenizes rows that are not there yet. */
  async add(rowIds: ArrayLike<number>): Promise<void> {
    const missing = Int32Array.from(rowIds).filter((row) => !this.#documents.has(row));
    if (missing.length === 0) return;
    const rows = await rowsOf(this.project, missing.sort());
    const fields = rows.map((row) => [row.text]);
    const { ids, offsets } = await this.#services.pool.numericalise(fields, this.#vocabulary, {
      language: this.#language,
    });
    rows.forEach((row, i) => this.#documents.set(row.id, ids.slice(offsets[i] ?? 0, offsets[i + 1] ?? 0)));
  }

  /** Documents of rows in one piece. */
  pack(rowIds: ArrayLike<number>): NumericalDocuments & { readonly kind: 'ids' } {
    const documents = Array.from(rowIds, (id) => this.#documents.get(id) ?? []);
    const offsets = new Int32Array(documents.length + 1);
    documents.forEach((document, i) => (offsets[i + 1] = (offsets[i] ?? 0) + document.length));
    const ids = new Int32Array(offsets[documents.length] ?? 0);
    documents.forEach((document, i) => ids.set(document, offsets[i] ?? 0));
    return { kind: 'ids', ids, offsets };
  }

  /** The words of a row that say most about it: rare ones, but not only its own where it has others. */
  async tellingWords(row: number, count: number): Promise<readonly TellingWord[]> {
    await this.add([row]);
    const words = new Map<string, number>();
    for (const token of Array.from(this.#documents.get(row) ?? [])) {
      const word = this.#vocabulary.itos[token] ?? '';
      if (token < SPECIAL_TOKENS.length || !/[\p{L}\p{N}]/u.test(word)) continue;
      // A word of this text alone finds nothing else; it keeps a little weight where there is no better one.
      const texts = this.#texts[token] ?? 0;
      words.set(word, texts <= 1 ? 0.5 : Math.log((1 + this.#firstCount) / (1 + texts)));
    }
    return [...words]
      .map(([word, weight]) => ({ word, weight }))
      .sort((a, b) => b.weight - a.weight)
      .slice(0, count);
  }
}

async function rowsOf(project: OpenProject, ids: Int32Array): Promise<Row[]> {
  const rows: Row[] = [];
  for (let start = 0; start < ids.length; start += PAGE)
    rows.push(...(await project.store.rowsByIds(ids.subarray(start, start + PAGE))));
  return rows;
}

async function* inBatches(rows: readonly Row[]): AsyncGenerator<readonly (readonly string[])[]> {
  for (let start = 0; start < rows.length; start += PAGE)
    yield rows.slice(start, start + PAGE).map((row) => [row.text]);
}
