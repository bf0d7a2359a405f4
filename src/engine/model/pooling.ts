import type { Kernels, Tensor } from '../kernels/kernels';

/** The encoder's output over one chunk of a batch of documents; rows beyond `batch` have not begun yet. */
export interface PooledChunk {
  readonly output: Tensor; // [time·batch, width]
  readonly time: number;
  readonly batch: number;
  /** 1 where a token stands, 0 where padding does; `[time·batch]`, time-major. */
  readonly mask: Float32Array;
  /** Row of `output` that holds a document's last token, or −1 where that lies in another chunk; one a document. */
  readonly lastRow: Int32Array;
}

/** What a document is summed up by: its last state, the maximum and the mean over its tokens. */
export type PoolPart = 'last' | 'max' | 'mean';

/** Concat pooling as the paper has it. */
export const concatParts: readonly PoolPart[] = ['last', 'max', 'mean'];

/** What the backward pass of {@link concatPool} needs. */
export interface PoolTrace {
  readonly parts: readonly PoolPart[];
  readonly chunks: readonly { readonly chunk: PooledChunk; readonly mask: Tensor; readonly lastRow: Tensor }[];
  readonly maximum: Tensor | null; // [documents, width]
  readonly inverseLengths: Tensor; // [documents, 1]
  readonly documents: number;
}

/** Less than any LSTM output, which lies in (−1, 1). */
const lowest = -1e9;

/**
 * Concat pooling (Howard & Ruder 2018, section 3.3; fastai's `masked_concat_pool`): last state, maximum and mean over
 * all tokens of each document, `[documents, parts · width]`. Works chunk by chunk, so that no matrix of the whole
 * length is made.
 * @param lengths tokens of each document within the chunks
 * @param parts what is put side by side, in this order
 */
export function concatPool(
  k: Kernels,
  chunks: readonly PooledChunk[],
  lengths: Int32Array,
  parts: readonly PoolPart[] = concatParts,
): { pooled: Tensor; trace: PoolTrace } {
  const documents = lengths.length;
  const width = chunks[0]!.output.shape[1]!;
  const wants = new Set(parts);
  const sums: Tensor[] = [];
  const maxima: Tensor[] = [];
  const lasts: Tensor[] = [];
  const kept = chunks.map((chunk) => {
    const mask = k.float(chunk.mask, [chunk.time, chunk.batch, 1]);
    const cube = k.reshape(chunk.output, [chunk.time, chunk.batch, width]);
    if (wants.has('mean')) sums.push(padRows(k, k.sum(k.mul(cube, mask), 0), documents, 0));
    if (wants.has('max')) maxima.push(padRows(k, maximumOf(k, chunk, cube), documents, lowest));
    if (wants.has('last')) lasts.push(lastRows(k, chunk, documents));
    // Documents end in different chunks: −1 drops a row from the segment sum of the backward pass.
    return { chunk, mask, lastRow: k.int(chunk.lastRow, [chunk.lastRow.length]) };
  });
  const inverseLengths = k.float(
    Float32Array.from(lengths, (length) => 1 / Math.max(1, length)),
    [documents, 1],
  );
  const maximum = maxima.length <= 1 ? (maxima[0] ?? null) : k.max(k.stack(maxima), 0);
  const pooledParts = parts.map((part) => {
    if (part === 'last') return k.addAll(lasts);
    return part === 'max' ? maximum! : k.mul(k.addAll(sums), inverseLengths);
  });
  const pooled = pooledParts.length === 1 ? pooledParts[0]! : k.concat(pooledParts, 1);
  return { pooled, trace: { parts, chunks: kept, maximum, inverseLengths, documents } };
}

