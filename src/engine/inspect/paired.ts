import type { Paired } from '../../shared/inspect-types';

/** The 97.5 % point of the normal distribution. */
const Z = 1.959963984540054;

/**
 * Two sets of answers to the same rows, compared row by row: the exact McNemar test on the rows where only one is right
 * (McNemar 1947), and Wald's interval with Agresti and Min's (2005) half a row more in each cell for the difference of
 * the shares that are right.
 *
 * @param first, second 1 where the answer to a row is right
 */
export function comparePaired(first: ArrayLike<number>, second: ArrayLike<number>): Paired {
  const n = first.length;
  let [bothRight, onlyFirst, onlySecond] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    if (first[i] === 1 && second[i] === 1) bothRight++;
    else if (first[i] === 1) onlyFirst++;
    else if (second[i] === 1) onlySecond++;
  }
  const bothWrong = n - bothRight - onlyFirst - onlySecond;
  const p = exactMcNemar(onlyFirst, onlySecond);
  return { n, bothRight, onlyFirst, onlySecond, bothWrong, ...differenceOf(onlyFirst, onlySecond, n), p };
}

function differenceOf(onlyFirst: number, onlySecond: number, n: number): Pick<Paired, 'difference' | 'interval'> {
  if (n === 0) return { difference: 0, interval: [-1, 1] };
  const [b, c, total] = [onlyFirst + 0.5, onlySecond + 0.5, n + 2];
  const middle = (c - b) / total;
  const half = (Z * Math.sqrt(b + c - (c - b) ** 2 / total)) / total;
  return {
    difference: (onlySecond - onlyFirst) / n,
    interval: [Math.max(-1, middle - half), Math.min(1, middle + half)],
  };
}

/** The two-sided exact binomial test that a row falls to either side with equal chance. */
export function exactMcNemar(b: number, c: number): number {
  const n = b + c;
  // In logarithms: half to the power of a thousand rows is no number any more.
  let logTerm = -n * Math.LN2;
  let tail = Math.exp(logTerm);
  for (let k = 1; k <= Math.min(b, c); k++) {
    logTerm += Math.log((n - k + 1) / k);
    tail += Math.exp(logTerm);
  }
  return Math.min(1, 2 * tail);
}
