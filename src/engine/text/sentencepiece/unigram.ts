import type { Piece } from './model-proto';
import { PIECE } from './model-proto';
import { PieceTrie } from './piece-trie';
import { utf8Bytes } from './utf8';

/** What a character that no piece begins with costs beyond the rarest piece, as in SentencePiece. */
const UNKNOWN_PENALTY = 10;
/** A sum beyond this begins again at 0 (since SentencePiece 0.2.2), so that float32 stays exact enough in long texts. */
const MOST_SUM = 100_000;

/** The way through a text of greatest likelihood. */
export interface Segmentation {
  /** Ids of the pieces. */
  readonly ids: readonly number[];
  /** Where each ends, in code units. */
  readonly ends: readonly number[];
  /** How far the way is ahead of the next best one wherever they part; 0 where it cannot be told. */
  readonly margin: number;
  /** The sum at its end. */
  readonly sum: number;
}

/**
 * Cuts normalized text into the most likely pieces, as `unigram::Model::EncodeOptimized` of SentencePiece does: the same
 * search with the same float32 sums, so that near ties fall to the same side in texts of any length.
 */
export class Unigram {
  /** Id of the piece for unknown text. */
  readonly unknown: number;
  /** What each piece adds to the sum. */
  private readonly gains: Float64Array;
  private readonly unknownGain: number;
  private readonly unused: Uint8Array;
  private readonly trie: PieceTrie;
  private readonly foundEnds: Int32Array;
  private readonly foundPieces: Int32Array;
  private best = new Float32Array(1 << 10);
  private exact = new Float64Array(0);
  private second = new Float64Array(0);
  private origins = new Int32Array(1 << 10);
  private pieces = new Int32Array(1 << 10);

  constructor(pieces: readonly Piece[]) {
    const least = pieces.reduce(
      (low, { type, score }) => (type === PIECE.NORMAL ? Math.min(low, score) : low),
      Infinity,
    );
    this.unknown = pieces.findIndex(({ type }) => type === PIECE.UNKNOWN);
    this.unknownGain = Math.fround(Math.fround(least) - UNKNOWN_PENALTY);
    this.gains = Float64Array.from(pieces, ({ text, score, type }) =>
      // A symbol that a person defined is always taken, the longest first; its length counts in bytes.
      Math.fround(type === PIECE.USER_DEFINED ? 0.1 * (utf8Bytes(text).length - 1) : score),
    );
    this.gains[this.unknown] = this.unknownGain;
    this.unused = Uint8Array.from(pieces, ({ type }) => Number(type === PIECE.UNUSED));
    const longest = pieces.reduce((most, { text }) => Math.max(most, text.length), 0);
    this.foundEnds = new Int32Array(longest + 1);
    this.foundPieces = new Int32Array(longest + 1);
    this.trie = new PieceTrie(pieces.length * 4);
    pieces.forEach(({ text, type }, id) => {
      if (type === PIECE.NORMAL || type === PIECE.USER_DEFINED || type === PIECE.UNUSED) {
        this.trie.add(unitsOf(text), 0, text.length, id);
      }
    });
  }

  /** What the sum becomes when a piece is added to it. */
  add(sum: number, piece: number): number {
    return Math.fround((this.gains[piece] as number) + sum);
  }

  /** The sum with which a word begins that follows on another. */
  begin(sum: number): number {
    return Math.abs(sum) > MOST_SUM ? 0 : sum;
  }

  /**
   * Most that rounding can shift one way through a text of `units` code units against another, for a sum that begins at
   * `sum`: a {@link Segmentation} with a greater margin is the same from there.
   */
  doubt(sum: number, units: number): number {
    const most = Math.abs(sum) + units * Math.abs(this.unknownGain);
    return most > MOST_SUM ? Infinity : most * units * 2 ** -21;
  }

