import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { HealthProgress } from '../../shared/data-methods';
import type { AsideReason, HealthIssueId, HealthReport, RemedyId } from '../../shared/health-types';
import type { LabelStep } from '../../shared/label-types';
import { call, subscribe } from '../app/engine-client';
import { useErrorsStore } from './errors-store';
import { useImportStore } from './import-store';
import { useLabellingStore } from './labelling-store';

/** The health report of the open project, and what is done about it. */
export const useHealthStore = defineStore('health', () => {
  const errors = useErrorsStore();
  const labelling = useLabellingStore();
  const importing = useImportStore();
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

  /** Rows that are set aside are used again: these, those of one reason, or all. Gives the step that it was, or null. */
  async function restore(wanted: {
    readonly rowIds?: readonly number[];
    readonly reason?: AsideReason;
  }): Promise<LabelStep | null> {
    const { rowIds, reason } = wanted;
    const request = { ...(rowIds && { rowIds: [...rowIds] }), ...(reason && { reason }) };
    const answer = await errors.guard(() => call('health.restore', request));
    if (answer === null) return null;
    await Promise.all([labelling.restart(), errors.guard(importing.loadFiles)]);
    return answer.undoStep ?? null;
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

  return { report, looking, busy, progress, counts, load, apply, setUndone, restore, cancel, clear };
});