/** The gradient of each chunk's output, `[time·batch, width]`, given that of the pooled matrix. */
export function concatPoolBackward(k: Kernels, trace: PoolTrace, dPooled: Tensor): Tensor[] {
  const { parts, maximum } = trace;
  const width = dPooled.shape[1]! / parts.length;
  const split =
    parts.length === 1
      ? [dPooled]
      : k.splitColumns(
          dPooled,
          parts.map(() => width),
        );
  const of = (part: PoolPart): Tensor | null => split[parts.indexOf(part)] ?? null;
  const [dLast, dMax, dMean] = [of('last'), of('max'), of('mean')];
  const dSum = dMean && k.mul(dMean, trace.inverseLengths);
  return trace.chunks.map(({ chunk, mask, lastRow }) => {
    const rows = chunk.time * chunk.batch;
    const first = (x: Tensor): Tensor => (chunk.batch === trace.documents ? x : k.sliceRows(x, 0, chunk.batch));
    const cube = k.reshape(chunk.output, [chunk.time, chunk.batch, width]);
    const byMax = dMax && maximum && k.mul(k.equal(cube, first(maximum)), first(dMax));
    const byAll = byMax && dSum ? k.add(byMax, first(dSum)) : (byMax ?? (dSum && first(dSum)));
    // Padding never counts, even where a padded state happens to equal the maximum.
    const flat = byAll && k.reshape(k.mul(byAll, mask), [rows, width]);
    const byLast = dLast && k.segmentSum(dLast, lastRow, rows);
    return flat && byLast ? k.add(flat, byLast) : (flat ?? byLast!);
  });
}

/** A {@link PooledChunk} with several outputs of the encoder, from the last layer's down, each `[time·batch, width]`. */
export interface PooledOutputs extends Omit<PooledChunk, 'output'> {
  readonly outputs: readonly [Tensor, ...Tensor[]];
}

/** {@link concatPool} of each output of the encoder, side by side: `[documents, parts · (width + width + …)]`. */
export function poolOutputs(
  k: Kernels,
  chunks: readonly PooledOutputs[],
  lengths: Int32Array,
  parts?: readonly PoolPart[],
): { pooled: Tensor; pools: PoolTrace[] } {
  const runs = chunks[0]!.outputs.map((_, i) =>
    concatPool(
      k,
      chunks.map(({ outputs, ...chunk }) => ({ ...chunk, output: outputs[i]! })),
      lengths,
      parts,
    ),
  );
  const pooled = runs.map((run) => run.pooled);
  return {
    pooled: pooled.length === 1 ? pooled[0]! : k.concat(pooled, 1),
    pools: runs.map((run) => run.trace),
  };
}

/** The gradients of every chunk's outputs, in the order of {@link PooledOutputs}, given that of the pooled matrix. */
export function poolOutputsBackward(
  k: Kernels,
  pools: readonly PoolTrace[],
  dPooled: Tensor,
): (readonly [Tensor, ...Tensor[]])[] {
  const widths = pools.map(({ parts, chunks }) => parts.length * chunks[0]!.chunk.output.shape[1]!);
  const dParts = pools.length === 1 ? [dPooled] : k.splitColumns(dPooled, widths);
  const byOutput = pools.map((pool, i) => concatPoolBackward(k, pool, dParts[i]!));
  return byOutput[0]!.map((dOutput, chunk) => [dOutput, ...byOutput.slice(1).map((each) => each[chunk]!)]);
}

function maximumOf(k: Kernels, chunk: PooledChunk, cube: Tensor): Tensor {
  const low = k.float(
    chunk.mask.map((bit) => (bit ? 0 : lowest)),
    [chunk.time, chunk.batch, 1],
  );
  return k.max(k.add(cube, low), 0);
}

function lastRows(k: Kernels, chunk: PooledChunk, documents: number): Tensor {
  const rows = k.gatherRows(
    chunk.output,
    k.int(
      chunk.lastRow.map((row) => Math.max(0, row)),
      [documents],
    ),
  );
  const present = k.float(
    Float32Array.from(chunk.lastRow, (row) => (row < 0 ? 0 : 1)),
    [documents, 1],
  );
  return k.mul(rows, present);
}

function padRows(k: Kernels, x: Tensor, rows: number, value: number): Tensor {
  const [have, width] = x.shape as [number, number];
  return have === rows ? x : k.concat([x, k.fill([rows - have, width], value)], 0);
}
