import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { Response } from '../../shared/contract';
import { call } from '../app/engine-client';
import { joinPath } from '../app/paths';
import { useErrorsStore } from './errors-store';
import { isLive, useJobsStore } from './jobs-store';
import { useProjectStore } from './project-store';
import { useTrainingStore } from './training-store';

type Part = Response<'ablation.parts'>[number];
type Kept = Response<'ablation.list'>[number];

/** Ablations of the open project: what can be varied, what was measured, and the one under way. */
export const useAblationStore = defineStore('ablation', () => {
  const jobs = useJobsStore();
  const errors = useErrorsStore();
  const project = useProjectStore();
  const training = useTrainingStore();
  const parts = shallowRef<readonly Part[]>([]);
  const kept = shallowRef<readonly Kept[]>([]);
  const chosen = ref<readonly string[]>(['pretraining', 'lm-finetuning']);
  const seeds = ref(1);
  const minutes = ref(3);
  const shownFolder = ref<string | null>(null);
  const starting = ref(false);

  const job = computed(() => jobs.all.findLast(({ kind, state }) => kind === 'ablate' && isLive({ state })) ?? null);
  const shown = computed(() => kept.value.find(({ folder }) => folder === shownFolder.value) ?? kept.value[0] ?? null);
  /** The share of the ablation under way that is measured; a table of an earlier one says nothing of it. */
  const measured = computed(() => {
    const own = kept.value.find(({ folder }) => folder === shownFolder.value)?.table;
    return own ? own.finished / Math.max(1, own.planned) : null;
  });
  /** Variants of what is ticked, and the full method itself, each with every seed. */
  const runs = computed(() => {
    const variants = parts.value.filter(({ name }) => chosen.value.includes(name)).flatMap((part) => part.variants);
    return (variants.length + 1) * seeds.value;
  });

  async function load(): Promise<void> {
    const answer = await errors.guard(() =>
      Promise.all([parts.value.length > 0 ? parts.value : call('ablation.parts', {}), call('ablation.list', {})]),
    );
    if (answer !== null) [parts.value, kept.value] = answer;
  }

  function toggle(name: string): void {
    const { value } = chosen;
    chosen.value = value.includes(name) ? value.filter((other) => other !== name) : [...value, name];
  }

  async function start(): Promise<void> {
    const { current } = project;
    if (current === null) return;
    const date = new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
    const folder = joinPath(joinPath(current.path, 'ablations'), date);
    const { minutes: _own, ...request } = training.request;
    const budget = minutes.value > 0 ? { minutes: minutes.value * runs.value } : {};
    starting.value = true;
    const answer = await errors.guard(() =>
      call('ablation.start', {
        request: { ...request, ...budget },
        what: [...chosen.value],
        seeds: seeds.value,
        folder,
      }),
    );
    starting.value = false;
    if (answer !== null) shownFolder.value = folder;
  }

  // The table is written after each run: about when the job says which run comes next.
  let timer: ReturnType<typeof setInterval> | undefined;
  watch(
    () => job.value?.id ?? null,
    (id, before) => {
      clearInterval(timer);
      if (id !== null) timer = setInterval(() => void load(), 5000);
      else if (before !== null && before !== undefined) void load();
    },
    { immediate: true },
  );

  function clear(): void {
    kept.value = [];
    shownFolder.value = null;
  }

  return {
    parts,
    kept,
    chosen,
    seeds,
    minutes,
    shownFolder,
    shown,
    job,
    measured,
    runs,
    starting,
    load,
    toggle,
    start,
    clear,
  };
});
