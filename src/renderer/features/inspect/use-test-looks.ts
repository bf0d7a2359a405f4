import { computed, type ComputedRef, type Ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { call } from '../../app/engine-client';
import { useFormat } from '../../app/format';
import { useHistoryStore } from '../../stores/history-store';
import { useAnswer } from './use-answer';

/** Whether the test rows are locked, and how often somebody has looked at their figures. */
export interface TestLooks {
  readonly locked: ComputedRef<boolean>;
  /** That they are locked, with the count of looks, in a sentence; null where they are not. */
  readonly said: ComputedRef<string | null>;
  /** False until the engine has answered. */
  readonly known: Readonly<Ref<boolean>>;
}

/**
 * The looks at a locked test set, read anew for each run that is looked at (which may be one more look) and after each undo.
 *
 * @param runId the run whose figures are shown
 */
export function useTestLooks(runId: () => string): TestLooks {
  const { t } = useI18n();
  const format = useFormat();
  const history = useHistoryStore();
  const { answer, busy } = useAnswer(
    () => [runId(), history.revision],
    () => call('splits.state', {}),
  );
  const locked = computed(() => answer.value?.locked === true);
  const said = computed(() => {
    const n = answer.value?.looks.length ?? 0;
    return locked.value ? t('inspect.lockedLooks', { n: format.value.number(n) }, n) : null;
  });
  return { locked, said, known: computed(() => answer.value !== null || !busy.value) };
}
