import { computed, type ComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { useExportStore } from '../stores/export-store';
import { useImportStore } from '../stores/import-store';
import { useInspectStore } from '../stores/inspect-store';
import { useProjectStore } from '../stores/project-store';
import { groupOf } from '../stores/run-progress';
import { useRunStore } from '../stores/run-store';
import { useFormat } from './format';
import { useMeasuredWords } from './measured';
import type { Step, StepState } from './steps';

/** How far a step is, and a few words on it. */
export interface StepStatus {
  readonly state: StepState;
  readonly words: string;
}

/** The state of every step, as the rail shows it. */
export function useStepStates(): ComputedRef<Readonly<Record<Step, StepStatus>>> {
  const { t } = useI18n();
  const format = useFormat();
  const measured = useMeasuredWords();
  const project = useProjectStore();
  const importing = useImportStore();
  const run = useRunStore();
  const inspect = useInspectStore();
  const exporting = useExportStore();

  const shared = computed(() => project.current);

  function importStatus(): StepStatus {
    const rows = shared.value?.rows ?? 0;
    if (importing.running) return { state: 'active', words: t('rail.importing') };
    if (rows === 0) return { state: 'ready', words: t('rail.noRows') };
    return { state: 'done', words: t('rail.rows', { n: format.value.number(rows) }, rows) };
  }

  function labelStatus(): StepStatus {
    const { rows = 0, labelled = 0 } = shared.value ?? {};
    if (rows === 0) return { state: 'waiting', words: t('rail.afterImport') };
    const words = t('rail.labelled', { n: format.value.number(labelled), total: format.value.number(rows) });
    return { state: labelled === 0 ? 'ready' : labelled >= rows ? 'done' : 'active', words };
  }

  function trainingStatus(group: 'language-model' | 'classifier'): StepStatus {
    const finished = group === 'language-model' ? shared.value?.hasLanguageModel : shared.value?.hasClassifier;
    const stage = run.progress.stage;
    const here =
      stage !== null &&
      (group === 'language-model' ? ['prepare', 'language-model'] : ['classifier', 'finish']).includes(groupOf(stage));
    if (run.live && here) {
      const words = run.state === 'paused' ? t('rail.paused') : t('rail.training');
      return { state: 'active', words };
    }
    if (run.live && stage !== null && group === 'language-model') return { state: 'done', words: t('rail.ready') };
    if (run.live && group === 'classifier') return { state: 'waiting', words: t('rail.afterLanguageModel') };
    if (finished === true && group === 'classifier' && shared.value?.labelsAreNewer === true)
      return { state: 'ready', words: t('rail.labelsNewer') };
    if (finished === true) return { state: 'done', words: t('rail.ready') };
    const labelled = shared.value?.labelled ?? 0;
    return labelled === 0
      ? { state: 'waiting', words: t('rail.afterLabels') }
      : { state: 'ready', words: t('rail.notTrained') };
  }

  function inspectStatus(): StepStatus {
    if (inspect.comparison === null) return { state: 'waiting', words: t('rail.afterTraining') };
    return { state: 'ready', words: measured.value.right(inspect.comparison.model) };
  }

  function exportStatus(): StepStatus {
    if (exporting.result !== null) return { state: 'done', words: t('rail.exported') };
    if (shared.value?.hasClassifier !== true) return { state: 'waiting', words: t('rail.afterTraining') };
    return { state: 'ready', words: t('rail.readyToExport') };
  }

  return computed(() => ({
    import: importStatus(),
    label: labelStatus(),
    'language-model': trainingStatus('language-model'),
    classifier: trainingStatus('classifier'),
    inspect: inspectStatus(),
    export: exportStatus(),
  }));
}
