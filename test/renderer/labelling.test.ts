// @vitest-environment happy-dom
import { enableAutoUnmount } from '@vue/test-utils';
import { defineComponent } from 'vue';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { useGlobalKeys } from '../../src/renderer/app/keys/use-global-keys';
import LabelScreen from '../../src/renderer/features/label/LabelScreen.vue';
import { useErrorsStore } from '../../src/renderer/stores/errors-store';
import { useLabellingStore } from '../../src/renderer/stores/labelling-store';
import { useProjectStore } from '../../src/renderer/stores/project-store';
import { AppError } from '../../src/shared/errors';
import { openPage, settle, stubCanvas, type TestPage } from './mount';
import { insight } from './harness/fake-labelling';

enableAutoUnmount(afterEach);
stubCanvas();
let page: TestPage;

async function openLabelling(scene: 'labelled' | 'unlabelled' | 'many' = 'labelled') {
  page = openPage(scene);
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
  const screen = page.show(LabelScreen);
  await settle();
  return { labelling, screen, find: (id: string) => screen.get(`[data-testid="${id}"]`) };
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

describe('labelling with the keyboard', () => {
  it('gives the row the label of the key and shows the next row before the engine has answered', async () => {
    const { labelling, find } = await openLabelling();
    const first = labelling.current;
    const labelled = labelling.state?.labelled ?? 0;
    press('2');
    // Nothing was awaited: the next row and the count are there at once.
    expect(labelling.current?.id).not.toBe(first?.id);
    expect(labelling.state?.labelled).toBe(labelled + 1);
    await settle();
    expect(sets()).toHaveLength(1);
    expect(sets()[0]?.request).toEqual({ rowId: first?.id, labels: ['billing'] });
    expect(find('label-count').text()).toBe('4,001');
    expect(find('label-text').text()).toBe(labelling.current?.text);
  });

  it('keeps the order of quick presses and never shows a row twice', async () => {
    const { labelling } = await openLabelling();
    const seen: number[] = [];
    for (let press_ = 0; press_ < 30; press_ += 1) {
      if (labelling.current === null) await settle();
      seen.push(labelling.current?.id ?? -1);
      press(String((press_ % 5) + 1));
      if (press_ % 6 === 5) await settle(4);
    }
    await settle();
    expect(new Set(seen).size).toBe(30);
    expect(sets().map(({ request }) => (request as { rowId: number }).rowId)).toEqual(seen);
  });

  it('undoes and redoes, showing the row that changed', async () => {
    const { labelling } = await openLabelling();
    const first = labelling.current;
    press('1');
    await settle();
    const second = labelling.current;
    press('z', { ctrlKey: true });
    await settle();
    expect(labelling.current?.id).toBe(first?.id);
    expect(labelling.state).toMatchObject({ labelled: 4000, canUndo: false, canRedo: true });
    press('Z', { ctrlKey: true, shiftKey: true });
    await settle();
    expect(labelling.current?.id).toBe(second?.id);
    expect(labelling.state).toMatchObject({ labelled: 4001, canUndo: true, canRedo: false });
  });

  it('takes the suggestion with Enter and skips with Space', async () => {
    const { labelling } = await openLabelling();
    const best = labelling.current?.predicted?.[0]?.label;
    press('Enter');
    await settle();
    expect(sets()[0]?.request).toMatchObject({ labels: [best] });
    const skipped = labelling.current;
    press(' ');
    await settle();
    expect(labelling.current?.id).not.toBe(skipped?.id);
    expect(sets()).toHaveLength(1);
    expect(page.fake.calls.findLast(({ method }) => method === 'labels.mark')?.request).toEqual({
      rowIds: [skipped?.id],
      mark: 'skip',
      on: true,
    });
    await labelling.restart();
    expect(labelling.queue.some((row) => row.id === skipped?.id)).toBe(false);
    await labelling.bringBackSkipped();
    await settle();
    expect(labelling.queue.some((row) => row.id === skipped?.id)).toBe(true);
  });

  it('says Shift and Enter for the second suggestion', async () => {
    const { labelling } = await openLabelling();
    const second = labelling.current?.predicted?.[1]?.label;
    expect(second).toBeDefined();
    press('Enter', { shiftKey: true });
    await settle();
    expect(sets()[0]?.request).toMatchObject({ labels: [second] });
  });

  it('flags a row and writes a note on it without leaving it', async () => {
    const { labelling, find } = await openLabelling();
    const row = labelling.current;
    press('f');
    expect(labelling.current?.marks?.flagged).toBe(true);
    await settle(2);
    expect(find('label-flag').attributes('aria-pressed')).toBe('true');
    press('m');
    await settle();
    await find('label-note-text').setValue('asks twice');
    await find('label-note-text').trigger('keydown', { key: 'Enter' });
    await settle();
    expect(labelling.current?.id).toBe(row?.id);
    expect(find('label-note').text()).toBe('asks twice');
    expect(page.fake.calls.findLast(({ method }) => method === 'labels.note')?.request).toEqual({
      rowId: row?.id,
      note: 'asks twice',
    });
  });

  it('with many labels letters look for one, and keys without letters still work', async () => {
    const { labelling, find } = await openLabelling('many');
    press('f');
    await settle();
    expect(labelling.current?.marks).toBeUndefined();
    expect((find('label-filter').element as HTMLInputElement).value).toBe('f');
    (document.activeElement as HTMLElement).blur();
    press('.');
    expect(labelling.current?.marks?.flagged).toBe(true);
  });

  it('leaves keys alone while something is typed', async () => {
    const { find } = await openLabelling();
    const field = find('label-add-name').element;
    field.dispatchEvent(new KeyboardEvent('keydown', { key: '1', code: 'Digit1', bubbles: true }));
    await settle();
    expect(sets()).toHaveLength(0);
  });

  it('finds one of many labels by typing and counts keys over what is found', async () => {
    const { screen, labelling, find } = await openLabelling('many');
    await find('label-filter').setValue('stolen_m');
    const button = find('label-accept');
    const wanted = labelling.labels.filter(({ name }) => name.includes('stolen_m'));
    expect(wanted.length).toBeGreaterThan(0);
    expect(screen.findAll('[data-testid^="label-option-"]')).toHaveLength(wanted.length);
    // The button says what Enter takes, and neither takes anything where nothing is found.
    expect(button.text()).toContain(wanted[0]?.name ?? 'none');
    await find('label-filter').setValue('nothing is called so');
    expect(button.attributes('disabled')).toBeDefined();
    await find('label-filter').trigger('keydown', { key: 'Enter' });
    await settle();
    expect(sets()).toEqual([]);
    await find('label-filter').setValue('stolen_m');
    await find('label-filter').trigger('keydown', { key: 'Enter' });
    await settle();
    expect(sets()[0]?.request).toMatchObject({ labels: [wanted[0]?.name] });
    expect(button.text()).toContain(labelling.suggested[0] ?? 'none');
  });
});

describe('the labelling screen', () => {
  it('adds a label, and refuses one that is there already', async () => {
    const { labelling, find } = await openLabelling('unlabelled');
    await find('label-add-name').setValue('question');
    await find('label-add').trigger('submit');
    await settle();
    expect(labelling.labels.map(({ name }) => name)).toEqual(['complaint', 'praise', 'question']);
    await find('label-add-name').setValue('praise');
    expect(find('label-add').attributes('disabled')).toBeDefined();
  });

  it('gives the keys back to the texts once an order was chosen with the mouse', async () => {
    const { find } = await openLabelling();
    const order = find('label-order-random').element as HTMLElement;
    order.focus();
    order.dispatchEvent(new MouseEvent('click', { bubbles: true, detail: 1 }));
    await settle();
    expect(document.activeElement).not.toBe(order);
    expect(find('label-order-random').attributes('aria-checked')).toBe('true');
  });

  it('leaves the keys to a panel that is open: Escape closes it, also once its focus is lost', async () => {
    const { find } = await openLabelling();
    const open = async (): Promise<void> => {
      await find('label-edit-praise').trigger('click');
      await settle();
    };
    const panel = (): Element | null => document.querySelector('[data-testid="label-panel"]');
    await open();
    const task = find('label-task-merge').element as HTMLElement;
    task.focus();
    task.dispatchEvent(new MouseEvent('click', { bubbles: true, detail: 1 }));
    await settle();
    expect(document.activeElement).toBe(task);
    task.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
    await settle();
    expect(panel()).toBeNull();

    await open();
    (document.activeElement as HTMLElement).blur();
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
    await settle();
    expect(panel()).toBeNull();
  });

  it('says that one kind of label is nothing to be unsure about', async () => {
    const { labelling, find } = await openLabelling('unlabelled');
    const labels = labelling.labels.map((label, i) => ({ ...label, count: i === 0 ? 12 : 0 }));
    if (labelling.state !== null) labelling.state = { ...labelling.state, labels, labelled: 12 };
    await settle();
    expect(find('label-basis').text()).toContain('All labels so far are the same');
  });

  it('says on what the order rests', async () => {
    const { find } = await openLabelling('unlabelled');
    expect(find('label-basis').text()).toContain('Too few labels');
  });

  it('brings a row back and says so when its label could not be kept', async () => {
    const { labelling } = await openLabelling();
    const first = labelling.current;
    page.fake.handlers['labels.set'] = () => {
      throw new AppError('disk-full', 'No space is left on the device.');
    };
    press('1');
    await settle();
    expect(labelling.current?.id).toBe(first?.id);
    expect(labelling.state?.labelled).toBe(4000);
    expect(useErrorsStore().newest?.envelope.code).toBe('disk-full');
  });

  it('collects several labels before it goes on, where a row can have several', async () => {
    const { labelling } = await openLabelling();
    const project = useProjectStore();
    const columns = project.current?.columns ?? null;
    if (project.current === null || columns === null) throw new Error('Expected a project with columns.');
    project.current = { ...project.current, columns: { ...columns, multiLabel: true } };
    const row = labelling.current;
    press('1');
    press('3');
    press('1');
    press('4');
    expect(labelling.current?.id).toBe(row?.id);
    press('Enter');
    await settle();
    expect(sets()[0]?.request).toEqual({ rowId: row?.id, labels: ['returns', 'praise'] });
  });
});

describe('the queue of uncertain rows', () => {
  it('asks anew for the rows further back as labels come, and leaves the next two in place', async () => {
    const { labelling } = await openLabelling();
    const asked = () => page.fake.calls.filter(({ method }) => method === 'labels.queue').length;
    const before = asked();
    for (let label = 0; label < 4; label += 1) press('1');
    expect(asked()).toBe(before);
    const next = labelling.queue.slice(1, 3).map(({ id }) => id);
    press('1');
    await settle();
    expect(asked()).toBe(before + 1);
    expect(labelling.queue.slice(0, 2).map(({ id }) => id)).toEqual(next);
    const labelled = sets().map(({ request }) => (request as { rowId: number }).rowId);
    expect(labelling.queue.filter(({ id }) => labelled.includes(id))).toEqual([]);
  });

  it('shows no row again that was labelled while an answer was under way', async () => {
    const { labelling } = await openLabelling();
    const real = page.fake.handlers['labels.queue'];
    let release = (): void => undefined;
    page.fake.handlers['labels.queue'] = async (request) => {
      const answer = await real(request);
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return answer;
    };
    for (let label = 0; label < 8; label += 1) press('1');
    await settle();
    release();
    await settle();
    const labelled = sets().map(({ request }) => (request as { rowId: number }).rowId);
    expect(labelled).toHaveLength(8);
    expect(labelling.queue.filter(({ id }) => labelled.includes(id))).toEqual([]);
  });
});

describe('what labels are worth', () => {
  it('warns where one label has most of the rows, and not where it has not', async () => {
    const { labelling, screen } = await openLabelling();
    const count = (...counts: readonly number[]): void => {
      const { state } = labelling;
      if (state === null) throw new Error('Expected a state.');
      const labels = counts.map((one, i) => ({
        name: ['sport', 'bank', 'science'][i] ?? '',
        count: one,
        color: '#123456',
      }));
      labelling.state = { ...state, labels, labelled: counts.reduce((sum, one) => sum + one, 0) };
    };
    count(264, 53, 40);
    await settle();
    expect(screen.get('[data-testid="insight-heavy"]').text()).toContain('74% of your labels are “sport”');
    count(60, 53, 40);
    await settle();
    expect(screen.find('[data-testid="insight-heavy"]').exists()).toBe(false);
  });

  it('says how many were labelled many at once, in the place of the warning', async () => {
    const { labelling, screen } = await openLabelling();
    const { state } = labelling;
    if (state === null) throw new Error('Expected a state.');
    const labels = [264, 53, 40].map((count, i) => ({ name: `label ${String(i)}`, count, color: '#123456' }));
    labelling.state = { ...state, labels, labelled: 357 };
    expect(screen.find('[data-testid="insight-at-once"]').exists()).toBe(false);
    labelling.onLabelling({ ...insight, atOnce: 240 });
    await settle();
    expect(screen.get('[data-testid="insight-at-once"]').text()).toContain('240 rows got their label together');
    expect(screen.find('[data-testid="insight-heavy"]').exists()).toBe(false);
  });
});
