import type { TrainingRuns } from './training-runs';

/** Substrings of the runs: each the `lengths[i]` characters from `places[i]` on, with a weight. */
export interface SeedPieces {
  readonly places: Int32Array;
  readonly lengths: Uint8Array;
  readonly weights: Float64Array;
}

/** The longest piece that is looked for, in characters, as in SentencePiece. */
export const LONGEST_PIECE = 16;

/**
 * The pieces that training begins with: all characters, and the substrings of greatest frequency times length. Of
 * substrings that are always followed by the same character only the longest is taken, as SentencePiece takes the inner
 * nodes of a suffix tree.
 * @yields the length that is done
 */
export function* seedPieces(runs: TrainingRuns, most: number): Generator<number, SeedPieces> {
  const found = new Candidates();
  const { chars, frequencies } = runs;
  const weights = weightsByPlace(runs);
  let active: Int32Array = placesOf(chars);
  let ids: Int32Array = Int32Array.from(active, (place) => chars[place] as number);
  let level: Level = { firsts: firstPlaces(active, ids, frequencies.length), counts: frequencies };
  const singles = level;
  for (let length = 2; length <= LONGEST_PIECE + 1 && active.length > 0; length++) {
    const next = extend(chars, weights, active, ids, length);
    // A substring is taken where no single character always follows it.
    if (length > 2) found.add(level, next.greatestChild, length - 1);
    ({ active, ids, level } = next);
    yield length;
  }
  return withSingles(singles, found.best(most));
}

/** The distinct substrings of one length: where each stands first, and how often in all. */
interface Level {
  readonly firsts: Int32Array;
  readonly counts: Float64Array;
}

interface Extended {
  /** Places whose substring stands at least twice. */
  readonly active: Int32Array;
  /** The substring at each active place. */
  readonly ids: Int32Array;
  readonly level: Level;
  /** For each substring of the length before, the count of its most frequent extension. */
  readonly greatestChild: Float64Array;
}

function extend(
  chars: Uint16Array,
  weights: Float64Array,
  active: Int32Array,
  ids: Int32Array,
  length: number,
): Extended {
  const table = new PairTable(active.length);
  const childOf = new Int32Array(active.length).fill(-1);
  const firsts: number[] = [];
  const parents: number[] = [];
  const counts: number[] = [];
  let parentCount = 0;
  for (let i = 0; i < active.length; i++) {
    const place = active[i] as number;
    const parent = ids[i] as number;
    if (parent >= parentCount) parentCount = parent + 1;
    const character = chars[place + length - 1] as number;
    if (character === 0) continue;
    const child = table.idOf(parent, character);
    if (child === firsts.length) {
      firsts.push(place);
      parents.push(parent);
      counts.push(0);
    }
    childOf[i] = child;
    (counts[child] as number) += weights[place] as number;
  }
  const greatestChild = new Float64Array(parentCount);
  counts.forEach((count, child) => {
    const parent = parents[child] as number;
    if (count > (greatestChild[parent] as number)) greatestChild[parent] = count;
  });
  return { ...keepFrequent(active, childOf, firsts, counts), greatestChild };
}

function keepFrequent(active: Int32Array, childOf: Int32Array, firsts: readonly number[], counts: readonly number[]) {
  const numbers = new Int32Array(counts.length).fill(-1);
  const keptFirsts: number[] = [];
  const keptCounts: number[] = [];
  counts.forEach((count, child) => {
    if (count < 2) return;
    numbers[child] = keptFirsts.length;
    keptFirsts.push(firsts[child] as number);
    keptCounts.push(count);
  });
  let kept = 0;
  const places = new Int32Array(active.length);
  const ids = new Int32Array(active.length);
  for (let i = 0; i < active.length; i++) {
    const child = childOf[i] as number;
    const number = child < 0 ? -1 : (numbers[child] as number);
    if (number < 0) continue;
    places[kept] = active[i] as number;
    ids[kept++] = number;
  }
  const level: Level = { firsts: Int32Array.from(keptFirsts), counts: Float64Array.from(keptCounts) };
  return { active: places.slice(0, kept), ids: ids.slice(0, kept), level };
}

/** Numbers pairs as they come. */
class PairTable {
  private readonly lefts: Int32Array;
  private readonly rights: Uint16Array;
  private readonly numbers: Int32Array;
  private readonly mask: number;
  private size = 0;

  constructor(most: number) {
    const size = 2 ** Math.ceil(Math.log2(Math.max(16, most * 2)));
    this.lefts = new Int32Array(size).fill(-1);
    this.rights = new Uint16Array(size);
    this.numbers = new Int32Array(size);
    this.mask = size - 1;
  }

  idOf(left: number, right: number): number {
    const { lefts, rights, mask } = this;
    let hash = Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca6b);
    hash ^= hash >>> 15;
    let slot = hash & mask;
    while ((lefts[slot] as number) >= 0) {
      if (lefts[slot] === left && rights[slot] === right) return this.numbers[slot] as number;
      slot = (slot + 1) & mask;
    }
    lefts[slot] = left;
    rights[slot] = right;
    return (this.numbers[slot] = this.size++);
  }
}

class Candidates {
  private readonly places: number[] = [];
  private readonly lengths: number[] = [];
  private readonly weights: number[] = [];

  add(level: Level, greatestChild: Float64Array, length: number): void {
    level.counts.forEach((count, i) => {
      if (count <= (greatestChild[i] ?? 0)) return;
      this.places.push(level.firsts[i] as number);
      this.lengths.push(length);
      this.weights.push(count * length);
    });
  }

  /** The heaviest. */
  best(most: number): SeedPieces {
    const { places, lengths, weights } = this;
    let least = 0;
    if (weights.length > most) least = Float64Array.from(weights).sort()[weights.length - most] as number;
    const kept = weights.flatMap((weight, i) => (weight > least ? [i] : []));
    for (let i = 0; i < weights.length && kept.length < most; i++) if (weights[i] === least) kept.push(i);
    return {
      places: Int32Array.from(kept, (i) => places[i] as number),
      lengths: Uint8Array.from(kept, (i) => lengths[i] as number),
      weights: Float64Array.from(kept, (i) => weights[i] as number),
    };
  }
}

function withSingles(singles: Level, longer: SeedPieces): SeedPieces {
  // Character 0 is no character.
  const count = singles.firsts.length - 1;
  const join = <T extends Int32Array | Float64Array | Uint8Array>(all: T, first: ArrayLike<number>, rest: T): T => {
    all.set(first, 0);
    all.set(rest, count);
    return all;
  };
  const size = count + longer.places.length;
  return {
    places: join(new Int32Array(size), singles.firsts.subarray(1), longer.places),
    lengths: join(new Uint8Array(size), new Uint8Array(count).fill(1), longer.lengths),
    weights: join(new Float64Array(size), singles.counts.subarray(1), longer.weights),
  };
}

function weightsByPlace({ chars, starts, counts }: TrainingRuns): Float64Array {
  const weights = new Float64Array(chars.length);
  counts.forEach((count, run) => weights.fill(count, starts[run], (starts[run + 1] as number) - 1));
  return weights;
}

function placesOf(chars: Uint16Array): Int32Array {
  const places = new Int32Array(chars.length);
  let count = 0;
  for (let i = 0; i < chars.length; i++) if (chars[i] !== 0) places[count++] = i;
  return places.slice(0, count);
}

function firstPlaces(places: Int32Array, ids: Int32Array, size: number): Int32Array {
  const firsts = new Int32Array(size);
  for (let i = places.length - 1; i >= 0; i--) firsts[ids[i] as number] = places[i] as number;
  return firsts;
}
