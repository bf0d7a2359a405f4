import { onBeforeUnmount, onMounted } from 'vue';
import { isTyping } from '../../app/keys/use-global-keys';
import { chordOf, isLetterAlone } from '../../app/keys/chords';
import type { KeyAction } from '../../app/keys/key-actions';
import { useCommandsStore } from '../../stores/commands-store';
import { useKeysStore } from '../../stores/keys-store';
import { labelIndexOf } from './label-keys';

/** What the labelling screen does with keys. */
export interface LabelKeyTargets {
  /** Chooses the label at a place; false where there is none. */
  readonly choose: (index: number) => boolean;
  readonly act: (action: KeyAction) => void;
  /** Where letters look for a label: what is typed first goes there. Null where letters are keys. */
  readonly typeAhead: () => ((letter: string) => void) | null;
}

/** Keys that a focused button, link or group of choices needs for itself. */
const ownKeys: ReadonlySet<string> = new Set(['Enter', ' ', 'ArrowRight', 'ArrowLeft', 'ArrowUp', 'ArrowDown']);

/** Listens to the keys of the labelling screen for as long as it is shown. */
export function useLabelKeys({ choose, act, typeAhead }: LabelKeyTargets): void {
  const keys = useKeysStore();
  const commands = useCommandsStore();

  function isOfControl(event: KeyboardEvent): boolean {
    if (!ownKeys.has(event.key) || !(event.target instanceof HTMLElement)) return false;
    return event.target.closest('button, a, summary, [role=radio], [role=option], [tabindex="0"]') !== null;
  }

  function run(event: KeyboardEvent): boolean {
    const index = labelIndexOf(event);
    if (index !== null && choose(index)) return true;
    const chord = chordOf(event);
    const ahead = typeAhead();
    if (ahead !== null && chord !== null && isLetterAlone(chord.replace('Shift+', ''))) {
      ahead(event.key);
      return true;
    }
    const action = keys.actionOf(event, 'label');
    if (action === null) return false;
    act(action);
    return true;
  }

  function onKey(event: KeyboardEvent): void {
    if (event.defaultPrevented || commands.open || isTyping(event) || isOfControl(event)) return;
    if (run(event)) event.preventDefault();
  }

  /**
   * A button that was clicked with the mouse keeps the focus, and would then take Enter and Space for itself. Heard on
   * its way down: the choice of the order lets no click up. In a panel keys are the panel's.
   */
  function onClick(event: MouseEvent): void {
    const target = event.target;
    if (event.detail === 0 || !(target instanceof HTMLElement) || isTyping(event)) return;
    if (target.closest('[data-side-panel]') !== null) return;
    const { activeElement } = document;
    if (activeElement instanceof HTMLElement && activeElement.matches('button, [role=radio]')) activeElement.blur();
  }

  onMounted(() => {
    // The step in the rail was left for this screen: the keys are for its texts.
    document.getElementById('content')?.focus({ preventScroll: true });
    window.addEventListener('keydown', onKey);
    window.addEventListener('click', onClick, true);
  });
  onBeforeUnmount(() => {
    window.removeEventListener('keydown', onKey);
    window.removeEventListener('click', onClick, true);
  });
}
