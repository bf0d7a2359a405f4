import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { EventPayload } from '../../shared/contract';
import type { RateCurve } from '../../shared/training-types';
import { call } from '../app/engine-client';
import type { SweepPoint } from '../charts/rate-sweep-option';
import { useErrorsStore } from './errors-store';
import { isLive, useJobsStore } from './jobs-store';
import { useTrainingStore } from './training-store';

/** The part of a run whose rate is looked for. */
export type RatePart = RateCurve['part'];

/** The learning-rate finder: its job, the curve while it grows, and what it suggests. */
export const useRateFinderStore = defineStore('rate-finder', () => {
  const jobs = useJobsStore();
  const errors = useErrorsStore();
  const training = useTrainingStore();
  const part = ref<RatePart>('classifier');
  const jobId = ref<string | null>(null);
  const live = shallowRef<readonly SweepPoint[]>([]);
  const curve = shallowRef<RateCurve | null>(null);
  const failed = ref(false);
  const step = ref<{ readonly at: number; readonly of: number } | null>(null);

  const job = computed(() => (jobId.value === null ? null : (jobs.byId[jobId.value] ?? null)));
  const running = computed(() => isLive(job.value));
  const points = computed(() => curve.value?.points ?? live.value);

  async function start(): Promise<void> {
    const request = { ...training.request, part: part.value };
    const answer = await errors.guard(() => call('training.findRate', request), true);
    if (answer === null) return;
    [jobId.value, live.value, curve.value, failed.value, step.value] = [answer.jobId, [], null, false, null];
  }

  function onProgress({ jobId: id, event }: EventPayload<'progress'>): void {
    if (id !== jobId.value || event.type !== 'step') return;
    step.value = { at: event.step, of: event.steps };
    live.value = [...live.value, { rate: event.learningRate, loss: event.loss, smoothed: event.smoothedLoss }];
  }

  watch(
    () => job.value?.state,
    async (state) => {
      const id = jobId.value;
      if (id === null || state === undefined || isLive(job.value)) return;
      if (state !== 'done') return;
      const found = await errors.guard(() => call('training.rateCurve', { jobId: id }));
      if (id !== jobId.value) return;
      curve.value = found;
      failed.value = found === null;
    },
  );

  async function stop(): Promise<void> {
    if (jobId.value !== null) await jobs.cancel(jobId.value);
  }

  /** Makes a suggestion the greatest rate of the next run. */
  function use(rate: number): void {
    const rounded = Number(rate.toPrecision(2));
    training.setOption((curve.value?.part ?? part.value) === 'classifier' ? 'classifierRate' : 'lmRate', rounded);
  }

  function clear(): void {
    [jobId.value, live.value, curve.value, failed.value, step.value] = [null, [], null, false, null];
  }

  return { part, job, running, points, curve, failed, step, start, stop, use, onProgress, clear };
});
