import { existsSync } from 'node:fs';
import { mkdir, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { ProjectStore } from '../../engine/store/project-store';
import type { Project } from '../../shared/contract';
import { AppError } from '../../shared/errors';
import type { Run } from '../../shared/training-types';
import { ModelFolders } from './model-folders';
import {
  newProjectFile,
  projectFilePath,
  readProjectFile,
  writeProjectFile,
  type ProjectFile,
  type ProjectSource,
} from './project-file';
import { notesFile, readTrainingNotes } from './classifier-folder';
import { RunStore } from './run-store';

/** The project that is open: its folder, its store, its runs and its models. */
export class OpenProject {
  readonly path: string;
  readonly store: ProjectStore;
  readonly runs: RunStore;
  readonly models: ModelFolders;
  /** Runs that an earlier process left unfinished and that can go on. */
  readonly interruptedRuns: readonly Run[];
  #file: ProjectFile;
  /** Of the classifier's notes: when they were written, and when its run began. */
  #trained: { readonly written: number | null; readonly begun: Date | null } | null = null;

  private constructor(folder: string, file: ProjectFile, store: ProjectStore, interruptedRuns: readonly Run[]) {
    this.path = folder;
    this.#file = file;
    this.store = store;
    this.runs = new RunStore(folder);
    this.models = new ModelFolders(folder);
    this.interruptedRuns = interruptedRuns;
  }

  /**
   * Makes a folder a project and opens it. The folder may exist, but must be empty.
   * @throws AppError `bad-input` where it holds something else
   */
  static async create(folder: string, name: string, sample?: string): Promise<OpenProject> {
    if (existsSync(projectFilePath(folder))) {
      throw new AppError('bad-input', `${folder} is a project already.`, {
        hint: 'Open it, or choose another folder.',
        says: { sentence: 'projectThere', folder },
      });
    }
    await mkdir(folder, { recursive: true });
    const found = await readdir(folder);
    if (found.length > 0) {
      throw new AppError('bad-input', `${folder} is not empty: it holds ${found.slice(0, 3).join(', ')} …`, {
        hint: 'Choose a new folder for the project.',
        says: { sentence: 'folderInUse', folder },
      });
    }
    await writeProjectFile(folder, newProjectFile(name, sample));
    return OpenProject.open(folder);
  }

  /** Opens a project. @throws AppError `not-found`, `project-format`, `project-locked` */
  static async open(folder: string): Promise<OpenProject> {
    const store = await ProjectStore.open(folder);
    try {
      const file = await readProjectFile(folder);
      // Only whoever holds the store may mend what a crash has left: another Thaw may be at work in this folder.
      await new ModelFolders(folder).recover();
      return new OpenProject(folder, file, store, await new RunStore(folder).findInterrupted());
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  /** The files that were imported, oldest first. */
  get sources(): readonly ProjectSource[] {
    return this.#file.sources;
  }

  /** Folder of the token shards of all rows. */
  get textFolder(): string {
    return path.join(this.path, 'text');
  }

  /** Keeps note of an imported file. */
  async addSource(source: ProjectSource): Promise<void> {
    // What was taken out before cannot come back behind another file.
    this.#file = { ...this.#file, sources: [...this.#file.sources, source], takenBack: [] };
    await writeProjectFile(this.path, this.#file);
  }

  /** The newest file was taken out of the project: so is the note of it. */
  async takeBackSource(): Promise<void> {
    const { sources, takenBack } = this.#file;
    const newest = sources.at(-1);
    if (!newest) return;
    this.#file = { ...this.#file, sources: sources.slice(0, -1), takenBack: [...takenBack, newest] };
    await writeProjectFile(this.path, this.#file);
  }

  /** The file that was taken out last is back. */
  async bringBackSource(): Promise<void> {
    const { sources, takenBack } = this.#file;
    const newest = takenBack.at(-1);
    if (!newest) return;
    this.#file = { ...this.#file, sources: [...sources, newest], takenBack: takenBack.slice(0, -1) };
    await writeProjectFile(this.path, this.#file);
  }

  /** Gives the project another name; its folder stays where it is. */
  async rename(name: string): Promise<void> {
    this.#file = { ...this.#file, name };
    await writeProjectFile(this.path, this.#file);
  }

  /** The project as screens show it. */
  async describe(): Promise<Project> {
    const { rows, labelled } = this.store.inUse();
    return {
      path: this.path,
      name: this.#file.name,
      createdAt: this.#file.createdAt,
      rows,
      labelled,
      columns: await this.store.columnChoice(),
      labels: this.store.labels(),
      hasLanguageModel: this.models.hasLanguageModel,
      hasClassifier: this.models.hasClassifier,
      labelsAreNewer: await this.#labelsAreNewer(),
      sourceFile: this.sources.find((source) => source.role === 'data')?.path ?? null,
      ...(this.#file.sample !== undefined && { sample: this.#file.sample }),
    };
  }

  /** Whether the classifier has not seen the labels as they are: they differ from those when its run began. */
  async #labelsAreNewer(): Promise<boolean> {
    if (!this.models.hasClassifier) return false;
    const written = await stat(path.join(this.models.classifier, notesFile)).then(
      ({ mtimeMs }) => mtimeMs,
      () => null,
    );
    // Asked after every label: the notes are read once.
    if (this.#trained?.written !== written) this.#trained = { written, begun: await this.#trainingBegan() };
    const { begun } = this.#trained;
    return begun !== null && (await this.store.labelsDifferSince(begun));
  }

  async #trainingBegan(): Promise<Date | null> {
    const notes = await readTrainingNotes(this.models.classifier);
    if (!notes) return null;
    const run = notes.runId === null ? null : await new RunStore(this.path).get(notes.runId).catch(() => null);
    return new Date(run?.begunAt ?? notes.createdAt);
  }

  async close(): Promise<void> {
    await this.store.close();
  }
}
