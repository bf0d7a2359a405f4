import { computed, type ComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';
import type { LabelStep } from '../../shared/label-types';
import { useHistoryStore } from '../stores/history-store';
import { isLabelStep } from '../stores/labelling/label-steps';
import { useNavigationStore } from '../stores/navigation-store';
import { useNoticesStore } from '../stores/notices-store';
import { useFormat } from './format';

/** A step of the project's history in words, such as “1,204 rows labelled “billing””; empty for none. */
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

/** What undo and redo would do now, as a command says it: “Undo: markup stripped from 312 texts”; empty where nothing. */
export function useHistoryTitles(): ComputedRef<{ readonly undo: string; readonly redo: string }> {
  const { t } = useI18n();
  const history = useHistoryStore();
  const wordsOf = useStepWords();
  const title = (name: 'undo' | 'redo', step: LabelStep | null): string =>
    step === null ? '' : t(`palette.${name}`, { what: wordsOf(step) });
  return computed(() => ({ undo: title('undo', history.undoStep), redo: title('redo', history.redoStep) }));
}

/** Undo and redo of everything, as keys, menus, buttons and the palette call them. */
export interface History {
  readonly undo: () => Promise<void>;
  readonly redo: () => Promise<void>;
  /** {@link History.undo} on the labelling screen: other steps than labels are only named, with a button to undo them. */
  readonly undoLabel: () => Promise<void>;
  /** Says that a step was made, with a button to undo it. */
  readonly sayDone: (step: LabelStep) => void;
  /** The same in words of the caller's own; with a step, the button undoes this one or nothing. */
  readonly sayUndoable: (text: string, step?: LabelStep) => void;
}

/** Undo and redo, with a word about what was done where the screen does not show it by itself. */
export function useHistory(): History {
  const { t } = useI18n();
  const history = useHistoryStore();
  const navigation = useNavigationStore();
  const notices = useNoticesStore();
  const wordsOf = useStepWords();

  /** A single label is seen on the labelling screen: its row is back. */
  function isSeen(step: LabelStep): boolean {
    return navigation.view === 'label' && step.rows === 1 && isLabelStep(step);
  }

  async function undo(meant?: number): Promise<void> {
    const step = await history.undo(meant);
    if (!step || isSeen(step)) return;
    const again = { text: t('label.redo'), run: () => void redo(step.number) };
    notices.say(t('steps.undone', { what: wordsOf(step) }), again);
  }

  async function redo(meant?: number): Promise<void> {
    const step = await history.redo(meant);
    if (step && !isSeen(step)) sayUndoable(t('steps.redone', { what: wordsOf(step) }), step);
  }

  async function undoLabel(): Promise<void> {
    const step = history.undoStep;
    if (step === null || isLabelStep(step)) return undo();
    sayUndoable(t('steps.before', { what: wordsOf(step) }), step);
  }

  function sayUndoable(text: string, step?: LabelStep): void {
    notices.say(text, { text: t('label.undo'), run: () => void undo(step?.number) });
  }

  function sayDone(step: LabelStep): void {
    sayUndoable(t('steps.done', { what: wordsOf(step) }), step);
  }

  return { undo: () => undo(), redo: () => redo(), undoLabel, sayDone, sayUndoable };
}
