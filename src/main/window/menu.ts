import type { MenuItemConstructorOptions } from 'electron';
import type { MenuCommand } from '../../shared/menu-commands';
import type { Words } from './words';

/** Undo and redo in the menu: what they would do now in words, and how the window is told. */
interface MenuHistory {
  readonly undo: string; // empty where there is nothing
  readonly redo: string;
  readonly choose: (what: 'undo' | 'redo') => void;
}

/** What the menu shows and whom it tells. */
export interface MenuParts {
  readonly development: boolean;
  readonly history: MenuHistory;
  /** What can be done at the moment. */
  readonly offered: readonly MenuCommand[];
  readonly run: (command: MenuCommand) => void;
  /** Projects that can be opened, newest first. */
  readonly recent: readonly { readonly path: string; readonly name: string }[];
  readonly openProject: (path: string) => void;
}

/** More would make the list longer than a glance. */
const mostRecent = 10;

/**
 * The menu of the app: the system's standard items with Thaw's words, so that the shortcuts of the keyboard work
 * everywhere, and what begins and ends work on a project. Reloading and developer tools are there in development only.
 */
export function menuTemplate(words: Words, platform: NodeJS.Platform, parts: MenuParts): MenuItemConstructorOptions[] {
  const mac = platform === 'darwin';
  const { development, history } = parts;
  const menus: MenuItemConstructorOptions[] = [
    { label: words.file, submenu: fileItems(words, mac, parts) },
    {
      label: words.edit,
      submenu: [
        historyItem('undo', words.undo, 'CmdOrCtrl+Z', history),
        historyItem('redo', words.redo, 'Shift+CmdOrCtrl+Z', history),
        { type: 'separator' },
        { role: 'cut', label: words.cut },
        { role: 'copy', label: words.copy },
        { role: 'paste', label: words.paste },
        { role: 'selectAll', label: words.selectAll },
      ],
    },
    {
      label: words.view,
      submenu: [
        { role: 'resetZoom', label: words.actualSize },
        { role: 'zoomIn', label: words.zoomIn },
        { role: 'zoomOut', label: words.zoomOut },
        { type: 'separator' },
        { role: 'togglefullscreen', label: words.fullScreen },
      ],
    },
    {
      label: words.window,
      submenu: [
        { role: 'minimize', label: words.minimize },
        { role: 'close', label: words.close },
      ],
    },
    {
      role: 'help',
      label: words.help,
      submenu: [
        commandItem('help', words.keys, 'F1', parts),
        commandItem('documentation', words.documentation, null, parts),
        { type: 'separator' },
        commandItem('about', words.about, null, parts),
      ],
    },
  ];
  if (mac) menus.unshift({ role: 'appMenu' });
  if (development) menus.push({ label: 'Development', submenu: [{ role: 'reload' }, { role: 'toggleDevTools' }] });
  return menus;
}

function fileItems(words: Words, mac: boolean, parts: MenuParts): MenuItemConstructorOptions[] {
  const recent = parts.recent.slice(0, mostRecent).map(({ name, path }): MenuItemConstructorOptions => ({
    label: plain(name),
    click: () => parts.openProject(path),
  }));
  return [
    commandItem('project-new', words.newProject, 'CmdOrCtrl+N', parts),
    commandItem('project-folder', words.openProject, 'CmdOrCtrl+O', parts),
    { label: words.openRecent, submenu: recent.length > 0 ? recent : [{ label: words.noRecent, enabled: false }] },
    { type: 'separator' },
    commandItem('import-file', words.importFile, 'CmdOrCtrl+I', parts),
    commandItem('go-export', words.exportModel, 'CmdOrCtrl+6', parts),
    { type: 'separator' },
    mac ? { role: 'close', label: words.close } : { role: 'quit', label: words.quit, accelerator: 'CmdOrCtrl+Q' },
  ];
}

/** The page hears the keys itself, where a person may have given them to something else; here they are only shown. */
function commandItem(
  id: MenuCommand,
  label: string,
  accelerator: string | null,
  { offered, run }: MenuParts,
): MenuItemConstructorOptions {
  const keys = accelerator === null ? {} : { accelerator, registerAccelerator: false };
  return { id, label, ...keys, enabled: offered.includes(id), click: () => run(id) };
}

/** A single & would underline the letter behind it. */
function plain(label: string): string {
  return label.replaceAll('&', '&&');
}

/**
 * The window decides what is meant: the field that has the focus, or the project. Where the page hears the keys itself,
 * they are only shown here; on macOS the menu hears those that the page has left.
 */
function historyItem(
  what: 'undo' | 'redo',
  word: string,
  accelerator: string,
  history: MenuHistory,
): MenuItemConstructorOptions {
  return {
    id: what,
    label: history[what] === '' ? word : plain(history[what]),
    accelerator,
    registerAccelerator: false,
    click: () => history.choose(what),
  };
}
