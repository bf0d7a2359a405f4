import type { KeyStroke } from '../../app/keys/chords';

/** The keys of the first forty labels in order: 1 to 9, 0, then the same with Shift, with Alt, and with both. */
const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0'] as const;
const rounds = ['', '⇧', 'Alt ', 'Alt ⇧'] as const;

/** What is written on the key cap of the label at `index`; null where a label has no key of its own. */
export function keyCap(index: number): string | null {
  const round = rounds[Math.floor(index / digits.length)];
  const digit = digits[index % digits.length];
  return round === undefined || digit === undefined ? null : `${round}${digit}`;
}

/**
 * The place of the label that a key stroke chooses, or null. Digits go by the physical key with Shift or Alt (where
 * `key` is a sign such as '!') and by what they say without, so that layouts with digits elsewhere work too.
 */
export function labelIndexOf(stroke: KeyStroke): number | null {
  if (stroke.ctrlKey || stroke.metaKey) return null;
  const byCode = /^(?:Digit|Numpad)(\d)$/.exec(stroke.code)?.[1];
  const plain = !stroke.shiftKey && !stroke.altKey && /^\d$/.test(stroke.key);
  const digit = digits.findIndex((one) => one === (plain ? stroke.key : byCode));
  if (digit < 0) return null;
  return digit + digits.length * (Number(stroke.shiftKey) + 2 * Number(stroke.altKey));
}
