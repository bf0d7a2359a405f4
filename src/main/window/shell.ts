import path from 'node:path';
import { app, type BrowserWindow, ipcMain, Menu, nativeTheme, session } from 'electron';
import { eventChannel } from '../../shared/bridge';
import type { EventName, EventPayload, Project } from '../../shared/contract';
import type { MenuCommand } from '../../shared/menu-commands';
import type { HostEvent } from '../host/wire';
import { startEngineProcess } from '../ipc/engine-process';
import { EngineSupervisor } from '../ipc/engine-supervisor';
import type { JsonFile } from '../ipc/json-file';
import { openLogFile } from '../ipc/log-file';
import { RecentProjects } from '../ipc/recent-projects';
import { RestartPolicy } from '../ipc/restart-policy';
import { listen } from '../ipc/router';
import { languageOf, openSettings, type Settings } from '../ipc/settings';
import { shellHandlers } from '../ipc/shell-handlers';
import { serveRenderer } from '../security/app-protocol';
import { appPage } from '../security/app-url';
import { guardContents } from '../security/contents-guard';
import { guardSession } from '../security/session-guard';
import { isTrustedSender } from '../security/trusted-sender';
import { guardClosing } from './close-guard';
import { JobPresence } from './job-presence';
import { createMainWindow } from './main-window';
import { menuTemplate } from './menu';
import { quitAfter } from './quit-guard';
import { openWindowState, type WindowState } from './window-state';
import { jobTitle, words, type Words } from './words';

/** What the shell is told at start. */
export interface ShellOptions {
  /** The folder of main's bundles (`out/main`). */
  readonly bundles: string;
  /** The folder of what ships with Thaw. */
  readonly resources: string;
  /** The environment of the engine process. */
  readonly engineEnvironment: Readonly<Record<string, string>>;
  /** Where the page comes from in development; null: from the built files. */
  readonly developmentOrigin: string | null;
}

const patienceForSaving = 120_000; // milliseconds that "stop and save" waits for jobs to reach a safe point

/** The app around the engine: one window, the menu, what is remembered between starts, and the engine's keeper. */
export class Shell {
  private window: BrowserWindow | null = null;
  private readonly settings: JsonFile<Settings>;
  private readonly windowState: JsonFile<WindowState>;
  private readonly recent: RecentProjects;
  private readonly supervisor: EngineSupervisor;
  private readonly presence = new JobPresence(
    () => this.window,
    () => this.words(),
    (jobId) => this.showJob(jobId),
  );
  private readonly log: (line: string) => void;
  private inBackground = false;
  private historyNames = { undo: '', redo: '' };
  private offered: readonly MenuCommand[] = [];

  constructor(private readonly options: ShellOptions) {
    const profile = app.getPath('userData');
    this.settings = openSettings(profile);
    this.windowState = openWindowState(profile);
    this.recent = new RecentProjects(profile);
    const logs = path.join(profile, 'logs');
    const writeLog = openLogFile(logs, 'thaw.log');
    this.log = (line) => writeLog(`${new Date().toISOString()} ${line}`);
    const onOutput = openLogFile(logs, 'engine.log');
    this.supervisor = new EngineSupervisor({
      start: () =>
        startEngineProcess({
          file: path.join(options.bundles, 'engine-host.cjs'),
          env: options.engineEnvironment,
          onOutput,
        }),
      emit: (event) => this.emit(event),
      onProject: (project) => this.onProject(project),
      log: this.log,
    });
  }

  /** Opens the window and, once it is there, starts the engine. Called once, when Electron is ready. */
  open(): void {
    const { developmentOrigin, bundles } = this.options;
    guardSession(session.defaultSession, developmentOrigin);
    guardContents(app, developmentOrigin);
    serveRenderer(session.defaultSession, path.join(bundles, '../renderer'));
    this.applySettings();
    listen(ipcMain, {
      isTrusted: (event) => isTrustedSender(event, this.window?.webContents ?? null, developmentOrigin),
      shell: shellHandlers({
        window: () => this.window,
        settings: this.settings,
        recent: this.recent,
        samplesFolder: path.join(this.options.resources, 'samples'),
        onSettings: () => this.applySettings(),
        onHistory: (names) => {
          this.historyNames = names;
          this.applyMenu();
        },
        onCommands: (commands) => {
          this.offered = commands;
          this.applyMenu();
        },
        onRecent: () => this.applyMenu(),
      }),
      engine: (method, request) => this.supervisor.call(method, request),
      log: this.log,
    });
    this.openWindow();
    app.on('window-all-closed', () => app.quit());
    quitAfter(app, () => this.supervisor.stop());
  }

