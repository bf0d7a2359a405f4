import { computed, onScopeDispose, watch } from 'vue';
import { useErrorsStore } from '../stores/errors-store';
import { useProjectStore } from '../stores/project-store';
import { debounce } from './debounce';
import { call, subscribe } from './engine-client';
import { undoesItself } from './keys/use-global-keys';
import { useHistory, useHistoryTitles } from './step-words';

/** Somebody who labels makes many steps a second; the menu is opened seldom. */
const afterQuiet = 250;

/** Undo and redo in the system's menu: named as they are now, and done where they are meant. */
export function useEditMenu(): void {
  const errors = useErrorsStore();
  const project = useProjectStore();
  const past = useHistory();
  const titles = useHistoryTitles();

  const named = computed(() => (project.current === null ? { undo: '', redo: '' } : titles.value));
  const tell = debounce(() => {
    void errors.guard(() => call('shell.nameHistory', named.value));
  }, afterQuiet);
  watch(named, (now, before) => {
    if (now.undo !== before.undo || now.redo !== before.redo) tell();
  });

  const leave = subscribe(
    'historyWanted',
    ({ what }) => {
      // As with the keys: a field in which somebody types has its own undo.
      if (undoesItself(document.activeElement)) void errors.guard(() => call('shell.editField', { what }));
      else if (project.current !== null) void past[what]();
    },
    errors.report,
  );
  onScopeDispose(() => {
    leave();
    tell.cancel();
  });
}
