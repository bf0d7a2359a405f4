/** Words that people call columns by, and that rarely stand alone in a cell of data. */
const COLUMN_NAME =
  /^(text|texts|label|labels|message|messages|category|categories|class|classes|sentence|sentences|review|reviews|comment|comments|tweet|tweets|title|subject|body|content|description|headline|summary|abstract|sentiment|rating|score|stars|target|intent|topic|topics|tag|tags|type|id|_id|uid|uuid|key|name|date|time|timestamp|created_at|author|user|source|url|lang|language|split|fold|document|document_id|question|answer|query|utterance|v1|v2|fine_label|index|unnamed: 0|betreff|nachricht|kategorie|klasse|texte|texto|etiqueta|categoria)$/i;
const WORDY = /^[\p{L}_][\p{L}\p{N}_ .:#/()-]{0,60}$/u;
const NUMBER = /^[+-]?(\d[\d., ]*|\.\d+)([eE][+-]?\d+)?\s?%?$/;

/** Whether a cell is a number as people write them (1,234.5 · -3 · 1e-4 · 12 %). */
export function isNumber(cell: string): boolean {
  return NUMBER.test(cell.trim());
}

/**
 * Whether the first record names the columns rather than being data, judged against the records after it.
 *
 * @param first the first record
 * @param rest some of those that follow, of the same width
 */
export function guessHeader(first: readonly string[], rest: readonly (readonly string[])[]): boolean {
  const names = first.map((cell) => cell.trim());
  const filled = names.filter((name) => name !== '');
  if (filled.length === 0) return false;
  const known = filled.filter((name) => COLUMN_NAME.test(name)).length;
  const numbers = filled.filter(isNumber).length;
  if (numbers > 0 && numbers >= filled.length - known) return known > numbers;
  if (known * 2 >= filled.length && filled.every((name) => name.length < 80)) return true;
  if (new Set(filled).size < filled.length || rest.length === 0) return false;
  const votes = names.map((name, column) =>
    columnVote(
      name,
      rest.map((row) => (row[column] ?? '').trim()),
    ),
  );
  const total = votes.reduce((sum, vote) => sum + vote, 0);
  return total > 0 || (known > 0 && total === 0);
}

/** How much one column speaks for its first cell being a name (positive) or data (negative). */
function columnVote(name: string, cells: readonly string[]): number {
  if (name === '') return 0;
  if (isNumber(name)) return -2;
  const filled = cells.filter((cell) => cell !== '');
  if (filled.length === 0) return 0;
  // A label that comes back in its column is data, whatever it looks like.
  if (filled.includes(name)) return COLUMN_NAME.test(name) ? 0 : -2;
  if (filled.every(isNumber)) return WORDY.test(name) ? 2 : 1;
  const meanLength = filled.reduce((sum, cell) => sum + cell.length, 0) / filled.length;
  const isShort =
    meanLength >= 20 && name.length < 0.4 * meanLength && WORDY.test(name) && name.split(/\s+/).length <= 3;
  if (isShort) return 1;
  const isSentence = name.length > 60 || name.split(/\s+/).length > 6;
  if (isSentence) return -2;
  // Few values that all come back, and this one does not: a name above them.
  const distinct = new Set(filled).size;
  return distinct * 4 <= filled.length ? 1 : 0;
}

/**
 * Column names that are unique and not empty: unnamed ones are called column1, column2 … by their place, a repeated
 * name gets a number.
 *
 * @param names as they stand in the header; null where the file has none
 */
export function uniqueColumnNames(names: readonly string[] | null, width: number): string[] {
  const wanted = Array.from({ length: width }, (_, i) => (names?.[i] ?? '').replace(/\s+/g, ' ').trim());
  const given = new Set(wanted);
  const taken = new Set<string>();
  return wanted.map((name, i) => {
    let unique = name === '' ? `column${String(i + 1)}` : name;
    for (let n = 2; taken.has(unique) || (unique !== name && given.has(unique)); n++) {
      unique = `${name === '' ? `column${String(i + 1)}` : name}_${String(n)}`;
    }
    taken.add(unique);
    return unique;
  });
}
