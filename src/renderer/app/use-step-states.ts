import { computed, type ComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { useExportStore } from '../stores/export-store';
import { useImportStore } from '../stores/import-store';
import { useInspectStore } from '../stores/inspect-store';
import { isLive, useJobsStore } from '../stores/jobs-store';
import { useProjectStore } from '../stores/project-store';
import { useFormat } from './format';
import { useMeasuredWords } from './measured';
import type { Step, StepState } from './steps';
import { useTrainingStepStates } from './use-training-step-states';

/** How far a step is, a few words on it, and what it means in a sentence. */
export interface StepStatus {
  readonly state: StepState;
  readonly words: string;
  readonly hint: string;
}

/** The state of every step, as the rail shows it. */
export function useStepStates(): ComputedRef<Readonly<Record<Step, StepStatus>>> {
  const { t } = useI18n();
  const format = useFormat();
  const measured = useMeasuredWords();
  const project = useProjectStore();
  const importing = useImportStore();
  const jobs = useJobsStore();
  const inspect = useInspectStore();
  const exporting = useExportStore();
  const training = useTrainingStepStates();

  const shared = computed(() => project.current);

  function importStatus(): StepStatus {
    const rows = shared.value?.rows ?? 0;
    if (importing.running) return { state: 'active', words: t('rail.importing'), hint: t('rail.hints.importing') };
    if (jobs.latest('import')?.state === 'failed')
      return { state: 'attention', words: t('rail.importFailed'), hint: t('rail.hints.importFailed') };
    if (rows === 0) return { state: 'ready', words: t('rail.noRows'), hint: t('rail.hints.noRows') };
    return { state: 'done', words: t('rail.rows', { n: format.value.number(rows) }, rows), hint: t('rail.hints.rows') };
  }

  function labelStatus(): StepStatus {
    const { rows = 0, labelled = 0 } = shared.value ?? {};
    if (rows === 0) return { state: 'waiting', words: t('rail.afterImport'), hint: t('rail.hints.afterImport') };
    const words = t('rail.labelled', { n: format.value.number(labelled), total: format.value.number(rows) });
    if (labelled === 0) return { state: 'ready', words, hint: t('rail.hints.noLabels') };
    if (labelled >= rows) return { state: 'done', words, hint: t('rail.hints.allLabelled') };
    return { state: 'active', words, hint: t('rail.hints.someLabelled') };
  }

  function inspectStatus(): StepStatus {
    const atWork = jobs.all.find((job) => isLive(job) && (job.kind === 'evaluate' || job.kind === 'predict-file'));
    if (atWork !== undefined) return { state: 'active', words: t(`jobs.${atWork.kind}`), hint: t('rail.hints.file') };
    if (inspect.comparison === null)
      return { state: 'waiting', words: t('rail.afterTraining'), hint: t('rail.hints.nothingToInspect') };
    const isOld = shared.value?.labelsAreNewer === true;
    const hint = t(isOld ? 'rail.hints.measuredBefore' : 'rail.hints.measured');
    return { state: 'ready', words: measured.value.right(inspect.comparison.model), hint };
  }

  function exportStatus(): StepStatus {
    if (exporting.writing) return { state: 'active', words: t('jobs.export'), hint: t('rail.hints.exporting') };
    if (shared.value?.hasClassifier !== true)
      return { state: 'waiting', words: t('rail.afterTraining'), hint: t('rail.hints.nothingToExport') };
    if (exporting.isOld) return { state: 'attention', words: t('rail.exportOld'), hint: t('rail.hints.exportOld') };
    if (exporting.result !== null) return { state: 'done', words: t('rail.exported'), hint: t('rail.hints.exported') };
    return { state: 'ready', words: t('rail.readyToExport'), hint: t('rail.hints.readyToExport') };
  }

  return computed(() => ({
    import: importStatus(),
    label: labelStatus(),
    ...training.value,
    inspect: inspectStatus(),
    export: exportStatus(),
  }));
}
