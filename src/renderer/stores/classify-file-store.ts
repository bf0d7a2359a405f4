import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { ColumnChoice, ImportPreview } from '../../shared/data-types';
import type { ClassifiedFile, Evaluation } from '../../shared/training-types';
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
  /** The column of right answers; null: the file has none. */
  const labelColumn = ref<string | null>(null);
  const jobId = ref<string | null>(null);
  const classified = shallowRef<ClassifiedFile | null>(null);
  const measured = shallowRef<Evaluation | null>(null);

  const job = computed(() => (jobId.value === null ? null : (jobs.byId[jobId.value] ?? null)));
  const running = computed(() => isLive(job.value));
  const columns = computed(() => preview.value?.columns.map(({ name }) => name) ?? []);
  /** The columns that the classifier learned from. */
  const wanted = computed(() => project.current?.columns?.textColumns ?? []);
  /** The text columns of the classifier that the file does not have by that name. */
  const missing = computed(() => wanted.value.filter((name) => !columns.value.includes(name)));
  /** With several label columns there is no one column of right answers. */
  const canMeasure = computed(() => (project.current?.columns?.labelColumns.length ?? 0) === 1);

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
    const answers = canMeasure.value ? (project.current?.columns?.labelColumns[0] ?? null) : null;
    labelColumn.value = answers !== null && columns.value.includes(answers) ? answers : null;
  }

  function setTextColumn(place: number, name: string): void {
    textColumns.value = textColumns.value.map((each, i) => (i === place ? name : each));
  }

  async function classify(out: string): Promise<void> {
    if (preview.value === null) return;
    const request = { path: preview.value.path, options: {}, out, textColumns: [...textColumns.value] };
    follow(await errors.guard(() => call('predict.file', request), true));
  }

  async function measure(): Promise<void> {
    const trained = project.current?.columns;
    if (preview.value === null || labelColumn.value === null || trained === undefined || trained === null) return;
    const { multiLabel, labelSeparator } = trained;
    const choice: ColumnChoice = {
      textColumns: [...textColumns.value],
      labelColumns: [labelColumn.value],
      multiLabel,
      labelSeparator,
    };
    const request = { path: preview.value.path, options: {}, columns: choice };
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
    [textColumns.value, labelColumn.value] = [[], null];
  }
  function clear(): void {
    asked++;
    looking.value = false;
    forget();
  }

  return {
    preview,
    looking,
    textColumns,
    labelColumn,
    classified,
    measured,
    job,
    running,
    columns,
    wanted,
    missing,
    canMeasure,
    choose,
    setTextColumn,
    classify,
    measure,
    stop,
    clear,
  };
});
