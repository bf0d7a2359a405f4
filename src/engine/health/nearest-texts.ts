import { runNow } from '../evaluate/in-steps';
import { TfidfFeatures } from '../evaluate/tfidf-features';
import { SimilarityIndex } from '../labelling/text-similarity';

/** Texts that a text is compared with; beyond, every second, third … text of the sample is one of them. */
const MOST_COMPARED = 2_000;
const MOST_FEATURES = 400_000;
/** How like others a text is: the mean over so many of the nearest. */
const NEAREST = 5;
/** Texts that share less than this have nothing to say about where they stand in the file. */
const LEAST_LIKENESS = 0.05;
/** Texts that share more are copies of one another, which other findings tell of. */
const MOST_LIKENESS = 0.9;
/** Rows that stand apart by less than this share of the file are close. */
export const CLOSE = 0.1;

/** For each text of a sample how like others it is, and how near in the file those stand that are most like it. */
export interface NearestTexts {
  /** Mean cosine with the nearest others, 0 to 1. // [texts] */
  readonly likeness: Float32Array;
  /** Pairs of a text and its nearest one that were looked at, and those of them that stand {@link CLOSE}. */
  readonly pairs: number;
  readonly closePairs: number;
}

/**
 * Compares texts in the baseline's space (words and pairs of words by TF-IDF): each with at most 2,000 others, so that
 * a sample of 20,000 takes some seconds however large the project is.
 *
 * @param words each text as the numbers of its words, in the order of the file
 * @param onProgress is told the share that is compared, now and then
 */
export function nearestTexts(words: readonly Int32Array[], onProgress?: (share: number) => void): NearestTexts {
  const step = Math.max(1, Math.ceil(words.length / MOST_COMPARED));
  const order = comparedFirst(words.length, step);
  const documents = { length: words.length, at: (i: number) => words[order[i] ?? 0] ?? new Int32Array(0) };
  const { rows } = runNow(TfidfFeatures.fit(documents, { skip: [], mostFeatures: MOST_FEATURES }));
  const index = new SimilarityIndex(rows, 0, Math.ceil(words.length / step));
  const cosines = new Float32Array(index.count);
  const likeness = new Float32Array(words.length);
  let pairs = 0;
  let closePairs = 0;
  for (let i = 0; i < words.length; i++) {
    if (i % 512 === 0) onProgress?.(i / words.length);
    index.compare(i, cosines);
    if (i < index.count) cosines[i] = 0; // not with itself
    const text = order[i] ?? 0;
    const { mean, best, most } = nearest(cosines);
    likeness[text] = mean;
    if (most < LEAST_LIKENESS || most > MOST_LIKENESS) continue;
    pairs += 1;
    closePairs += Number(Math.abs(best * step - text) < CLOSE * words.length);
  }
  onProgress?.(1);
  return { likeness, pairs, closePairs };
}

/** Places of the texts: every `step`-th first, then the others. */
function comparedFirst(count: number, step: number): Int32Array {
  const order = new Int32Array(count);
  let at = 0;
  for (let i = 0; i < count; i += step) order[at++] = i;
  for (let i = 0; i < count; i++) if (i % step !== 0) order[at++] = i;
  return order;
}

/** The mean of the largest values, and the largest one with its place. */
function nearest(cosines: Float32Array): { readonly mean: number; readonly best: number; readonly most: number } {
  const top = new Float32Array(NEAREST); // descending
  let best = 0;
  for (let i = 0; i < cosines.length; i++) {
    const value = cosines[i] ?? 0;
    if (value <= (top[NEAREST - 1] ?? 0)) continue;
    if (value > (top[0] ?? 0)) best = i;
    let at = NEAREST - 1;
    while (at > 0 && (top[at - 1] ?? 0) < value) top[at] = top[--at] ?? 0;
    top[at] = value;
  }
  return { mean: top.reduce((sum, value) => sum + value, 0) / NEAREST, best, most: top[0] ?? 0 };
}
