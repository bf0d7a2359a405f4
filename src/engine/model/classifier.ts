import type { Kernels, Tensor } from '../kernels/kernels';
import type { EncoderConfig } from './config';
import type { DocumentBatch, DocumentChunk } from './document-batch';
import { chunksOf, longChunksOf } from './document-batch';
import type { EncoderReach, EncoderState, EncoderTrace } from './encoder';
import { encoderBackward, encoderForward, encoderWeights, mapState, stateRows, zeroState } from './encoder';
import type { HeadConfig, HeadMasks } from './head';
import { headBackward, headForward, HeadStatistics } from './head';
import type { DropoutMasks } from './masks';
import type { Gradients, Parameters } from './parameters';
import type { PooledOutputs, PoolTrace } from './pooling';
import { poolOutputs, poolOutputsBackward } from './pooling';

/** Loss and its gradient, given logits `[documents, classes]` copied out. */
export type LogitLoss = (logits: Float32Array) => { loss: number; dLogits: Float32Array };

/** Tokens of a chunk that no gradient is wanted of: tensors beyond 32 MB would be new pages of memory each time. */
const EVALUATED_TOKENS = 8192;

/** A pass over documents, with what the backward pass needs. */
interface DocumentPass {
  readonly pooled: Tensor;
  readonly pools: readonly PoolTrace[]; // one an output, from the last layer's down
  readonly traces: readonly EncoderTrace[];
}

/**
 * The text classifier: an encoder that runs over whole documents in chunks of `bptt` tokens with its state carried,
 * concat pooling, and a head (Howard & Ruder 2018, section 3.3; fastai's `get_text_classifier`).
 */
export class Classifier {
  readonly config: EncoderConfig;
  readonly head: HeadConfig;
  readonly parameters: Parameters;
  readonly statistics: HeadStatistics;
  readonly bptt: number;
  /** The gradient reaches back this many tokens from the longest document's end; null: to its beginning. */
  readonly maxLength: number | null;
  private readonly kernels: Kernels;

  constructor(
    kernels: Kernels,
    sizes: { encoder: EncoderConfig; head: HeadConfig; bptt: number; maxLength: number | null },
    parameters: Parameters,
  ) {
    this.kernels = kernels;
    this.config = sizes.encoder;
    this.head = sizes.head;
    this.bptt = sizes.bptt;
    this.maxLength = sizes.maxLength;
    this.parameters = parameters;
    this.statistics = new HeadStatistics(sizes.head);
  }

  /**
   * Forward and backward over a batch of documents.
   * @param reach what of the encoder learns; null: the head only
   * @returns loss, logits `[documents, classes]`, and gradients that the caller frees
   */
  trainStep(
    batch: DocumentBatch,
    masks: { encoder: DropoutMasks | null; head: HeadMasks },
    reach: EncoderReach | null,
    lossOf: LogitLoss,
  ): { loss: number; logits: Float32Array; gradients: Gradients } {
    const k = this.kernels;
    return k.scope(() => {
      const pass = this.encode(batch, masks.encoder, reach ? reach.lowestLayer : Infinity);
      const run = headForward(k, this.head, this.parameters, this.statistics, pass.pooled, { masks: masks.head });
      const logits = k.read(run.logits);
      const { loss, dLogits } = lossOf(logits);
      const d = k.float(dLogits, run.logits.shape);
      const back = headBackward(k, this.head, this.parameters, run.trace, masks.head, d);
      const gradients = back.gradients;
      if (reach) this.encoderGradients(gradients, pass, masks.encoder, back.dPooled, reach);
      return { loss, logits, gradients };
    });
  }

  /** Logits `[documents, classes]` in evaluation mode. */
  logits(batch: DocumentBatch): Float32Array {
    const k = this.kernels;
    return k.scope(() => {
      const pass = this.encode(batch, null, Infinity);
      return k.read(headForward(k, this.head, this.parameters, this.statistics, pass.pooled, null).logits);
    });
  }

  /** The pooled vectors `[documents, parts · embedding]` in evaluation mode: the head's input. */
  pooled(batch: DocumentBatch): Float32Array {
    const k = this.kernels;
    return k.scope(() => k.read(this.encode(batch, null, Infinity).pooled));
  }

  /** The head alone on pooled vectors, for training it while the encoder is frozen. */
  headStep(
    pooled: Float32Array,
    documents: number,
    masks: HeadMasks,
    lossOf: LogitLoss,
  ): { loss: number; gradients: Gradients } {
    const k = this.kernels;
    return k.scope(() => {
      const x = k.float(pooled, [documents, this.head.widths[0]!]);
      const run = headForward(k, this.head, this.parameters, this.statistics, x, { masks });
      const { loss, dLogits } = lossOf(k.read(run.logits));
      const d = k.float(dLogits, run.logits.shape);
      return { loss, gradients: headBackward(k, this.head, this.parameters, run.trace, masks, d).gradients };
    });
  }

