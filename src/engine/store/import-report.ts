import type { ImportSummary, RejectedRow, RepairedRows } from '../../shared/data-types';
import type { ProgressEvent } from '../../shared/jobs';
import type { Database } from './database';
import type { StoredImport } from './import-rows';
import type { LabelLog } from './label-log';

/** What was read into the temporary tables of a connection. */
export interface Staged {
  readonly rows: number;
  readonly rejected: readonly RejectedRow[];
  readonly rejectedCount: number;
  readonly repaired?: RepairedRows | undefined;
}

/** Writes down what an import did. */
export async function keepSummary(database: Database, importId: number, summary: ImportSummary): Promise<void> {
  await database.transaction((writer) =>
    writer.run('UPDATE imports SET summary = $1 WHERE id = $2', [JSON.stringify(summary), importId]),
  );
}

/** What an import has brought, as the project's labels stand after it. */
export function summarise(
  log: LabelLog,
  { firstRow, rows }: StoredImport,
  staged: Staged,
  seconds: number,
): ImportSummary {
  const bySet = new Int32Array(log.book.setCount);
  for (let row = firstRow; row < firstRow + rows; row++) {
    const set = log.book.setOf(row);
    if (set >= 0) bySet[set] = (bySet[set] ?? 0) + 1;
  }
  const counts = new Map<number, number>();
  bySet.forEach((count, set) => {
    if (count === 0) return;
    for (const label of log.book.labelsOf(set)) counts.set(label, (counts.get(label) ?? 0) + count);
  });
  const labelled = bySet.reduce((sum, count) => sum + count, 0);
  const labels = [...counts].sort(([a], [b]) => a - b).map(([id, count]) => ({ name: log.book.name(id), count }));
  const { rejected, rejectedCount, repaired } = staged;
  return { rows, labelled, rejected: [...rejected], rejectedCount, labels, seconds, ...(repaired && { repaired }) };
}

/** Reports at most four times a second, and at the end. */
export function progressReporter(
  total: number,
  unit: 'bytes' | 'texts',
  onProgress: ((event: ProgressEvent) => void) | undefined,
): (done: number) => void {
  const begun = performance.now();
  let last = 0;
  return (done) => {
    const now = performance.now();
    if (!onProgress || (now - last < 250 && done < total)) return;
    last = now;
    const secondsLeft = done > 0 ? ((now - begun) / 1000) * (total / done - 1) : null;
    onProgress({ type: 'count', stage: 'import', done, total, unit, secondsLeft });
  };
}
