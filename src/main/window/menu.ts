import type { MenuItemConstructorOptions } from 'electron';
import type { Words } from './words';

/**
 * The menu of the app: the system's standard items with Thaw's words, so that the shortcuts of the keyboard work
 * everywhere. Reloading and developer tools are there in development only.
 */
export function menuTemplate(
  words: Words,
  platform: NodeJS.Platform,
  development: boolean,
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
        { role: 'undo', label: words.undo },
        { role: 'redo', label: words.redo },
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
