import { ArcTable } from './arc-table';
import { LONGEST_PIECE, seedPieces, type SeedPieces } from './seed-pieces';
import type { TrainingRuns } from './training-runs';

/** What {@link trainUnigram} is to make. */
export interface UnigramOptions {
  /** How many pieces, without symbols. */
  readonly size: number;
  /** How many pieces it begins with. */
  readonly seeds: number;
}

/** A piece that was learned. */
export interface LearnedPiece {
  readonly text: string;
  /** Logarithm of its probability. */
  readonly score: number;
}

/** Passes over the text between two prunings, and the share of pieces that a pruning leaves, as in SentencePiece. */
const PASSES = 2;
const KEPT = 0.75;
const LEAST_EXPECTED = 0.5;
const UNKNOWN_PENALTY = 10;
/** Score steps by which characters that were pruned are put apart. */
const PENALTY_STEP = 1e-4;
/** Runs whose probability is smaller than this are halved. */
const LEAST_PROBABILITY = 1e-280;

/**
 * Learns a unigram model (Kudo 2018) from runs of characters, as `unigram::Trainer` of SentencePiece does: expectation
 * maximisation with a sparse prior, then pruning of the pieces whose loss costs least likelihood, until there are as few
 * as wanted.
 * @yields share of the work that is done, 0 to 1
 */
export function* trainUnigram(runs: TrainingRuns, options: UnigramOptions): Generator<number, LearnedPiece[]> {
  const seeding = seedPieces(runs, options.seeds);
  let step = seeding.next();
  for (; !step.done; step = seeding.next()) yield (0.1 * step.value) / LONGEST_PIECE;
  const training = new UnigramTraining(runs, step.value);
  const wanted = Math.floor(options.size * 1.1);
  const first = training.size;
  const done = (): number =>
    0.1 + (0.89 * Math.log(first / training.size)) / Math.log(first / Math.min(wanted, first - 1));
  for (;;) {
    for (let pass = 0; pass < PASSES; pass++) {
      training.learn();
      yield Math.min(0.99, done());
    }
    if (training.size <= wanted) break;
    training.prune(Math.max(wanted, Math.floor(KEPT * training.size)));
    yield Math.min(0.99, done());
  }
  return training.pieces(options.size);
}

class UnigramTraining {
  private readonly runs: TrainingRuns;
  private readonly seeds: SeedPieces;
  private readonly arcs: ArcTable;
  private readonly alive: Uint8Array;
  private readonly scores: Float64Array;
  private readonly probabilities: Float64Array;
  private readonly expected: Float64Array;
  private unknownScore = 0;
  private alphas = new Float64Array(256);
  private betas = new Float64Array(256);
  private origins = new Int32Array(256); // arc by which each place was reached; -1 for none
  /** Pieces that are left. */
  size: number;

  constructor(runs: TrainingRuns, seeds: SeedPieces) {
    this.runs = runs;
    this.seeds = seeds;
    this.arcs = new ArcTable(runs, seeds);
    this.size = seeds.places.length;
    this.alive = new Uint8Array(this.size).fill(1);
    const total = seeds.weights.reduce((sum, weight) => sum + weight, 0);
    this.scores = seeds.weights.map((weight) => Math.log(weight / total));
    this.probabilities = new Float64Array(this.size);
    this.expected = new Float64Array(this.size);
    this.update();
  }

  /** One pass of expectation maximisation. */
  learn(): void {
    const { expected, scores, alive } = this;
    expected.fill(0);
    this.forEachRun((start, end, count) => this.expect(start, end, count));
    let sum = 0;
    for (let piece = 0; piece < expected.length; piece++) {
      if (!alive[piece]) continue;
      if ((expected[piece] as number) < LEAST_EXPECTED) this.remove(piece);
      else sum += expected[piece] as number;
    }
    const logSum = digamma(sum);
    for (let piece = 0; piece < expected.length; piece++) {
      if (alive[piece]) scores[piece] = digamma(expected[piece] as number) - logSum;
    }
    this.arcs.compact(alive);
    this.update();
  }

