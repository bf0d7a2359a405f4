import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../shared/errors';
import { writeJsonAtomic } from '../weights/atomic-write';
import type { Database } from './database';

/** The version of project folders that this program writes; `docs/formats/project.md` says what is in it. */
export const PROJECT_VERSION = 1;

/** Brings a project from one version to the next; runs with the store open, before anything else reads it. */
export type Migration = (database: Database, projectDir: string) => Promise<void>;

/** By the version they start from. A step must bear being run again: a kill may come between it and the new version number. */
export const MIGRATIONS: ReadonlyMap<number, Migration> = new Map();

const headSchema = z.looseObject({ format: z.literal('thaw-project'), version: z.number().int().min(1) });
type ProjectHead = z.infer<typeof headSchema>;

/**
 * Reads `project.json` as far as it says which version the folder has.
 * @throws AppError `not-found` where there is none, `project-format` where it is damaged or of a newer version
 */
export async function readProjectVersion(projectDir: string, current = PROJECT_VERSION): Promise<number> {
  return (await readHead(projectDir, current)).version;
}

/**
 * Brings an older project up to this program's version, step by step, and writes the version down after each.
 * @throws AppError `project-format` where a step is missing; whatever a step throws
 */
export async function migrateProject(
  projectDir: string,
  database: Database,
  steps: ReadonlyMap<number, Migration> = MIGRATIONS,
  current = PROJECT_VERSION,
): Promise<void> {
  for (let head = await readHead(projectDir, current); head.version < current;) {
    const step = steps.get(head.version);
    if (!step)
      throw formatError(
        projectDir,
        `no way is known from version ${String(head.version)} to ${String(head.version + 1)}`,
      );
    await step(database, projectDir);
    // Read again: the step may have changed the file.
    head = { ...(await readHead(projectDir, current)), version: head.version + 1 };
    await writeJsonAtomic(join(projectDir, 'project.json'), head);
  }
}

async function readHead(projectDir: string, current: number): Promise<ProjectHead> {
  const file = join(projectDir, 'project.json');
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new AppError('not-found', `${projectDir} is not a Thaw project: its project.json cannot be read.`, {
      hint: 'Choose the folder of a project, or create a new one.',
      data: { folder: projectDir },
      says: { sentence: 'noProject', folder: projectDir },
      cause: error,
    });
  });
  const head = headSchema.safeParse(parseJson(text));
  if (!head.success) throw formatError(projectDir, 'its project.json is damaged or not of Thaw');
  if (head.data.version <= current) return head.data;
  throw new AppError(
    'project-format',
    `${projectDir}: expected a project of version ${String(current)} or older, got version ${String(head.data.version)}.`,
    {
      hint: 'It was made by a newer Thaw. Install the newest version to open it.',
      data: { folder: projectDir, expected: current, got: head.data.version },
      says: { sentence: 'newerProject', folder: projectDir, n: current, got: head.data.version },
    },
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null; // refused by the schema
  }
}

function formatError(projectDir: string, why: string): AppError {
  return new AppError('project-format', `${projectDir} cannot be opened: ${why}.`, {
    hint: 'Take project.json from a copy of the project.',
    data: { folder: projectDir },
    says: { sentence: 'unreadable', path: projectDir },
  });
}
