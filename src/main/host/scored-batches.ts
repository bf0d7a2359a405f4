import { readBatches, type FileBatch } from '../../engine/data/read-batches';
import type { ReadOptions } from '../../shared/data-types';
import type { ClassifierFolder } from './classifier-folder';
import type { HostServices } from './services';

/** Documents as token ids: document d is `ids[offsets[d] … offsets[d + 1])`. */
export interface NumericalDocuments {
  readonly ids: Int32Array;
  readonly offsets: Int32Array;
}

/** Some rows of a file with the model's probabilities. // [rows, classes] */
export interface ScoredBatch {
  readonly batch: FileBatch;
  readonly documents: NumericalDocuments;
  readonly probabilities: Float32Array;
}

/** Rows read, tokenized and scored at a time: enough to put documents of equal length together, little in memory. */
const batchRows = 1024;

/**
 * Scores a file of any size from front to back with memory for a few batches: while the model scores one batch, the
 * next one is read and tokenized.
 */
export async function* scoredBatches(
  services: HostServices,
  classifier: ClassifierFolder,
  file: {
    readonly path: string;
    readonly options: ReadOptions;
    readonly columns: readonly string[];
    readonly textColumns: number;
  },
  control: { readonly signal?: AbortSignal | undefined; readonly checkpoint?: () => Promise<void> },
): AsyncGenerator<ScoredBatch, void, undefined> {
  const batches = readBatches(file.path, file.options, file.columns, batchRows, control.signal);
  const prepare = async (): Promise<Omit<ScoredBatch, 'probabilities'> | null> => {
    const next = await batches.next();
    if (next.done) return null;
    const batch = next.value;
    const places = batch.wanted.slice(0, file.textColumns);
    const fields = batch.rows.map((row) => places.map((place) => row[place] ?? ''));
    const documents = await services.pool.numericalise(fields, classifier.vocabulary, classifier.tokenizer);
    return { batch, documents };
  };
  try {
    let prepared = await prepare();
    while (prepared) {
      const current = prepared;
      const ahead = prepare();
      // Its error is thrown by the await below; until then nobody listens.
      ahead.catch(() => undefined);
      yield {
        ...current,
        probabilities: await scoreDocuments(services, classifier, current.documents, control.checkpoint),
      };
      prepared = await ahead;
    }
  } finally {
    await batches.return(undefined);
  }
}

/** Documents for one call of the training worker: so few that it soon looks at its messages again. */
const documentsInOneGo = 512;

/**
 * The classifier's probabilities for documents. Those of like length go together, so that little is padded.
 * @param between asked between two calls: waits while paused, throws once cancelled
 * @returns // [documents, classes]
 */
export async function scoreDocuments(
  services: HostServices,
  classifier: ClassifierFolder,
  documents: NumericalDocuments,
  between: () => Promise<void> = () => Promise.resolve(),
): Promise<Float32Array> {
  const { folder, labels } = classifier;
  const { offsets } = documents;
  const count = offsets.length - 1;
  if (count === 0) return new Float32Array(0);
  if (count <= documentsInOneGo) return services.training.predict(folder, documents.ids, offsets, labels.length);
  const length = (i: number): number => (offsets[i + 1] ?? 0) - (offsets[i] ?? 0);
  const order = Array.from({ length: count }, (_, i) => i).sort((a, b) => length(a) - length(b));
  const probabilities = new Float32Array(count * labels.length);
  for (let start = 0; start < count; start += documentsInOneGo) {
    await between();
    const places = order.slice(start, start + documentsInOneGo);
    const part = pick(documents, places);
    const scores = await services.training.predict(folder, part.ids, part.offsets, labels.length);
    places.forEach((place, i) => {
      probabilities.set(scores.subarray(i * labels.length, (i + 1) * labels.length), place * labels.length);
    });
  }
  return probabilities;
}

function pick({ ids, offsets }: NumericalDocuments, places: readonly number[]): NumericalDocuments {
  const picked = new Int32Array(places.length + 1);
  places.forEach((place, i) => (picked[i + 1] = (picked[i] ?? 0) + (offsets[place + 1] ?? 0) - (offsets[place] ?? 0)));
  const all = new Int32Array(picked[places.length] ?? 0);
  places.forEach((place, i) => all.set(ids.subarray(offsets[place] ?? 0, offsets[place + 1] ?? 0), picked[i] ?? 0));
  return { ids: all, offsets: picked };
}
