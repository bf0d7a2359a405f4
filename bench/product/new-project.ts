import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROJECT_VERSION } from '../../src/engine/store/project-format';

/** The `project.json` that a store asks for. */
export function newProjectFile(folder: string): Promise<void> {
  return writeFile(join(folder, 'project.json'), JSON.stringify({ format: 'thaw-project', version: PROJECT_VERSION }));
}
