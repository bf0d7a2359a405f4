import type { SparseRows } from '../evaluate/sparse-rows';
import { SimilarityIndex } from './text-similarity';

/**
 * The texts to label first where the aim is to have seen every kind: each next one stands for most of what resembles
 * nothing labelled or chosen yet (greedy facility location, Nemhauser et al. 1978). Outliers, which stand for nothing
 * but themselves, come late, other than with the farthest-first rule.
 *
 * @param rows unit rows: first the `labelled` ones, then the candidates
 * @returns places among the candidates, best first
 */
export function diverseOrder(rows: SparseRows, labelled: number, limit: number, shouldStop = () => false): Int32Array {
  const index = new SimilarityIndex(rows, labelled, rows.rows);
  const { count } = index;
  const likeness = new Float32Array(count);
  const covered = new Float32Array(count); // how much each candidate resembles what is labelled or chosen
  for (let row = 0; row < labelled; row++) {
    if (shouldStop()) return new Int32Array(0);
    index.compare(row, likeness);
    for (let i = 0; i < count; i++) covered[i] = Math.max(covered[i] ?? 0, likeness[i] ?? 0);
  }
  const gainOf = (place: number): number => {
    index.compareOwn(place, likeness);
    let gain = 0;
    for (let i = 0; i < count; i++) gain += Math.max(0, (likeness[i] ?? 0) - (covered[i] ?? 0));
    return gain;
  };
  // Gains only ever shrink, so an old gain is an upper bound: only the best few are worked out anew for each choice.
  const gains = new Float64Array(count);
  for (let place = 0; place < count; place++) {
    if (shouldStop()) return new Int32Array(0);
    gains[place] = gainOf(place);
  }
  const queue = Array.from(gains.keys()).sort((a, b) => (gains[b] ?? 0) - (gains[a] ?? 0) || a - b);
  const chosen: number[] = [];
  while (chosen.length < Math.min(limit, count) && !shouldStop()) {
    const best = takeBest(queue, gains, gainOf);
    chosen.push(best);
    index.compareOwn(best, likeness);
    for (let i = 0; i < count; i++) covered[i] = Math.max(covered[i] ?? 0, likeness[i] ?? 0);
  }
  return Int32Array.from(chosen);
}

/** Takes the candidate with the largest gain as things stand now out of a queue sorted by older gains. */
function takeBest(queue: number[], gains: Float64Array, gainOf: (place: number) => number): number {
  for (;;) {
    const place = queue.shift() ?? 0;
    const gain = gainOf(place);
    gains[place] = gain;
    if (gain >= (gains[queue[0] ?? -1] ?? 0)) return place;
    let at = queue.findIndex((other) => (gains[other] ?? 0) < gain);
    if (at < 0) at = queue.length;
    queue.splice(at, 0, place);
  }
}
