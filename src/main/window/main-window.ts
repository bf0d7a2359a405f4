import { BrowserWindow, nativeTheme, screen } from 'electron';
import type { JsonFile } from '../ipc/json-file';
import { minimumSize, placeOnScreens, type WindowState } from './window-state';

/** The page's own background in each theme: what is seen before the page has drawn. */
const backgrounds = { light: '#f4f7f8', dark: '#0e1519' } as const;

/** What the window is made from. */
export interface MainWindowOptions {
  readonly preload: string;
  readonly state: JsonFile<WindowState>;
  readonly development: boolean;
}

/** Makes the window, hidden until its page has drawn. */
export function createMainWindow({ preload, state, development }: MainWindowOptions): BrowserWindow {
  const place = placeOnScreens(
    state.value,
    screen.getAllDisplays().map((display) => display.workArea),
  );
  const window = new BrowserWindow({
    ...(place.x === null || place.y === null ? {} : { x: place.x, y: place.y }),
    width: place.width,
    height: place.height,
    minWidth: minimumSize.width,
    minHeight: minimumSize.height,
    title: 'Thaw',
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? backgrounds.dark : backgrounds.light,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      navigateOnDragDrop: false,
      devTools: development,
    },
  });
  window.once('ready-to-show', () => {
    if (place.maximized) window.maximize();
    window.show();
  });
  nativeTheme.on('updated', () => {
    if (!window.isDestroyed())
      window.setBackgroundColor(nativeTheme.shouldUseDarkColors ? backgrounds.dark : backgrounds.light);
  });
  keepPlace(window, state);
  return window;
}

/** Remembers where the window is, a moment after it was moved, and when it closes. */
function keepPlace(window: BrowserWindow, state: JsonFile<WindowState>): void {
  const keep = (): void => {
    if (window.isDestroyed() || window.isMinimized() || window.isFullScreen()) return;
    const { x, y, width, height } = window.getNormalBounds();
    state.set({ x, y, width, height, maximized: window.isMaximized() });
  };
  let timer: NodeJS.Timeout | undefined;
  const soon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(keep, 500);
  };
  window.on('move', soon);
  window.on('resize', soon);
  window.on('close', () => {
    clearTimeout(timer);
    keep();
  });
}