  /** Brings the window to the front, also one that went on in the background. */
  show(): void {
    if (this.window === null) return;
    this.inBackground = false;
    if (this.window.isMinimized()) this.window.restore();
    this.window.show();
    this.window.focus();
  }

  /** Brings the window to the front with the screen of a job. */
  private showJob(jobId: string): void {
    this.show();
    this.tell('jobWanted', { jobId });
  }

  private openWindow(): void {
    const { developmentOrigin, bundles } = this.options;
    const window = createMainWindow({
      preload: path.join(bundles, '../preload/index.cjs'),
      state: this.windowState,
      development: developmentOrigin !== null,
    });
    this.window = window;
    guardClosing(window, {
      words: () => this.words(),
      activeJobs: () => this.supervisor.activeJobs().map((job) => jobTitle(job, this.words())),
      endJobs: () => this.supervisor.endJobs(patienceForSaving),
      onBackground: () => (this.inBackground = true),
    });
    window.once('ready-to-show', () => this.supervisor.start(this.recent.last));
    // A page that has just loaded has missed what was told before.
    window.webContents.on('did-finish-load', () => this.emit({ event: 'engine', payload: this.supervisor.status }));
    window.on('closed', () => (this.window = null));
    this.reloadAfterCrash(window);
    void window.loadURL(developmentOrigin === null ? appPage : `${developmentOrigin}/index.html`);
  }

  /** A page that crashed is loaded again; the engine has not noticed anything. */
  private reloadAfterCrash(window: BrowserWindow): void {
    const policy = new RestartPolicy(3);
    window.webContents.on('render-process-gone', (_event, { reason }) => {
      this.log(`The window's page ended: ${reason}.`);
      if (reason === 'clean-exit' || window.isDestroyed()) return;
      if (policy.afterExit(performance.now()) === null) app.quit();
      else window.webContents.reload();
    });
  }

  private emit(event: HostEvent): void {
    if (event.event === 'job') this.onJob(event.payload);
    this.tell(event.event, event.payload);
  }

  private tell<E extends EventName>(event: E, payload: EventPayload<E>): void {
    if (this.window !== null && !this.window.isDestroyed()) this.window.webContents.send(eventChannel, event, payload);
  }

  private onJob(job: Extract<HostEvent, { event: 'job' }>['payload']): void {
    const active = this.supervisor.activeJobs().length;
    this.presence.update(job, active);
    // What went on in the background has ended: so does Thaw, unless something went wrong.
    if (!this.inBackground || active > 0 || job.state === 'interrupted') return;
    if (job.state === 'failed') this.show();
    else this.window?.close();
  }

  private onProject(project: Project | null): void {
    if (project === null) this.recent.closed();
    else this.recent.opened(project, new Date());
    this.applyMenu();
  }

  private words(): Words {
    const { language } = this.settings.value;
    return words[languageOf(language === '' ? app.getLocale() : language)];
  }

  private applySettings(): void {
    nativeTheme.themeSource = this.settings.value.theme;
    this.applyMenu();
  }

  private applyMenu(): void {
    const template = menuTemplate(this.words(), process.platform, {
      development: this.options.developmentOrigin !== null,
      history: { ...this.historyNames, choose: (what) => this.tell('historyWanted', { what }) },
      offered: this.offered,
      run: (command) => this.tell('commandWanted', { command }),
      recent: this.recent.list().filter(({ exists, path: folder }) => exists && folder !== this.recent.last),
      openProject: (folder) => this.tell('projectWanted', { path: folder }),
    });
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  }
}
