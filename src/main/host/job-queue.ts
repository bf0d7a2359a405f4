import { AppError, CancelledError, toEnvelope } from '../../shared/errors';
import type { Job, JobKind, ProgressEvent } from '../../shared/jobs';
import { JobControl } from './job-control';
import { JobProgress } from './job-progress';
import { Throttle } from './throttle';

/** What the queue is to do. `run` reports and asks for permission through its control. */
export interface JobTask {
  readonly id: string;
  readonly kind: JobKind;
  readonly title: string;
  /** The name of the file or folder that it works on. */
  readonly subject?: string;
  readonly runId: string | null;
  run(control: JobControl): Promise<void>;
}

/** Who hears of jobs: every change of state at once, progress about four times a second. */
export interface JobObserver {
  jobChanged(job: Job): void;
  jobProgress(job: Job, event: ProgressEvent): void;
}

/** Milliseconds between two reports of the same kind: four a second. */
const reportInterval = 250;

interface Entry {
  readonly task: JobTask | null; // null: a run of an earlier session, shown as interrupted
  job: Job;
  control: JobControl | null;
  readonly ended: Promise<Job>;
  readonly end: (job: Job) => void;
}

/**
 * The engine host's jobs, in the order in which they came, one at a time: importing, training and scoring files share
 * the store and the one training worker.
 */
export class JobQueue {
  readonly #observer: JobObserver;
  readonly #entries = new Map<string, Entry>();
  #current: Entry | null = null;
  #closing = false;

  constructor(observer: JobObserver) {
    this.#observer = observer;
  }

