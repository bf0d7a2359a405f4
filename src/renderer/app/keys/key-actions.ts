/** Everything that has keys of its own, in the order in which the help shows it, with the keys it comes with. */
export const keyActions = {
  palette: { group: 'everywhere', chords: ['Ctrl+K', 'Ctrl+Shift+P'] },
  help: { group: 'everywhere', chords: ['?', 'F1'] },
  undo: { group: 'everywhere', chords: ['Ctrl+Z'] },
  redo: { group: 'everywhere', chords: ['Ctrl+Shift+Z', 'Ctrl+Y'] },
  newProject: { group: 'everywhere', chords: ['Ctrl+N'] },
  openFolder: { group: 'everywhere', chords: ['Ctrl+O'] },
  importFile: { group: 'everywhere', chords: ['Ctrl+I'] },
  accept: { group: 'label', chords: ['Enter'] },
  acceptSecond: { group: 'label', chords: ['Shift+Enter'] },
  skip: { group: 'label', chords: ['Space', 'ArrowRight'] },
  back: { group: 'label', chords: ['Backspace', 'ArrowLeft'] },
  none: { group: 'label', chords: ['-'] },
  keep: { group: 'label', chords: ['K', 'Shift+Space'] },
  flag: { group: 'label', chords: ['F', '.'] },
  note: { group: 'label', chords: ['M', ','] },
  similar: { group: 'label', chords: ['S', '='] },
  search: { group: 'label', chords: ['Ctrl+F'] },
  filter: { group: 'label', chords: ['/'] },
  add: { group: 'label', chords: ['N', '+'] },
  bulk: { group: 'label', chords: ['B', 'Ctrl+B'] },
} as const satisfies Readonly<Record<string, { readonly group: KeyGroup; readonly chords: readonly string[] }>>;

/** Where an action's keys hold. */
export type KeyGroup = 'everywhere' | 'label';
/** Something that has keys of its own. */
export type KeyAction = keyof typeof keyActions;
/** Keys that a person has chosen in the place of those an action came with. */
export type KeyOverrides = Readonly<Record<string, readonly string[]>>;

/** All actions, in order. */
export const keyActionNames = Object.keys(keyActions) as readonly KeyAction[];

/** The keys of an action now. */
export function chordsOf(action: KeyAction, overrides: KeyOverrides): readonly string[] {
  return overrides[action] ?? keyActions[action].chords;
}

/** What a chord means in a group, or null. What holds everywhere comes second: a screen may use a key otherwise. */
export function actionOfChord(chord: string, group: KeyGroup, overrides: KeyOverrides): KeyAction | null {
  return (
    keyActionNames.find((name) => keyActions[name].group === group && chordsOf(name, overrides).includes(chord)) ?? null
  );
}

/** The other action that holds a chord, where the two would meet; null where the chord is free. */
export function holderOf(chord: string, wanted: KeyAction, overrides: KeyOverrides): KeyAction | null {
  const group = keyActions[wanted].group;
  return (
    keyActionNames.find(
      (name) =>
        name !== wanted &&
        (keyActions[name].group === group || keyActions[name].group === 'everywhere' || group === 'everywhere') &&
        chordsOf(name, overrides).includes(chord),
    ) ?? null
  );
}

/** Keys that mean labels and cannot be given away: digits, alone or with Shift and Alt. */
export function isReserved(chord: string): boolean {
  return /^(Alt\+)?(Shift\+)?\d$/.test(chord) || chord === 'Escape' || chord === 'Tab' || chord === 'Shift+Tab';
}
