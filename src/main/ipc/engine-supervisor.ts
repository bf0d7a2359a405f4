import { performance } from 'node:perf_hooks';
import type { EngineMethod, EventPayload, Project } from '../../shared/contract';
import { AppError, toEnvelope } from '../../shared/errors';
import type { Job } from '../../shared/jobs';
import type { HostEvent } from '../host/wire';
import { EngineConnection, engineGone, type EngineChannel } from './engine-connection';
import { EngineMemory, type Interrupted } from './engine-memory';
import { RestartPolicy } from './restart-policy';

/** What the supervisor needs from around it. */
export interface SupervisorOptions {
  /** Starts one engine process. */
  readonly start: () => EngineChannel;
  /** Takes every event for the window, in order. */
  readonly emit: (event: HostEvent) => void;
  /** The project that is open has changed; null: none is. */
  readonly onProject: (project: Project | null) => void;
  readonly log: (line: string) => void;
  readonly policy?: RestartPolicy;
}

type State = EventPayload<'engine'>['state'];

const failedHint = 'Close Thaw and start it again; `thaw doctor` says what may be missing.';
const closePatience = 10_000; // milliseconds

/**
 * Keeps one engine process running. Calls wait while it starts. Where it ends unexpectedly the window is told, what
 * was asked is answered with `engine-gone`, and a new process takes up the open project and the training run.
 */
export class EngineSupervisor {
  private readonly memory = new EngineMemory();
  private readonly policy: RestartPolicy;
  private connection: EngineConnection | null = null;
  private state: State = 'starting';
  private reason: string | null = null;
  private backend: string | null = null;
  private stopping = false;
  /** What the next or starting process must bring back; taken off once it is. */
  private wantedProject: string | null = null;
  private wantedJobs: readonly Interrupted[] = [];
  private ready: Promise<EngineConnection>;
  private resolveReady: (connection: EngineConnection) => void = () => undefined;
  private rejectReady: (error: AppError) => void = () => undefined;

  constructor(private readonly options: SupervisorOptions) {
    this.policy = options.policy ?? new RestartPolicy();
    this.ready = this.newGate();
  }

  /** Starts the engine and opens the last project, where there is one. */
  start(lastProject: string | null): void {
    this.wantedProject = lastProject;
    this.tell('starting', null);
    this.launch();
  }

  /** Where the engine stands, for a window that has just loaded. */
  get status(): EventPayload<'engine'> {
    return { state: this.state, reason: this.reason, backend: this.backend };
  }

  /** Jobs that are waiting, running or paused. */
  activeJobs(): readonly Job[] {
    return this.memory.activeJobs();
  }

  /**
   * Asks the engine, once it is ready. `request` has been parsed.
   * @throws AppError what the engine answers, or `engine-gone`
   */
  async call(method: EngineMethod, request: unknown): Promise<unknown> {
    const connection = await this.ready;
    return this.callOn(connection, method, request);
  }

  /** Asks every active job to save and end, and waits until all have, at most `patience` milliseconds. */
  async endJobs(patience: number): Promise<boolean> {
    await Promise.allSettled(this.activeJobs().map((job) => this.call('jobs.cancel', { jobId: job.id })));
    const until = performance.now() + patience;
    while (this.activeJobs().length > 0 && performance.now() < until) await delay(50);
    return this.activeJobs().length === 0;
  }