  /** Removes the pieces without which the text loses least likelihood, down to `left`. */
  prune(left: number): void {
    const frequencies = new Float64Array(this.alive.length);
    this.forEachRun((start, end, count) => {
      for (const piece of this.bestWay(start, end, -1)) if (piece >= 0) (frequencies[piece] as number) += count;
    });
    const sum = frequencies.reduce((total, frequency) => total + frequency, 0);
    const kept: number[] = [];
    const losses: { readonly piece: number; readonly loss: number }[] = [];
    for (let piece = 0; piece < this.alive.length; piece++) {
      if (!this.alive[piece]) continue;
      const frequency = frequencies[piece] as number;
      const loss = frequency === 0 ? null : this.loss(piece, frequencies, sum);
      if (loss === null) this.remove(piece);
      else if (loss === Infinity) kept.push(piece);
      else losses.push({ piece, loss });
    }
    losses.sort((a, b) => b.loss - a.loss || a.piece - b.piece);
    for (const { piece } of losses.slice(Math.max(0, left - kept.length))) this.remove(piece);
    this.arcs.compact(this.alive);
    this.update();
  }

  /** The pieces with the highest scores, and all characters. */
  pieces(most: number): LearnedPiece[] {
    const { alphabet } = this.runs;
    const singles = alphabet.length - 1;
    const least = this.leastScore();
    const chosen: LearnedPiece[] = [];
    let penalty = 0;
    for (let piece = 0; piece < singles; piece++) {
      const score = this.alive[piece] ? (this.scores[piece] as number) : least + penalty;
      if (!this.alive[piece]) penalty += PENALTY_STEP;
      chosen.push({ text: alphabet[piece + 1] ?? '', score });
    }
    const longer: number[] = [];
    for (let piece = singles; piece < this.alive.length; piece++) if (this.alive[piece]) longer.push(piece);
    longer.sort((a, b) => (this.scores[b] as number) - (this.scores[a] as number) || a - b);
    for (const piece of longer.slice(0, Math.max(0, most - singles))) {
      chosen.push({ text: this.textOf(piece), score: this.scores[piece] as number });
    }
    return chosen.sort((a, b) => b.score - a.score || (a.text < b.text ? -1 : 1));
  }

  /** Likelihood lost with a piece; null where it can go at once, Infinity where nothing can stand for it. */
  private loss(piece: number, frequencies: Float64Array, sum: number): number | null {
    const start = this.seeds.places[piece] as number;
    const length = this.seeds.lengths[piece] as number;
    if (length === 1) return Infinity;
    const others = this.bestWay(start, start + length, piece);
    if (others.some((other) => other < 0)) return Infinity;
    const score = others.reduce((total, other) => total + (this.scores[other] as number), 0);
    if (score > (this.scores[piece] as number)) return null;
    const frequency = frequencies[piece] as number;
    const logSum = Math.log(sum + frequency * (others.length - 1));
    let without = 0;
    for (const other of others) without += Math.log((frequencies[other] as number) + frequency) - logSum;
    return frequency * (Math.log(frequency) - Math.log(sum) - without);
  }

