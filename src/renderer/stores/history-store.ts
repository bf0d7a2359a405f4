import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import type { LabelStep } from '../../shared/label-types';
import { useErrorsStore } from './errors-store';
import { useImportStore } from './import-store';
import { isAsideStep } from './labelling/label-steps';
import { useLabellingStore } from './labelling-store';

/** Undo and redo of every change of the open project's data, in one order. */
export const useHistoryStore = defineStore('history', () => {
  const labelling = useLabellingStore();
  const importing = useImportStore();
  const errors = useErrorsStore();
  /** Grows with each step that was taken back or made again: what a screen has read of the project may be old. */
  const revision = ref(0);
  /** What would be taken back and made again next; null where nothing. */
  const undoStep = computed(() => (labelling.state?.canUndo === true ? (labelling.state.undoStep ?? null) : null));
  const redoStep = computed(() => (labelling.state?.canRedo === true ? (labelling.state.redoStep ?? null) : null));

  /** Takes the newest step back; gives what it was, or null. @param meant its number, where only this one will do */
  async function undo(meant?: number): Promise<LabelStep | null> {
    return seen(await labelling.undo(meant));
  }

  /** Makes again what was last taken back; gives what it was, or null. `meant` as in {@link undo}. */
  async function redo(meant?: number): Promise<LabelStep | null> {
    return seen(await labelling.redo(meant));
  }

  function seen(step: LabelStep | null): LabelStep | null {
    if (step === null) return null;
    revision.value += 1;
    if (step.kind === 'import' || isAsideStep(step)) void errors.guard(importing.loadFiles);
    return step;
  }

  return { revision, undoStep, redoStep, undo, redo };
});
