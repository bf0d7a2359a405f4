import { defineStore } from 'pinia';
import { computed } from 'vue';
import { actionOfChord, chordsOf, keyActions, type KeyAction, type KeyGroup } from '../app/keys/key-actions';
import { chordOf, isLetterAlone, type KeyStroke } from '../app/keys/chords';
import { useSettingsStore } from './settings-store';

/** Which keys do what: those that Thaw comes with, and what the person has put in their place. */
export const useKeysStore = defineStore('keys', () => {
  const settings = useSettingsStore();
  const overrides = computed(() => settings.keys);
  const changed = computed(() => Object.keys(settings.keys).length > 0);

  function chords(action: KeyAction): readonly string[] {
    return chordsOf(action, overrides.value);
  }

  /** The first key of an action; null where it has none. */
  function chord(action: KeyAction): string | null {
    return chords(action)[0] ?? null;
  }

  /** The first key of an action that works here: where letters look for labels, one without a letter. */
  function chordHere(action: KeyAction, lettersTaken: boolean): string | null {
    return chords(action).find((one) => !lettersTaken || !isLetterAlone(one)) ?? null;
  }

  function actionOf(stroke: KeyStroke, group: KeyGroup): KeyAction | null {
    const pressed = chordOf(stroke);
    return pressed === null ? null : actionOfChord(pressed, group, overrides.value);
  }

  /** Gives an action these keys, taking them away from whoever had them. */
  async function assign(action: KeyAction, wanted: readonly string[]): Promise<void> {
    const next: Record<string, readonly string[]> = { ...settings.keys };
    for (const other of Object.keys(keyActions) as KeyAction[]) {
      if (other === action) continue;
      const meets = [keyActions[other].group, keyActions[action].group];
      if (meets[0] !== meets[1] && !meets.includes('everywhere')) continue;
      const rest = chords(other).filter((one) => !wanted.includes(one));
      if (rest.length !== chords(other).length) next[other] = rest;
    }
    next[action] = wanted;
    await settings.setKeys(next);
  }

  async function reset(): Promise<void> {
    await settings.setKeys({});
  }

  return { overrides, changed, chords, chord, chordHere, actionOf, assign, reset };
});
