import type { ImportedFile, ImportSummary, RejectedRow } from '../../shared/data-types';
import { AppError } from '../../shared/errors';
import type { Database } from './database';
import type { StoredImport } from './import-rows';
import type { RowMarks } from './row-marks';

/** A row that could not be read, with the path of its file. */
export interface RejectedLine extends RejectedRow {
  readonly file: string;
}

/** The ids of an import's rows, ascending. @throws AppError `not-found` */
export function rowsOfImport(imports: readonly StoredImport[], wanted: number): Int32Array {
  const found = imports.find(({ id }) => id === wanted);
  if (!found)
    throw new AppError('not-found', `There is no imported file ${String(wanted)}.`, { data: { got: wanted } });
  return Int32Array.from({ length: found.rows }, (_, i) => found.firstRow + i);
}

/** What the newest import did, or null. */
export async function lastImport(database: Database): Promise<ImportSummary | null> {
  const [row] = await database.all('SELECT summary FROM imports WHERE summary IS NOT NULL ORDER BY id DESC LIMIT 1');
  return row === undefined ? null : (JSON.parse(String(row[0])) as ImportSummary);
}

/** Every file that was imported, oldest first. */
export async function importedFiles(
  database: Database,
  imports: readonly StoredImport[],
  marks: RowMarks,
): Promise<ImportedFile[]> {
  const found = await database.all(
    `SELECT id, path, role, row_count, summary,
       (SELECT count(*) FROM rejects r WHERE r.import = imports.id) FROM imports ORDER BY id`,
  );
  return found.map(([id, path, role, rows, summary, rejected]) => ({
    id: Number(id),
    path: String(path),
    role: String(role) as ImportedFile['role'],
    inUse: rowsOfImport(imports, Number(id)).filter((row) => !marks.has(row, 'aside')).length,
    summary:
      summary === null ? bareSummary(Number(rows), Number(rejected)) : (JSON.parse(String(summary)) as ImportSummary),
  }));
}

/** Rows that could not be read, of one import or of all, in order. */
export async function rejectedLines(
  database: Database,
  offset: number,
  limit: number,
  importId: number | null,
): Promise<RejectedLine[]> {
  const rows = await database.all(
    `SELECT r.line, r.reason, r.text, i.path FROM rejects r JOIN imports i ON i.id = r.import
     WHERE $3::INTEGER IS NULL OR r.import = $3 ORDER BY r.import, r.line LIMIT $1 OFFSET $2`,
    [limit, offset, importId],
  );
  return rows.map(([line, reason, text, file]) => ({
    line: Number(line),
    reason: String(reason),
    text: String(text),
    file: String(file),
  }));
}

/** What is known of an import after which the process died before it could sum it up. */
function bareSummary(rows: number, rejectedCount: number): ImportSummary {
  return { rows, labelled: 0, rejected: [], rejectedCount, labels: [], seconds: 0 };
}
