// @vitest-environment happy-dom
import { enableAutoUnmount, mount } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { defineComponent, h } from 'vue';
import type { LabelState, LabelStep } from '../../src/shared/label-types';
import { createTranslations } from '../../src/renderer/app/i18n';
import { useGlobalKeys } from '../../src/renderer/app/keys/use-global-keys';
import { useAppCommands } from '../../src/renderer/app/palette/use-app-commands';
import { startSession } from '../../src/renderer/app/session';
import { useEditMenu } from '../../src/renderer/app/use-edit-menu';
import { useCommandsStore } from '../../src/renderer/stores/commands-store';
import { useLabellingStore } from '../../src/renderer/stores/labelling-store';
import { useNoticesStore } from '../../src/renderer/stores/notices-store';
import { openPage, settle, stubCanvas, type TestPage } from './mount';

enableAutoUnmount(afterEach);
// A timer that outlives its test would make its own stores the active ones again.
afterEach(() => {
  useLabellingStore(page.pinia).clear();
});

const strip: LabelStep = { kind: 'strip-markup', rows: 312, label: '' };
const divide: LabelStep = { kind: 'divide', rows: 1204, label: '' };
const file: LabelStep = { kind: 'import', rows: 5, label: 'june.csv' };

let page: TestPage;
/** What was done and what was taken back, newest last; the engine's side of the history. */
let past: LabelStep[];
let future: LabelStep[];

const Host = defineComponent({
  setup() {
    useAppCommands();
    useGlobalKeys();
    useEditMenu();
    return () => h('div', [h('input', { id: 'words' }), h('input', { id: 'tick', type: 'checkbox' })]);
  },
});

function answer(state: LabelState): LabelState {
  const last = (steps: readonly LabelStep[]): LabelStep | null => steps[steps.length - 1] ?? null;
  return {
    ...state,
    canUndo: past.length > 0,
    canRedo: future.length > 0,
    undoStep: last(past),
    redoStep: last(future),
  };
}

function move(from: LabelStep[], to: LabelStep[]): void {
  const step = from.pop();
  if (step !== undefined) to.push(step);
}

async function opened(language: 'en' | 'de' | 'fr', ...steps: LabelStep[]): Promise<void> {
  past = steps;
  future = [];
  page = openPage('labelled');
  const { handlers } = page.fake;
  const state = handlers['labels.state'];
  handlers['labels.state'] = async () => answer(await state({}));
  handlers['history.undo'] = async () => {
    move(past, future);
    return answer(await state({}));
  };
  handlers['history.redo'] = async () => {
    move(future, past);
    return answer(await state({}));
  };
  await startSession();
  mount(Host, { attachTo: document.body, global: { plugins: [page.pinia, createTranslations(language)] } });
  await useLabellingStore(page.pinia).refresh();
  await settle();
}

const titleOf = (id: string): string | undefined =>
  useCommandsStore(page.pinia).all.find((one) => one.id === id)?.title;
const asked = (method: string): number => page.fake.calls.filter((one) => one.method === method).length;
const said = (): string | undefined => useNoticesStore(page.pinia).current?.text;

async function press(target: EventTarget, more: KeyboardEventInit = {}): Promise<boolean> {
  const event = new KeyboardEvent('keydown', {
    key: 'z',
    code: 'KeyZ',
    ctrlKey: true,
    bubbles: true,
    cancelable: true,
    ...more,
  });
  target.dispatchEvent(event);
  await settle();
  return event.defaultPrevented;
}

beforeEach(() => {
  document.body.innerHTML = '';
  stubCanvas();
});

describe('the palette', () => {
  it.each([
    ['en', 'Undo: markup stripped from 312 texts', 'Redo: rows divided, 1,204 of them anew'],
    ['de', 'Rückgängig: Auszeichnungen aus 312 Texten entfernt', 'Wiederholen: Zeilen aufgeteilt, 1.204 davon neu'],
  ] as const)('names what would be undone and made again (%s)', async (language, undo, redo) => {
    await opened(language, strip, divide);
    expect(titleOf('redo')).toBeUndefined();
    useCommandsStore(page.pinia)
      .all.find(({ id }) => id === 'undo')
      ?.run();
    await vi.waitFor(() => expect([titleOf('undo'), titleOf('redo')]).toEqual([undo, redo]));
  });

  it('offers neither where nothing was done', async () => {
    await opened('en');
    expect([titleOf('undo'), titleOf('redo')]).toEqual([undefined, undefined]);
  });
});

describe('the keys', () => {
  it('take the last change back, say what it was, and make it again', async () => {
    await opened('en', strip);
    expect(await press(document.body)).toBe(true);
    expect(said()).toBe('Undone: markup stripped from 312 texts');
    expect(past).toEqual([]);
    await press(document.body, { shiftKey: true, key: 'Z' });
    expect(past).toEqual([strip]);
    expect(said()).toBe('Done again: markup stripped from 312 texts');
  });

  it('leave a field its own undo, and act while a box to tick has the focus', async () => {
    await opened('en', strip);
    const field = document.getElementById('words');
    const box = document.getElementById('tick');
    if (field === null || box === null) throw new Error('The fields are missing.');
    expect(await press(field)).toBe(false);
    expect(asked('history.undo')).toBe(0);
    expect(await press(box)).toBe(true);
    expect(asked('history.undo')).toBe(1);
  });

  it('do not take a file out while the key is only held down', async () => {
    await opened('en', file, strip);
    await press(document.body, { repeat: true });
    await press(document.body, { repeat: true });
    expect(past).toEqual([file]);
    await press(document.body);
    expect(past).toEqual([]);
    expect(said()).toBe('Undone: 5 rows added from “june.csv”');
  });
});

describe('the menu', () => {
  it('is told what undo and redo would do, and does it', async () => {
    await opened('en', strip);
    await new Promise((done) => setTimeout(done, 400));
    const names = (): unknown => page.fake.calls.filter(({ method }) => method === 'shell.nameHistory').at(-1)?.request;
    expect(names()).toEqual({ undo: 'Undo: markup stripped from 312 texts', redo: '' });
    page.fake.emit('historyWanted', { what: 'undo' });
    await settle();
    expect(past).toEqual([]);
    await new Promise((done) => setTimeout(done, 400));
    expect(names()).toEqual({ undo: '', redo: 'Redo: markup stripped from 312 texts' });
  });

  it('gives undo to the field that has the focus', async () => {
    await opened('en', strip);
    document.getElementById('words')?.focus();
    page.fake.emit('historyWanted', { what: 'undo' });
    await settle();
    expect(past).toEqual([strip]);
    expect(page.fake.calls.at(-1)).toEqual({ method: 'shell.editField', request: { what: 'undo' } });
  });
});
