import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { Request } from '../../shared/contract';
import type { RunOptionName, RunOptions } from '../../shared/run-options';
import type { Preset, TrainingPlan, TrainingRequest } from '../../shared/training-types';
import { toEnvelope, type ErrorEnvelope } from '../../shared/errors';
import { debounce } from '../app/debounce';
import { call } from '../app/engine-client';
import { useErrorsStore } from './errors-store';
import { createFormHistory } from './form-history';
import { useRunStore } from './run-store';

/** Where the language model starts from. */
export type StartFrom = 'shipped' | 'scratch' | 'folder';

/** The advanced options that a person has set, and those that do not fit. */
function useOptions() {
  const options = shallowRef<RunOptions>({});
  const wrongOptions = ref<ReadonlySet<RunOptionName>>(new Set());

  const changedOptions = computed(() => {
    const names = new Set([...(Object.keys(options.value) as RunOptionName[]), ...wrongOptions.value]);
    return [...names];
  });

  /** Sets an option; undefined leaves it to the plan again. */
  function setOption(name: RunOptionName, value: RunOptions[RunOptionName] | undefined): void {
    const { [name]: _before, ...others } = options.value;
    options.value = value === undefined ? others : { ...others, [name]: value };
    wrongOptions.value = new Set([...wrongOptions.value].filter((other) => other !== name));
  }

  /** What stands in an option's field does not fit; until it does, no run can be started. */
  function markWrong(name: RunOptionName): void {
    wrongOptions.value = new Set([...wrongOptions.value, name]);
  }

  /** Takes the options of an earlier run, or of the form before a change. */
  function takeOptions(earlier: RunOptions): void {
    options.value = earlier;
    wrongOptions.value = new Set();
  }

  return { options, wrongOptions, changedOptions, setOption, markWrong, takeOptions };
}

/** Before the name of an option among the fields of the form. */
export const optionField = 'option.';

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
  const testShare = ref<number | null>(null);
  const { takeOptions, ...advanced } = useOptions();

  const plan = ref<TrainingPlan | null>(null);
  const planning = ref(false);
  const planError = ref<ErrorEnvelope | null>(null);
  const starting = ref(false);

  const request = computed<Request<'training.plan'>>(() => ({
    preset: preset.value,
    ...(minutes.value !== null && minutes.value > 0 ? { minutes: minutes.value } : {}),
    seed: Number.isInteger(seed.value) ? seed.value : 0,
    fineTuneLanguageModel: fineTuneLanguageModel.value,
    classWeights: classWeights.value,
    ...(startFrom.value === 'scratch' ? { pretrained: null } : {}),
    ...(startFrom.value === 'folder' && pretrainedFolder.value !== '' ? { pretrained: pretrainedFolder.value } : {}),
    ...(testShare.value === null ? {} : { testShare: testShare.value }),
    options: advanced.options.value,
  }));

  function readForm() {
    const named = Object.entries(advanced.options.value).map(([name, value]) => [`${optionField}${name}`, value]);
    return {
      preset: preset.value,
      minutes: minutes.value,
      seed: seed.value,
      fineTuneLanguageModel: fineTuneLanguageModel.value,
      classWeights: classWeights.value,
      testShare: testShare.value,
      startFrom: { from: startFrom.value, folder: pretrainedFolder.value },
      ...(Object.fromEntries(named) as Readonly<Record<string, unknown>>),
    };
  }
  const history = createFormHistory(readForm, (state) => {
    preset.value = state.preset;
    minutes.value = state.minutes;
    seed.value = state.seed;
    fineTuneLanguageModel.value = state.fineTuneLanguageModel;
    classWeights.value = state.classWeights;
    testShare.value = state.testShare;
    startFrom.value = state.startFrom.from;
    pretrainedFolder.value = state.startFrom.folder;
    const named = Object.entries(state).filter(([name]) => name.startsWith(optionField));
    takeOptions(Object.fromEntries(named.map(([name, value]) => [name.slice(optionField.length), value])));
  });

  const unset = readForm();
  /** Another project: its form begins as it would in a new window, and nothing of the last one's plan is told of it. */
  function clear(): void {
    history.beginAnew(unset);
    planSoon.cancel();
    asked += 1;
    plan.value = null;
    planError.value = null;
    planning.value = false;
  }

  /** Sets everything as an earlier run had it, to change something and train again. */
  function takeOver(earlier: TrainingRequest): void {
    const { pretrained } = earlier;
    history.asOne('run', () => {
      preset.value = earlier.preset;
      minutes.value = earlier.minutes ?? null;
      seed.value = earlier.seed;
      fineTuneLanguageModel.value = earlier.fineTuneLanguageModel;
      classWeights.value = earlier.classWeights;
      startFrom.value = pretrained === null ? 'scratch' : pretrained === undefined ? 'shipped' : 'folder';
      pretrainedFolder.value = pretrained ?? '';
      testShare.value = earlier.testShare ?? null;
      takeOptions(earlier.options);
    });
  }

  function resetOptions(): void {
    history.asOne('reset', () => {
      takeOptions({});
    });
  }

  /** Whether a reset of the options was the last thing that was done in the form. */
  const canUndoReset = computed(() => history.undoName.value === 'reset');
  function undoReset(): void {
    if (canUndoReset.value) history.undo();
  }

  let asked = 0;
  /** Plans from a few timed steps, which takes some seconds; the first time, at once from the usual speed. */
  async function loadPlan(): Promise<void> {
    const mine = ++asked;
    planning.value = true;
    try {
      for (const timed of plan.value === null ? [false, true] : [true]) {
        const answer = await call('training.plan', { ...request.value, timed });
        if (mine !== asked) return;
        plan.value = timed ? answer : { ...answer, timed: false };
        planError.value = null;
      }
    } catch (error) {
      if (mine !== asked) return;
      plan.value = null;
      // Shown in place of the plan: what is missing before a run can be planned is no accident.
      planError.value = toEnvelope(error);
    } finally {
      if (mine === asked) planning.value = false;
    }
  }

  const planSoon = debounce(() => void loadPlan(), 300);
  // At once, so that what a new form has set off can be called off with it.
  watch(request, planSoon, { flush: 'sync' });

  async function start(resumeRunId?: string): Promise<void> {
    starting.value = true;
    const answer = await errors.guard(
      () => call('training.start', { ...request.value, ...(resumeRunId === undefined ? {} : { resumeRunId }) }),
      true,
    );
    starting.value = false;
    if (answer !== null) runStore.started(answer.jobId);
  }

  return {
    ...advanced,
    preset,
    minutes,
    seed,
    fineTuneLanguageModel,
    classWeights,
    startFrom,
    pretrainedFolder,
    testShare,
    request,
    takeOver,
    resetOptions,
    undoReset,
    canUndoReset,
    undoField: history.undoName,
    redoField: history.redoName,
    undoForm: history.undo,
    redoForm: history.redo,
    plan,
    planning,
    planError,
    starting,
    loadPlan,
    start,
    clear,
  };
});
