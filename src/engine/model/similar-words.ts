/** Words of a pretrained vocabulary that look like a new one, the weights adding up to 1. */
export interface WordNeighbours {
  readonly places: readonly number[];
  readonly weights: readonly number[];
}

/** Lengths of the pieces that words are compared by; "<" and ">" stand for a word's ends. */
const pieceLengths = [3, 4, 5] as const;
/** A piece that this many words share says nothing of any of them and would cost much time. */
const mostOwners = 1500;
/** Cosine below which words are strangers. */
const leastSimilarity = 0.35;
const mostNeighbours = 5;

/**
 * Finds words that share stems, endings or compounds with new ones: the cosine of their character n-grams, each
 * weighted by how rare it is (the n-grams of fastText, Bojanowski et al. 2017, used to look up rather than to learn).
 * Time grows with the number of words, not with its square: frequent pieces are left out.
 */
export class SimilarWords {
  private readonly owners = new Map<string, number[]>();
  private readonly norms: Float64Array;
  private readonly scores: Float64Array;
  private readonly count: number;

  /** @param itos the pretrained vocabulary; its marks (`xxbos` …) are nobody's neighbour */
  constructor(itos: readonly string[]) {
    this.count = itos.length;
    itos.forEach((word, place) => {
      for (const piece of piecesOf(word)) {
        const owners = this.owners.get(piece);
        if (owners) owners.push(place);
        else this.owners.set(piece, [place]);
      }
    });
    this.norms = new Float64Array(itos.length);
    this.scores = new Float64Array(itos.length);
    for (const owners of this.owners.values()) {
      const rarity = this.rarity(owners.length);
      for (const place of owners) this.norms[place]! += rarity * rarity;
    }
  }

  /** @returns null where no known word looks like it */
  of(word: string): WordNeighbours | null {
    const { scores } = this;
    const touched: number[] = [];
    let norm = 0;
    for (const piece of piecesOf(word)) {
      const owners = this.owners.get(piece) ?? [];
      const rarity = this.rarity(owners.length);
      norm += rarity * rarity;
      if (owners.length > mostOwners) continue;
      for (const place of owners) {
        if (scores[place] === 0) touched.push(place);
        scores[place]! += rarity * rarity;
      }
    }
    const found = touched
      .map((place) => ({ place, similarity: scores[place]! / Math.sqrt(norm * this.norms[place]!) }))
      .filter(({ similarity }) => similarity >= leastSimilarity)
      .sort((a, b) => b.similarity - a.similarity || a.place - b.place)
      .slice(0, mostNeighbours);
    for (const place of touched) scores[place] = 0;
    if (found.length === 0) return null;
    const total = found.reduce((sum, { similarity }) => sum + similarity ** 2, 0);
    return {
      places: found.map(({ place }) => place),
      weights: found.map(({ similarity }) => similarity ** 2 / total),
    };
  }

  private rarity(owners: number): number {
    return Math.log((this.count + 1) / (owners + 1));
  }
}

function piecesOf(word: string): Set<string> {
  const pieces = new Set<string>();
  if (/^xx[a-z]+$/.test(word)) return pieces;
  const letters = [...`<${word}>`];
  for (const length of pieceLengths) {
    for (let start = 0; start + length <= letters.length; start++) {
      pieces.add(letters.slice(start, start + length).join(''));
    }
  }
  return pieces;
}
