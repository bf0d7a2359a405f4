import { describe, expect, it } from 'vitest';
import { actionOf, keyCap, type KeyStroke } from '../../src/renderer/features/label/label-keys';

function stroke(key: string, more: Partial<KeyStroke> = {}): KeyStroke {
  return { key, code: '', ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...more };
}

describe('labelling keys', () => {
  it('reaches the first ten labels with 1 to 9 and 0', () => {
    expect(actionOf(stroke('1', { code: 'Digit1' }))).toEqual({ type: 'choose', index: 0 });
    expect(actionOf(stroke('0', { code: 'Digit0' }))).toEqual({ type: 'choose', index: 9 });
    expect(actionOf(stroke('3', { code: 'Numpad3' }))).toEqual({ type: 'choose', index: 2 });
  });

  it('reaches the next ten with Shift, whatever sign the keyboard has there', () => {
    expect(actionOf(stroke('!', { code: 'Digit1', shiftKey: true }))).toEqual({ type: 'choose', index: 10 });
    expect(actionOf(stroke('=', { code: 'Digit0', shiftKey: true }))).toEqual({ type: 'choose', index: 19 });
  });

  it('takes the digit keys of a French keyboard without Shift', () => {
    expect(actionOf(stroke('&', { code: 'Digit1' }))).toEqual({ type: 'choose', index: 0 });
    expect(actionOf(stroke('à', { code: 'Digit0' }))).toEqual({ type: 'choose', index: 9 });
  });

  it('knows undo and redo, and leaves other shortcuts alone', () => {
    expect(actionOf(stroke('z', { ctrlKey: true }))).toEqual({ type: 'undo' });
    expect(actionOf(stroke('Z', { metaKey: true, shiftKey: true }))).toEqual({ type: 'redo' });
    expect(actionOf(stroke('y', { ctrlKey: true }))).toEqual({ type: 'redo' });
    expect(actionOf(stroke('1', { code: 'Digit1', ctrlKey: true }))).toBeNull();
    expect(actionOf(stroke('1', { code: 'Digit1', altKey: true }))).toBeNull();
    expect(actionOf(stroke('q'))).toBeNull();
  });

  it('writes on the caps what has to be pressed', () => {
    expect([0, 8, 9, 10, 19, 20].map(keyCap)).toEqual(['1', '9', '0', '⇧1', '⇧0', null]);
  });
});
