import { useI18n } from 'vue-i18n';
import type { Row } from '../../../shared/data-types';
import { call } from '../../app/engine-client';
import { useErrorsStore } from '../../stores/errors-store';
import { useHistoryStore } from '../../stores/history-store';
import { useLabellingStore } from '../../stores/labelling-store';
import { useNoticesStore } from '../../stores/notices-store';

/**
 * Gives rows of an inspected list other labels, as a step of the label log that can be undone from the notice, from the
 * labelling screen, and by the undo key.
 *
 * @param shown is told what a row's labels are now
 */
export function useFixLabel(shown: (rowId: number, labels: string[]) => void): {
  readonly fix: (row: Row, labels: readonly string[]) => Promise<void>;
} {
  const { t } = useI18n();
  const errors = useErrorsStore();
  const history = useHistoryStore();
  const labelling = useLabellingStore();
  const notices = useNoticesStore();

  /** Shown at once, so that a second label turned on right after the first one adds to it; taken back where it failed. */
  async function set(
    rowId: number,
    labels: readonly string[],
    before: readonly string[],
    none: boolean,
  ): Promise<boolean> {
    shown(rowId, [...labels]);
    const request = { rowId, labels: [...labels], ...(none && { none }) };
    const answer = await errors.guard(() => call('labels.set', request));
    if (answer === null) {
      shown(rowId, [...before]);
      return false;
    }
    labelling.state = answer;
    return true;
  }

  /** Where nothing was labelled since, the step itself is taken back; else the old labels are given anew. */
  async function undo(row: Row, given: readonly string[], step: number | undefined): Promise<void> {
    if (labelling.state?.rowId === row.id && labelling.state.canUndo) {
      await history.undo(step);
      shown(row.id, row.labels);
      return;
    }
    await set(row.id, row.labels, given, false);
  }

  async function fix(row: Row, labels: readonly string[]): Promise<void> {
    // The last label of a row was turned off: it is then looked through and has none, not waiting for one.
    const none = labels.length === 0;
    if (!(await set(row.id, labels, row.labels, none))) return;
    const step = labelling.state?.undoStep?.number;
    const action = { text: t('label.undo'), run: () => void undo(row, labels, step) };
    notices.say(none ? t('inspect.fixedNone') : t('inspect.fixed', { label: labels.join(', ') }), action);
  }

  return { fix };
}
