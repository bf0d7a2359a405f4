import { readBatches, type FileBatch } from '../../engine/data/read-batches';
import type { ReadOptions } from '../../shared/data-types';
import type { ScoringModel } from './classifier-folder';
import {
  encodeDocuments,
  scoreModel,
  type EncodedDocuments,
  type ModelScores,
  type WantedScores,
} from './model-scores';
import type { HostServices } from './services';

/** Some rows of a file with what the model says about them. */
export interface ScoredBatch {
  readonly batch: FileBatch;
  readonly scores: ModelScores;
}

/** Rows read, tokenized and scored at a time: enough to put documents of equal length together, little in memory. */
const batchRows = 1024;

/** A file whose rows are to be scored: `columns` begins with the text columns. */
export interface FileToScore {
  readonly path: string;
  readonly options: ReadOptions;
  readonly columns: readonly string[];
  readonly textColumns: number;
}

/**
 * Scores a file of any size from front to back with memory for a few batches: while the model scores one batch, the
 * next one is read and tokenized.
 */
export async function* scoredBatches(
  services: HostServices,
  model: ScoringModel,
  file: FileToScore,
  wanted: WantedScores,
  control: { readonly signal?: AbortSignal | undefined; readonly checkpoint?: () => Promise<void> },
): AsyncGenerator<ScoredBatch, void, undefined> {
  const batches = readBatches(file.path, file.options, file.columns, batchRows, control.signal);
  const prepare = async (): Promise<{ batch: FileBatch; documents: EncodedDocuments } | null> => {
    const next = await batches.next();
    if (next.done) return null;
    const batch = next.value;
    const places = batch.wanted.slice(0, file.textColumns);
    const fields = batch.rows.map((row) => places.map((place) => row[place] ?? ''));
    return { batch, documents: await encodeDocuments(services, model, fields) };
  };
  try {
    let prepared = await prepare();
    while (prepared) {
      const current = prepared;
      const ahead = prepare();
      // Its error is thrown by the await below; until then nobody listens.
      ahead.catch(() => undefined);
      const scores = await scoreModel(services, model, current.documents, wanted, control.checkpoint);
      yield { batch: current.batch, scores };
      prepared = await ahead;
    }
  } finally {
    await batches.return(undefined);
  }
}
