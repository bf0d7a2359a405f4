import { execFile, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { _electron, expect, test as base, type ElectronApplication, type Page } from '@playwright/test';
import type { ThawBridge } from '../../src/shared/bridge';
import type { Method, Request, Response } from '../../src/shared/contract';
import { engineServiceName } from './names';

/** The folder of the clone. */
export const root = path.resolve(__dirname, '../..');
/** The app to start: the clone's own build, or the one that `THAW_APP` names. */
const appFolder = process.env['THAW_APP'] ?? root;
/** Where pictures are kept. */
export const artifacts = path.join(root, 'artifacts/e2e');

/** A file of test/fixtures. */
export function fixture(name: string): string {
  return path.join(root, 'test/fixtures', name);
}

/** The Electron that set-up has put in place; `THAW_ELECTRON` names another. */
function electronExecutable(): string {
  const given = process.env['THAW_ELECTRON'];
  if (given !== undefined && given !== '') return given;
  const file = path.join(root, 'node_modules/.thaw-setup.json');
  const facts = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as { electron?: { executable?: string } })
    : {};
  const executable = facts.electron?.executable;
  if (executable === undefined) throw new Error(`${file} names no Electron: run \`npm run setup\` first.`);
  return executable;
}

/** The environment of a person who has never used Thaw: a home of their own, English, no settings from outside. */
function environment(home: string): Record<string, string> {
  const own = { HOME: home, USERPROFILE: home, LANG: 'en_US.UTF-8', LANGUAGE: 'en' };
  const kept = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !/^(XDG_|ELECTRON_|NODE_OPTIONS$)/.test(entry[0]),
  );
  // The cache folder is found through the home: name the real one.
  const cache =
    process.env['THAW_CACHE'] ??
    path.join(process.env['XDG_CACHE_HOME'] ?? path.join(process.env['HOME'] ?? '', '.cache'), 'thaw');
  return { ...Object.fromEntries(kept), ...own, THAW_CACHE: cache };
}

/** The running app and what a test does with it. */
export class ThawApp {
  /** What the page has logged as errors, and what its policy has refused. */
  readonly complaints: string[] = [];
  /** The main process. */
  readonly process: ChildProcess;

  private constructor(
    readonly electron: ElectronApplication,
    readonly page: Page,
  ) {
    this.process = electron.process();
  }

  /** Starts the app in a profile and waits for its first screen. */
  static async start(folder: string): Promise<ThawApp> {
    if (!existsSync(path.join(appFolder, 'out/main/index.cjs')))
      throw new Error('Nothing is built: run `npm run build`.');
    const home = path.join(folder, 'home');
    mkdirSync(home, { recursive: true });
    const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const electron = await _electron.launch({
      executablePath: electronExecutable(),
      args: [...asRoot, appFolder, `--user-data-dir=${path.join(folder, 'profile')}`],
      env: environment(home),
      cwd: folder,
      colorScheme: null, // as the system has it, not as Playwright would pretend
    });
    const page = await electron.firstWindow();
    const app = new ThawApp(electron, page);
    page.on('console', (message) => {
      if (message.type() === 'error') app.complaints.push(message.text());
    });
    page.on('pageerror', (error) => app.complaints.push(error.message));
    await expect(page.getByTestId('engine-foot')).toBeVisible();
    return app;
  }

  /** The process of the engine, or null while there is none. */
  enginePid(): Promise<number | null> {
    return this.electron.evaluate(
      ({ app }, name) => app.getAppMetrics().find((one) => one.name === name)?.pid ?? null,
      engineServiceName,
    );
  }

  /** Answers the next question that main asks in a box of the system; returns how to read what was asked. */
  async answerBox(
    response: number,
  ): Promise<() => Promise<readonly { message: string; buttons: readonly string[] }[]>> {
    await this.electron.evaluate(({ dialog }, answer) => {
      const asked: { message: string; buttons: readonly string[] }[] = [];
      Reflect.set(globalThis, 'askedByThaw', asked);
      Reflect.set(dialog, 'showMessageBox', (_window: unknown, options: { message: string; buttons: string[] }) => {
        asked.push({ message: options.message, buttons: options.buttons });
        return Promise.resolve({ response: answer, checkboxChecked: false });
      });
    }, response);
    return () =>
      this.electron.evaluate(
        () => Reflect.get(globalThis, 'askedByThaw') as { message: string; buttons: readonly string[] }[],
      );
  }

