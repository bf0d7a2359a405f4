import type { LanguageModelBatch } from '../model/language-model';
import type { Random } from './random';

/** Documents as token ids, read where they lie (see `text/token-shards.ts`). */
export interface TokenDocumentSource {
  length(document: number): number;
  read(document: number): ArrayLike<number>;
}

export interface StreamOptions {
  readonly batchSize: number;
  readonly bptt: number;
  /** Window lengths drawn anew for each batch (Merity et al. 2017, section 4.1): 95 % around bptt, 5 % around half. */
  readonly variableLength: boolean;
  /** Tokens in reverse order, for a backward model. */
  readonly backward: boolean;
}

/** Where an epoch stands, for a checkpoint; the order of documents is drawn again from the generator's state. */
export interface StreamPosition {
  readonly generator: readonly number[];
  readonly position: number;
}

/** One of the parallel rows: which document it reads, and from where. */
interface Row {
  order: number;
  offset: number;
  document: ArrayLike<number>;
}

/**
 * Text as one stream of documents in a fresh random order, cut into `batchSize` rows that are read side by side
 * (fastai's `LMDataLoader`). Documents are read one at a time: memory does not grow with the corpus.
 */
export class StreamLoader {
  /** Tokens of an epoch's batches, targets apart. */
  readonly tokensPerEpoch: number;
  private readonly source: TokenDocumentSource;
  private readonly documents: Int32Array;
  private readonly options: StreamOptions;
  private readonly random: Random;
  private readonly rowLength: number;
  private rows: Row[] = [];
  private order = new Int32Array(0);
  private position = 0;
  private generator: readonly number[] = [];

  constructor(source: TokenDocumentSource, documents: Int32Array, options: StreamOptions, random: Random) {
    this.source = source;
    this.documents = documents;
    this.options = options;
    this.random = random;
    let tokens = 0;
    for (const document of documents) tokens += source.length(document);
    this.rowLength = Math.max(0, Math.floor((tokens - 1) / options.batchSize));
    this.tokensPerEpoch = this.rowLength * options.batchSize;
  }

  /** About how many batches an epoch has. */
  get batchesPerEpoch(): number {
    return Math.ceil(this.rowLength / this.options.bptt);
  }

  /** The share of the present epoch that was given out. */
  get fraction(): number {
    return this.rowLength === 0 ? 1 : this.position / this.rowLength;
  }

  /** Shuffles the documents and goes back to the beginning. */
  startEpoch(): void {
    this.generator = this.random.readState();
    this.order = this.random.shuffle(this.documents.slice());
    this.placeRows(0);
  }

  /** Where the epoch stands. */
  readPosition(): StreamPosition {
    return { generator: this.generator, position: this.position };
  }

  /** Goes on in the middle of an epoch; leaves the generator as it found it. */
  resumeAt(saved: StreamPosition): void {
    const present = this.random.readState();
    this.random.writeState(saved.generator);
    this.startEpoch();
    this.random.writeState(present);
    this.placeRows(saved.position);
  }

  /** The next window, or null at the end of the epoch. */
  next(): LanguageModelBatch | null {
    const left = this.rowLength - this.position;
    if (left <= 0) return null;
    const time = Math.min(left, this.drawLength());
    const batch = this.options.batchSize;
    const ids = new Int32Array(time * batch);
    const targets = new Int32Array(time * batch);
    this.rows.forEach((row, b) => {
      for (let t = 0; t < time; t++) {
        ids[t * batch + b] = this.take(row);
        if (t > 0) targets[(t - 1) * batch + b] = ids[t * batch + b]!;
      }
      targets[(time - 1) * batch + b] = this.peek(row);
    });
    this.position += time;
    return { ids, targets, time, batch };
  }

  private drawLength(): number {
    const { bptt, variableLength } = this.options;
    if (!variableLength) return bptt;
    const centre = this.random.uniform() < 0.95 ? bptt : bptt / 2;
    return Math.max(5, Math.round(centre + 5 * this.random.normal()));
  }

  /** Puts each row `position` tokens after its start. */
  private placeRows(position: number): void {
    this.position = position;
    const starts = new Float64Array(this.order.length + 1);
    this.order.forEach((document, i) => {
      starts[i + 1] = starts[i]! + this.source.length(document);
    });
    this.rows = Array.from({ length: this.rowLength === 0 ? 0 : this.options.batchSize }, (_, b) => {
      const token = b * this.rowLength + position;
      let [low, high] = [0, this.order.length - 1];
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (starts[middle]! <= token) low = middle;
        else high = middle - 1;
      }
      return { order: low, offset: token - starts[low]!, document: this.readDocument(low) };
    });
  }

  private take(row: Row): number {
    const token = this.peek(row);
    row.offset++;
    return token;
  }

  private peek(row: Row): number {
    while (row.offset >= row.document.length) {
      row.order++;
      row.offset = 0;
      row.document = this.readDocument(row.order);
    }
    return row.document[row.offset]!;
  }

  private readDocument(order: number): ArrayLike<number> {
    const document = this.source.read(this.order[order]!);
    return this.options.backward ? Array.from(document).reverse() : document;
  }
}
