import type { Dialect } from '../../shared/data-types';

/**
 * A second, lenient reading of one line whose quotation marks do not follow the rules, taken only where it gives
 * exactly the number of cells the file has. First with a quoted cell as one whose closing mark stands before a
 * delimiter (text such as `"Good" film` keeps its marks), then with marks inside a quoted cell as text.
 *
 * @param line without its line break
 * @returns the cells, or null where neither reading fits
 */
export function repairLine(line: string, dialect: Dialect, fits: (cells: string[]) => boolean): string[] | null {
  const literal = readLine(line, dialect, false);
  if (fits(literal)) return literal;
  const greedy = readLine(line, dialect, true);
  return fits(greedy) ? greedy : null;
}

function readLine(line: string, dialect: Dialect, greedy: boolean): string[] {
  const { delimiter, quote } = dialect;
  const cells: string[] = [];
  for (let at = 0; ;) {
    const close = line.startsWith(quote, at) ? closingQuote(line, at + 1, dialect, greedy) : -1;
    if (close !== -1) {
      cells.push(line.slice(at + 1, close).replaceAll(quote + quote, quote));
      at = close + 1;
      if (at >= line.length) return cells;
    } else {
      const next = line.indexOf(delimiter, at);
      cells.push(line.slice(at, next === -1 ? line.length : next));
      if (next === -1) return cells;
      at = next;
    }
    at += delimiter.length;
  }
}

/** The closing mark before a delimiter or the line's end: the first mark at all, or (greedy) the first that fits. */
function closingQuote(line: string, from: number, { delimiter, quote }: Dialect, greedy: boolean): number {
  for (let at = line.indexOf(quote, from); at !== -1; at = line.indexOf(quote, at + 1)) {
    if (line[at + 1] === quote) at++;
    else if (at + 1 === line.length || line.startsWith(delimiter, at + 1)) return at;
    else if (!greedy) return -1;
  }
  return -1;
}