  /** The best way through `units[start, end)`, with float32 sums that begin at `sum`. */
  segment(units: Uint16Array, start: number, end: number, sum: number): Segmentation {
    const length = end - start;
    this.reserve(length + 1);
    const { best, origins, pieces, gains, foundEnds, foundPieces } = this;
    origins.fill(-1, 0, length + 1);
    best[0] = sum;
    let reached = 0;
    for (let at = 0; at < length;) {
      const offset = best[at] as number;
      if (Math.abs(offset) > MOST_SUM) {
        for (let i = at; i <= reached; i++) if (i === at || (origins[i] as number) >= 0) (best[i] as number) -= offset;
      }
      const till = best[at] as number;
      const found = this.findPieces(units, start, at, length);
      for (let k = 0; k < found; k++) {
        const [i, piece] = [foundEnds[k] as number, foundPieces[k] as number];
        const candidate = Math.fround((gains[piece] as number) + till);
        if (i > reached) reached = i;
        if ((origins[i] as number) < 0 || candidate > (best[i] as number)) {
          best[i] = candidate;
          origins[i] = at;
          pieces[i] = piece;
        }
      }
      at += characterUnits(units, start + at, end);
    }
    return { ...this.wayTo(length), margin: 0, sum: best[length] as number };
  }

  /** The best way through `units[start, end)` in exact arithmetic, and how far it is ahead of others. */
  segmentWithMargin(units: Uint16Array, start: number, end: number): Segmentation {
    const length = end - start;
    this.reserve(length + 1);
    if (this.exact.length < length + 1) {
      this.exact = new Float64Array(this.best.length);
      this.second = new Float64Array(this.best.length);
    }
    const { exact, second, origins, pieces, gains, foundEnds, foundPieces } = this;
    exact.fill(-Infinity, 0, length + 1);
    second.fill(-Infinity, 0, length + 1);
    exact[0] = 0;
    const offer = (i: number, candidate: number, at: number, piece: number): void => {
      if (candidate > (exact[i] as number)) {
        second[i] = exact[i] as number;
        exact[i] = candidate;
        origins[i] = at;
        pieces[i] = piece;
      } else if (candidate > (second[i] as number)) {
        second[i] = candidate;
      }
    };
    for (let at = 0; at < length;) {
      const found = this.findPieces(units, start, at, length);
      for (let k = 0; k < found; k++) {
        const piece = foundPieces[k] as number;
        offer(foundEnds[k] as number, (gains[piece] as number) + (exact[at] as number), at, piece);
      }
      at += characterUnits(units, start + at, end);
    }
    const way = this.wayTo(length);
    const margin = way.ends.reduce(
      (least, i) => Math.min(least, (exact[i] as number) - (second[i] as number)),
      Infinity,
    );
    return { ...way, margin, sum: exact[length] as number };
  }

  /**
   * Finds the pieces that `units[start + at …]` begins with, the shortest first, and last the unknown one where none of
   * them is just the next character; their ids and ends go to `foundPieces` and `foundEnds`.
   * @returns how many there are
   */
  private findPieces(units: Uint16Array, start: number, at: number, length: number): number {
    const { trie, unused, foundEnds, foundPieces } = this;
    const next = at + characterUnits(units, start + at, start + length);
    let found = 0;
    let single = false;
    let node = 0;
    for (let i = at; i < length;) {
      node = trie.child(node, units[start + i++] as number);
      if (node < 0) break;
      const piece = trie.value(node);
      if (piece < 0 || unused[piece]) continue;
      foundEnds[found] = i;
      foundPieces[found++] = piece;
      if (i === next) single = true;
    }
    if (single) return found;
    foundEnds[found] = next;
    foundPieces[found] = this.unknown;
    return found + 1;
  }

  private wayTo(length: number): { ids: number[]; ends: number[] } {
    const ids: number[] = [];
    const ends: number[] = [];
    for (let i = length; i > 0; i = this.origins[i] as number) {
      ids.push(this.pieces[i] as number);
      ends.push(i);
    }
    return { ids: ids.reverse(), ends: ends.reverse() };
  }

  private reserve(length: number): void {
    if (length <= this.best.length) return;
    const size = Math.max(length, this.best.length * 2);
    this.best = new Float32Array(size);
    this.origins = new Int32Array(size);
    this.pieces = new Int32Array(size);
  }
}

/** The code units of a string. */
export function unitsOf(text: string): Uint16Array {
  const units = new Uint16Array(text.length);
  for (let i = 0; i < text.length; i++) units[i] = text.charCodeAt(i);
  return units;
}

function characterUnits(units: Uint16Array, index: number, end: number): number {
  const unit = units[index] as number;
  return unit >= 0xd800 && unit <= 0xdbff && index + 1 < end ? 2 : 1;
}
