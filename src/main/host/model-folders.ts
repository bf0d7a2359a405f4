import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/**
 * The trained models of a project: `models/language-model` and `models/classifier`. They are exchanged together, by
 * renaming whole folders; a crash between the two renames is mended when the project is opened.
 */
export class ModelFolders {
  readonly #current: string;
  readonly #previous: string;

  constructor(projectFolder: string) {
    this.#current = path.join(projectFolder, 'models');
    this.#previous = path.join(projectFolder, 'models.previous');
  }

  get classifier(): string {
    return path.join(this.#current, 'classifier');
  }

  get languageModel(): string {
    return path.join(this.#current, 'language-model');
  }

  get hasClassifier(): boolean {
    return existsSync(path.join(this.classifier, 'model.json'));
  }

  get hasLanguageModel(): boolean {
    return existsSync(path.join(this.languageModel, 'model.json'));
  }

  /** Puts a finished folder (with the same subfolders) in the place of the current one. */
  async replaceWith(folder: string): Promise<void> {
    await mkdir(path.dirname(this.#current), { recursive: true });
    await rm(this.#previous, { recursive: true, force: true });
    if (existsSync(this.#current)) await rename(this.#current, this.#previous);
    await rename(folder, this.#current);
    await rm(this.#previous, { recursive: true, force: true });
  }

  /** Mends an exchange that a crash cut in two. */
  async recover(): Promise<void> {
    if (!existsSync(this.#previous)) return;
    if (existsSync(this.#current)) await rm(this.#previous, { recursive: true, force: true });
    else await rename(this.#previous, this.#current);
  }
}