  private encode(batch: DocumentBatch, masks: DropoutMasks | null, learnFrom: number): DocumentPass {
    const k = this.kernels;
    const weights = encoderWeights(k, this.config, this.parameters, masks);
    const lower = (this.head.pooledOutputs ?? 1) - 1;
    const kept: PooledOutputs[] = [];
    const traces: EncoderTrace[] = [];
    let states: EncoderState = [];
    const forward = (chunk: DocumentChunk, before: EncoderState, from: number): ReturnType<typeof encoderForward> => {
      const chunkMasks = masks && narrow(k, masks, chunk.window.batch, batch.documents);
      const grown = this.grow(before, chunk.window.batch);
      return encoderForward(k, this.config, weights, chunk.window, grown, chunkMasks, from, chunk.kept ? lower : 0);
    };
    // A reverse direction reads each chunk from its end, so it must be cut as it was in training.
    const isFree = learnFrom === Infinity && !masks && !this.config.bidirectional;
    const chunks = isFree
      ? longChunksOf(batch, this.bptt, this.maxLength, EVALUATED_TOKENS)
      : chunksOf(batch, this.bptt, this.maxLength);
    for (const chunk of chunks) {
      if (!chunk.kept) {
        // These come before all that are kept, and leave nothing but their state: memory does not grow with them.
        const before = states.flat();
        states = k.scope(() => forward(chunk, states, Infinity).states);
        const after = new Set(states.flat());
        k.dispose(...before.filter((tensor) => !after.has(tensor)));
        continue;
      }
      const run = forward(chunk, states, learnFrom);
      states = run.states;
      traces.push(run.trace);
      const { time, batch: rows } = chunk.window;
      const outputs = [run.output, ...run.lower] as const;
      kept.push({ outputs, time, batch: rows, mask: chunk.mask, lastRow: chunk.lastRow });
    }
    const lengths = new Int32Array(batch.documents);
    for (const chunk of kept) {
      chunk.mask.forEach((bit, i) => {
        lengths[i % chunk.batch]! += bit;
      });
    }
    return { ...poolOutputs(k, kept, lengths, this.head.pooling), traces };
  }

  private encoderGradients(
    gradients: Gradients,
    pass: DocumentPass,
    masks: DropoutMasks | null,
    dPooled: Tensor,
    reach: EncoderReach,
  ): void {
    const k = this.kernels;
    const parts = new Map<string, Tensor[]>();
    const rows: Tensor[] = [];
    const ids: Tensor[] = [];
    poolOutputsBackward(k, pass.pools, dPooled).forEach(([dOutput, ...dLower], i) => {
      const trace = pass.traces[i]!;
      const chunkMasks = masks && narrow(k, masks, trace.window.batch, pass.pools[0]!.documents);
      const back = encoderBackward(k, this.config, trace, chunkMasks, dOutput, reach, dLower);
      for (const [name, gradient] of back.gradients) parts.set(name, [...(parts.get(name) ?? []), gradient]);
      if (back.rows) {
        rows.push(back.rows);
        ids.push(trace.ids);
      }
    });
    for (const [name, tensors] of parts) gradients.set(name, tensors.length === 1 ? tensors[0]! : k.addAll(tensors));
    if (rows.length === 0) return;
    const allRows = rows.length === 1 ? rows[0]! : k.concat(rows, 0);
    const allIds = ids.length === 1 ? ids[0]! : k.concat(ids, 0);
    gradients.set('embedding', k.segmentSum(allRows, allIds, this.config.vocabulary));
  }

  /** Documents are sorted longest first, so later chunks only add rows at the end, with zero states. */
  private grow(states: EncoderState, batch: number): EncoderState {
    const k = this.kernels;
    const rows = stateRows(states);
    if (rows === null) return zeroState(k, this.config, batch);
    if (batch === rows) return states;
    return mapState(states, (x) => k.concat([x, k.fill([batch - rows, x.shape[1]!], 0)], 0));
  }
}

/** The masks of the documents that have begun. */
function narrow(k: Kernels, masks: DropoutMasks, batch: number, documents: number): DropoutMasks {
  if (batch === documents) return masks;
  const cut = (mask: Tensor | null): Tensor | null => mask && k.sliceRows(mask, 0, batch);
  return { ...masks, input: cut(masks.input), hidden: masks.hidden.map(cut), output: cut(masks.output) };
}
