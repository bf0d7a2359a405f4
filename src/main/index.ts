import { app, dialog } from 'electron';
import { prepareEnvironment } from './platform/environment';
import { bundleFolder, resourcesFolder } from './platform/paths';
import { quietChromium } from './security/session-guard';
import { registerAppScheme } from './security/app-protocol';
import { Shell } from './window/shell';

/** The development server of electron-vite, where one is running; never in a packaged app. */
const rendererUrl = app.isPackaged ? undefined : process.env['ELECTRON_RENDERER_URL'];
const developmentOrigin = rendererUrl === undefined ? null : new URL(rendererUrl).origin;

app.setName('Thaw');

/**
 * What the engine process inherits; what TensorFlow reads when it is loaded is set before that process starts.
 * @throws AppError `bad-input` where a variable of Thaw has a value that it cannot have
 */
function engineEnvironment(): Record<string, string> {
  prepareEnvironment();
  const defined = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(defined.filter(([name]) => !name.startsWith('ELECTRON_')));
}

function start(): void {
  quietChromium((name, value) => app.commandLine.appendSwitch(name, value), developmentOrigin);
  registerAppScheme();
  const shell = new Shell({
    bundles: bundleFolder(),
    resources: resourcesFolder(),
    engineEnvironment: engineEnvironment(),
    developmentOrigin,
  });
  app.on('second-instance', () => shell.show());
  app.on('activate', () => shell.show());
  void app.whenReady().then(() => shell.open());
}

// Two windows on one project would be two writers: a second start shows the first window.
if (!app.requestSingleInstanceLock()) {
  app.quit();
} else {
  try {
    start();
  } catch (error) {
    dialog.showErrorBox('Thaw', error instanceof Error ? error.message : String(error));
    app.exit(1);
  }
}
