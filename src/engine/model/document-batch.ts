import type { Window } from './encoder';

/**
 * Documents of unequal length as one padded matrix, longest first. A shorter document begins later, by whole chunks
 * of bptt; what is left over is padding at its end (fastai's `pad_chunk`). So every document begins with a chunk, its
 * state is never disturbed by padding before it, and no chunk is computed for a document that has not begun.
 */
export interface DocumentBatch {
  readonly documents: number;
  readonly time: number;
  readonly ids: Int32Array; // time-major, [time · documents]
  /** The first position of each document and the one after its last, `[documents]`. */
  readonly begin: Int32Array;
  readonly end: Int32Array;
}

/** A chunk of a batch as the encoder sees it. */
export interface DocumentChunk {
  readonly window: Window;
  /** Whether it takes part in pooling and gradient (the last `maxLength` tokens). */
  readonly kept: boolean;
  readonly mask: Float32Array; // [time · batch], 1 where a token stands
  readonly lastRow: Int32Array; // [documents], see PooledChunk
}

/** Pads documents (sorted longest first; at least one token each) into a batch. */
export function padDocuments(documents: readonly ArrayLike<number>[], bptt: number, padding: number): DocumentBatch {
  const n = documents.length;
  const time = documents[0]!.length;
  const ids = new Int32Array(time * n).fill(padding);
  const begin = new Int32Array(n);
  const end = new Int32Array(n);
  documents.forEach((document, column) => {
    const start = Math.floor((time - document.length) / bptt) * bptt;
    begin[column] = start;
    end[column] = start + document.length;
    for (let t = 0; t < document.length; t++) ids[(start + t) * n + column] = document[t]!;
  });
  return { documents: n, time, ids, begin, end };
}

/** Cuts a batch into the chunks that the encoder runs over, in order. */
export function* chunksOf(batch: DocumentBatch, bptt: number, maxLength: number | null): Generator<DocumentChunk> {
  const { documents, time, ids, begin, end } = batch;
  for (let start = 0; start < time; start += bptt) {
    const length = Math.min(bptt, time - start);
    let begun = 0;
    while (begun < documents && begin[begun]! <= start) begun++;
    const windowIds = new Int32Array(length * begun);
    const mask = new Float32Array(length * begun);
    const lastRow = new Int32Array(documents).fill(-1);
    const lengths = new Int32Array(begun);
    for (let column = 0; column < begun; column++) {
      for (let t = 0; t < length; t++) {
        windowIds[t * begun + column] = ids[(start + t) * documents + column]!;
        mask[t * begun + column] = start + t < end[column]! ? 1 : 0;
      }
      lengths[column] = Math.min(length, Math.max(0, end[column]! - start));
      const last = end[column]! - 1 - start;
      if (last >= 0 && last < length) lastRow[column] = last * begun + column;
    }
    const kept = maxLength === null || time - start <= maxLength;
    yield { window: { ids: windowIds, time: length, batch: begun, lengths }, kept, mask, lastRow };
  }
}
