/** Two labels that are taken for each other. */
export interface ConfusedPair {
  readonly row: number;
  readonly column: number;
  readonly actual: string;
  readonly predicted: string;
  readonly count: number;
}

/** The cells beside the diagonal with the most rows, most first. `matrix[actual][predicted]`. */
export function mostConfused(
  matrix: readonly (readonly number[])[],
  labels: readonly string[],
  most: number,
): readonly ConfusedPair[] {
  const pairs = matrix.flatMap((counts, row) =>
    counts.flatMap((count, column) =>
      row === column || count === 0
        ? []
        : [{ row, column, count, actual: labels[row] ?? '', predicted: labels[column] ?? '' }],
    ),
  );
  return pairs.sort((a, b) => b.count - a.count || a.row - b.row || a.column - b.column).slice(0, most);
}
