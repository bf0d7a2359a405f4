import { existsSync } from 'node:fs';
import path from 'node:path';
import { meanOfRows, nearestRows, normaliseRows } from '../../../engine/inspect/nearest';
import { seededOrder } from '../../../engine/evaluate/seeded-order';
import { readSafetensors, writeSafetensors } from '../../../engine/weights/safetensors';
import { toFloat32 } from '../../../engine/weights/stored-tensor';
import type { SimilarRows } from '../../../shared/inspect-types';
import type { PredictingModel, ScoringModel } from '../classifier-folder';
import { encodeDocuments, type NumericalDocuments } from '../model-scores';
import type { OpenProject } from '../open-project';
import { fieldsOf } from '../scoring';
import type { HostServices } from '../services';

/** At most so many training rows are searched, and at most so many of their characters are read. */
const mostRows = 8000;
const mostCharacters = 3_000_000;
/** Rows read by the encoder at a time, so that other questions get in between. */
const rowsInOneGo = 128;

/** Encoder states of training rows, each of length 1 around their mean. */
interface Index {
  readonly key: string;
  readonly rows: Int32Array;
  readonly vectors: Float32Array; // [rows, width]
  readonly mean: Float32Array; // [width]
}

/**
 * Finds the training rows that the encoder takes for most like a text: by the cosine between pooled encoder states,
 * around their mean. The states are read once for a classifier, in the background, and kept beside its run.
 */
export class SimilarTexts {
  readonly #services: HostServices;
  #index: Index | null = null;
  #reading: { readonly key: string; done: number; total: number } | null = null;
  #failed: unknown = null;

  constructor(services: HostServices) {
    this.#services = services;
  }

  /** The nearest training rows; while they are being read for the first time, how far that is. */
  async find(
    classifier: PredictingModel,
    run: { readonly id: string; readonly train: Int32Array },
    text: string,
    limit: number,
  ): Promise<SimilarRows> {
    const { project } = this.#services;
    const key = `${project.path} ${run.id}`;
    const of = run.train.length;
    if (this.#failed !== null) {
      const error = this.#failed;
      this.#failed = null;
      throw error;
    }
    if (this.#index?.key !== key) {
      if (this.#reading?.key !== key) this.#start(project, classifier, run, key);
      const { done = 0, total = of } = this.#reading ?? {};
      return { state: 'reading', done, total, of, rows: [] };
    }
    const { rows, vectors, mean } = this.#index;
    const documents = await encodeDocuments(this.#services, classifier, [fieldsOf(text, classifier.columns.textColumns.length)]); // prettier-ignore
    const query = await statesOf(this.#services, classifier, documents.get(weightsOf(classifier).encoding));
    normaliseRows(query, mean);
    const nearest = nearestRows(vectors, query, limit);
    const found = await project.store.rowsByIds(nearest.map(({ place }) => rows[place] ?? -1));
    const byId = new Map(found.map((row) => [row.id, row]));
    const similar = nearest.flatMap(({ place, similarity }) => {
      const row = byId.get(rows[place] ?? -1);
      return row ? [{ row, similarity }] : [];
    });
    return { state: 'ready', done: rows.length, total: rows.length, of, rows: similar };
  }

  #start(
    project: OpenProject,
    classifier: PredictingModel,
    run: { readonly id: string; readonly train: Int32Array },
    key: string,
  ): void {
    const reading = { key, done: 0, total: Math.min(mostRows, run.train.length) };
    this.#reading = reading;
    const isWanted = (): boolean => this.#reading === reading && this.#services.currentProject === project;
    this.#read(project, classifier, run, reading, isWanted)
      .then((index) => {
        if (index && isWanted()) this.#index = index;
      })
      .catch((error: unknown) => {
        if (isWanted()) this.#failed = error;
      })
      .finally(() => {
        if (this.#reading === reading) this.#reading = null;
      });
  }

  async #read(
    project: OpenProject,
    classifier: PredictingModel,
    run: { readonly id: string; readonly train: Int32Array },
    reading: { readonly key: string; done: number; total: number },
    isWanted: () => boolean,
  ): Promise<Index | null> {
    const file = path.join(project.runs.folder(run.id), 'encoder-states.safetensors');
    const known = existsSync(file) ? await loadIndex(file, reading.key) : null;
    if (known) return known;
    const sample = sampleOf(run.train);
    const parts: Float32Array[] = [];
    const taken: number[] = [];
    let characters = 0;
    for (let start = 0; start < sample.length && characters < mostCharacters; start += rowsInOneGo) {
      const rows = sample.subarray(start, start + rowsInOneGo);
      const fields = await project.store.cells.fields(rows);
      characters += fields.reduce((sum, texts) => sum + texts.join('').length, 0);
      const documents = await encodeDocuments(this.#services, classifier, fields);
      parts.push(await statesOf(this.#services, classifier, documents.get(weightsOf(classifier).encoding)));
      taken.push(...rows);
      reading.done = taken.length;
      if (!isWanted()) return null;
    }
    const width = (parts[0]?.length ?? 0) / Math.max(1, Math.min(rowsInOneGo, sample.length));
    const vectors = new Float32Array(taken.length * width);
    parts.reduce((at, part) => (vectors.set(part, at), at + part.length), 0);
    const mean = meanOfRows(vectors, width);
    normaliseRows(vectors, mean);
    const rows = Int32Array.from(taken);
    await writeSafetensors(
      file,
      new Map([
        ['rows', { dtype: 'I32', shape: [rows.length], data: rows }],
        ['vectors', { dtype: 'F32', shape: [rows.length, width], data: vectors }],
        ['mean', { dtype: 'F32', shape: [width], data: mean }],
      ]),
      { format: 'thaw-encoder-states' },
    );
    return { key: reading.key, rows, vectors, mean };
  }
}

/** The rows that are searched: all, or a sample of very many. */
function sampleOf(train: Int32Array): Int32Array {
  if (train.length <= mostRows) return train;
  return seededOrder(train.length, 0)()
    .slice(0, mostRows)
    .map((place) => train[place] ?? 0)
    .sort();
}

async function loadIndex(file: string, key: string): Promise<Index | null> {
  const { tensors } = await readSafetensors(file);
  const [rows, vectors, mean] = [tensors.get('rows'), tensors.get('vectors'), tensors.get('mean')];
  if (!rows || !vectors || !mean || !(rows.data instanceof Int32Array)) return null;
  return { key, rows: rows.data, vectors: toFloat32(vectors), mean: toFloat32(mean) };
}

/** The weights whose encoder is asked: of an ensemble its first member's. */
function weightsOf(model: ScoringModel): ScoringModel {
  const [first] = model.members;
  return first ? weightsOf(first.model) : model;
}

async function statesOf(
  services: HostServices,
  classifier: PredictingModel,
  documents: NumericalDocuments | undefined,
): Promise<Float32Array> {
  const { ids, offsets } = documents ?? { ids: new Int32Array(0), offsets: Int32Array.of(0) };
  return services.training.states(weightsOf(classifier).folder, ids, offsets, [weightsOf(classifier).folder]);
}
