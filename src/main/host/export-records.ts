import path from 'node:path';
import { z } from 'zod';
import { writeJsonAtomic } from '../../engine/weights/atomic-write';
import { exportRecordSchema, type ExportRecord, type PastExport } from '../../shared/export-types';
import { factsOf } from './export-facts';
import { readJson } from './json-file';

/** So many are remembered; older ones are let go. */
const mostRecords = 20;
/** The newest is the last. */
const fileSchema = z.object({ exports: z.array(exportRecordSchema) });

/** Remembers an export in its project. One that was written to the same folder before has been replaced. */
export async function rememberExport(project: string, record: ExportRecord): Promise<void> {
  const before = (await readRecords(project)).filter(({ folder }) => folder !== record.folder);
  await writeJsonAtomic(fileIn(project), { exports: [...before, record].slice(-mostRecords) });
}

/** What was exported of a project, newest first, with what the folders hold now. */
export async function pastExports(project: string): Promise<PastExport[]> {
  const records = [...(await readRecords(project))].reverse();
  return Promise.all(
    // A folder that was damaged meanwhile is as good as gone; whoever opens it is told more.
    records.map(async (record) => ({ ...record, facts: await factsOf(record.folder).catch(() => null) })),
  );
}

/** A list that cannot be read must not keep anybody from exporting: it is begun anew. */
async function readRecords(project: string): Promise<readonly ExportRecord[]> {
  const file = await readJson(fileIn(project), fileSchema, 'a list of exports', 'project-format').catch(() => null);
  return file?.exports ?? [];
}

function fileIn(project: string): string {
  return path.join(project, 'exports.json');
}
