import { runNow } from './in-steps';
import { NgramIndex, NO_TOKEN, PIECE } from './ngram-index';
import { IntList, type SparseRows } from './sparse-rows';
import type { WordPieces } from './word-pieces';

/** Tokenised texts, as ids of one vocabulary. */
export interface TokenDocuments {
  readonly length: number;
  at(i: number): ArrayLike<number>;
}

/** How features are chosen. */
export interface FeatureOptions {
  /** Token ids that are no words; the words beside them count as neighbours. */
  readonly skip: readonly number[];
  /** With more features than this, word pairs of one, then two … training texts are left out. Words always stay. */
  readonly mostFeatures: number;
  /** Pieces of the words, to be features too where they are in two training texts; left out: words and pairs only. */
  readonly pieces?: WordPieces | undefined;
}

/** A piece in fewer training texts says nothing beside its word. */
const FEWEST_PIECE_TEXTS = 2;

/**
 * Single words, word pairs and pieces of words with their weights: turns a tokenised text into a sparse row. Weight of a
 * feature: (1 + ln count) · (ln((1 + n) / (1 + texts with it)) + 1), as scikit-learn's TfidfVectorizer with sublinear_tf;
 * words and pairs are scaled to length 1 together, and so are the pieces.
 */
export class TfidfFeatures {
  readonly index: NgramIndex; // words and pairs first, then pieces
  readonly idf: Float32Array; // [features]
  readonly skip: readonly number[];
  readonly pieces: WordPieces | null;
  readonly #firstPiece: number;

  constructor(index: NgramIndex, idf: Float32Array, skip: readonly number[], pieces: WordPieces | null = null) {
    this.index = index;
    this.idf = idf;
    this.skip = skip;
    this.pieces = pieces;
    const first = index.second.indexOf(PIECE);
    this.#firstPiece = first < 0 ? idf.length : first;
  }

  /** Finds the features of training texts and gives their rows; yields now and then so that a caller can breathe. */
  static *fit(
    docs: TokenDocuments,
    options: FeatureOptions,
  ): Generator<void, { features: TfidfFeatures; rows: SparseRows }> {
    const index = new NgramIndex(docs.length * 4);
    const counter = new TextCounter(options.skip, options.pieces ?? null);
    const columns = new IntList();
    const counts = new IntList();
    const offsets = new Int32Array(docs.length + 1);
    for (let i = 0; i < docs.length; i++) {
      counter.count(docs.at(i), (first, second) => index.add(first, second));
      counter.drain(columns, counts);
      offsets[i + 1] = columns.length;
      if (i % 256 === 255) yield;
    }
    return yield* prune({ index, offsets, columns: columns.view(), counts: counts.view() }, options);
  }

