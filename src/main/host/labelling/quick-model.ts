import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { canTellApart, shareWeights } from '../../../engine/labelling/class-shares';
import { multiLabels, type LabelCsr } from '../../../engine/evaluate/label-csr';
import type { Row } from '../../../shared/data-types';
import type { BaselineDocuments } from '../../workers/baseline-protocol';
import { rankLabels } from '../../../engine/evaluate/decide-labels';
import type { OpenProject } from '../open-project';
import type { HostServices } from '../services';
import type { TokenPool } from './token-pool';

/** So many labels are suggested for a row. */
const SUGGESTED = 5;

/** Labelled rows as the quick model learns from them. */
export interface LabelledSample {
  readonly rowIds: Int32Array;
  readonly names: readonly string[];
  readonly truth: LabelCsr;
  readonly multiLabel: boolean;
  /** 1 for a row that was labelled together with others, where such rows can be told apart. // [rows] */
  readonly atOnce: Uint8Array;
}

/** Labelled rows of a project as they stand now, at most so many, from all over the file. */
export async function labelledSample(project: OpenProject, most: number): Promise<LabelledSample> {
  const { store } = project;
  const rowIds = store.labelledRowIds(most);
  const labels = Array.from(rowIds, (row) => store.labelsOf(row) ?? []);
  const names = [...new Set(labels.flat())].sort();
  const idOf = new Map(names.map((name, id) => [name, id]));
  const truth = multiLabels(labels.map((row) => row.map((label) => idOf.get(label) ?? 0).sort((a, b) => a - b)));
  const multiLabel = (await store.columnChoice())?.multiLabel === true;
  const atOnce = await store.labelledAtOnce(rowIds);
  return { rowIds, names, truth, multiLabel, atOnce: canTellApart(atOnce) ? atOnce : atOnce.fill(0) };
}

/** A baseline in its file, and the predictions that read it just now: it is not removed before they end. */
interface Fitted {
  readonly file: string;
  readonly names: readonly string[];
  readonly reads: Set<Promise<unknown>>;
}

/** The TF-IDF baseline on the labels so far, kept in a file of its own while a project is open. */
export class QuickModel {
  readonly #services: HostServices;
  #folder: string | null = null;
  #fitted: Fitted | null = null;
  #fits = 0;

  constructor(services: HostServices) {
    this.#services = services;
  }

  /** Whether it can say something. */
  get ready(): boolean {
    return this.#fitted !== null;
  }

  /** Learns from labelled rows and says what it thinks of others. // [asked, names] @throws CancelledError */
  async fit(pool: TokenPool, sample: LabelledSample, asked: Int32Array, signal: AbortSignal): Promise<Float32Array> {
    this.#folder ??= await mkdtemp(path.join(os.tmpdir(), 'thaw-quick-model-'));
    // Another name for each: the worker keeps what it has read by name and time.
    const file = path.join(this.#folder, `baseline-${String(this.#fits++)}.bin`);
    const [probabilities = new Float32Array(0)] = await this.#services.baseline.fit(
      {
        documents: pool.pack(sample.rowIds),
        labelOffsets: sample.truth.offsets,
        labels: sample.truth.labels,
        classes: sample.names.length,
        multiLabel: sample.multiLabel,
        seed: 0,
        classWeights: sample.multiLabel ? null : shareWeights(sample.truth.labels, sample.atOnce, sample.names.length),
        words: pool.words,
        saveTo: file,
        predict: [pool.pack(asked)],
      },
      signal,
    );
    const old = this.#fitted;
    this.#fitted = { file, names: sample.names, reads: new Set() };
    if (old !== null) {
      await Promise.allSettled(old.reads);
      await rm(old.file, { force: true });
    }
    return probabilities;
  }

  /** The best labels of rows, best first; none before the first fit. */
  async suggest(
    pool: TokenPool,
    rowIds: readonly number[],
  ): Promise<ReadonlyMap<number, NonNullable<Row['predicted']>>> {
    if (this.#fitted === null || rowIds.length === 0) return new Map();
    await pool.add(rowIds);
    // Only now: while the rows were added a newer one may have been fitted, and this one's file removed.
    const fitted = this.#fitted;
    if (fitted === null) return new Map();
    const probabilities = await this.#read(fitted, pool.pack(rowIds));
    return new Map(rowIds.map((row, i) => [row, bestLabels(probabilities, i, fitted.names)]));
  }

  async #read(fitted: Fitted, documents: BaselineDocuments): Promise<Float32Array> {
    const reading = this.#services.baseline.predict(fitted.file, documents);
    fitted.reads.add(reading);
    try {
      return await reading;
    } finally {
      fitted.reads.delete(reading);
    }
  }

  /** Forgets everything. */
  async clear(): Promise<void> {
    const reads = [...(this.#fitted?.reads ?? [])];
    this.#fitted = null;
    await Promise.allSettled(reads);
    if (this.#folder !== null) await rm(this.#folder, { recursive: true, force: true });
    this.#folder = null;
  }
}

/** The labels worth showing for one row of a matrix of probabilities, best first. */
export function bestLabels(
  probabilities: Float32Array,
  row: number,
  names: readonly string[],
): NonNullable<Row['predicted']> {
  return rankLabels(probabilities, row, names)
    .slice(0, SUGGESTED)
    .map(({ label, probability }) => ({ label, probability }));
}
