import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { z } from 'zod';
import { columnChoiceSchema, importRoleSchema, importSummarySchema, readOptionsSchema } from '../../shared/data-types';
import { AppError } from '../../shared/errors';
import { PROJECT_VERSION } from '../../engine/store/project-format';
import { writeJsonAtomic } from '../../engine/weights/atomic-write';
import { readJson } from './json-file';

const sourceSchema = z.object({
  path: z.string(),
  bytes: z.number(),
  modifiedAt: z.string(), // ISO 8601
  role: importRoleSchema,
  options: readOptionsSchema,
  columns: columnChoiceSchema,
  summary: importSummarySchema,
});
/** A file that was imported, as it was then, and what came of it. */
export type ProjectSource = z.infer<typeof sourceSchema>;

/** Fields that this version does not know are kept. */
const projectFileSchema = z.looseObject({
  format: z.literal('thaw-project'),
  version: z.number().int(), // the store checks it
  id: z.string(),
  name: z.string(),
  createdAt: z.string(),
  /** The sample that the project was made for. */
  sample: z.string().optional(),
  sources: z.array(sourceSchema).default([]),
  /** Files that undo has taken out, for redo; the last was taken out last. */
  takenBack: z.array(sourceSchema).default([]),
});
/** `project.json`: what makes a folder a project. */
export type ProjectFile = z.infer<typeof projectFileSchema>;

/** The path of a project's `project.json`. */
export function projectFilePath(folder: string): string {
  return path.join(folder, 'project.json');
}

/** A new project's file; `sample` names the sample that it is made for. */
export function newProjectFile(name: string, sample?: string): ProjectFile {
  const createdAt = new Date().toISOString();
  const file: ProjectFile = {
    format: 'thaw-project',
    version: PROJECT_VERSION,
    id: randomUUID(),
    name,
    createdAt,
    sources: [],
    takenBack: [],
  };
  return sample === undefined ? file : { ...file, sample };
}

/**
 * Reads a project's file.
 * @throws AppError `not-found` where the folder is no project, `project-format` where its file is damaged
 */
export async function readProjectFile(folder: string): Promise<ProjectFile> {
  const file = await readJson(projectFilePath(folder), projectFileSchema, 'a Thaw project', 'project-format');
  if (file) return file;
  throw new AppError('not-found', `${folder} is not a Thaw project: it has no project.json.`, {
    hint: 'Choose the folder of a project, or create a new one.',
    data: { folder },
    says: { sentence: 'noProject', folder },
  });
}

/** Writes a project's file atomically. */
export async function writeProjectFile(folder: string, file: ProjectFile): Promise<void> {
  await writeJsonAtomic(projectFilePath(folder), file);
}
