import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { HealthProgress } from '../../shared/data-methods';
import type { HealthIssueId, HealthReport, RemedyId } from '../../shared/health-types';
import { call, subscribe } from '../app/engine-client';
import { useErrorsStore } from './errors-store';
import { useLabellingStore } from './labelling-store';

/** The health report of the open project, and what is done about it. */
export const useHealthStore = defineStore('health', () => {
  const errors = useErrorsStore();
  const labelling = useLabellingStore();
  const report = shallowRef<HealthReport | null>(null);
  const looking = ref(false);
  /** The issue whose remedy is being applied. */
  const busy = ref<string | null>(null);
  const progress = ref<HealthProgress | null>(null);
  const counts = computed(() => {
    const sum = { problem: 0, warning: 0, note: 0 };
    for (const { weight } of report.value?.issues ?? []) sum[weight] += 1;
    return sum;
  });
  subscribe('health', (event) => (progress.value = event), errors.report);

  let asked = 0;
  /** Reads the report; quick once the texts were looked at. */
  async function load(): Promise<void> {
    const mine = ++asked;
    looking.value = true;
    const answer = await errors.guard(() => call('health.report', {}), true);
    if (mine !== asked) return;
    looking.value = false;
    progress.value = null;
    if (answer !== null) report.value = answer;
  }

  async function apply(
    issue: HealthIssueId,
    remedy: RemedyId,
    merges: readonly { readonly keep: string; readonly merge: readonly string[] }[] = [],
  ): Promise<void> {
    if (busy.value !== null) return;
    busy.value = issue;
    const request = { issue, remedy, merges: merges.map(({ keep, merge }) => ({ keep, merge: [...merge] })) };
    const answer = await errors.guard(() => call('health.apply', request));
    busy.value = null;
    if (answer !== null) changed(answer.report);
  }

  /** Takes a remedy back, or applies it again. */
  async function setUndone(id: number, undone: boolean): Promise<void> {
    busy.value = `remedy-${String(id)}`;
    const answer = await errors.guard(() => call('health.undo', { id, undone }));
    busy.value = null;
    if (answer !== null) changed(answer);
  }

  /** Remedies are steps of the label log: labels, what waits for one, and undo are others than before. */
  function changed(now: HealthReport): void {
    report.value = now;
    void labelling.restart();
  }

  async function cancel(): Promise<void> {
    await errors.guard(() => call('health.cancel', {}));
  }

  function clear(): void {
    asked += 1;
    report.value = null;
    looking.value = false;
    progress.value = null;
  }

  return { report, looking, busy, progress, counts, load, apply, setUndone, cancel, clear };
});
