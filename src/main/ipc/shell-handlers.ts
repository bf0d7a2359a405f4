import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import {
  app,
  dialog,
  nativeTheme,
  shell,
  type BrowserWindow,
  type OpenDialogOptions,
  type SaveDialogOptions,
} from 'electron';
import { shellMethods, type Response } from '../../shared/contract';
import { AppError } from '../../shared/errors';
import type { MenuCommand } from '../../shared/menu-commands';
import type { JsonFile } from './json-file';
import type { RecentProjects } from './recent-projects';
import type { ShellHandlers } from './router';
import type { Settings } from './settings';

/** What the shell's own methods work on. */
export interface ShellParts {
  readonly window: () => BrowserWindow | null;
  readonly settings: JsonFile<Settings>;
  readonly recent: RecentProjects;
  /** The folder with the sample data and its list. */
  readonly samplesFolder: string;
  /** Called after the settings were kept. */
  readonly onSettings: () => void;
  /** Called with what undo and redo would do now. */
  readonly onHistory: (names: { readonly undo: string; readonly redo: string }) => void;
  /** Called with what of the menu can be done now. */
  readonly onCommands: (commands: readonly MenuCommand[]) => void;
  /** Called after the list of projects has changed. */
  readonly onRecent: () => void;
}

type Samples = Response<'shell.samples'>;

/**
 * Reads the list of samples; files are made absolute.
 * @throws AppError `file-format` where the list is not what it should be
 */
export function readSamples(folder: string): Samples {
  const list = path.join(folder, 'samples.json');
  const text = readFileSync(list, 'utf8');
  const parsed = shellMethods['shell.samples'].response.safeParse(JSON.parse(text));
  if (!parsed.success) throw new AppError('file-format', `${list} is not a list of samples: ${parsed.error.message}`);
  return parsed.data.map((sample) => ({ ...sample, file: path.resolve(folder, sample.file) }));
}

async function choose(window: BrowserWindow | null, options: OpenDialogOptions): Promise<string | null> {
  const answer = await (window === null ? dialog.showOpenDialog(options) : dialog.showOpenDialog(window, options));
  return answer.canceled ? null : (answer.filePaths[0] ?? null);
}

/** The file's name has one of the endings: on Linux the dialog adds none. */
async function chooseSave(
  window: BrowserWindow | null,
  options: SaveDialogOptions,
  extensions: readonly string[],
): Promise<string | null> {
  const answer = await (window === null ? dialog.showSaveDialog(options) : dialog.showSaveDialog(window, options));
  if (answer.canceled || answer.filePath === '') return null;
  const ending = path.extname(answer.filePath).slice(1).toLowerCase();
  return extensions.includes(ending) ? answer.filePath : `${answer.filePath}.${extensions[0] ?? ''}`;
}

function showInFolder(target: string): void {
  if (!path.isAbsolute(target) || statSync(target, { throwIfNoEntry: false }) === undefined) {
    throw new AppError('file-not-found', `There is no file or folder ${target}.`, {
      says: { sentence: 'noFile', path: target },
    });
  }
  shell.showItemInFolder(path.normalize(target));
}

/** The handlers of the methods that main itself answers. */
export function shellHandlers(parts: ShellParts): ShellHandlers {
  return {
    'shell.info': () => ({
      version: app.getVersion(),
      electron: process.versions.electron,
      node: process.versions.node,
      platform: process.platform,
      locale: app.getLocale(),
      dark: nativeTheme.shouldUseDarkColors,
      projectsFolder: path.join(app.getPath('documents'), 'Thaw'),
    }),
    'shell.recentProjects': () => parts.recent.list(),
    'shell.projectPlaces': () => parts.recent.places(),
    'shell.forgetProject': ({ path: project }) => {
      parts.recent.forget(project);
      parts.onRecent();
      return {};
    },
    'shell.noteName': ({ path: project, name }) => {
      parts.recent.renamed(project, name);
      parts.onRecent();
      return {};
    },
    'shell.chooseFile': ({ title }) => choose(parts.window(), { title, properties: ['openFile'] }),
    'shell.chooseFolder': ({ title }) =>
      choose(parts.window(), { title, properties: ['openDirectory', 'createDirectory'] }),
    'shell.chooseSave': ({ title, fileName, extensions }) => {
      const filters = extensions.map((one) => ({ name: one.toUpperCase(), extensions: [one] }));
      return chooseSave(parts.window(), { title, defaultPath: fileName, filters }, extensions);
    },
    'shell.samples': () => readSamples(parts.samplesFolder),
    'shell.nameHistory': (names) => {
      parts.onHistory(names);
      return {};
    },
    'shell.offerCommands': ({ commands }) => {
      parts.onCommands(commands);
      return {};
    },
    'shell.editField': ({ what }) => {
      parts.window()?.webContents[what]();
      return {};
    },
    'shell.showInFolder': ({ path: target }) => {
      showInFolder(target);
      return {};
    },
    'shell.settings': () => parts.settings.value,
    'shell.saveSettings': (settings) => {
      parts.settings.set(settings);
      parts.onSettings();
      return {};
    },
  };
}
