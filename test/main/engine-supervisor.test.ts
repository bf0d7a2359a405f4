import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/shared/errors';
import type { Job } from '../../src/shared/jobs';
import type { HostCall, HostEvent, ToHost } from '../../src/main/host/wire';
import type { EngineChannel } from '../../src/main/ipc/engine-connection';
import { EngineSupervisor } from '../../src/main/ipc/engine-supervisor';
import { RestartPolicy } from '../../src/main/ipc/restart-policy';

const project = {
  path: '/p/one',
  name: 'one',
  createdAt: '2026-11-22T00:00:00.000Z',
  rows: 0,
  labelled: 0,
  columns: null,
  labels: [],
  hasLanguageModel: false,
  hasClassifier: false,
  labelsAreNewer: false,
  sourceFile: null,
};

const job: Job = {
  id: 'j1',
  kind: 'train',
  title: 'Training',
  state: 'running',
  stage: null,
  fraction: 0.2,
  secondsLeft: 60,
  startedAt: null,
  endedAt: null,
  error: null,
  runId: 'r1',
};

/** An engine process whose side of the wire is played by the test. */
class PlayedEngine implements EngineChannel {
  readonly pid = 1;
  readonly calls: HostCall[] = [];
  private listener: (message: unknown) => void = () => undefined;
  private ended: (reason: string) => void = () => undefined;

  constructor(private readonly answers: (call: HostCall) => unknown) {}

  post(message: ToHost): void {
    if ('close' in message) return this.end('closed');
    this.calls.push(message);
    const value = this.answers(message);
    if (value === undefined) return; // never answered
    queueMicrotask(() =>
      this.say(
        value instanceof AppError
          ? { id: message.id, ok: false, error: { code: value.code, message: value.message } }
          : { id: message.id, ok: true, value },
      ),
    );
  }
  onMessage(listener: (message: unknown) => void): void {
    this.listener = listener;
  }
  onExit(listener: (reason: string) => void): void {
    this.ended = listener;
  }
  kill(): void {
    this.end('killed');
  }
  say(message: unknown): void {
    this.listener(message);
  }
  ready(): void {
    this.say({ event: 'engine', payload: { state: 'ready', reason: null, backend: null } });
  }
  end(reason: string): void {
    this.ended(reason);
  }
}

function setUp(answers: (call: HostCall, process: number) => unknown, policy?: RestartPolicy) {
  const engines: PlayedEngine[] = [];
  const told: HostEvent[] = [];
  const opened: (string | null)[] = [];
  const supervisor = new EngineSupervisor({
    start: () => {
      const number = engines.length;
      const engine = new PlayedEngine((call) => answers(call, number));
      engines.push(engine);
      return engine;
    },
    emit: (event) => told.push(event),
    onProject: (one) => opened.push(one?.path ?? null),
    log: () => undefined,
    policy: policy ?? new RestartPolicy(5, 60_000, 1),
  });
  const states = (): string[] => told.flatMap((one) => (one.event === 'engine' ? [one.payload.state] : []));
  return { supervisor, engines, told, states, opened };
}

const openAndTrain = (call: HostCall): unknown => {
  if (call.method === 'project.open') return project;
  if (call.method === 'training.start') return { jobId: 'j1' };
  if (call.method === 'jobs.pause') return job;
  return undefined;
};

const training = { preset: 'quick', seed: 7, fineTuneLanguageModel: true, classWeights: false, options: {} } as const;

async function until(what: () => boolean): Promise<void> {
  for (let i = 0; i < 400 && !what(); i++) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(what()).toBe(true);
}

