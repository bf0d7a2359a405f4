import { stat } from 'node:fs/promises';
import path from 'node:path';
import { csvCell, CsvWriter } from '../../engine/data/csv-writer';
import type { RejectedRow, Row } from '../../shared/data-types';
import type { RowFilter } from '../../shared/label-types';
import type { OpenProject } from './open-project';

/** Rows read from the store at a time. */
const AT_ONCE = 1000;
/** Spreadsheets take a CSV file for UTF-8 only where it begins with this mark. */
const BYTE_ORDER_MARK = '\uFEFF';

/** What was written. */
export interface SavedRows {
  readonly file: string;
  readonly rows: number;
  readonly bytes: number;
}

/**
 * Writes rows as they stand now into a CSV file: texts by column, the columns that nobody chose, labels in one cell,
 * side, marks, note, and what the best model says. Thaw reads such a file again with the same texts and labels.
 * @throws AppError of the file system
 */
export async function saveRows(project: OpenProject, filter: RowFilter, out: string): Promise<SavedRows> {
  const { store } = project;
  const choice = await store.columnChoice();
  const texts = choice?.textColumns ?? ['text'];
  const labelColumns = choice?.labelColumns ?? [];
  const others = (await store.cells.columns()).filter((name) => !labelColumns.includes(name) && !texts.includes(name));
  const [labelColumn = 'label'] = labelColumns.length === 1 ? labelColumns : [];
  const columns = unique([...texts, ...others, labelColumn, 'split', 'flagged', 'note', 'predicted', 'probability']);
  const separator = choice?.labelSeparator ?? ';';
  return write(out, columns, async function* () {
    const found = await store.findRows(filter);
    const total = found?.length ?? store.counts().rows;
    for (let start = 0; start < total; start += AT_ONCE) {
      const length = Math.min(AT_ONCE, total - start);
      const ids = Int32Array.from({ length }, (_, i) => found?.[start + i] ?? start + i);
      const fields = await store.cells.fields(ids);
      const cells = await Promise.all(others.map((name) => store.cells.values(ids, name)));
      const rows = new Map((await store.rowsByIds(ids)).map((row) => [row.id, row]));
      yield Array.from(ids, (id, i) => {
        const row = rows.get(id);
        const own = texts.map((_, k) => fields[i]?.[k] ?? '');
        return [...own, ...cells.map((values) => values[i] ?? ''), ...(row ? saidOf(row, separator) : Array<string>(6).fill(''))]; // prettier-ignore
      });
    }
  });
}

function saidOf({ labels, split, marks, predicted }: Row, separator: string): string[] {
  const [best] = predicted ?? [];
  const side = split === 'unlabelled' ? '' : split;
  const flagged = marks?.flagged === true ? 'yes' : '';
  return [labels.join(separator), side, flagged, marks?.note ?? '', best?.label ?? '', best ? best.probability.toFixed(4) : '']; // prettier-ignore
}

/** Writes the lines that could not be read, of one import or of all. @throws AppError of the file system */
export function saveRejected({ store }: OpenProject, out: string, importId: number | null): Promise<SavedRows> {
  return write(out, ['line', 'reason', 'text', 'file'], async function* () {
    for (let start = 0; ; start += AT_ONCE) {
      const rows = await store.rejectedRows(start, AT_ONCE, importId);
      yield rows.map(({ line, reason, text, file }) => [String(line), reason, text, file]);
      if (rows.length < AT_ONCE) return;
    }
  });
}

/** Writes lines of one file that could not be read, as they are at hand. @throws AppError of the file system */
export function saveRejectedRows(rows: readonly RejectedRow[], out: string): Promise<SavedRows> {
  return write(out, ['line', 'reason', 'text'], async function* () {
    yield rows.map(({ line, reason, text }) => [String(line), reason, text]);
    await Promise.resolve();
  });
}

async function write(
  out: string,
  columns: readonly string[],
  batches: () => AsyncGenerator<readonly (readonly string[])[]>,
): Promise<SavedRows> {
  const file = path.resolve(out);
  const isTabs = path.extname(file).toLowerCase() === '.tsv';
  const [first = '', ...rest] = columns;
  const delimiter = isTabs ? '\t' : ',';
  // A name in quotes would hide the mark behind the quote.
  const mark = csvCell(first, delimiter) === first ? BYTE_ORDER_MARK : '';
  const writer = await CsvWriter.create(file, [mark + first, ...rest], delimiter);
  try {
    for await (const rows of batches()) await writer.write(rows);
    await writer.close();
  } catch (error) {
    await writer.abort();
    throw error;
  }
  return { file, rows: writer.rows, bytes: (await stat(file)).size };
}

/** Names that are there twice get a number: a reader could not tell them apart. */
function unique(names: readonly string[]): string[] {
  const seen = new Set<string>();
  return names.map((name) => {
    let own = name;
    for (let n = 2; seen.has(own); n++) own = `${name} ${String(n)}`;
    seen.add(own);
    return own;
  });
}
