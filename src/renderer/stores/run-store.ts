import { defineStore } from 'pinia';
import { computed, markRaw, ref, shallowRef, triggerRef } from 'vue';
import type { EventPayload } from '../../shared/contract';
import type { Job, StageId } from '../../shared/jobs';
import type { Run } from '../../shared/training-types';
import { call } from '../app/engine-client';
import { isLive, useJobsStore } from './jobs-store';
import { applyEvent, emptyProgress, finishProgress, groupOf, type RunProgress, type StageGroup } from './run-progress';

function isUnderWay(state: Job['state']): boolean {
  return state === 'running' || state === 'paused';
}

/** Milliseconds between two times that screens are told of a run's progress: figures that change faster cannot be read. */
const restBetween = 100;

/** The run that the training screens show: the one under way, else the newest, or one that was opened. */
export const useRunStore = defineStore('run', () => {
  const jobs = useJobsStore();
  const run = shallowRef<Run | null>(null);
  const runs = shallowRef<readonly Run[]>([]);
  const progress = shallowRef<RunProgress>(markRaw(emptyProgress()));
  const jobId = ref<string | null>(null);
  const startedAt = ref<number | null>(null);
  /** Whether runs come with their figures on test rows: the engine counts that as a look at these rows. */
  const figures = ref(false);

  const job = computed<Job | null>(() => (jobId.value === null ? null : (jobs.byId[jobId.value] ?? null)));
  const live = computed(() => isLive(job.value));
  /** When a run was finished; null where it was not. Its job says so before its file does. */
  function finishedAt(one: Run): string | null {
    const own = job.value?.runId === one.id ? job.value : one;
    return own.state === 'done' ? (own.endedAt ?? '') : null;
  }
  /** The run that was finished last is the one whose classifier the project uses. */
  const currentId = computed(() => {
    const done = runs.value.flatMap((one) => {
      const at = finishedAt(one);
      return at === null ? [] : [{ id: one.id, at }];
    });
    return done.sort((a, b) => b.at.localeCompare(a.at))[0]?.id ?? null;
  });
  const state = computed(() => job.value?.state ?? run.value?.state ?? null);

  function follow(id: string): void {
    if (jobId.value === id) return;
    jobId.value = id;
    startedAt.value = Date.now();
    progress.value = markRaw(emptyProgress());
    run.value = null;
  }

  /** A run was started: it is shown unless another one is under way, behind which it waits. */
  function started(id: string): void {
    if (!live.value) follow(id);
  }

  /** Many events come within one frame: charts and tracks are told once for all of them, ten times a second. */
  let queued = false;
  let told = Number.NEGATIVE_INFINITY;
  let lastStand = '';
  function changed(): void {
    if (queued) return;
    queued = true;
    const tell = (): void => {
      requestAnimationFrame(() => {
        queued = false;
        told = performance.now();
        triggerRef(progress);
      });
    };
    const rest = told + restBetween - performance.now();
    if (rest <= 0) tell();
    else setTimeout(tell, rest);
  }

  function onProgress({ jobId: id, event }: EventPayload<'progress'>): void {
    if (jobs.byId[id]?.kind === 'train') follow(id);
    if (jobId.value !== id) return;
    applyEvent(progress.value, event);
    changed();
  }

  function onJob(changedJob: Job): void {
    if (changedJob.kind !== 'train') return;
    const underWay = isUnderWay(changedJob.state);
    if (underWay) follow(changedJob.id);
    else if (changedJob.state === 'queued') started(changedJob.id);
    if (changedJob.id === jobId.value) {
      if (changedJob.startedAt !== null) startedAt.value = Date.parse(changedJob.startedAt);
      if (changedJob.state === 'done') {
        finishProgress(progress.value);
        changed();
      }
    }
    // Jobs tell of themselves four times a second; the file of a run changes with their state.
    const stand = `${changedJob.id} ${changedJob.state}`;
    if (stand === lastStand) return;
    lastStand = stand;
    void loadRuns().catch(() => undefined);
  }

  async function loadRuns(): Promise<void> {
    runs.value = (await call('runs.list', { figures: figures.value }))
      .slice()
      .sort((a, b) => b.startedAt.localeCompare(a.startedAt));
    const wanted = job.value?.runId ?? run.value?.id ?? runs.value[0]?.id;
    run.value = runs.value.find((candidate) => candidate.id === wanted) ?? runs.value[0] ?? null;
  }

  /** How good each run is on the test rows is about to be shown. */
  async function showFigures(): Promise<void> {
    if (figures.value) return;
    figures.value = true;
    await loadRuns();
  }

  /** Reads the curves of the run that is shown. */
  async function loadCurves(): Promise<void> {
    const shown = run.value;
    const next = markRaw(emptyProgress());
    if (shown !== null) {
      startedAt.value = Date.parse(shown.startedAt);
      const { events } = await call('runs.get', { runId: shown.id, figures: false });
      for (const event of events) applyEvent(next, event);
      if (shown.state === 'done') finishProgress(next);
    }
    progress.value = next;
  }

  /** Shows what a project has: its training job under way, or the newest run on disk, with its curves. */
  async function load(): Promise<void> {
    const training = jobs.all.find(({ kind, state }) => kind === 'train' && isUnderWay(state)) ?? jobs.latest('train');
    jobId.value = isLive(training) ? (training?.id ?? null) : null;
    run.value = null;
    await loadRuns();
    await loadCurves();
  }

  /** Shows a run of before; one that is under way is shown live. */
  async function open(runId: string): Promise<void> {
    const own = jobs.all.find((candidate) => candidate.runId === runId && isLive(candidate));
    jobId.value = own?.id ?? null;
    run.value = runs.value.find(({ id }) => id === runId) ?? null;
    await loadCurves();
  }

  /** Takes in a run whose file has changed. */
  function update(changedRun: Run): void {
    runs.value = runs.value.map((other) => (other.id === changedRun.id ? changedRun : other));
    if (run.value?.id === changedRun.id) run.value = changedRun;
  }

  function clear(): void {
    run.value = null;
    runs.value = [];
    jobId.value = null;
    figures.value = false;
    progress.value = markRaw(emptyProgress());
  }

  /** The stages of one part of the run, in order. */
  function stagesOf(...wanted: readonly StageGroup[]): readonly StageId[] {
    return progress.value.stages.filter((stage) => wanted.includes(groupOf(stage)));
  }

  return {
    run,
    runs,
    progress,
    job,
    jobId,
    live,
    currentId,
    state,
    startedAt,
    started,
    onProgress,
    onJob,
    load,
    loadRuns,
    showFigures,
    open,
    update,
    clear,
    stagesOf,
  };
});