  /** Sets the size of the page, in device-independent pixels. */
  async resize(width: number, height: number): Promise<void> {
    await this.electron.evaluate(
      ({ BrowserWindow }, [w, h]) => BrowserWindow.getAllWindows()[0]?.setContentSize(w, h),
      [width, height] as const,
    );
    await expect.poll(() => this.page.evaluate(() => [window.innerWidth, window.innerHeight])).toEqual([width, height]);
  }

  /** Shows the app in a theme, as if the system had changed to it. */
  async theme(theme: 'light' | 'dark'): Promise<void> {
    await this.electron.evaluate(({ nativeTheme }, source) => (nativeTheme.themeSource = source), theme);
    await expect
      .poll(() => this.page.evaluate(() => window.matchMedia('(prefers-color-scheme: dark)').matches))
      .toBe(theme === 'dark');
    await this.page.waitForTimeout(300); // colours fade
  }

  /** Answers the next open dialogs of the system with a file or folder. */
  async answerOpenDialog(chosen: string): Promise<void> {
    await this.electron.evaluate(({ dialog }, file) => {
      Reflect.set(dialog, 'showOpenDialog', () => Promise.resolve({ canceled: false, filePaths: [file] }));
    }, chosen);
  }

  /** Answers the next save dialogs of the system with a file. */
  async answerSaveDialog(chosen: string): Promise<void> {
    await this.electron.evaluate(({ dialog }, file) => {
      Reflect.set(dialog, 'showSaveDialog', () => Promise.resolve({ canceled: false, filePath: file }));
    }, chosen);
  }

  /** Calls a method of the contract as the page does. */
  async call<M extends Method>(method: M, request: Request<M>): Promise<Response<M>> {
    const answer = await this.page.evaluate(
      ([name, what]) => (Reflect.get(window, 'thaw') as ThawBridge).invoke(name, what as never),
      [method, request] as const,
    );
    if (!answer.ok) throw new Error(`${method}: ${answer.error.message}`);
    return answer.value as Response<M>;
  }

  /** Ends the app as a person does, and waits for all of it. */
  async close(): Promise<void> {
    await this.electron.close();
  }
}

/** Runs the command line of the same build in plain Node; its last line of output is one JSON object. */
export async function thaw(...args: readonly string[]): Promise<Record<string, unknown>> {
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, [path.join(appFolder, 'out/main/cli.cjs'), ...args, '--json']);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
}

interface Fixtures {
  /** A folder of the test's own, gone afterwards. */
  readonly folder: string;
  /** Starts the app in the test's folder; again: with the same profile. Whatever still runs at the end is ended. */
  readonly start: () => Promise<ThawApp>;
}

/** The test function with the app. */
export const test = base.extend<Fixtures>({
  // Playwright reads the names of the fixtures that are needed from this pattern: none.
  folder: async ({}, use) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'thaw-e2e-'));
    await use(folder);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  },
  start: async ({ folder }, use, info) => {
    const started: ThawApp[] = [];
    await use(async () => {
      const app = await ThawApp.start(folder);
      started.push(app);
      return app;
    });
    for (const app of started) {
      const child = app.process;
      if (child.exitCode !== null || child.signalCode !== null) continue;
      if (info.status !== info.expectedStatus) {
        await app.page
          .screenshot({ path: path.join(artifacts, `failed-${info.title.replace(/\W+/g, '-')}.png`) })
          .catch(() => undefined);
      }
      await app.answerBox(1).catch(() => undefined); // stop and save, where something still runs
      const force = setTimeout(() => child.kill('SIGKILL'), 60_000);
      await app.close().catch(() => undefined);
      clearTimeout(force);
    }
    const log = path.join(folder, 'profile/logs');
    for (const name of ['thaw.log', 'engine.log']) {
      const file = path.join(log, name);
      if (existsSync(file)) await info.attach(name, { path: file });
    }
  },
});
