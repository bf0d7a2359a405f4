import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { ColumnChoice, ImportPreview } from '../../shared/data-types';
import type {
  AbstainOnValidation,
  AnswerColumns,
  AnswerShape,
  ClassifiedFile,
  MeasuredFile,
  OutputFormat,
} from '../../shared/file-types';
import { call } from '../app/engine-client';
import { useErrorsStore } from './errors-store';
import { isLive, useJobsStore } from './jobs-store';
import { useProjectStore } from './project-store';

/**
 * A file that the project's classifier gives labels to, or is measured on where the file has the right answers. Its jobs go
 * on while other screens are shown.
 */
export const useClassifyFileStore = defineStore('classify-file', () => {
  const jobs = useJobsStore();
  const errors = useErrorsStore();
  const project = useProjectStore();

  const preview = shallowRef<ImportPreview | null>(null);
  const looking = ref(false);
  /** For each text column of the classifier the file's column that takes its place. */
  const textColumns = ref<readonly string[]>([]);
  /** What the columns look like as right answers; null while that is not known. */
  const answers = shallowRef<AnswerColumns | null>(null);
  /** The columns of right answers, several only where they are those of the training; empty: the file has none. */
  const labelColumns = ref<readonly string[]>([]);
  /** Whether a person has said which column holds the right answers. */
  const answersChosen = ref(false);

  const format = ref<OutputFormat>('csv');
  const shape = ref<AnswerShape>({ labels: 'all', best: 3, probabilities: true });
  /** What holding back does on validation rows; null where labels are several, or nothing is known. */
  const abstain = shallowRef<AbstainOnValidation | null>(null);
  /** Below this the best label is not given. In hundredths, as the slider has it. */
  const below = ref(0);

  const jobId = ref<string | null>(null);
  const classified = shallowRef<ClassifiedFile | null>(null);
  const measured = shallowRef<MeasuredFile | null>(null);

  const job = computed(() => (jobId.value === null ? null : (jobs.byId[jobId.value] ?? null)));
  const running = computed(() => isLive(job.value));
  const columns = computed(() => preview.value?.columns.map(({ name }) => name) ?? []);
  const trained = computed(() => project.current?.columns ?? null);
  /** The columns that the classifier learned from. */
  const wanted = computed(() => trained.value?.textColumns ?? []);
  /** The text columns of the classifier that the file does not have by that name. */
  const missing = computed(() => wanted.value.filter((name) => !columns.value.includes(name)));
  /** Several label columns of the training, where the file has them all: then they are one choice. */
  const trainedLabels = computed(() => {
    const names = trained.value?.labelColumns ?? [];
    return names.length > 1 && names.every((name) => columns.value.includes(name)) ? names : [];
  });

  let asked = 0;
  /** Looks at a file; what was found in another one before is let go. */
  async function choose(path: string): Promise<void> {
    const mine = ++asked;
    looking.value = true;
    const found = await errors.guard(() => call('import.preview', { path, options: {} }), true);
    if (mine !== asked) return;
    looking.value = false;
    if (found === null) return;
    forget();
    preview.value = found;
    const guessed = found.columns.filter(({ suggestedRole }) => suggestedRole === 'text').map(({ name }) => name);
    const spare = guessed.filter((name) => !wanted.value.includes(name));
    textColumns.value = wanted.value.map((name) =>
      columns.value.includes(name) ? name : (spare.shift() ?? columns.value[0] ?? name),
    );
    await Promise.all([findAnswers(), loadAbstain()]);
  }

  /** Looks for the column of right answers by its values; what a person has chosen stays. */
  async function findAnswers(): Promise<void> {
    const file = preview.value;
    if (file === null) return;
    const request = { path: file.path, options: {}, textColumns: [...textColumns.value] };
    const found = await errors.guard(() => call('evaluate.columns', request));
    if (found === null || file !== preview.value) return;
    answers.value = found;
    if (answersChosen.value) return;
    if (trainedLabels.value.length > 0) labelColumns.value = trainedLabels.value;
    else labelColumns.value = found.column === null ? [] : [found.column];
  }

  /** Reads the certainty that is set for the project, and what it does; a new setting is what a run begins with. */
  async function loadAbstain(): Promise<void> {
    const found = await errors.guard(() => call('predict.abstain', {}));
    if (found?.abstainBelow !== abstain.value?.abstainBelow) below.value = Math.round((found?.abstainBelow ?? 0) * 100);
    abstain.value = found;
  }

  async function setTextColumn(place: number, name: string): Promise<void> {
    textColumns.value = textColumns.value.map((each, i) => (i === place ? name : each));
    await findAnswers();
  }

  /** Says which columns hold the right answers; none: the file has no answers. */
  function setLabelColumns(names: readonly string[]): void {
    answersChosen.value = true;
    labelColumns.value = names;
  }

  const limit = (): { abstainBelow?: number } => (abstain.value === null ? {} : { abstainBelow: below.value / 100 });

  async function classify(out: string): Promise<void> {
    if (preview.value === null) return;
    const request = {
      path: preview.value.path,
      options: {},
      out,
      textColumns: [...textColumns.value],
      format: format.value,
      shape: { ...shape.value },
      ...limit(),
    };
    follow(await errors.guard(() => call('predict.file', request), true));
  }

  async function measure(): Promise<void> {
    if (preview.value === null || labelColumns.value.length === 0 || trained.value === null) return;
    const { multiLabel, labelSeparator } = trained.value;
    const [first] = labelColumns.value;
    const facts = labelColumns.value.length === 1 ? answers.value?.columns.find(({ name }) => name === first) : null;
    const choice: ColumnChoice = {
      textColumns: [...textColumns.value],
      labelColumns: [...labelColumns.value],
      multiLabel,
      labelSeparator: facts?.separator ?? labelSeparator,
    };
    const request = { path: preview.value.path, options: {}, columns: choice, ...limit() };
    follow(await errors.guard(() => call('evaluate.file', request), true));
  }

  function follow(answer: { readonly jobId: string } | null): void {
    if (answer === null) return;
    [jobId.value, classified.value, measured.value] = [answer.jobId, null, null];
  }

  watch(
    () => job.value?.state,
    async (state) => {
      const id = jobId.value;
      if (id === null || state !== 'done') return;
      const isMeasuring = job.value?.kind === 'evaluate';
      if (isMeasuring) {
        const found = await errors.guard(() => call('evaluate.result', { jobId: id }));
        if (id === jobId.value) measured.value = found;
      } else {
        const found = await errors.guard(() => call('predict.result', { jobId: id }));
        if (id === jobId.value) classified.value = found;
      }
    },
  );

  const stop = async (): Promise<void> => {
    if (jobId.value !== null) await jobs.cancel(jobId.value);
  };

  function forget(): void {
    [preview.value, jobId.value, classified.value, measured.value] = [null, null, null, null];
    [textColumns.value, labelColumns.value, answers.value, answersChosen.value] = [[], [], null, false];
  }
  function clear(): void {
    asked++;
    looking.value = false;
    [abstain.value, below.value] = [null, 0];
    [format.value, shape.value] = ['csv', { labels: 'all', best: 3, probabilities: true }];
    forget();
  }

  return {
    preview,
    looking,
    textColumns,
    answers,
    labelColumns,
    answersChosen,
    format,
    shape,
    abstain,
    below,
    jobId,
    classified,
    measured,
    job,
    running,
    columns,
    wanted,
    missing,
    trainedLabels,
    choose,
    setTextColumn,
    setLabelColumns,
    classify,
    measure,
    stop,
    clear,
  };
});
