/** The name of a file's column in the staging table and in SQL over its cells. */
export function cellName(column: number): string {
  return `c${String(column)}`;
}

/** A text in SQL, where no parameter can stand. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Which of a file's columns are the text, and which are kept beside it. */
export interface RowColumns {
  readonly texts: readonly number[];
  readonly others: readonly number[];
}

/** The columns of a file by what they are for. */
export function rowColumns(columns: number, texts: readonly number[]): RowColumns {
  return { texts, others: Array.from({ length: columns }, (_, i) => i).filter((i) => !texts.includes(i)) };
}

/** The last three columns of the table `rows` (text, fields, others), made of cells. */
export function rowCells({ texts, others }: RowColumns, cell: (column: number) => string): string {
  const list = (columns: readonly number[]): string =>
    columns.length === 0 ? 'NULL::VARCHAR[]' : `[${columns.map(cell).join(', ')}]`;
  const [first = 0] = texts;
  if (texts.length === 1) return `${cell(first)} AS text, NULL::VARCHAR[] AS fields, ${list(others)} AS others`;
  const text = `array_to_string(list_filter(${list(texts)}, lambda cell: cell <> ''), chr(10))`;
  return `${text} AS text, ${list(texts)} AS fields, ${list(others)} AS others`;
}

/** A cell of a row that is in the table `rows`: the reverse of {@link rowCells}. */
export function cellOfRow({ texts, others }: RowColumns, column: number): string {
  const text = texts.indexOf(column);
  if (text >= 0) return texts.length === 1 ? 'text' : `fields[${String(text + 1)}]`;
  return `others[${String(others.indexOf(column) + 1)}]`;
}
