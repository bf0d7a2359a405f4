import { describe, expect, it } from 'vitest';
import { capsOf, chordOf, isLetterAlone, type KeyStroke } from '../../src/renderer/app/keys/chords';
import {
  actionOfChord,
  chordsOf,
  holderOf,
  isReserved,
  keyActionNames,
  keyActions,
} from '../../src/renderer/app/keys/key-actions';
import { matchCommands } from '../../src/renderer/app/palette/match-commands';
import { findLabels } from '../../src/renderer/features/label/find-labels';
import { keyCap, labelIndexOf } from '../../src/renderer/features/label/label-keys';

function stroke(key: string, more: Partial<KeyStroke> = {}): KeyStroke {
  return { key, code: '', ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...more };
}

describe('keys of labels', () => {
  it('reach the first ten with 1 to 9 and 0', () => {
    expect(labelIndexOf(stroke('1', { code: 'Digit1' }))).toBe(0);
    expect(labelIndexOf(stroke('0', { code: 'Digit0' }))).toBe(9);
    expect(labelIndexOf(stroke('3', { code: 'Numpad3' }))).toBe(2);
  });

  it('reach ten more each with Shift, Alt and both, whatever sign the keyboard has there', () => {
    expect(labelIndexOf(stroke('!', { code: 'Digit1', shiftKey: true }))).toBe(10);
    expect(labelIndexOf(stroke('=', { code: 'Digit0', shiftKey: true }))).toBe(19);
    expect(labelIndexOf(stroke('¡', { code: 'Digit1', altKey: true }))).toBe(20);
    expect(labelIndexOf(stroke('›', { code: 'Digit3', altKey: true, shiftKey: true }))).toBe(32);
  });

  it('take the digit keys of a French keyboard without Shift', () => {
    expect(labelIndexOf(stroke('&', { code: 'Digit1' }))).toBe(0);
    expect(labelIndexOf(stroke('à', { code: 'Digit0' }))).toBe(9);
  });

  it('leave Ctrl and other keys alone', () => {
    expect(labelIndexOf(stroke('1', { code: 'Digit1', ctrlKey: true }))).toBeNull();
    expect(labelIndexOf(stroke('q', { code: 'KeyQ' }))).toBeNull();
  });

  it('are written on the caps as they have to be pressed', () => {
    expect([0, 8, 9, 10, 19, 20, 39, 40].map(keyCap)).toEqual(['1', '9', '0', '⇧1', '⇧0', 'Alt 1', 'Alt ⇧0', null]);
  });
});

describe('chords', () => {
  it('name keys the same whatever Shift does to the letter, and signs by themselves', () => {
    expect(chordOf(stroke('z', { ctrlKey: true }))).toBe('Ctrl+Z');
    expect(chordOf(stroke('Z', { metaKey: true, shiftKey: true }))).toBe('Ctrl+Shift+Z');
    expect(chordOf(stroke('?', { shiftKey: true }))).toBe('?');
    expect(chordOf(stroke('Enter', { shiftKey: true }))).toBe('Shift+Enter');
    expect(chordOf(stroke(' '))).toBe('Space');
    expect(chordOf(stroke('Shift', { shiftKey: true }))).toBeNull();
  });

  it('are written in parts, the plus sign too', () => {
    expect(capsOf('Ctrl+Shift+Z')).toEqual(['Ctrl', '⇧', 'Z']);
    expect(capsOf('+')).toEqual(['+']);
    expect(capsOf('Ctrl++')).toEqual(['Ctrl', '+']);
    expect(capsOf('Space', { Space: 'Leertaste' })).toEqual(['Leertaste']);
  });

  it('that a label search would swallow are told from others', () => {
    expect(['K', 'É', '/', 'Ctrl+K', 'Space'].map(isLetterAlone)).toEqual([true, true, false, false, false]);
  });
});

describe('actions and their keys', () => {
  it('never share a key as they come', () => {
    for (const name of keyActionNames)
      for (const chord of chordsOf(name, {})) expect(holderOf(chord, name, {}), `${name} ${chord}`).toBeNull();
  });

  it('all have a key that no label search swallows', () => {
    for (const name of keyActionNames)
      expect(
        keyActions[name].chords.some((chord) => !isLetterAlone(chord) && !isReserved(chord)),
        name,
      ).toBe(true);
  });

  it('follow what a person has put in their place', () => {
    const overrides = { skip: ['X'] };
    expect(actionOfChord('X', 'label', overrides)).toBe('skip');
    expect(actionOfChord('Space', 'label', overrides)).toBeNull();
    expect(holderOf('X', 'flag', overrides)).toBe('skip');
    expect(holderOf('Ctrl+K', 'flag', {})).toBe('palette');
  });

  it('cannot take the keys of labels', () => {
    expect(['1', 'Shift+1', 'Alt+Shift+0', 'Escape'].every(isReserved)).toBe(true);
    expect(isReserved('Ctrl+1')).toBe(false);
  });
});

describe('search for labels', () => {
  const labels = ['card_arrival', 'lost_or_stolen_card', 'Überweisung', 'cash'].map((name) => ({
    name,
    count: 0,
    color: '',
  }));
  const found = (typed: string): string[] => findLabels(labels, typed).map(({ name }) => name);

  it('puts names that begin with it first, then words that do', () => {
    expect(found('car')).toEqual(['card_arrival', 'lost_or_stolen_card']);
    expect(found('stolen card')).toEqual(['lost_or_stolen_card']);
    expect(found('')).toHaveLength(4);
  });

  it('does not mind case and accents', () => {
    expect(found('uber')).toEqual(['Überweisung']);
    expect(found('CASH')).toEqual(['cash']);
  });
});

describe('search for commands', () => {
  const commands = ['Undo', 'Label many at once', 'Appearance: Dark', 'Go to Import'].map((title, i) => ({
    id: String(i),
    title,
    group: i === 2 ? 'Settings' : 'Labels',
    run: () => undefined,
  }));
  const found = (typed: string, recent: string[] = []): string[] =>
    matchCommands(commands, typed, recent).map(({ title }) => title);

  it('finds by beginnings of words, by parts and by group, best first', () => {
    expect(found('dark')[0]).toBe('Appearance: Dark');
    expect(found('lmo')[0]).toBe('Label many at once');
    expect(found('settings')).toEqual(['Appearance: Dark']);
    expect(found('zzz')).toEqual([]);
  });

  it('shows what was used lately first while nothing is typed', () => {
    expect(found('')[0]).toBe('Undo');
    expect(found('', ['3'])[0]).toBe('Go to Import');
  });
});
