import { existsSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { Response } from '../../shared/contract';
import { JsonFile } from './json-file';

const projectsSchema = z.object({
  /** The project that was open when Thaw was last used; null where it was closed. */
  last: z.string().nullable(),
  recent: z.array(z.object({ path: z.string(), name: z.string(), openedAt: z.string() })),
});
type Projects = z.infer<typeof projectsSchema>;

const kept = 20;

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
  opened(project: { readonly path: string; readonly name: string }, now: Date): void {
    const others = this.file.value.recent.filter((one) => one.path !== project.path);
    const newest = { path: project.path, name: project.name, openedAt: now.toISOString() };
    this.file.set({ last: project.path, recent: [newest, ...others].slice(0, kept) });
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
    });
  }

  /** Notes another name of a project on the list. */
  renamed(projectPath: string, name: string): void {
    const { last, recent } = this.file.value;
    this.file.set({ last, recent: recent.map((one) => (one.path === projectPath ? { ...one, name } : one)) });
  }

  /** The list as the home screen shows it. */
  list(): Response<'shell.recentProjects'> {
    return this.file.value.recent.map((one) => ({ ...one, exists: existsSync(path.join(one.path, 'project.json')) }));
  }
}
