import { app } from 'electron';
import { quietChromium } from './security/session-guard';
import { registerAppScheme } from './security/app-protocol';
import { Shell } from './window/shell';

/** The development server of electron-vite, where one is running; never in a packaged app. */
const rendererUrl = app.isPackaged ? undefined : process.env['ELECTRON_RENDERER_URL'];
const developmentOrigin = rendererUrl === undefined ? null : new URL(rendererUrl).origin;

app.setName('Thaw');

/** What the engine process inherits. */
function engineEnvironment(): Record<string, string> {
  const defined = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(defined.filter(([name]) => !name.startsWith('ELECTRON_')));
}

// Two windows on one project would be two writers: a second start shows the first window.
if (app.requestSingleInstanceLock()) {
  quietChromium((name, value) => app.commandLine.appendSwitch(name, value), developmentOrigin);
  registerAppScheme();
  const shell = new Shell({ bundles: __dirname, engineEnvironment: engineEnvironment(), developmentOrigin });
  app.on('second-instance', () => shell.show());
  app.on('activate', () => shell.show());
  void app.whenReady().then(() => shell.open());
} else {
  app.quit();
}
