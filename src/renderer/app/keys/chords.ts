/** The parts of a keyboard event that decide what it means. */
export type KeyStroke = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>;

const modifiers: ReadonlySet<string> = new Set(['Control', 'Meta', 'Shift', 'Alt', 'AltGraph', 'CapsLock', 'Fn']);

/**
 * A key stroke as a short text such as `Ctrl+Shift+Z`, `Space` or `?`; null for a modifier alone. Ctrl and Command are
 * the same. Shift is named with letters and with keys that print nothing; a sign such as `?` says it already.
 */
export function chordOf(stroke: KeyStroke): string | null {
  if (modifiers.has(stroke.key) || stroke.key === 'Dead' || stroke.key === 'Unidentified') return null;
  const prints = stroke.key.length === 1 && stroke.key !== ' ';
  const isLetter = prints && stroke.key.toLowerCase() !== stroke.key.toUpperCase();
  const key = stroke.key === ' ' ? 'Space' : isLetter ? stroke.key.toUpperCase() : stroke.key;
  const parts = [
    stroke.ctrlKey || stroke.metaKey ? 'Ctrl' : null,
    stroke.altKey ? 'Alt' : null,
    stroke.shiftKey && (!prints || isLetter) ? 'Shift' : null,
    key,
  ];
  return parts.filter((part) => part !== null).join('+');
}

/** Whether a chord is a letter alone, which goes to a search field where one catches what is typed. */
export function isLetterAlone(chord: string): boolean {
  return /^\p{L}$/u.test(chord);
}

const caps: Readonly<Record<string, string>> = {
  ArrowRight: '→',
  ArrowLeft: '←',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Shift: '⇧',
  Escape: 'Esc',
  Backspace: '⌫',
};

/** The parts of a chord as they are written on keys; `names` are the words for keys with a name. */
export function capsOf(chord: string, names: Readonly<Record<string, string>> = {}): readonly string[] {
  // The plus sign is a key of its own too.
  const parts =
    chord === '+' ? ['+'] : chord.endsWith('++') ? [...chord.slice(0, -2).split('+'), '+'] : chord.split('+');
  return parts.map((part) => names[part] ?? caps[part] ?? part);
}
