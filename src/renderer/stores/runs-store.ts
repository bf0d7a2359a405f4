import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { TrashedRun } from '../../shared/run-trash-types';
import type { RunDisk } from '../../shared/training-types';
import { call } from '../app/engine-client';
import { useErrorsStore } from './errors-store';
import { applyEvent, emptyProgress, type RunProgress } from './run-progress';
import { useRunStore } from './run-store';

/** So many runs are compared at a time: more curves than that cannot be told apart. */
const mostCompared = 4;

/** What is done with the runs of a project: compared, named, and freed of their weights. */
export const useRunsStore = defineStore('runs', () => {
  const errors = useErrorsStore();
  const runStore = useRunStore();
  const chosen = ref<readonly string[]>([]);
  const curves = shallowRef<ReadonlyMap<string, RunProgress>>(new Map());
  const disk = shallowRef<ReadonlyMap<string, RunDisk>>(new Map());
  const trashed = shallowRef<readonly TrashedRun[]>([]);

  const compared = computed(() => runStore.runs.filter(({ id }) => chosen.value.includes(id)).reverse());
  const full = computed(() => chosen.value.length >= mostCompared);

  async function loadDisk(): Promise<void> {
    const answer = await errors.guard(() => call('runs.disk', {}));
    if (answer !== null) disk.value = new Map(answer.map((each) => [each.runId, each]));
    const thrown = await errors.guard(() => call('runs.trashed', {}));
    if (thrown !== null) trashed.value = thrown;
  }

  /** Does something with a run on disk and reads anew what there is; true where it was done. */
  async function change(runId: string, work: () => Promise<unknown>): Promise<boolean> {
    const done = await errors.guard(work, true);
    // The run in view may be gone: another one then takes its place, with its curves.
    await errors.guard(runStore.run?.id === runId ? runStore.load : runStore.loadRuns);
    await loadDisk();
    return done !== null;
  }

  /** Moves a run into the trash. */
  function trash(runId: string): Promise<boolean> {
    chosen.value = chosen.value.filter((id) => id !== runId);
    return change(runId, () => call('runs.trash', { runId }));
  }

  /** Fetches a run back out of the trash. */
  function restore(runId: string): Promise<boolean> {
    return change(runId, () => call('runs.restore', { runId }));
  }

  /** Deletes a run in the trash for good. */
  function deleteTrashed(runId: string): Promise<boolean> {
    return change(runId, () => call('runs.deleteTrashed', { runId }));
  }

  async function loadCurves(runId: string): Promise<void> {
    const answer = await errors.guard(() => call('runs.get', { runId, figures: false }));
    if (answer === null) return;
    const progress = emptyProgress();
    for (const event of answer.events) applyEvent(progress, event);
    curves.value = new Map([...curves.value, [runId, progress]]);
  }

  async function toggle(runId: string): Promise<void> {
    if (chosen.value.includes(runId)) {
      chosen.value = chosen.value.filter((id) => id !== runId);
      return;
    }
    if (full.value) return;
    chosen.value = [...chosen.value, runId];
    await loadCurves(runId);
  }

  /** Gives a run a name; an empty one takes it away. */
  async function rename(runId: string, name: string): Promise<void> {
    const wanted = name.trim() === '' ? null : name.trim();
    const changed = await errors.guard(() => call('runs.rename', { runId, name: wanted }), true);
    if (changed !== null) runStore.update(changed);
  }

  /** Deletes the weights that a run keeps. */
  async function prune(runId: string): Promise<void> {
    await errors.guard(() => call('runs.prune', { runId }), true);
    await loadDisk();
  }

  function clear(): void {
    chosen.value = [];
    curves.value = new Map();
    disk.value = new Map();
    trashed.value = [];
  }

  return {
    chosen,
    compared,
    full,
    curves,
    disk,
    trashed,
    loadDisk,
    toggle,
    rename,
    prune,
    trash,
    restore,
    deleteTrashed,
    clear,
  };
});
