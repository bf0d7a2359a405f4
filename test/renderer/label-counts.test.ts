// @vitest-environment happy-dom
import { enableAutoUnmount } from '@vue/test-utils';
import { defineComponent } from 'vue';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { useGlobalKeys } from '../../src/renderer/app/keys/use-global-keys';
import LabelScreen from '../../src/renderer/features/label/LabelScreen.vue';
import { useLabellingStore } from '../../src/renderer/stores/labelling-store';
import { useProjectStore } from '../../src/renderer/stores/project-store';
import { AppError } from '../../src/shared/errors';
import { insight } from './harness/fake-labelling';
import { openPage, settle, stubCanvas, type TestPage } from './mount';

enableAutoUnmount(afterEach);
stubCanvas();
let page: TestPage;

async function openLabelling() {
  page = openPage('labelled');
  await useProjectStore().loadCurrent();
  const labelling = useLabellingStore();
  await labelling.restart();
  // Undo and redo hold on every screen, so the window listens for them.
  page.show(
    defineComponent(() => {
      useGlobalKeys();
      return () => null;
    }),
  );
  page.show(LabelScreen);
  await settle();
  return { labelling };
}

function press(key: string, more: KeyboardEventInit = {}): void {
  const code = /^\d$/.test(key) ? `Digit${key}` : '';
  document.body.dispatchEvent(new KeyboardEvent('keydown', { key, code, bubbles: true, cancelable: true, ...more }));
}

const sets = () => page.fake.calls.filter(({ method }) => method === 'labels.set');

beforeEach(() => {
  document.body.innerHTML = '';
});
// A timer that outlives its test would make its own stores the active ones again.
afterEach(() => {
  useLabellingStore(page.pinia).clear();
});

describe('what is counted', () => {
  it('goes back with undo and on with redo: texts of this sitting, and texts left', async () => {
    const { labelling } = await openLabelling();
    labelling.left = 100;
    for (const key of ['1', '2', '3']) press(key);
    await settle();
    expect([labelling.labelledNow, labelling.left]).toEqual([3, 97]);
    for (let times = 0; times < 2; times += 1) press('z', { ctrlKey: true });
    await settle();
    expect([labelling.labelledNow, labelling.left]).toEqual([1, 99]);
    press('Z', { ctrlKey: true, shiftKey: true });
    await settle();
    expect([labelling.labelledNow, labelling.left]).toEqual([2, 98]);
    page.fake.handlers['labels.set'] = () => {
      throw new AppError('disk-full', 'No space is left on the device.');
    };
    press('1');
    await settle();
    expect([labelling.labelledNow, labelling.left]).toEqual([2, 98]);
  });

  it('does not lose the texts on the screen when more of them are asked for', async () => {
    const { labelling } = await openLabelling();
    const { handlers } = page.fake;
    const queue = handlers['labels.queue'];
    const waiting = 60;
    let answered = 0;
    // As the engine counts: without what it is told to leave out and still waits.
    handlers['labels.queue'] = async (request) => {
      answered += 1;
      const given = new Set(sets().map(({ request: set }) => (set as { rowId: number }).rowId));
      const out = request.exclude.filter((id) => !given.has(id)).length;
      return { ...(await queue(request)), left: waiting - given.size - out };
    };
    await labelling.restart();
    expect(labelling.left).toBe(waiting);
    for (let times = 0; times < 14; times += 1) {
      press('1');
      await settle(4);
    }
    expect(answered).toBeGreaterThan(1);
    expect(labelling.left).toBe(waiting - 14);
  });

  it('does not lose a text that a taken back one moves out of its place', async () => {
    const { labelling } = await openLabelling();
    const { handlers } = page.fake;
    const queue = handlers['labels.queue'];
    press('1');
    await settle();
    const next = labelling.queue.slice(0, 2).map(({ id }) => id);
    let answer = (): void => undefined;
    handlers['labels.queue'] = async (request) => {
      const rows = await queue(request);
      await new Promise<void>((done) => (answer = done));
      return { ...rows, left: 30 };
    };
    labelling.onLabelling(insight);
    await settle();
    press('z', { ctrlKey: true });
    await settle();
    answer();
    await settle();
    expect(labelling.queue.slice(1, 3).map(({ id }) => id)).toEqual(next);
    // Thirty, the two that the engine was told of, and the one that is back.
    expect(labelling.left).toBe(33);
  });

  it('takes a suggestion off the row in view once no model makes it any more', async () => {
    const { labelling } = await openLabelling();
    expect(labelling.suggested).toHaveLength(1);
    page.fake.handlers['labels.suggest'] = ({ rowIds }) => ({
      basis: 'baseline',
      rows: rowIds.map((rowId) => ({ rowId, predicted: [{ label: 'billing', probability: 0.99 }] })),
    });
    const shown = labelling.suggested;
    labelling.onLabelling(insight);
    await settle();
    // What is being read never changes under a finger; what comes next does.
    expect(labelling.suggested).toEqual(shown);
    expect(labelling.queue[1]?.predicted?.[0]?.probability).toBe(0.99);
    page.fake.handlers['labels.suggest'] = () => ({ basis: 'none', rows: [] });
    labelling.onLabelling({ ...insight, state: 'few', points: [] });
    await settle();
    expect(labelling.suggested).toEqual([]);
    expect(labelling.queue.every(({ predicted }) => predicted === null)).toBe(true);
  });
});
