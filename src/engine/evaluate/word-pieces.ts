import { IntList } from './sparse-rows';

/** Lengths of the pieces of a word, in characters; its two edges count as one each. */
const SHORTEST = 3;
const LONGEST = 5;
/** What stands at the edges of a word. */
const EDGE = ' ';
/** Of a longer word only this much is taken: a link of a thousand characters says no more. */
const MOST_CHARACTERS = 40;

/**
 * The pieces of the words of a vocabulary: runs of three to five characters within ` word `, as scikit-learn's
 * `analyzer="char_wb"`. They tie together what the words alone keep apart: "great", "greatest" and "greatly".
 */
export class WordPieces {
  /** Piece numbers of token t: `ids[offsets[t] … offsets[t + 1])`. */
  readonly offsets: Int32Array; // [tokens + 1]
  readonly ids: Int32Array;
  readonly count: number;

  constructor(offsets: Int32Array, ids: Int32Array, count: number) {
    this.offsets = offsets;
    this.ids = ids;
    this.count = count;
  }

  /** @param itos tokens by id; those below `firstWord` are marks and have no pieces */
  static of(itos: readonly string[], firstWord: number): WordPieces {
    const numbers = new Map<string, number>();
    const ids = new IntList();
    const offsets = new Int32Array(itos.length + 1);
    itos.forEach((word, token) => {
      if (token >= firstWord) {
        for (const piece of piecesOf(word)) {
          const number = numbers.get(piece) ?? numbers.size;
          if (number === numbers.size) numbers.set(piece, number);
          ids.push(number);
        }
      }
      offsets[token + 1] = ids.length;
    });
    return new WordPieces(offsets, ids.view().slice(), numbers.size);
  }

  /** Those pieces only that have a new number, which is not -1. // renumbered: [count] */
  keep(renumbered: Int32Array, count: number): WordPieces {
    const ids = new IntList();
    const offsets = new Int32Array(this.offsets.length);
    for (let token = 0; token + 1 < offsets.length; token++) {
      for (const piece of this.at(token)) {
        const number = renumbered[piece] ?? -1;
        if (number >= 0) ids.push(number);
      }
      offsets[token + 1] = ids.length;
    }
    return new WordPieces(offsets, ids.view().slice(), count);
  }

  /** The pieces of a token; a piece that is in it twice is there twice. */
  at(token: number): Int32Array {
    return this.ids.subarray(this.offsets[token] ?? 0, this.offsets[token + 1] ?? 0);
  }
}

function* piecesOf(word: string): Generator<string> {
  const characters = [EDGE, ...[...word].slice(0, MOST_CHARACTERS), EDGE];
  for (let length = SHORTEST; length <= LONGEST; length++) {
    for (let start = 0; start + length <= characters.length; start++) {
      yield characters.slice(start, start + length).join('');
    }
    // A word that is no longer than this has been taken whole.
    if (characters.length <= length) return;
  }
}
