/** The keys of the first twenty labels in order: 1 to 9, 0, then the same with Shift. */
const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0'] as const;

/** What is written on the key cap of the label at `index`; null where a label has no key of its own. */
export function keyCap(index: number): string | null {
  if (index < digits.length) return digits[index] ?? null;
  const digit = digits[index - digits.length];
  return digit === undefined ? null : `⇧${digit}`;
}

/** What a key means on the labelling screen. */
export type LabelAction =
  | { readonly type: 'choose'; readonly index: number }
  | { readonly type: 'accept' | 'skip' | 'undo' | 'redo' | 'filter' | 'add' };

/** The parts of a keyboard event that decide. */
export type KeyStroke = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>;

/**
 * Reads a key stroke; null where it means nothing here. Digits go by the physical key with Shift (where `key` is a
 * sign such as '!') and by what they say without it, so that layouts with digits elsewhere work too.
 */
export function actionOf(stroke: KeyStroke): LabelAction | null {
  if (stroke.altKey) return null;
  if (stroke.ctrlKey || stroke.metaKey) {
    const key = stroke.key.toLowerCase();
    if (key === 'z') return { type: stroke.shiftKey ? 'redo' : 'undo' };
    return key === 'y' ? { type: 'redo' } : null;
  }
  const byCode = /^(?:Digit|Numpad)(\d)$/.exec(stroke.code)?.[1];
  const digit = digits.findIndex(
    (one) => one === (stroke.shiftKey ? byCode : /^\d$/.test(stroke.key) ? stroke.key : byCode),
  );
  if (digit >= 0) return { type: 'choose', index: digit + (stroke.shiftKey ? digits.length : 0) };
  switch (stroke.key) {
    case 'Enter':
      return { type: 'accept' };
    case ' ':
    case 'ArrowRight':
      return { type: 'skip' };
    case 'Backspace':
      return { type: 'undo' };
    case '/':
      return { type: 'filter' };
    case 'n':
      return { type: 'add' };
    default:
      return null;
  }
}