  /** Puts a task at the end of the queue and starts it when its turn comes. A finished job of the same id is replaced. */
  add(task: JobTask): Job {
    if (this.#closing) throw new AppError('busy', 'The engine is closing and takes no new jobs.');
    const known = this.#entries.get(task.id);
    if (known && isActive(known.job))
      throw new AppError('busy', `The job "${known.job.title}" is already ${known.job.state}.`);
    this.#entries.delete(task.id);
    const entry = makeEntry(task, newJob(task));
    this.#entries.set(task.id, entry);
    this.#observer.jobChanged(entry.job);
    queueMicrotask(() => this.#startNext());
    return entry.job;
  }

  /** Shows a run that an earlier session left unfinished; it does nothing until it is added again as a task. */
  showInterrupted(job: Job): void {
    if (this.#entries.has(job.id)) return;
    this.#entries.set(job.id, makeEntry(null, job));
  }

  /** All jobs, oldest first. */
  list(): Job[] {
    return [...this.#entries.values()].map((entry) => entry.job);
  }

  /** @throws AppError `not-found`. */
  get(id: string): Job {
    return this.#entry(id).job;
  }

  /** The job that is running or paused. */
  current(): Job | null {
    return this.#current?.job ?? null;
  }

  /** Resolves when the job has ended, however it ended. */
  ended(id: string): Promise<Job> {
    return this.#entry(id).ended;
  }

  /** Holds a running job at its next safe point; a job that waits its turn stays waiting. */
  pause(id: string): Job {
    const entry = this.#entry(id);
    if (entry.job.state === 'paused') return entry.job;
    if (entry.job.state !== 'running' || !entry.control) throw wrongState(entry.job, 'paused');
    entry.control.pause();
    return this.#change(entry, { state: 'paused' });
  }

  /** Lets a paused job go on. */
  resume(id: string): Job {
    const entry = this.#entry(id);
    if (entry.job.state === 'running' || entry.job.state === 'queued') return entry.job;
    if (entry.job.state !== 'paused' || !entry.control) throw wrongState(entry.job, 'resumed');
    entry.control.resume();
    return this.#change(entry, { state: 'running' });
  }

  /** Has a running job end its training early, with the best that it has so far. */
  finish(id: string): Job {
    const entry = this.#entry(id);
    const { state } = entry.job;
    if ((state !== 'running' && state !== 'paused') || !entry.control) throw wrongState(entry.job, 'finished early');
    entry.control.finish();
    return state === 'paused' ? this.#change(entry, { state: 'running' }) : entry.job;
  }

  /** Puts a job that waits before another one that waits, or at the end of the queue. @returns all jobs */
  move(id: string, before: string | null): Job[] {
    const entry = this.#entry(id);
    const next = before === null ? null : this.#entry(before);
    for (const each of [entry, next]) if (each && each.job.state !== 'queued') throw wrongState(each.job, 'moved');
    if (next !== entry) {
      const others = [...this.#entries].filter(([other]) => other !== id);
      const place = before === null ? others.length : others.findIndex(([other]) => other === before);
      others.splice(place, 0, [id, entry]);
      this.#entries.clear();
      for (const [other, each] of others) this.#entries.set(other, each);
    }
    return this.list();
  }

  /** Ends a job at its next safe point; the promise of {@link ended} says when that is. */
  cancel(id: string): Job {
    const entry = this.#entry(id);
    if (entry.job.state === 'queued') return this.#finish(entry, { state: 'cancelled' });
    if (entry.job.state === 'interrupted') return this.#change(entry, { state: 'cancelled' });
    entry.control?.cancel();
    return entry.job;
  }

  /** Stops the running job at a safe point and sends those that wait away; runs can go on in the next session. */
  async close(): Promise<void> {
    this.#closing = true;
    for (const entry of this.#entries.values()) {
      if (entry.job.state !== 'queued') continue;
      this.#finish(entry, { state: entry.job.runId === null ? 'cancelled' : 'interrupted' });
    }
    const current = this.#current;
    if (!current) return;
    current.control?.cancel();
    await current.ended;
  }

  /** Makes the queue take jobs again after {@link close}: another project was opened. */
  reopen(): void {
    this.#closing = false;
    this.#entries.clear();
  }

  #startNext(): void {
    if (this.#current || this.#closing) return;
    const entry = [...this.#entries.values()].find((candidate) => candidate.job.state === 'queued');
    if (!entry?.task) return;
    this.#current = entry;
    void this.#run(entry, entry.task);
  }

  async #run(entry: Entry, task: JobTask): Promise<void> {
    const progress = new JobProgress();
    const steps = new Throttle<ProgressEvent>(reportInterval, (event) => this.#observer.jobProgress(entry.job, event));
    const standing = new Throttle<Job>(reportInterval, (job) => {
      entry.job = { ...entry.job, stage: job.stage, fraction: job.fraction, secondsLeft: job.secondsLeft };
      this.#observer.jobChanged(entry.job);
    });
    const control = new JobControl((event) => {
      standing.push({ ...entry.job, ...progress.take(event) });
      if (event.type === 'step' || event.type === 'count') return steps.push(event);
      steps.flush();
      this.#observer.jobProgress(entry.job, event);
    });
    control.listen({ pause: () => progress.setPaused(true), resume: () => progress.setPaused(false) });
    entry.control = control;
    this.#change(entry, { state: 'running', startedAt: new Date().toISOString() });
    const end = await outcome(
      () => task.run(control),
      () => this.#closing,
    );
    steps.flush();
    standing.flush();
    entry.control = null;
    this.#current = null;
    this.#finish(entry, end);
    this.#startNext();
  }

  #change(entry: Entry, patch: Partial<Job>): Job {
    entry.job = { ...entry.job, ...patch };
    this.#observer.jobChanged(entry.job);
    return entry.job;
  }

  #finish(entry: Entry, patch: Partial<Job>): Job {
    const job = this.#change(entry, { ...patch, endedAt: new Date().toISOString(), secondsLeft: null });
    entry.end(job);
    return job;
  }

  #entry(id: string): Entry {
    const entry = this.#entries.get(id);
    if (!entry) throw new AppError('not-found', `There is no job "${id}".`);
    return entry;
  }
}

/** Runs a task and says how it ended, as changes to its job. */
async function outcome(run: () => Promise<void>, closing: () => boolean): Promise<Partial<Job>> {
  try {
    await run();
    return { state: 'done', fraction: 1 };
  } catch (error) {
    if (error instanceof CancelledError) return { state: closing() ? 'interrupted' : 'cancelled' };
    const { data, ...envelope } = toEnvelope(error);
    return { state: 'failed', error: { ...envelope, data: data && { ...data } } };
  }
}

function newJob(task: JobTask): Job {
  const { id, kind, title, subject = null, runId } = task;
  const fresh = { stage: null, fraction: null, secondsLeft: null, startedAt: null, endedAt: null, error: null };
  return { id, kind, title, ...(subject === null ? {} : { subject }), runId, state: 'queued', ...fresh };
}

function makeEntry(task: JobTask | null, job: Job): Entry {
  let end: (job: Job) => void = () => undefined;
  const ended = new Promise<Job>((resolve) => (end = resolve));
  return { task, job, control: null, ended, end };
}

function isActive(job: Job): boolean {
  return job.state === 'queued' || job.state === 'running' || job.state === 'paused';
}

function wrongState(job: Job, wanted: string): AppError {
  return new AppError('bad-input', `The job "${job.title}" is ${job.state} and cannot be ${wanted}.`, {
    says: { sentence: 'jobState' },
  });
}
