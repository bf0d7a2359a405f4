/** How often rows of one label were taken for another. */
export interface ConfusedPair {
  readonly actual: string;
  readonly predicted: string;
  readonly count: number;
  readonly share: number; // of the rows whose label is `actual`
}

/**
 * The label pairs that are mixed up most, most frequent first (equals by share, then in label order).
 *
 * @param confusion confusion[actual][predicted]
 */
export function mostConfusedPairs(
  confusion: readonly (readonly number[])[],
  classNames: readonly string[],
  limit = 10,
): ConfusedPair[] {
  const pairs = confusion.flatMap((row, a) => {
    const support = row.reduce((sum, count) => sum + count, 0);
    return row.flatMap((count, p): ConfusedPair[] =>
      a === p || count === 0
        ? []
        : [{ actual: classNames[a] ?? '', predicted: classNames[p] ?? '', count, share: count / support }],
    );
  });
  return pairs.sort((a, b) => b.count - a.count || b.share - a.share).slice(0, limit);
}
