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
  for (let start = 0; start < batch.time; start += bptt) {
    yield chunkAt(batch, start, Math.min(start + bptt, batch.time), isKept(batch, start, maxLength));
  }
}

/**
 * Cuts a batch that no gradient is wanted of into as few chunks as give the same numbers as those of {@link chunksOf}: a
 * new one begins only with a document, where pooling begins, and after `mostTokens`. The encoder's kernels prepare their
 * weights once a chunk.
 */
export function* longChunksOf(
  batch: DocumentBatch,
  bptt: number,
  maxLength: number | null,
  mostTokens: number,
): Generator<DocumentChunk> {
  const cuts = new Set(batch.begin);
  if (maxLength !== null) cuts.add(Math.ceil(Math.max(0, batch.time - maxLength) / bptt) * bptt);
  const inOrder = [...cuts.add(batch.time)].sort((a, b) => a - b);
  let [start, begun] = [0, 0];
  for (const cut of inOrder) {
    while (start < cut) {
      while (begun < batch.documents && batch.begin[begun]! <= start) begun++;
      const end = Math.min(cut, start + Math.max(1, Math.floor(mostTokens / begun)));
      yield chunkAt(batch, start, end, isKept(batch, Math.floor(start / bptt) * bptt, maxLength));
      start = end;
    }
  }
}

/** Whether what stands in the chunk of bptt that begins at `start` takes part in pooling. */
function isKept(batch: DocumentBatch, start: number, maxLength: number | null): boolean {
  return maxLength === null || batch.time - start <= maxLength;
}

function chunkAt(
  { documents, ids, begin, end }: DocumentBatch,
  start: number,
  to: number,
  kept: boolean,
): DocumentChunk {
  const length = to - start;
  let begun = 0;
  while (begun < documents && begin[begun]! <= start) begun++;
  const windowIds = new Int32Array(length * begun);
  const mask = new Float32Array(length * begun);
  const lastRow = new Int32Array(documents).fill(-1);
  const lengths = new Int32Array(begun);
  for (let t = 0; t < length; t++) {
    const row = (start + t) * documents;
    windowIds.set(ids.subarray(row, row + begun), t * begun);
    for (let column = 0; column < begun; column++) mask[t * begun + column] = start + t < end[column]! ? 1 : 0;
  }
  for (let column = 0; column < begun; column++) {
    lengths[column] = Math.min(length, Math.max(0, end[column]! - start));
    const last = end[column]! - 1 - start;
    if (last >= 0 && last < length) lastRow[column] = last * begun + column;
  }
  return { window: { ids: windowIds, time: length, batch: begun, lengths }, kept, mask, lastRow };
}
