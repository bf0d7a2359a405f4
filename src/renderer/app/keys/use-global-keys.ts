import { onBeforeUnmount, onMounted } from 'vue';
import { useCommandsStore } from '../../stores/commands-store';
import { useHistoryStore } from '../../stores/history-store';
import { useKeysStore } from '../../stores/keys-store';
import { useNavigationStore } from '../../stores/navigation-store';
import { useProjectStore } from '../../stores/project-store';
import { useHistory } from '../step-words';
import { steps } from '../steps';
import type { KeyAction } from './key-actions';

/** Whether what is pressed is being typed into a field. */
export function isTyping(event: Event): boolean {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  return target.matches('input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]');
}

/** Whether what has the focus takes typed text back by itself: there undo is its own. */
export function undoesItself(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  const isText = 'input:not([type=checkbox], [type=radio], [type=range], [type=button], [type=color])';
  return target.matches(`${isText}, textarea, [contenteditable]`);
}

/** What the palette has for the same. */
const commandOf: Partial<Record<KeyAction, string>> = {
  newProject: 'project-new',
  openFolder: 'project-folder',
  importFile: 'import-file',
};

/** Keys that hold on every screen: the palette, the help, undo and redo, and Ctrl with 1 to 6 for the steps. */
export function useGlobalKeys(): void {
  const commands = useCommandsStore();
  const keys = useKeysStore();
  const past = useHistory();
  const history = useHistoryStore();
  const navigation = useNavigationStore();
  const project = useProjectStore();

  function run(event: KeyboardEvent): boolean {
    const action = keys.actionOf(event, 'everywhere');
    const withControl = event.ctrlKey || event.metaKey;
    const command = action === null ? undefined : commandOf[action];
    // Plain keys belong to the field in which somebody types, and so does its own undo.
    const isPast = action === 'undo' || action === 'redo';
    if (isPast ? undoesItself(event.target) : isTyping(event) && !withControl) return false;
    // A key that is held down goes through labels, and stops before it would take a whole file out.
    if (event.repeat && action === 'undo' && history.undoStep?.kind === 'import') return true;
    if (action === 'palette') commands.open = !commands.open;
    else if (action === 'help') commands.help = !commands.help;
    else if (action === 'undo' && project.current !== null) void past.undo();
    else if (action === 'redo' && project.current !== null) void past.redo();
    else if (command !== undefined) return commands.run(command);
    else if (withControl && !event.altKey && !event.shiftKey && project.current !== null) {
      const step = steps[Number(event.key) - 1];
      if (step === undefined) return false;
      navigation.go(step);
    } else return false;
    return true;
  }

  function onKey(event: KeyboardEvent): void {
    if (!event.defaultPrevented && run(event)) event.preventDefault();
  }

  onMounted(() => {
    window.addEventListener('keydown', onKey);
  });
  onBeforeUnmount(() => {
    window.removeEventListener('keydown', onKey);
  });
}
