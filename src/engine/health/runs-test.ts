/** How often a sequence changes from one value to another, beside what chance would make of the same values. */
export interface Runs {
  readonly length: number;
  readonly changes: number;
  readonly expected: number;
  /** Standard deviations that {@link changes} is above chance; below where equal values stand together. */
  readonly z: number;
  /** Where the longest stretch of one value begins, and how long it is. */
  readonly longest: { readonly at: number; readonly length: number };
}

/**
 * The runs test for any number of values (Wald and Wolfowitz 1940; moments for more than two by Barton and David 1957).
 *
 * @param values whole numbers, in order
 */
export function runsTest(values: Int32Array): Runs {
  const n = values.length;
  const counts = new Map<number, number>();
  let changes = 0;
  let begun = 0;
  let longest = { at: 0, length: Math.min(1, n) };
  for (let i = 0; i < n; i++) {
    const value = values[i] ?? 0;
    counts.set(value, (counts.get(value) ?? 0) + 1);
    if (i > 0 && value !== values[i - 1]) {
      changes++;
      begun = i;
    }
    if (i + 1 - begun > longest.length) longest = { at: begun, length: i + 1 - begun };
  }
  let squares = 0;
  let cubes = 0;
  for (const count of counts.values()) {
    squares += count ** 2;
    cubes += count ** 3;
  }
  const expected = n === 0 ? 0 : n - squares / n;
  const variance = n < 2 ? 0 : (squares * (squares + n * (n + 1)) - 2 * n * cubes - n ** 3) / (n * n * (n - 1));
  return { length: n, changes, expected, z: variance > 0 ? (changes - expected) / Math.sqrt(variance) : 0, longest };
}
