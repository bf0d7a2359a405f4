import { randomBytes } from 'node:crypto';
import { appendFile, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '../../shared/errors';
import { progressEventSchema, type ProgressEvent } from '../../shared/jobs';
import {
  runSchema,
  type Run,
  type RunDisk,
  type RunWithEvents,
  type TrainingRequest,
} from '../../shared/training-types';
import { writeJsonAtomic } from '../../engine/weights/atomic-write';
import { folderBytes } from './folder-bytes';
import { readJson } from './json-file';
import { hasCheckpoint } from './run-checkpoint';

const storedRunSchema = runSchema.extend({ format: z.literal('thaw-run'), version: z.literal(1) });
/** The small files of a run, which tell how it went. */
const kept: ReadonlySet<string> = new Set([
  'run.json',
  'events.jsonl',
  'plan.json',
  'inputs.json',
  'held-out.safetensors',
]);
const idPattern = /^[0-9A-Za-z-]+$/;

/** The training runs of a project, each a folder `runs/<id>/` with `run.json` and its curves in `events.jsonl`. */
export class RunStore {
  readonly #folder: string;
  #updates: Promise<unknown> = Promise.resolve();

  /** @param parent the project's folder, or with another `name` whatever holds a folder of runs */
  constructor(parent: string, name = 'runs') {
    this.#folder = path.join(parent, name);
  }

  /** The folder that holds the runs. */
  get root(): string {
    return this.#folder;
  }

  /** The folder of one run. @throws AppError `not-found` for an id that cannot be one. */
  folder(runId: string): string {
    if (!idPattern.test(runId)) throw new AppError('not-found', `"${runId}" is not the id of a run.`);
    return path.join(this.#folder, runId);
  }

  /** Begins a run: its folder and its first `run.json`. */
  async create(request: TrainingRequest): Promise<Run> {
    const startedAt = new Date().toISOString();
    const id = `${startedAt.slice(0, 19).replace(/[-:]/g, '').replace('T', '-')}-${randomBytes(2).toString('hex')}`;
    const run: Run = {
      id,
      name: null,
      state: 'queued',
      request,
      plan: null,
      startedAt,
      begunAt: null,
      endedAt: null,
      device: '',
      comparison: null,
      error: null,
    };
    await mkdir(this.folder(id), { recursive: true });
    await this.#write(run);
    return run;
  }

  /** One run without its curves. @throws AppError `not-found` or `project-format`. */
  async get(runId: string): Promise<Run> {
    const file = path.join(this.folder(runId), 'run.json');
    const run = await readJson(file, storedRunSchema, "a run's file", 'project-format');
    if (!run)
      throw new AppError('not-found', `There is no run "${runId}" in this project.`, {
        says: { sentence: 'noRun', run: runId },
      });
    return this.#told(runSchema.parse(run));
  }

  /** Changes some fields of a run's `run.json`, atomically; changes made at the same time follow one another. */
  async update(runId: string, patch: Partial<Omit<Run, 'id'>>): Promise<Run> {
    const update = this.#updates.then(async () => {
      const run = { ...(await this.get(runId)), ...patch };
      await this.#write(run);
      return run;
    });
    this.#updates = update.catch(() => undefined); // whoever asked is told; the next change does not depend on it
    return update;
  }

  /** Notes when a run's turn came; a run that goes on keeps its first time. */
  async begin(runId: string, at: string): Promise<void> {
    const { begunAt } = await this.get(runId);
    if (begunAt === null) await this.update(runId, { begunAt: at });
  }

  /** Adds events to a run's curves. */
  async append(runId: string, events: readonly ProgressEvent[]): Promise<void> {
    const lines = events.map((event) => `${JSON.stringify(event)}\n`).join('');
    if (lines !== '') await appendFile(path.join(this.folder(runId), 'events.jsonl'), lines);
  }

  /** One run with its curves, thinned to about `maxSteps` training steps for drawing. */
  async withEvents(runId: string, maxSteps = 4000): Promise<RunWithEvents> {
    const run = await this.get(runId);
    let text = '';
    try {
      text = await readFile(path.join(this.folder(runId), 'events.jsonl'), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    return { ...run, events: thin(text.split('\n').flatMap(parseEvent), maxSteps) };
  }

  /** All runs, newest first. A folder without a readable `run.json` is left out. */
  async list(): Promise<Run[]> {
    const runs: Run[] = [];
    for (const id of (await this.#ids()).sort().reverse()) {
      const file = path.join(this.folder(id), 'run.json');
      const run = await readJson(file, storedRunSchema, "a run's file", 'project-format').catch(() => null);
      if (run) runs.push(this.#told(runSchema.parse(run)));
    }
    return runs;
  }

  /** What every run takes on disk. */
  async disk(): Promise<RunDisk[]> {
    const runs: RunDisk[] = [];
    for (const runId of await this.#ids()) {
      const folder = this.folder(runId);
      const [classifier, whole] = [await folderBytes(path.join(folder, 'models')), await folderBytes(folder)];
      runs.push({ runId, classifier, whole });
    }
    return runs;
  }

  /**
   * Deletes what of a run is large: its models and checkpoints. What it was asked, its curves and figures stay.
   * @returns the bytes that were given back
   */
  async prune(runId: string): Promise<number> {
    await this.get(runId);
    const folder = this.folder(runId);
    const before = await folderBytes(folder);
    for (const entry of await readdir(folder)) {
      if (!kept.has(entry)) await rm(path.join(folder, entry), { recursive: true, force: true });
    }
    return before - (await folderBytes(folder));
  }

  /** Marks runs that an earlier process left in the middle as interrupted, and gives all that can go on. */
  async findInterrupted(): Promise<Run[]> {
    const interrupted: Run[] = [];
    for (const run of await this.list()) {
      if (run.state === 'interrupted') interrupted.push(run);
      if (run.state === 'running' || run.state === 'paused' || run.state === 'queued') {
        interrupted.push(await this.update(run.id, { state: 'interrupted' }));
      }
    }
    return interrupted;
  }

  async #ids(): Promise<string[]> {
    try {
      const entries = await readdir(this.#folder, { withFileTypes: true });
      return entries.filter((entry) => entry.isDirectory() && idPattern.test(entry.name)).map((entry) => entry.name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }

  /** A run with whether it can go on, which its folder says. */
  #told(run: Run): Run {
    if (run.state === 'done') return { ...run, canGoOn: false };
    return { ...run, canGoOn: run.error?.data?.['startAnew'] !== true && hasCheckpoint(this.folder(run.id)) };
  }

  async #write({ canGoOn: _told, ...run }: Run): Promise<void> {
    const stored: z.input<typeof storedRunSchema> = { format: 'thaw-run', version: 1, ...run };
    await writeJsonAtomic(path.join(this.folder(run.id), 'run.json'), stored);
  }
}

/** A kill may leave half a line at the end: what is not an event is passed over. */
function parseEvent(line: string): ProgressEvent[] {
  try {
    const parsed = progressEventSchema.safeParse(JSON.parse(line));
    return parsed.success ? [parsed.data] : [];
  } catch {
    return [];
  }
}

/** Keeps every event but steps, and of the steps evenly at most `maxSteps`. */
function thin(events: readonly ProgressEvent[], maxSteps: number): ProgressEvent[] {
  const steps = events.reduce((count, event) => count + (event.type === 'step' ? 1 : 0), 0);
  if (steps <= maxSteps) return [...events];
  let seen = 0;
  return events.filter((event) => {
    if (event.type !== 'step') return true;
    const kept = Math.floor((seen * maxSteps) / steps) !== Math.floor(((seen + 1) * maxSteps) / steps);
    seen += 1;
    return kept;
  });
}
