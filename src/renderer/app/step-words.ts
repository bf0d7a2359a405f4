import { useI18n } from 'vue-i18n';
import type { LabelStep } from '../../shared/label-types';
import { useLabellingStore } from '../stores/labelling-store';
import { useNavigationStore } from '../stores/navigation-store';
import { useNoticesStore } from '../stores/notices-store';
import { useFormat } from './format';

/** A step of the label log in words, such as “1,204 rows labelled “billing””; empty for none. */
export function useStepWords(): (step: LabelStep | null | undefined) => string {
  const { t } = useI18n();
  const format = useFormat();
  return (step) => {
    if (step === null || step === undefined) return '';
    const { kind, rows, label } = step;
    const words = { n: format.value.number(rows), label };
    if ((kind === 'label' || kind === 'bulk') && label !== '') return t('steps.labelled', words, rows);
    return t(`steps.${kind}`, words, rows);
  };
}

/** Undo and redo of labels, with a word about what was done where the screen does not show it by itself. */
export function useHistory(): { readonly undo: () => Promise<void>; readonly redo: () => Promise<void> } {
  const { t } = useI18n();
  const labelling = useLabellingStore();
  const navigation = useNavigationStore();
  const notices = useNoticesStore();
  const wordsOf = useStepWords();

  /** A single label is seen on the labelling screen: its row is back. */
  function isSeen(step: LabelStep): boolean {
    return navigation.view === 'label' && step.rows === 1;
  }

  async function undo(): Promise<void> {
    const step = await labelling.undo();
    if (step && !isSeen(step))
      notices.say(t('steps.undone', { what: wordsOf(step) }), { text: t('label.redo'), run: () => void redo() });
  }

  async function redo(): Promise<void> {
    const step = await labelling.redo();
    if (step && !isSeen(step))
      notices.say(t('steps.redone', { what: wordsOf(step) }), { text: t('label.undo'), run: () => void undo() });
  }

  return { undo, redo };
}