  /** Lets the engine save and end; after this nothing is started again. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.rejectReady(new AppError('engine-gone', 'Thaw is closing.'));
    await this.connection?.close(closePatience);
  }

  private async callOn(connection: EngineConnection, method: EngineMethod, request: unknown): Promise<unknown> {
    const value = await connection.call(method, request);
    this.memory.answered(method, request, value);
    if (method === 'project.create' || method === 'project.open' || method === 'project.close') {
      this.options.onProject(this.memory.project);
    }
    return value;
  }

  private launch(): void {
    let firstReady: () => void = () => undefined;
    const isReady = new Promise<void>((resolve) => (firstReady = resolve));
    const connection = new EngineConnection(
      this.options.start(),
      (event) => {
        this.memory.happened(event);
        if (event.event !== 'engine') return this.options.emit(event);
        this.backend = event.payload.backend ?? this.backend;
        if (event.payload.state === 'ready') firstReady();
        // Until the project is open again the window is told by `bringBack`.
        if (this.state === 'ready') this.tell('ready', null);
      },
      this.options.log,
    );
    this.connection = connection;
    void connection.ended.then((reason) => this.afterExit(reason));
    void isReady.then(() => this.bringBack(connection));
  }

  /** Opens the project in a new engine, lets the calls through, and takes up what was cut off. */
  private async bringBack(connection: EngineConnection): Promise<void> {
    if (this.wantedProject !== null && !(await this.reopen(connection, this.wantedProject))) return;
    // Before the calls are let through, so that a window which asks what is going on sees the run.
    for (let job = this.wantedJobs[0]; job !== undefined; job = this.wantedJobs[0]) {
      if (!(await this.takeUp(connection, job))) return; // it has ended; the next process will try
    }
    if (this.connection !== connection) return; // it has ended meanwhile
    this.wantedProject = null;
    this.tell('ready', null);
    this.resolveReady(connection);
  }

  /** Returns false where the engine ended before it could answer. */
  private async reopen(connection: EngineConnection, project: string): Promise<boolean> {
    try {
      await this.callOn(connection, 'project.open', { path: project });
    } catch (error) {
      if (isGone(error)) return false;
      this.options.log(`The project ${project} could not be opened: ${toEnvelope(error).message}`);
      this.memory.forgetProject();
      this.options.onProject(null);
    }
    this.options.emit({ event: 'project', payload: this.memory.project });
    return true;
  }

  /** Returns false where the engine ended before it could answer. */
  private async takeUp(connection: EngineConnection, { request, paused }: Interrupted): Promise<boolean> {
    try {
      const answer = (await this.callOn(connection, 'training.start', request)) as { readonly jobId: string };
      this.wantedJobs = this.wantedJobs.slice(1); // from here on its job is in the memory
      if (paused) await this.callOn(connection, 'jobs.pause', { jobId: answer.jobId });
    } catch (error) {
      if (isGone(error)) return false;
      this.wantedJobs = this.wantedJobs.slice(1);
      this.options.log(`A training run could not be taken up again: ${toEnvelope(error).message}`);
    }
    return true;
  }

  private afterExit(reason: string): void {
    this.connection = null;
    if (this.stopping) return;
    this.options.log(reason);
    const wait = this.policy.afterExit(performance.now());
    if (this.state === 'ready') this.ready = this.newGate(); // else the old gate is still closed
    this.wantedProject = this.memory.project?.path ?? this.wantedProject;
    const { ended, resume } = this.memory.interrupted(toEnvelope(engineGone(reason, null)), new Date());
    this.wantedJobs = [...this.wantedJobs, ...resume];
    this.tell(wait === null ? 'failed' : 'restarting', wait === null ? `${reason} ${failedHint}` : reason);
    for (const job of ended) this.options.emit({ event: 'job', payload: job });
    if (wait === null) {
      const message = `${reason} It was started again several times within a minute.`;
      this.rejectReady(new AppError('engine-gone', message, { hint: failedHint }));
      return;
    }
    void delay(wait).then(() => {
      if (!this.stopping) this.launch();
    });
  }

  private newGate(): Promise<EngineConnection> {
    const gate = new Promise<EngineConnection>((resolve, reject) => {
      this.resolveReady = resolve;
      this.rejectReady = reject;
    });
    gate.catch(() => undefined); // whoever calls is told; nobody may be waiting
    return gate;
  }

  private tell(state: State, reason: string | null): void {
    this.state = state;
    this.reason = reason;
    this.options.emit({ event: 'engine', payload: this.status });
  }
}

function isGone(error: unknown): boolean {
  return error instanceof AppError && error.code === 'engine-gone';
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
