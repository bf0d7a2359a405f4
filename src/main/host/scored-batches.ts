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
const batchRows = 2048;

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
  signal?: AbortSignal,
): AsyncGenerator<ScoredBatch, void, undefined> {
  const batches = readBatches(file.path, file.options, file.columns, batchRows, signal);
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
      yield { ...current, probabilities: await scoreDocuments(services, classifier, current.documents) };
      prepared = await ahead;
    }
  } finally {
    await batches.return(undefined);
  }
}

/** The classifier's probabilities for documents. // [documents, classes] */
export async function scoreDocuments(
  services: HostServices,
  classifier: ClassifierFolder,
  { ids, offsets }: NumericalDocuments,
): Promise<Float32Array> {
  if (offsets.length <= 1) return new Float32Array(0);
  return services.training.predict(classifier.folder, ids, offsets, classifier.labels.length);
}
