const z95 = 1.959964;

/** The 95 % Wilson interval of a share seen on n rows. Source: Wilson 1927; n = 0 gives the whole range. */
export function wilsonInterval(share: number, n: number): readonly [number, number] {
  if (n <= 0) return [0, 1];
  const z2 = z95 * z95;
  const middle = (share + z2 / (2 * n)) / (1 + z2 / n);
  const half = (z95 / (1 + z2 / n)) * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n * n));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}
