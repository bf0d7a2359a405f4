import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '../../shared/errors';
import type { TrashedRun } from '../../shared/run-trash-types';
import type { Run } from '../../shared/training-types';
import { writeJsonAtomic } from '../../engine/weights/atomic-write';
import { folderBytes } from './folder-bytes';
import { readJson } from './json-file';
import { RunStore } from './run-store';

const NOTE = 'trashed.json';
const noteSchema = z.object({ at: z.string() });

/** The trash of a project's runs: `runs/.trash/<id>/`, each as it was, with a note of when it was thrown away. */
export class RunTrash {
  readonly #runs: RunStore;
  readonly #trashed: RunStore;

  constructor(runs: RunStore) {
    this.#runs = runs;
    this.#trashed = new RunStore(runs.root, '.trash');
  }

  /** Moves a run into the trash. @throws AppError `not-found` */
  async trash(runId: string): Promise<void> {
    await this.#runs.get(runId);
    await mkdir(this.#trashed.root, { recursive: true });
    await writeJsonAtomic(path.join(this.#runs.folder(runId), NOTE), { at: new Date().toISOString() });
    await rename(this.#runs.folder(runId), this.#trashed.folder(runId));
  }

  /** The runs in the trash, the one thrown away last first. */
  async list(): Promise<TrashedRun[]> {
    const found: TrashedRun[] = [];
    for (const run of await this.#trashed.list()) {
      const folder = this.#trashed.folder(run.id);
      const note = await readJson(path.join(folder, NOTE), noteSchema, 'a note of the trash', 'project-format').catch(
        () => null,
      );
      const at = note?.at ?? (await stat(folder)).mtime.toISOString();
      found.push({ run, at, bytes: await folderBytes(folder) });
    }
    return found.sort((a, b) => b.at.localeCompare(a.at));
  }

  /** Puts a run back among the others. @throws AppError `not-found` */
  async restore(runId: string): Promise<Run> {
    await this.#trashed.get(runId);
    const target = this.#runs.folder(runId);
    // Ids are never given twice; a copied project may still hold both.
    if (existsSync(target)) throw new AppError('busy', `There is a run ${runId} already.`, { data: { runId } });
    await rename(this.#trashed.folder(runId), target);
    await rm(path.join(target, NOTE), { force: true });
    return this.#runs.get(runId);
  }

  /** Deletes a run in the trash for good. @returns the bytes that are free again @throws AppError `not-found` */
  async remove(runId: string): Promise<number> {
    await this.#trashed.get(runId);
    const folder = this.#trashed.folder(runId);
    const bytes = await folderBytes(folder);
    await rm(folder, { recursive: true, force: true });
    const left = await readdir(this.#trashed.root);
    if (left.length === 0) await rm(this.#trashed.root, { recursive: true, force: true });
    return bytes;
  }
}
