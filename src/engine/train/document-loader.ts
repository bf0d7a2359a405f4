import type { DocumentBatch } from '../model/document-batch';
import { padDocuments } from '../model/document-batch';
import type { Random } from './random';
import type { TokenDocumentSource } from './stream-loader';

export interface DocumentLoaderOptions {
  /** The most documents in a batch. */
  readonly batchSize: number;
  /** The most tokens, padding included: long documents come in smaller batches. */
  readonly batchTokens: number;
  readonly bptt: number;
  readonly padding: number;
  /** Documents are cut to this many tokens; null: never. */
  readonly maxTokens: number | null;
  readonly backward: boolean;
}

/** A batch with the places of its documents in the list that the loader was given. */
export interface LoadedBatch {
  readonly batch: DocumentBatch;
  readonly places: Int32Array;
}

/** Groups documents of like length into padded batches, longest first in each (fastai's sorted and sortish batches). */
export class DocumentLoader {
  private readonly source: TokenDocumentSource;
  private readonly documents: Int32Array;
  private readonly options: DocumentLoaderOptions;
  private readonly lengths: Int32Array;

  constructor(source: TokenDocumentSource, documents: Int32Array, options: DocumentLoaderOptions) {
    this.source = source;
    this.documents = documents;
    this.options = options;
    this.lengths = documents.map((document) => this.lengthOf(document));
  }

  get documentCount(): number {
    return this.documents.length;
  }

  /** Tokens of all documents, after cutting. */
  get tokens(): number {
    return this.lengths.reduce((sum, length) => sum + length, 0);
  }

  /** All documents, longest first: for evaluation. */
  sortedBatches(): Int32Array[] {
    return this.cutIntoBatches(this.byLength(Int32Array.from(this.documents.keys())));
  }

  /**
   * All documents in a random order of batches; within stretches of 50 batches documents are sorted, so that batches
   * hold like lengths (fastai's `SortedDL` with shuffle). Documents of one length stay in random order: in a file sorted
   * by label its order would fill whole batches with one label, which batch norm then takes for granted.
   */
  sortishBatches(random: Random): Int32Array[] {
    const order = random.shuffle(Int32Array.from(this.documents.keys()));
    const stretch = this.options.batchSize * 50;
    const batches: Int32Array[] = [];
    for (let start = 0; start < order.length; start += stretch) {
      batches.push(...this.cutIntoBatches(this.byLength(order.slice(start, start + stretch))));
    }
    return random.shuffle(this.withoutSingles(batches));
  }

  /** All documents in a random order, whatever their lengths: the most random batches, with the most padding. */
  randomBatches(random: Random): Int32Array[] {
    const order = random.shuffle(Int32Array.from(this.documents.keys()));
    const batches: Int32Array[] = [];
    let [start, longest] = [0, 0];
    for (let i = 0; i < order.length; i++) {
      const length = this.lengths[order[i]!]!;
      const size = i - start;
      const full = size === this.options.batchSize || Math.max(longest, length) * (size + 1) > this.options.batchTokens;
      if (full && size >= 2) {
        batches.push(order.slice(start, i));
        [start, longest] = [i, 0];
      }
      longest = Math.max(longest, length);
    }
    if (start < order.length) batches.push(order.slice(start));
    return this.withoutSingles(batches);
  }

  /** Reads and pads the documents at these places. */
  load(places: Int32Array): LoadedBatch {
    const { bptt, padding } = this.options;
    const documents = Array.from(places, (place) => this.read(this.documents[place]!));
    return { batch: padDocuments(documents, bptt, padding), places };
  }

  /** Longest first; those of one length keep their order. */
  private byLength(places: Int32Array): Int32Array {
    return places.sort((a, b) => this.lengths[b]! - this.lengths[a]!);
  }

  private cutIntoBatches(sorted: Int32Array): Int32Array[] {
    const batches: Int32Array[] = [];
    for (let start = 0; start < sorted.length;) {
      const longest = this.lengths[sorted[start]!]!;
      const fits = Math.max(2, Math.min(this.options.batchSize, Math.floor(this.options.batchTokens / longest)));
      batches.push(sorted.slice(start, start + fits));
      start += fits;
    }
    return batches;
  }

  /**
   * Batch norm needs two documents: one that is left over joins the batch before it, or, where it is longer than all of
   * that batch and would make it grow, takes one document of it as a partner. Batches come back longest first.
   */
  private withoutSingles(batches: readonly Int32Array[]): Int32Array[] {
    const kept: Int32Array[] = [];
    for (const batch of batches) {
      const before = kept.at(-1);
      if (batch.length > 1 || !before) {
        kept.push(batch);
        continue;
      }
      const longest = Math.max(...Array.from(before, (place) => this.lengths[place]!));
      if (before.length < 3 || this.lengths[batch[0]!]! <= longest) {
        kept[kept.length - 1] = Int32Array.of(...before, ...batch);
      } else {
        kept[kept.length - 1] = before.slice(0, -1);
        kept.push(Int32Array.of(...before.slice(-1), ...batch));
      }
    }
    return kept.map((batch) => this.byLength(batch));
  }

  private lengthOf(document: number): number {
    const length = this.source.length(document);
    return Math.max(1, this.options.maxTokens === null ? length : Math.min(length, this.options.maxTokens));
  }

  private read(document: number): ArrayLike<number> {
    const { maxTokens, backward, padding } = this.options;
    const tokens = Array.from(this.source.read(document));
    const cut = maxTokens === null ? tokens : tokens.slice(0, maxTokens);
    if (cut.length === 0) return [padding];
    return backward ? cut.reverse() : cut;
  }
}
