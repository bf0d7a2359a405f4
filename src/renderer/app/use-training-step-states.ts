import { computed, type ComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { useProjectStore } from '../stores/project-store';
import { groupOf } from '../stores/run-progress';
import { useRunStore } from '../stores/run-store';
import type { StepStatus } from './use-step-states';

type Part = 'language-model' | 'classifier';

/** The states of the two steps that one training goes through. */
export function useTrainingStepStates(): ComputedRef<Readonly<Record<Part, StepStatus>>> {
  const { t } = useI18n();
  const project = useProjectStore();
  const run = useRunStore();

  /** The part that the run in view is in; null before its first stage. */
  const at = computed<Part | null>(() => {
    const { stage } = run.progress;
    if (stage === null) return null;
    const group = groupOf(stage);
    return group === 'prepare' || group === 'language-model' ? 'language-model' : 'classifier';
  });
  /** The newest run has ended before it was done, and nobody wanted it so, or there is nothing else to use. */
  const stopped = computed(() => {
    const newest = run.runs[0]; // the newest comes first
    if (run.live || newest === undefined) return null;
    if (newest.state === 'failed' || newest.state === 'interrupted') return newest;
    return newest.state === 'cancelled' && project.current?.hasClassifier !== true ? newest : null;
  });

  function live(part: Part): StepStatus {
    if (run.state === 'queued' && part === 'language-model')
      return { state: 'active', words: t('rail.queued'), hint: t('rail.hints.queued') };
    if (part !== (at.value ?? 'language-model')) {
      if (part === 'classifier')
        return { state: 'waiting', words: t('rail.afterLanguageModel'), hint: t('rail.hints.afterLanguageModel') };
      return { state: 'done', words: t('rail.ready'), hint: t('rail.hints.languageModel') };
    }
    const isPaused = run.state === 'paused';
    const words = t(isPaused ? 'rail.paused' : 'rail.training');
    return { state: 'active', words, hint: t(isPaused ? 'rail.hints.paused' : `rail.hints.training-${part}`) };
  }

  function before(part: Part): StepStatus {
    const labels = (project.current?.labels ?? []).filter(({ count }) => count > 0).length;
    if (labels >= 2) return { state: 'ready', words: t('rail.notTrained'), hint: t(`rail.hints.notTrained-${part}`) };
    const words = t(labels === 0 ? 'rail.afterLabels' : 'rail.needsTwo');
    return { state: 'waiting', words, hint: t('rail.hints.needsTwo') };
  }

  function status(part: Part): StepStatus {
    if (run.live) return live(part);
    const ended = stopped.value;
    const endedIn = ended !== null && run.run?.id === ended.id ? (at.value ?? 'language-model') : 'language-model';
    if (ended !== null && part === endedIn) {
      const failed = ended.state === 'failed';
      const words = t(failed ? 'rail.failed' : 'rail.stopped');
      return { state: 'attention', words, hint: t(failed ? 'rail.hints.failed' : 'rail.hints.stopped') };
    }
    const finished = part === 'classifier' ? project.current?.hasClassifier : project.current?.hasLanguageModel;
    if (finished !== true) return before(part);
    if (part === 'classifier' && project.current?.labelsAreNewer === true)
      return { state: 'attention', words: t('rail.labelsNewer'), hint: t('rail.hints.labelsNewer') };
    const hint = t(part === 'classifier' ? 'rail.hints.classifier' : 'rail.hints.languageModel');
    return { state: 'done', words: t('rail.ready'), hint };
  }

  return computed(() => ({ 'language-model': status('language-model'), classifier: status('classifier') }));
}
