import { mixInChance } from '../../../engine/labelling/mix-chance';
import type { ParsedRequest, Response } from '../../../shared/contract';
import type { Row } from '../../../shared/data-types';
import type { Basis } from '../../../shared/label-types';
import type { OpenProject } from '../open-project';
import type { HostServices } from '../services';
import type { DoubtedLabel } from './label-doubts';
import type { TokenPool } from './token-pool';

type Request = ParsedRequest<'labels.queue'>;
type Answer = Response<'labels.queue'>;

/** Candidates that are compared with one another to find diverse ones; the work grows with their square. */
const DIVERSE_CANDIDATES = 1500;
const DIVERSE_LABELLED = 500;
/** So many are ordered at once; then the order is worked out anew, while there are still some left to show. */
const DIVERSE_ORDERED = 100;
const DIVERSE_LOW = 50;
/** The first ones are chosen from fewer, because somebody waits for them; the rest while these are read. */
const DIVERSE_FIRST_CANDIDATES = 400;
const DIVERSE_FIRST_ORDERED = 30;
/** Words that a similar text is looked for by, candidates that are compared, and texts that say which words are common. */
const SIMILAR_WORDS = 6;
const SIMILAR_CANDIDATES = 400;
const SIMILAR_BACKGROUND = 800;
/** Rows by chance come from another shuffle than the random queue. */
const CHANCE_SEED = 7;

/** What queues need besides the store. */
export interface QueueSources {
  pool(): Promise<TokenPool>;
  /** Labelled rows that a model doubts and nobody has looked at since, most doubted first. */
  doubted(): Promise<readonly DoubtedLabel[]>;
}

/** The orders in which rows come to be labelled. */
export class LabelQueues {
  readonly #services: HostServices;
  readonly #sources: QueueSources;
  #diverse: { readonly project: OpenProject; readonly rows: Int32Array } | null = null;
  #ordering: { readonly project: OpenProject; readonly done: Promise<void> } | null = null;
  #similar: { readonly project: OpenProject; readonly to: number; readonly rows: Int32Array } | null = null;

  constructor(services: HostServices, sources: QueueSources) {
    this.#services = services;
    this.#sources = sources;
  }

  /** Forgets what was ordered: the project closes. */
  clear(): void {
    this.#diverse = null;
    this.#similar = null;
  }

  /** The next rows of an order. */
  next(request: Request): Promise<Answer> {
    switch (request.order) {
      case 'uncertain':
        return this.#uncertain(request);
      case 'random':
      case 'file': {
        const { rowIds, left } = this.#store.unlabelledCandidates(request.order, request.limit, request.exclude);
        return this.#answer(rowIds, 'none', left);
      }
      case 'diverse':
        return this.#diverseRows(request);
      case 'doubted':
        return this.#doubtedRows(request);
      case 'filter':
        return this.#filtered(request);
      case 'similar':
        return this.#similarRows(request);
    }
  }

