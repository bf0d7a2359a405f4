import { computed, type ComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { runOptionTable } from '../../../shared/run-options';
import { undoesItself } from '../../app/keys/use-global-keys';
import { useKeysStore } from '../../stores/keys-store';
import { useNoticesStore } from '../../stores/notices-store';
import { optionField, useTrainingStore } from '../../stores/training-store';
import { useOptionWords } from './option-words';

/** Undo and redo of the training options, which are the form's own until a run takes them. */
export interface FormUndo {
  /** What a button or command says, such as “Undo: dropout”; empty where there is nothing. */
  readonly titles: ComputedRef<{ readonly undo: string; readonly redo: string }>;
  readonly run: (what: 'undo' | 'redo') => void;
  /** The keys of undo and redo while the focus is in the form, but for fields that take typed text back themselves. */
  readonly onKey: (event: KeyboardEvent) => void;
}

/** The training form's own history, in words. */
export function useFormHistory(): FormUndo {
  const { t } = useI18n();
  const keys = useKeysStore();
  const notices = useNoticesStore();
  const training = useTrainingStore();
  const words = useOptionWords();

  function wordsOf(field: string): string {
    const option = runOptionTable.find(({ name }) => field === `${optionField}${name}`);
    return option === undefined ? t(`trainingForm.${field}`) : words.value.title(option.name);
  }
  const titleOf = (what: 'undo' | 'redo', field: string | null): string =>
    field === null ? '' : t(`palette.${what}`, { what: wordsOf(field) });
  const titles = computed(() => ({
    undo: titleOf('undo', training.undoField),
    redo: titleOf('redo', training.redoField),
  }));

  function run(what: 'undo' | 'redo'): void {
    const field = what === 'undo' ? training.undoForm() : training.redoForm();
    if (field === null) return;
    const other = what === 'undo' ? 'redo' : 'undo';
    const said = t(`steps.${what === 'undo' ? 'undone' : 'redone'}`, { what: wordsOf(field) });
    notices.say(said, {
      text: t(`label.${other}`),
      run: () => {
        run(other);
      },
    });
  }

  function onKey(event: KeyboardEvent): void {
    const action = keys.actionOf(event, 'everywhere');
    if ((action !== 'undo' && action !== 'redo') || undoesItself(event.target) || titles.value[action] === '') return;
    event.preventDefault();
    run(action);
  }

  return { titles, run, onKey };
}
