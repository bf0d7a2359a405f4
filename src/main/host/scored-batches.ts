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

/** Rows read at a time. */
const pieceRows = 128;
/** Rows tokenized and scored at a time, at most: enough to put documents of equal length together, little in memory. */
const mostPieces = 8;
/** A batch that takes longer is made smaller, so that it is soon heard how far the work is. */
const longMs = 2_000;

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
  const batches = readBatches(file.path, file.options, file.columns, pieceRows, control.signal);
  let pieces = 1;
  const prepare = async (): Promise<{ batch: FileBatch; documents: EncodedDocuments } | null> => {
    const batch = await nextBatch(batches, pieces);
    if (!batch) return null;
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
      const begun = performance.now();
      const scores = await scoreModel(services, model, current.documents, wanted, control.checkpoint);
      const took = performance.now() - begun;
      if (took > longMs) pieces = Math.max(1, pieces / 2);
      else if (took < longMs / 4) pieces = Math.min(mostPieces, pieces * 2);
      yield { batch: current.batch, scores };
      await control.checkpoint?.();
      prepared = await ahead;
    }
  } finally {
    await batches.return(undefined);
  }
}

/** So many pieces as one batch; null at the end. */
async function nextBatch(
  batches: AsyncGenerator<FileBatch, void, undefined>,
  pieces: number,
): Promise<FileBatch | null> {
  const found: FileBatch[] = [];
  while (found.length < pieces) {
    const next = await batches.next();
    if (next.done) break;
    found.push(next.value);
  }
  const last = found.at(-1);
  if (!last) return null;
  if (found.length === 1) return last;
  return {
    ...last,
    rows: found.flatMap(({ rows }) => rows),
    lines: found.flatMap(({ lines }) => lines),
    rejected: found.flatMap(({ rejected }) => rejected),
  };
}
