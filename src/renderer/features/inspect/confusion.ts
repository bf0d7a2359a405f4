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

/** What the cells of a matrix show: counts, or shares of what is true (rows) or of what was said (columns). */
export type MatrixView = 'counts' | 'row' | 'column';

/** A matrix with its sums, in one view. */
export interface MatrixFigures {
  readonly counts: readonly (readonly number[])[];
  readonly rowTotals: readonly number[];
  readonly columnTotals: readonly number[];
  readonly most: number;
}

/** Sums of a matrix, once for all its cells. */
export function matrixFigures(counts: readonly (readonly number[])[]): MatrixFigures {
  const columnTotals = new Array<number>(counts.length).fill(0);
  let most = 1;
  const rowTotals = counts.map((row) => {
    let total = 0;
    row.forEach((count, column) => {
      total += count;
      columnTotals[column] = (columnTotals[column] ?? 0) + count;
      most = Math.max(most, count);
    });
    return total;
  });
  return { counts, rowTotals, columnTotals, most };
}

/** The share that a cell shows, of its row or its column. */
export function shareOf(figures: MatrixFigures, view: MatrixView, row: number, column: number): number {
  const total = (view === 'column' ? figures.columnTotals[column] : figures.rowTotals[row]) ?? 0;
  return total === 0 ? 0 : (figures.counts[row]?.[column] ?? 0) / total;
}

/** How strongly a cell is coloured, 0 to 1. By counts, rare classes must not all be blank: the root lifts small shares. */
export function strengthOf(figures: MatrixFigures, view: MatrixView, row: number, column: number): number {
  if (view !== 'counts') return shareOf(figures, view, row, column);
  return Math.sqrt((figures.counts[row]?.[column] ?? 0) / figures.most);
}
