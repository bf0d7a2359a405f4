import { defineStore } from 'pinia';
import { computed, ref, watch } from 'vue';
import type { Request } from '../../shared/contract';
import type { Preset, TrainingPlan } from '../../shared/training-types';
import { debounce } from '../app/debounce';
import { call } from '../app/engine-client';
import { useErrorsStore } from './errors-store';
import { useRunStore } from './run-store';

/** Where the language model starts from. */
export type StartFrom = 'shipped' | 'scratch' | 'folder';

/** What a person has set for the next run, and the plan that follows from it. */
export const useTrainingStore = defineStore('training', () => {
  const errors = useErrorsStore();
  const runStore = useRunStore();

  const preset = ref<Preset>('standard');
  const minutes = ref<number | null>(null);
  const seed = ref(0);
  const fineTuneLanguageModel = ref(true);
  const classWeights = ref(false);
  const startFrom = ref<StartFrom>('shipped');
  const pretrainedFolder = ref('');

  const plan = ref<TrainingPlan | null>(null);
  const planning = ref(false);
  const planError = ref<string | null>(null);
  const starting = ref(false);

  const request = computed<Request<'training.plan'>>(() => ({
    preset: preset.value,
    ...(minutes.value !== null && minutes.value > 0 ? { minutes: minutes.value } : {}),
    seed: Number.isInteger(seed.value) ? seed.value : 0,
    fineTuneLanguageModel: fineTuneLanguageModel.value,
    classWeights: classWeights.value,
    ...(startFrom.value === 'scratch' ? { pretrained: null } : {}),
    ...(startFrom.value === 'folder' && pretrainedFolder.value !== '' ? { pretrained: pretrainedFolder.value } : {}),
  }));

  let asked = 0;
  async function loadPlan(): Promise<void> {
    const mine = ++asked;
    planning.value = true;
    try {
      const answer = await call('training.plan', request.value);
      if (mine !== asked) return;
      plan.value = answer;
      planError.value = null;
    } catch (error) {
      if (mine !== asked) return;
      plan.value = null;
      // Shown in place of the plan: what is missing before a run can be planned is no accident.
      planError.value = error instanceof Error ? error.message : String(error);
    } finally {
      if (mine === asked) planning.value = false;
    }
  }

  const planSoon = debounce(() => void loadPlan(), 300);
  watch(request, planSoon);

  async function start(resumeRunId?: string): Promise<void> {
    starting.value = true;
    const answer = await errors.guard(
      () => call('training.start', { ...request.value, ...(resumeRunId === undefined ? {} : { resumeRunId }) }),
      true,
    );
    starting.value = false;
    if (answer !== null) runStore.follow(answer.jobId);
  }

  return {
    preset,
    minutes,
    seed,
    fineTuneLanguageModel,
    classWeights,
    startFrom,
    pretrainedFolder,
    request,
    plan,
    planning,
    planError,
    starting,
    loadPlan,
    start,
  };
});