  get #store(): OpenProject['store'] {
    return this.#services.project.store;
  }

  async #answer(rowIds: ArrayLike<number>, basis: Basis, left: number | null): Promise<Answer> {
    return { rows: await this.#store.rowsByIds(rowIds), basis, left };
  }

  async #uncertain({ limit, exclude }: Request): Promise<Answer> {
    const { rowIds, basis, left } = this.#store.unlabelledCandidates('uncertain', limit, exclude);
    const random = this.#store.unlabelledCandidates('random', limit, exclude, CHANCE_SEED).rowIds;
    // Without a model there is nothing to doubt; the order of the file may be sorted by anything.
    if (basis === 'none') return this.#answer(random, basis, left);
    const mixed = mixInChance(rowIds, random, limit);
    return { ...(await this.#answer(mixed.rowIds, basis, left)), byChance: [...mixed.byChance] };
  }

  async #diverseRows({ limit, exclude }: Request): Promise<Answer> {
    const { project } = this.#services;
    const { store } = project;
    const excluded = new Set(exclude);
    const free = (): Int32Array => {
      const ordered = this.#diverse?.project === project ? this.#diverse.rows : new Int32Array(0);
      return ordered.filter((row) => store.isWaiting(row) && !excluded.has(row));
    };
    if (free().length < limit) await this.#orderAnew(project);
    const rows = free();
    const { waiting } = store.inUse();
    // What comes after these is worked out while they are read; where it fails, whoever asks for it is told.
    if (rows.length < Math.min(limit + DIVERSE_LOW, waiting - exclude.length))
      this.#orderAnew(project).catch(() => undefined);
    return this.#answer(rows.subarray(0, limit), 'none', waiting);
  }

  /** Works the diverse order out anew; whoever asks meanwhile waits for the same. */
  #orderAnew(project: OpenProject): Promise<void> {
    if (this.#ordering?.project === project) return this.#ordering.done;
    const order = async (): Promise<void> => {
      try {
        const rows = await this.#orderDiverse(await this.#sources.pool());
        if (this.#services.currentProject === project) this.#diverse = { project, rows };
      } finally {
        if (this.#ordering?.project === project) this.#ordering = null;
      }
    };
    const done = order();
    this.#ordering = { project, done };
    return done;
  }

  async #orderDiverse(pool: TokenPool): Promise<Int32Array> {
    const { store } = pool.project;
    const isFirst = this.#diverse?.project !== pool.project;
    const most = isFirst ? DIVERSE_FIRST_CANDIDATES : DIVERSE_CANDIDATES;
    const waiting = pool.candidates.filter((row) => store.isWaiting(row)).slice(0, most);
    const labelled = store.labelledRowIds(DIVERSE_LABELLED);
    await pool.add(labelled);
    const places = await this.#services.baseline.diverse({
      documents: pool.pack([...labelled, ...waiting]),
      labelled: labelled.length,
      limit: isFirst ? DIVERSE_FIRST_ORDERED : DIVERSE_ORDERED,
    });
    return places.map((place) => waiting[place] ?? 0);
  }

  async #doubtedRows({ limit, exclude }: Request): Promise<Answer> {
    const excluded = new Set(exclude);
    const rows = (await this.#sources.doubted()).filter(({ row }) => !excluded.has(row));
    const shown = rows.slice(0, limit);
    const predicted = new Map(shown.map(({ row, predicted: said }) => [row, said]));
    const basis = rows.some((each) => each.basis === 'classifier') ? 'classifier' : 'baseline';
    const answer = await this.#answer(
      shown.map(({ row }) => row),
      rows.length > 0 ? basis : 'none',
      rows.length,
    );
    // What a model says about a row that it has not learned from, not what it was taught.
    return { ...answer, rows: answer.rows.map((row): Row => ({ ...row, predicted: predicted.get(row.id) ?? null })) };
  }

  async #filtered({ limit, exclude, filter = {} }: Request): Promise<Answer> {
    const excluded = new Set(exclude);
    const found = await this.#store.findRows(filter);
    const all = found?.length ?? this.#store.counts().rows;
    const rows: number[] = [];
    for (let at = 0; at < all && rows.length < limit; at++) {
      const row = found?.[at] ?? at;
      if (!excluded.has(row)) rows.push(row);
    }
    const excludedHere = [...excluded].filter((row) => (found ? holds(found, row) : row < all)).length;
    return this.#answer(rows, 'none', all - excludedHere);
  }

  async #similarRows({ limit, exclude, similarTo }: Request): Promise<Answer> {
    if (similarTo === undefined) return this.#answer([], 'none', 0);
    const { project } = this.#services;
    if (this.#similar?.project !== project || this.#similar.to !== similarTo)
      this.#similar = { project, to: similarTo, rows: await this.#orderSimilar(await this.#sources.pool(), similarTo) };
    const excluded = new Set(exclude);
    const rows = this.#similar.rows.filter((row) => project.store.isWaiting(row) && !excluded.has(row));
    return this.#answer(rows.subarray(0, limit), 'none', rows.length);
  }

  /** Rows that share telling words with one, the most alike first. */
  async #orderSimilar(pool: TokenPool, similarTo: number): Promise<Int32Array> {
    const { store } = pool.project;
    const words = await pool.tellingWords(similarTo, SIMILAR_WORDS);
    const found = await store.rowsSharing(words, 4 * SIMILAR_CANDIDATES);
    const rows = found.filter((row) => row !== similarTo && store.isWaiting(row)).slice(0, SIMILAR_CANDIDATES);
    if (rows.length === 0) return rows;
    const background = pool.candidates.subarray(0, SIMILAR_BACKGROUND);
    await pool.add([similarTo, ...rows]);
    const likeness = await this.#services.baseline.similar({
      documents: pool.pack([similarTo, ...rows, ...background]),
      compared: rows.length,
    });
    const order = Array.from(rows.keys()).sort((a, b) => (likeness[b] ?? 0) - (likeness[a] ?? 0) || a - b);
    return Int32Array.from(
      order.filter((place) => (likeness[place] ?? 0) > 0),
      (place) => rows[place] ?? 0,
    );
  }
}

/** Whether ascending numbers hold one. */
function holds(ascending: Int32Array, wanted: number): boolean {
  let low = 0;
  let high = ascending.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = ascending[middle] ?? 0;
    if (found === wanted) return true;
    if (found < wanted) low = middle + 1;
    else high = middle - 1;
  }
  return false;
}
