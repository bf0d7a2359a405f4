import type { Dialect } from '../../shared/data-types';
import { lineEnd, RecordParser } from './record-parser';
import { repairLine } from './repair-record';

/** The dialect of files with one text in each line and no cells: the line break itself separates. */
export const ONE_TEXT_PER_LINE: Dialect = { delimiter: '\n', quote: '', escape: '' };

/** What a person has set already, and what the file's name says. */
export interface DialectHints {
  readonly delimiter?: string | undefined;
  readonly quote?: string | undefined;
  readonly extension: string; // lower case, with its dot
}

/** What one dialect makes of the sample. */
interface Trial {
  readonly dialect: Dialect;
  readonly width: number; // cells in most records
  readonly fitting: number; // share of records with that many, 0 to 1
  readonly broken: number; // records that break the rules of quoting
  readonly quotedCells: number;
  readonly strayQuotes: number;
}

// Where two explain a file equally well the earlier wins: a comma is more often text than a tab or a semicolon is.
const DELIMITERS = ['\t', ';', '|', ','] as const;
const MOST_RECORDS = 2_000;

/**
 * Guesses delimiter, quotation mark and escape from the head of a file.
 *
 * @param sample decoded text
 * @param whole whether the sample is the whole file
 */
export function guessDialect(
  sample: string,
  whole: boolean,
  hints: DialectHints,
  lineBreak: '\n' | '\r' = '\n',
): Dialect {
  if (hints.delimiter === '\n') return ONE_TEXT_PER_LINE;
  const delimiters = hints.delimiter === undefined ? DELIMITERS : [hints.delimiter];
  const best = delimiters
    .map((delimiter) => bestQuoting(sample, whole, delimiter, hints.quote, lineBreak))
    .filter(({ width }) => width > 1 || hints.delimiter !== undefined)
    .reduce<Trial | null>((a, b) => (a === null || rank(b, hints) > rank(a, hints) + 0.02 ? b : a), null);
  // A file named .csv may have many rows with stray commas; in a text file most lines must agree.
  const asked = hints.extension === '.csv' || hints.extension === '.tsv' ? 0.3 : 0.6;
  if (best !== null && (hints.delimiter !== undefined || best.fitting >= asked)) return best.dialect;
  const single = trial(sample, whole, { delimiter: ',', quote: '"', escape: '"' }, lineBreak);
  const isQuotedColumn = single.width === 1 && single.fitting === 1 && single.broken === 0 && hints.quote !== '';
  if (isQuotedColumn && (single.quotedCells > 0 || hints.extension === '.csv')) return single.dialect;
  return ONE_TEXT_PER_LINE;
}

/** How well a dialect explains the sample, about 0 to 1. */
function rank({ dialect, fitting }: Trial, { extension }: DialectHints): number {
  const named = (extension === '.tsv' || extension === '.tab') === (dialect.delimiter === '\t');
  return fitting + (named ? 0.05 : 0);
}

function bestQuoting(
  sample: string,
  whole: boolean,
  delimiter: string,
  quote: string | undefined,
  lineBreak: '\n' | '\r',
): Trial {
  const run = (mark: string, escape = mark): Trial =>
    trial(sample, whole, { delimiter, quote: mark, escape }, lineBreak);
  const marked = (mark: string): Trial => {
    const doubled = run(mark);
    if (!sample.includes(`\\${mark}`) || doubled.broken === 0) return doubled;
    const backslash = run(mark, '\\');
    return backslash.broken < doubled.broken ? backslash : doubled;
  };
  if (quote === '') return run('');
  if (quote !== undefined) return marked(quote);
  const none = run('');
  const double = marked('"');
  if (quotesAreReal(double, none)) return double;
  const single = sample.includes("'") ? marked("'") : null;
  const apostrophes = (sample.match(/'/g) ?? []).length;
  // Apostrophes are common in text: only where nearly all of them enclose cells are they quotation marks.
  if (single && single.broken === 0 && single.quotedCells > 1 && single.quotedCells * 2 >= 0.9 * apostrophes)
    return single;
  // No mark at all in the sample: later ones are RFC 4180 in comma files, and text in tab files.
  return double.quotedCells === 0 && double.strayQuotes === 0 && delimiter !== '\t' ? double : none;
}

/** Whether `"` encloses cells in this file, or is just a character of its texts. */
function quotesAreReal(double: Trial, none: Trial): boolean {
  if (double.quotedCells === 0) return false;
  const offences = double.broken + double.strayQuotes;
  // A program that writes tab files with quotes quotes every cell that has one; stray marks say that none are meant.
  if (double.dialect.delimiter === '\t') return offences * 20 <= double.quotedCells && double.fitting >= none.fitting;
  return double.broken * 5 <= double.quotedCells && double.fitting >= none.fitting - 0.02;
}

function trial(sample: string, whole: boolean, dialect: Dialect, lineBreak: '\n' | '\r'): Trial {
  const parser = new RecordParser(dialect, lineBreak);
  const widths = new Map<number, number>();
  let records = 0;
  let broken = 0;
  for (let at = 0; at < sample.length && records < MOST_RECORDS;) {
    const status = parser.parse(sample, at, whole);
    if (status === 'more') break;
    records++;
    if (status === 'record') {
      if (parser.cells.length === 1 && parser.cells[0]?.trim() === '') records--;
      else count(widths, parser.cells.length);
      at = parser.end;
      continue;
    }
    // What runs into the end of a sample may well be closed in the rest of the file.
    if (status === 'open-quote' && !whole) break;
    broken++;
    const end = lineEnd(sample, at, lineBreak);
    const line = sample.slice(at, end).replace(/\r?\n$/, '');
    const repaired = repairLine(line, dialect, () => true);
    if (repaired) count(widths, repaired.length);
    at = end;
  }
  const [width, fitting] = mostCommon(widths);
  const { quotedCells, strayQuotes } = parser;
  return { dialect, width, fitting: records === 0 ? 0 : fitting / records, broken, quotedCells, strayQuotes };
}

function count(widths: Map<number, number>, width: number): void {
  widths.set(width, (widths.get(width) ?? 0) + 1);
}

/** The most common width; of equally common ones the larger. */
function mostCommon(widths: ReadonlyMap<number, number>): readonly [width: number, times: number] {
  let best: readonly [number, number] = [0, 0];
  for (const one of widths) if (one[1] > best[1] || (one[1] === best[1] && one[0] > best[0])) best = one;
  return best;
}
