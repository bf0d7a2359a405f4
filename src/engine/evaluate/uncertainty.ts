import { topTwo } from './rank';

/** `entropy` looks at all labels; `breaking-ties` at the distance between the two best (Luo et al. 2005). */
export type UncertaintyMethod = 'entropy' | 'breaking-ties';

/**
 * How unsure the model is about each row, from 0 (certain) to 1 (no idea): what to label next, highest first. For
 * multi-label each label is a yes-or-no question and the row takes the mean over them.
 *
 * @param probabilities // [n, classes]
 * @returns // [n]
 */
export function uncertainty(
  probabilities: Float32Array,
  n: number,
  classes: number,
  options: { readonly method?: UncertaintyMethod; readonly multiLabel?: boolean } = {},
): Float32Array {
  const method = options.method ?? 'entropy';
  return Float32Array.from({ length: n }, (_, i) => {
    const start = i * classes;
    if (options.multiLabel === true) return meanOverLabels(probabilities, start, classes, method);
    if (classes < 2) return 0;
    if (method === 'breaking-ties') {
      const [first, second] = topTwo(probabilities, start, classes);
      return 1 - (first - second);
    }
    let entropy = 0;
    for (let c = 0; c < classes; c++) entropy += surprise(probabilities[start + c] ?? 0);
    return entropy / Math.log(classes);
  });
}

function meanOverLabels(
  probabilities: Float32Array,
  start: number,
  classes: number,
  method: UncertaintyMethod,
): number {
  let total = 0;
  for (let c = 0; c < classes; c++) {
    const p = probabilities[start + c] ?? 0;
    total += method === 'entropy' ? (surprise(p) + surprise(1 - p)) / Math.LN2 : 1 - Math.abs(2 * p - 1);
  }
  return classes === 0 ? 0 : total / classes;
}

function surprise(p: number): number {
  return p > 0 ? -p * Math.log(p) : 0;
}
