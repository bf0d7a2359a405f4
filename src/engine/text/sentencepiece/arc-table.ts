import { PieceTrie } from './piece-trie';
import type { SeedPieces } from './seed-pieces';
import type { TrainingRuns } from './training-runs';

/** Which pieces begin at each place of the runs: those of place p are entries `starts[p]` to `starts[p + 1]`, short ones first. */
export class ArcTable {
  readonly starts: Int32Array;
  pieces: Int32Array;
  lengths: Uint8Array;

  constructor({ chars }: TrainingRuns, seeds: SeedPieces) {
    const trie = new PieceTrie(seeds.places.length * 2);
    seeds.places.forEach((place, piece) => trie.add(chars, place, place + (seeds.lengths[piece] as number), piece));
    this.starts = new Int32Array(chars.length + 1);
    let pieces = new Int32Array(chars.length * 4);
    let lengths = new Uint8Array(pieces.length);
    let count = 0;
    for (let place = 0; place < chars.length; place++) {
      this.starts[place] = count;
      let node = 0;
      for (let i = place; i < chars.length && chars[i] !== 0; i++) {
        node = trie.child(node, chars[i] as number);
        if (node < 0) break;
        const piece = trie.value(node);
        if (piece < 0) continue;
        if (count === pieces.length) {
          pieces = larger(pieces, new Int32Array(count * 2));
          lengths = larger(lengths, new Uint8Array(count * 2));
        }
        pieces[count] = piece;
        lengths[count++] = i + 1 - place;
      }
    }
    this.starts[chars.length] = count;
    this.pieces = pieces.slice(0, count);
    this.lengths = lengths.slice(0, count);
  }

  /** Leaves out the pieces that are no longer alive. */
  compact(alive: Uint8Array): void {
    const { starts, pieces, lengths } = this;
    let count = 0;
    let from = 0;
    for (let place = 0; place + 1 < starts.length; place++) {
      const to = starts[place + 1] as number;
      starts[place] = count;
      for (let arc = from; arc < to; arc++) {
        if (!alive[pieces[arc] as number]) continue;
        pieces[count] = pieces[arc] as number;
        lengths[count++] = lengths[arc] as number;
      }
      from = to;
    }
    starts[starts.length - 1] = count;
  }
}

function larger<T extends Int32Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
