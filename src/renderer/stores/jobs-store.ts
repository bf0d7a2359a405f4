import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import type { EventPayload } from '../../shared/contract';
import type { Job, JobKind } from '../../shared/jobs';
import { fromEnvelope, type ErrorEnvelope } from '../../shared/errors';
import { call } from '../app/engine-client';
import { useErrorsStore } from './errors-store';

type CountEvent = Extract<EventPayload<'progress'>['event'], { type: 'count' }>;

const live: ReadonlySet<Job['state']> = new Set(['queued', 'running', 'paused']);

/** Every job the engine has told of, and what the counted ones have done so far. */
export const useJobsStore = defineStore('jobs', () => {
  const errors = useErrorsStore();
  const byId = ref<Readonly<Record<string, Job>>>({});
  const counts = ref<Readonly<Record<string, CountEvent>>>({});

  const all = computed(() => Object.values(byId.value));
  const active = computed(
    () => all.value.find((job) => job.state === 'running') ?? all.value.find((job) => live.has(job.state)) ?? null,
  );

  /** The newest job of a kind, live ones first. */
  function latest(kind: JobKind): Job | null {
    const ofKind = all.value.filter((job) => job.kind === kind);
    return ofKind.findLast((job) => live.has(job.state)) ?? ofKind.at(-1) ?? null;
  }

  function onJob(job: Job): void {
    const before = byId.value[job.id];
    byId.value = { ...byId.value, [job.id]: job };
    const newlyFailed = job.state === 'failed' && before?.state !== 'failed';
    if (newlyFailed && job.error !== null) errors.report(errorOf(job));
  }

  function onProgress({ jobId, event }: EventPayload<'progress'>): void {
    if (event.type === 'count') counts.value = { ...counts.value, [jobId]: event };
  }

  async function load(): Promise<void> {
    const jobs = await call('jobs.list', {});
    byId.value = Object.fromEntries(jobs.map((job) => [job.id, job]));
  }

  /** Puts a waiting job before another one, or at the end. */
  async function move(jobId: string, before: string | null): Promise<void> {
    const jobs = await errors.guard(() => call('jobs.move', { jobId, before }));
    if (jobs !== null) byId.value = Object.fromEntries(jobs.map((job) => [job.id, job]));
  }

  const act = (method: 'jobs.pause' | 'jobs.resume' | 'jobs.cancel' | 'jobs.finish') => async (jobId: string) => {
    const job = await errors.guard(() => call(method, { jobId }));
    if (job !== null) onJob(job);
  };

  return {
    byId,
    counts,
    all,
    active,
    latest,
    onJob,
    onProgress,
    load,
    pause: act('jobs.pause'),
    resume: act('jobs.resume'),
    cancel: act('jobs.cancel'),
    finish: act('jobs.finish'),
    move,
  };
});

/** Whether a job still has something to do. */
export function isLive(job: Pick<Job, 'state'> | null | undefined): boolean {
  return job !== null && job !== undefined && live.has(job.state);
}

function errorOf(job: Job): Error {
  // The schema keeps codes open so that an older window can show a newer engine's error.
  return fromEnvelope(job.error as ErrorEnvelope);
}
