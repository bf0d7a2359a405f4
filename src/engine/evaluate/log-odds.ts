/** A probability that has underflowed counts as this. */
const LEAST = 1e-30;

/**
 * Scores whose softmax (multi-label: sigmoid) gives these probabilities: logarithms, or log odds. With them a model that
 * is known only by its probabilities can be given a temperature. // [n, classes]
 */
export function scoresOf(probabilities: Float32Array, options: { readonly multiLabel: boolean }): Float32Array {
  return probabilities.map((p) => {
    const log = Math.log(Math.max(p, LEAST));
    return options.multiLabel ? log - Math.log(Math.max(1 - p, LEAST)) : log;
  });
}
