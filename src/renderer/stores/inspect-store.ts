import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { Overview } from '../../shared/inspect-types';
import type { Comparison, Run } from '../../shared/training-types';
import { call } from '../app/engine-client';
import { useErrorsStore } from './errors-store';

/** How good the classifier is; which run is looked at, and its figures. */
export const useInspectStore = defineStore('inspect', () => {
  const errors = useErrorsStore();
  /** Of the project's classifier. */
  const comparison = shallowRef<Comparison | null>(null);
  const loaded = ref(false);

  /** Finished runs that were measured, newest first. */
  const runs = shallowRef<readonly Run[]>([]);
  /** The run that is looked at; null: the one that the project's classifier came from. */
  const chosen = ref<string | null>(null);
  const overview = shallowRef<Overview | null>(null);
  const busy = ref(false);
  /** The run that the project's classifier came from; null until it is known. */
  const currentId = ref<string | null>(null);
  const runId = computed(() => overview.value?.runId ?? chosen.value);

  let asked = 0;
  async function load(): Promise<void> {
    comparison.value = await call('inspect.comparison', {});
    loaded.value = true;
    overview.value = null;
    chosen.value = null;
  }

  /** Reads the figures of the chosen run, where they are not there yet. */
  async function loadOverview(): Promise<void> {
    const mine = ++asked;
    if (comparison.value === null) return;
    busy.value = true;
    const answers = await errors.guard(
      () => Promise.all([call('inspect.overview', { runId: chosen.value }), call('runs.list', {})]),
      true,
    );
    if (mine !== asked) return;
    busy.value = false;
    if (answers === null) return;
    overview.value = answers[0];
    if (chosen.value === null) currentId.value = answers[0].runId;
    runs.value = answers[1].filter((run) => run.state === 'done' && run.comparison !== null);
  }

  async function choose(id: string | null): Promise<void> {
    chosen.value = id;
    await loadOverview();
  }

  function clear(): void {
    asked += 1;
    comparison.value = null;
    loaded.value = false;
    runs.value = [];
    chosen.value = null;
    currentId.value = null;
    overview.value = null;
    busy.value = false;
  }

  return { comparison, loaded, load, runs, chosen, currentId, runId, overview, busy, loadOverview, choose, clear };
});