describe('the keeper of the engine', () => {
  it('lets calls wait until the engine is ready and the last project is open again', async () => {
    const { supervisor, engines, states, opened } = setUp((call) =>
      call.method === 'project.current' ? project : openAndTrain(call),
    );
    supervisor.start('/p/one');
    const current = supervisor.call('project.current', {});
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(engines[0]?.calls).toEqual([]);
    engines[0]?.ready();
    expect(await current).toEqual(project);
    expect(engines[0]?.calls.map((call) => call.method)).toEqual(['project.open', 'project.current']);
    expect(states()).toEqual(['starting', 'ready']);
    expect(opened).toEqual(['/p/one']);
  });

  it('starts without a project where the last one cannot be opened, and says so', async () => {
    const { supervisor, engines, told, opened } = setUp((call) =>
      call.method === 'project.open' ? new AppError('project-format', 'gone') : null,
    );
    supervisor.start('/p/one');
    engines[0]?.ready();
    expect(await supervisor.call('project.current', {})).toBeNull();
    expect(opened).toEqual([null]);
    expect(told.at(-2)).toEqual({ event: 'project', payload: null });
  });

  it('notes which project is open also where the event comes before the answer', async () => {
    const { supervisor, engines, opened } = setUp((call) => {
      engines[0]?.say({ event: 'project', payload: call.method === 'project.close' ? null : project });
      return call.method === 'project.close' ? {} : project;
    });
    supervisor.start(null);
    engines[0]?.ready();
    await supervisor.call('project.create', { path: '/p/one', name: 'one' });
    await supervisor.call('project.close', {});
    expect(opened).toEqual(['/p/one', null]);
  });

  it('answers what was asked with engine-gone when the engine ends, and takes up project and run in a new one', async () => {
    const { supervisor, engines, told, states } = setUp(openAndTrain);
    supervisor.start(null);
    engines[0]?.ready();
    await supervisor.call('project.open', { path: '/p/one' });
    await supervisor.call('training.start', training);
    engines[0]?.say({ event: 'job', payload: job });
    const unanswered = supervisor.call('jobs.list', {});
    await until(() => engines[0]?.calls.length === 3);

    engines[0]?.end('It was killed.');
    await expect(unanswered).rejects.toMatchObject({ code: 'engine-gone' });
    expect(told.at(-2)).toMatchObject({ event: 'engine', payload: { state: 'restarting', reason: 'It was killed.' } });
    expect(told.at(-1)).toMatchObject({
      event: 'job',
      payload: { id: 'j1', state: 'interrupted', error: { code: 'engine-gone' } },
    });

    await until(() => engines.length === 2);
    engines[1]?.ready();
    await until(() => engines[1]?.calls.length === 2);
    expect(engines[1]?.calls.map(({ method, request }) => ({ method, request }))).toEqual([
      { method: 'project.open', request: { path: '/p/one' } },
      { method: 'training.start', request: { ...training, resumeRunId: 'r1' } },
    ]);
    expect(states()).toEqual(['starting', 'ready', 'restarting', 'ready']);
  });

  it('takes up a paused run as paused, and does not take up a run that had ended', async () => {
    const { supervisor, engines } = setUp(openAndTrain);
    supervisor.start('/p/one');
    engines[0]?.ready();
    await supervisor.call('training.start', training);
    engines[0]?.say({ event: 'job', payload: { ...job, state: 'paused' } });
    engines[0]?.end('It was killed.');
    await until(() => engines.length === 2);
    engines[1]?.ready();
    await until(() => engines[1]?.calls.length === 3);
    expect(engines[1]?.calls[2]).toMatchObject({ method: 'jobs.pause', request: { jobId: 'j1' } });

    engines[1]?.say({ event: 'job', payload: { ...job, state: 'done' } });
    engines[1]?.end('It was killed.');
    await until(() => engines.length === 3);
    engines[2]?.ready();
    await until(() => engines[2]?.calls.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(engines[2]?.calls.map((call) => call.method)).toEqual(['project.open']);
  });

  it('keeps project and run in mind when the new engine ends before it is ready', async () => {
    const { supervisor, engines } = setUp(openAndTrain);
    supervisor.start('/p/one');
    engines[0]?.end('It was killed.');
    await until(() => engines.length === 2);
    engines[1]?.ready();
    await supervisor.call('training.start', training);
    engines[1]?.say({ event: 'job', payload: job });
    engines[1]?.end('It was killed.');
    await until(() => engines.length === 3);
    engines[2]?.end('It was killed.');
    await until(() => engines.length === 4);
    engines[3]?.ready();
    await until(() => engines[3]?.calls.length === 2);
    expect(engines[3]?.calls.map((call) => call.method)).toEqual(['project.open', 'training.start']);
  });

  it('does not take up a run for ever that ends the engine each time without getting further', async () => {
    const { supervisor, engines, told } = setUp(openAndTrain, new RestartPolicy(100, 60_000, 0));
    supervisor.start('/p/one');
    engines[0]?.ready();
    await supervisor.call('training.start', training);
    for (let i = 0; i < 4; i++) {
      await until(() => engines.length === i + 1);
      if (i > 0) engines[i]?.ready();
      if (i > 0) await until(() => engines[i]?.calls.length === 2);
      await new Promise((resolve) => setTimeout(resolve, 5));
      engines[i]?.say({ event: 'job', payload: job });
      engines[i]?.end('Out of memory.');
    }
    await until(() => engines.length === 5);
    engines[4]?.ready();
    await until(() => (engines[4]?.calls.length ?? 0) >= 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(engines[4]?.calls.map((call) => call.method)).toEqual(['project.open']);
    const jobs = told.flatMap((one) => (one.event === 'job' ? [one.payload.state] : []));
    expect(jobs.at(-1)).toBe('failed');
  });

  it('gives up after too many ends within a minute, with a hint', async () => {
    const { supervisor, engines, told } = setUp(() => undefined, new RestartPolicy(3, 60_000, 0));
    supervisor.start(null);
    const waiting = supervisor.call('jobs.list', {});
    waiting.catch(() => undefined);
    for (let i = 0; i < 3; i++) {
      await until(() => engines.length === i + 1);
      engines[i]?.end('It cannot start.');
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await expect(waiting).rejects.toMatchObject({
      code: 'engine-gone',
      hint: expect.stringContaining('thaw doctor') as string,
    });
    expect(told.at(-1)).toMatchObject({ event: 'engine', payload: { state: 'failed' } });
    await expect(supervisor.call('jobs.list', {})).rejects.toMatchObject({ code: 'engine-gone' });
    expect(engines.length).toBe(3);
  });

  it('starts nothing again once it was told to stop', async () => {
    const { supervisor, engines, states } = setUp(openAndTrain);
    supervisor.start(null);
    engines[0]?.ready();
    await supervisor.call('project.open', { path: '/p/one' });
    await supervisor.stop();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(engines.length).toBe(1);
    expect(states()).toEqual(['starting', 'ready']);
  });
});

describe('the pauses between starts', () => {
  it('double with each recent end, and end with giving up', () => {
    const policy = new RestartPolicy(4, 60_000, 250);
    expect([0, 1000, 2000, 3000].map((at) => policy.afterExit(at))).toEqual([250, 500, 1000, null]);
  });

  it('start anew after a quiet minute', () => {
    const policy = new RestartPolicy(2, 60_000, 250);
    expect(policy.afterExit(0)).toBe(250);
    expect(policy.afterExit(61_000)).toBe(250);
  });
});
