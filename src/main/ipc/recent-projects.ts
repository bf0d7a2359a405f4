import { existsSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { Response } from '../../shared/contract';
import { JsonFile } from './json-file';

const projectsSchema = z.object({
  /** The project that was open when Thaw was last used; null where it was closed. */
  last: z.string().nullable(),
  recent: z.array(
    z.object({ path: z.string(), name: z.string(), openedAt: z.string(), sample: z.string().optional() }),
  ),
  /** Folders that projects are or were in, newest first: their trash is there, also once no project is any more. */
  places: z.array(z.string()).optional(),
});
type Projects = z.infer<typeof projectsSchema>;

const kept = 20;
const keptPlaces = 50;

/** Which projects were open, newest first. */
export class RecentProjects {
  private readonly file: JsonFile<Projects>;

  constructor(profileFolder: string) {
    this.file = new JsonFile<Projects>(path.join(profileFolder, 'projects.json'), projectsSchema, {
      last: null,
      recent: [],
    });
  }

  /** The project to open again at the next start. */
  get last(): string | null {
    return this.file.value.last;
  }

  /** Notes that a project was opened or made. */
  opened(
    project: { readonly path: string; readonly name: string; readonly sample?: string | undefined },
    now: Date,
  ): void {
    const others = this.file.value.recent.filter((one) => one.path !== project.path);
    const { path: folder, name, sample } = project;
    const newest = { path: folder, name, openedAt: now.toISOString(), ...(sample !== undefined && { sample }) };
    const recent = [newest, ...others].slice(0, kept);
    this.file.set({ last: folder, recent, places: this.placesWith(folder) });
  }

  /** Notes that no project is open any more. */
  closed(): void {
    if (this.file.value.last !== null) this.file.set({ ...this.file.value, last: null });
  }

  /** Takes a project off the list; the project itself is left alone. */
  forget(projectPath: string): void {
    const { last, recent } = this.file.value;
    this.file.set({
      last: last === projectPath ? null : last,
      recent: recent.filter((one) => one.path !== projectPath),
      places: this.placesWith(projectPath),
    });
  }

  /** Notes another name of a project on the list. */
  renamed(projectPath: string, name: string): void {
    const { recent } = this.file.value;
    const renamed = recent.map((one) => (one.path === projectPath ? { ...one, name } : one));
    this.file.set({ ...this.file.value, recent: renamed });
  }

  /** Folders that projects are or were in. */
  places(): string[] {
    const { recent, places = [] } = this.file.value;
    return [...new Set([...places, ...recent.map((one) => path.dirname(one.path))])];
  }

  /** The list as the home screen shows it. */
  list(): Response<'shell.recentProjects'> {
    return this.file.value.recent.map((one) => ({ ...one, exists: existsSync(path.join(one.path, 'project.json')) }));
  }

  private placesWith(projectPath: string): string[] {
    return [...new Set([path.dirname(projectPath), ...this.places()])].slice(0, keptPlaces);
  }
}
