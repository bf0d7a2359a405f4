import type { MenuItemConstructorOptions } from 'electron';
import type { Words } from './words';

/** Undo and redo in the menu: what they would do now in words, and how the window is told. */
export interface MenuHistory {
  readonly undo: string; // empty where there is nothing
  readonly redo: string;
  readonly choose: (what: 'undo' | 'redo') => void;
}

/**
 * The menu of the app: the system's standard items with Thaw's words, so that the shortcuts of the keyboard work
 * everywhere. Reloading and developer tools are there in development only.
 */
export function menuTemplate(
  words: Words,
  platform: NodeJS.Platform,
  development: boolean,
  history: MenuHistory,
): MenuItemConstructorOptions[] {
  const mac = platform === 'darwin';
  const menus: MenuItemConstructorOptions[] = [
    {
      label: words.file,
      submenu: mac
        ? [{ role: 'close', label: words.close }]
        : [{ role: 'quit', label: words.quit, accelerator: 'CmdOrCtrl+Q' }],
    },
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
  ];
  if (mac) menus.unshift({ role: 'appMenu' });
  if (development) menus.push({ label: 'Development', submenu: [{ role: 'reload' }, { role: 'toggleDevTools' }] });
  return menus;
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
    // A single & would underline the letter behind it.
    label: history[what] === '' ? word : history[what].replaceAll('&', '&&'),
    accelerator,
    registerAccelerator: false,
    click: () => history.choose(what),
  };
}