  /** The rows of other texts; features never seen in training are ignored. */
  transform(docs: TokenDocuments): SparseRows {
    const counter = new TextCounter(this.skip, this.pieces);
    const columns = new IntList();
    const counts = new IntList();
    const offsets = new Int32Array(docs.length + 1);
    for (let i = 0; i < docs.length; i++) {
      counter.count(docs.at(i), (first, second) => this.index.find(first, second));
      counter.drain(columns, counts);
      offsets[i + 1] = columns.length;
    }
    return runNow(weigh({ offsets, columns: columns.view(), counts: counts.view() }, this.idf, this.#firstPiece));
  }
}

/** Counts the features of one text at a time, in memory that is used again for the next. */
class TextCounter {
  readonly #skip: Uint8Array;
  readonly #pieces: WordPieces | null;
  #perFeature = new Int32Array(1024);
  readonly #seen = new IntList();

  constructor(skip: readonly number[], pieces: WordPieces | null) {
    this.#pieces = pieces;
    this.#skip = new Uint8Array(Math.max(0, ...skip) + 1);
    for (const id of skip) this.#skip[id] = 1;
  }

  /** Counts words, neighbouring pairs and pieces; `lookUp` numbers a feature, or gives -1 for one to ignore. */
  count(tokens: ArrayLike<number>, lookUp: (first: number, second: number) => number): void {
    let before = NO_TOKEN;
    for (let t = 0; t < tokens.length; t++) {
      const token = tokens[t] as number;
      if (this.#skip[token] === 1) continue;
      this.#bump(lookUp(token, NO_TOKEN));
      if (before !== NO_TOKEN) this.#bump(lookUp(before, token));
      before = token;
      if (this.#pieces) for (const piece of this.#pieces.at(token)) this.#bump(lookUp(piece, PIECE));
    }
  }

  #bump(feature: number): void {
    if (feature < 0) return;
    if (feature >= this.#perFeature.length) {
      const grown = new Int32Array(feature * 2);
      grown.set(this.#perFeature);
      this.#perFeature = grown;
    }
    const count = this.#perFeature[feature] as number;
    if (count === 0) this.#seen.push(feature);
    this.#perFeature[feature] = count + 1;
  }

  /** Appends the features of the text with their counts, and forgets them. */
  drain(columns: IntList, counts: IntList): void {
    for (const feature of this.#seen.view()) {
      columns.push(feature);
      counts.push(this.#perFeature[feature] as number);
      this.#perFeature[feature] = 0;
    }
    this.#seen.clear();
  }
}

/** Features and how often they are in each text; `columns` and `counts` lie as {@link SparseRows} do. */
interface CountedRows {
  readonly offsets: Int32Array;
  readonly columns: Int32Array;
  readonly counts: Int32Array;
}

/** Drops rare pairs and pieces, numbers the rest anew and weighs the rows. */
function* prune(
  counted: CountedRows & { readonly index: NgramIndex },
  options: FeatureOptions,
): Generator<void, { features: TfidfFeatures; rows: SparseRows }> {
  const { index, columns, counts } = counted;
  const n = counted.offsets.length - 1;
  const texts = new Int32Array(index.size);
  for (const feature of columns) texts[feature] = (texts[feature] as number) + 1;
  yield;
  const fewest = fewestTexts(index, texts, options.mostFeatures);
  const kept = new NgramIndex(index.size);
  const idf = new Float32Array(index.size);
  const renumbered = new Int32Array(index.size).fill(-1);
  const pieceNumbers = new Int32Array(options.pieces?.count ?? 0).fill(-1);
  const { first, second } = index;
  let pieceCount = 0;
  // Words and pairs come before the pieces.
  for (const ofPieces of [false, true]) {
    for (let feature = 0; feature < index.size; feature++) {
      if (feature % 16384 === 0) yield;
      const [one, two] = [first[feature] as number, second[feature] as number];
      if ((two === PIECE) !== ofPieces) continue;
      const inTexts = texts[feature] as number;
      if (two !== NO_TOKEN && inTexts < (ofPieces ? Math.max(fewest, FEWEST_PIECE_TEXTS) : fewest)) continue;
      if (ofPieces) pieceNumbers[one] = pieceCount;
      const id = kept.add(ofPieces ? pieceCount++ : one, two);
      renumbered[feature] = id;
      idf[id] = Math.log((1 + n) / (1 + inTexts)) + 1;
    }
  }
  let written = 0;
  const offsets = new Int32Array(n + 1);
  for (let i = 0; i < n; i++) {
    for (let k = counted.offsets[i] as number; k < (counted.offsets[i + 1] as number); k++) {
      const id = renumbered[columns[k] as number] as number;
      if (id < 0) continue;
      columns[written] = id; // never ahead of k: compacts in place
      counts[written++] = counts[k] as number;
    }
    offsets[i + 1] = written;
    if (i % 256 === 255) yield;
  }
  const pieces = options.pieces?.keep(pieceNumbers, pieceCount) ?? null;
  const features = new TfidfFeatures(kept, idf.slice(0, kept.size), options.skip, pieces);
  const left = { offsets, columns: columns.slice(0, written), counts: counts.subarray(0, written) };
  const rows = yield* weigh(left, features.idf, kept.size - pieceCount);
  return { features, rows };
}

/** How many texts a pair or piece must be in so that all features together are at most `most`; 1 keeps all. */
function fewestTexts(index: NgramIndex, texts: Int32Array, most: number): number {
  const byTexts = new Map<number, number>();
  index.second.forEach((second, feature) => {
    const count = texts[feature] as number;
    if (second !== NO_TOKEN) byTexts.set(count, (byTexts.get(count) ?? 0) + 1);
  });
  let left = index.size;
  for (const count of [...byTexts.keys()].sort((a, b) => a - b)) {
    if (left <= most) return count;
    left -= byTexts.get(count) ?? 0;
  }
  return Infinity;
}

/** Counts to TF-IDF values; columns below `firstPiece` are scaled to length 1 together, and so are the others. */
function* weigh(
  { offsets, columns, counts }: CountedRows,
  idf: Float32Array,
  firstPiece: number,
): Generator<void, SparseRows> {
  const rows = offsets.length - 1;
  const values = new Float32Array(columns.length);
  for (let i = 0; i < rows; i++) {
    const begin = offsets[i] as number;
    const end = offsets[i + 1] as number;
    let [squares, pieceSquares] = [0, 0];
    for (let k = begin; k < end; k++) {
      const column = columns[k] as number;
      const value = (1 + Math.log(counts[k] as number)) * (idf[column] as number);
      values[k] = value;
      if (column < firstPiece) squares += value * value;
      else pieceSquares += value * value;
    }
    const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
    const pieceScale = pieceSquares > 0 ? 1 / Math.sqrt(pieceSquares) : 0;
    for (let k = begin; k < end; k++) {
      values[k] = (values[k] as number) * ((columns[k] as number) < firstPiece ? scale : pieceScale);
    }
    if (i % 256 === 255) yield;
  }
  return { rows, width: idf.length, offsets, columns, values };
}