  /** Adds to the expected counts of the pieces in `chars[start, end)` (forward and backward sums). */
  private expect(start: number, end: number, count: number): void {
    const { alphas, betas, probabilities, expected } = this;
    const { starts, pieces, lengths } = this.arcs;
    const length = end - start;
    const unknown = Math.exp(this.unknownScore);
    alphas.fill(0, 1, length + 1);
    alphas[0] = 1;
    for (let i = 0; i < length; i++) {
      const alpha = alphas[i] as number;
      const last = starts[start + i + 1] as number;
      let arc = starts[start + i] as number;
      if (arc === last || lengths[arc] !== 1) (alphas[i + 1] as number) += alpha * unknown;
      for (; arc < last; arc++) {
        const to = i + (lengths[arc] as number);
        if (to <= length) (alphas[to] as number) += alpha * (probabilities[pieces[arc] as number] as number);
      }
    }
    const all = alphas[length] as number;
    if (all < LEAST_PROBABILITY && length > 8) {
      const middle = start + (length >> 1);
      this.expect(start, middle, count);
      this.expect(middle, end, count);
      return;
    }
    betas[length] = count / all;
    for (let i = length - 1; i >= 0; i--) {
      const last = starts[start + i + 1] as number;
      let arc = starts[start + i] as number;
      let beta = arc === last || lengths[arc] !== 1 ? unknown * (betas[i + 1] as number) : 0;
      for (; arc < last; arc++) {
        const to = i + (lengths[arc] as number);
        if (to > length) break;
        const piece = pieces[arc] as number;
        const after = (probabilities[piece] as number) * (betas[to] as number);
        beta += after;
        (expected[piece] as number) += (alphas[i] as number) * after;
      }
      betas[i] = beta;
    }
  }

  /** The most likely pieces of `chars[start, end)`, without `excluded`; -1 for a character that is none. */
  private bestWay(start: number, end: number, excluded: number): number[] {
    const { alphas: best, origins, scores, unknownScore } = this;
    const { starts, pieces, lengths } = this.arcs;
    const length = end - start;
    best.fill(-Infinity, 1, length + 1);
    best[0] = 0;
    for (let i = 0; i < length; i++) {
      const last = starts[start + i + 1] as number;
      let arc = starts[start + i] as number;
      if (arc === last || lengths[arc] !== 1) {
        const candidate = (best[i] as number) + unknownScore;
        if (candidate > (best[i + 1] as number)) [best[i + 1], origins[i + 1]] = [candidate, -1];
      }
      for (; arc < last; arc++) {
        const to = i + (lengths[arc] as number);
        if (to > length) break;
        const piece = pieces[arc] as number;
        const candidate = (best[i] as number) + (scores[piece] as number);
        if (piece !== excluded && candidate > (best[to] as number)) [best[to], origins[to]] = [candidate, arc];
      }
    }
    const way: number[] = [];
    for (let i = length; i > 0;) {
      const arc = origins[i] as number;
      way.push(arc < 0 ? -1 : (pieces[arc] as number));
      i -= arc < 0 ? 1 : (lengths[arc] as number);
    }
    return way.reverse();
  }

  private forEachRun(visit: (start: number, end: number, count: number) => void): void {
    const { starts, counts } = this.runs;
    for (let run = 0; run < counts.length; run++) {
      visit(starts[run] as number, (starts[run + 1] as number) - 1, counts[run] as number);
    }
  }

  private remove(piece: number): void {
    this.alive[piece] = 0;
    this.size--;
  }

  private leastScore(): number {
    let least = Infinity;
    for (let piece = 0; piece < this.scores.length; piece++) {
      if (this.alive[piece]) least = Math.min(least, this.scores[piece] as number);
    }
    return least;
  }

  private update(): void {
    this.unknownScore = this.leastScore() - UNKNOWN_PENALTY;
    for (let piece = 0; piece < this.scores.length; piece++) {
      this.probabilities[piece] = this.alive[piece] ? Math.exp(this.scores[piece] as number) : 0;
    }
  }

  private textOf(piece: number): string {
    const start = this.seeds.places[piece] as number;
    const { chars, alphabet } = this.runs;
    let text = '';
    for (let i = 0; i < (this.seeds.lengths[piece] as number); i++) text += alphabet[chars[start + i] as number] ?? '';
    return text;
  }
}

/** Derivative of the logarithm of the gamma function, for x > 0: recurrence up to 7, then the asymptotic series. */
function digamma(x: number): number {
  let result = 0;
  let at = x;
  for (; at < 7; at++) result -= 1 / at;
  at -= 0.5;
  const square = 1 / (at * at);
  return result + Math.log(at) + square * (1 / 24 - square * (7 / 960 - square * (31 / 8064 - (square * 127) / 30720)));
}
