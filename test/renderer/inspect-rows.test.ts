// @vitest-environment happy-dom
import { enableAutoUnmount } from '@vue/test-utils';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import ChangesTab from '../../src/renderer/features/inspect/ChangesTab.vue';
import ConfusionTab from '../../src/renderer/features/inspect/ConfusionTab.vue';
import ExplainView from '../../src/renderer/features/inspect/ExplainView.vue';
import RowsTab from '../../src/renderer/features/inspect/RowsTab.vue';
import SlicesTab from '../../src/renderer/features/inspect/SlicesTab.vue';
import { useHistoryStore } from '../../src/renderer/stores/history-store';
import { useInspectStore } from '../../src/renderer/stores/inspect-store';
import { useNoticesStore } from '../../src/renderer/stores/notices-store';
import { useProjectStore } from '../../src/renderer/stores/project-store';
import { AppError } from '../../src/shared/errors';
import { finishedRun } from './harness/fake-run';
import { shopLabels } from './harness/fake-texts';
import { openPage, settle, stubCanvas, type TestPage } from './mount';

enableAutoUnmount(afterEach);
let page: TestPage;
beforeAll(stubCanvas);
beforeEach(async () => {
  document.body.innerHTML = '';
  page = openPage('trained');
  // Two runs: the newer one is the project's, the older one is looked at.
  page.fake.handlers['runs.list'] = () => [finishedRun(shopLabels), { ...finishedRun(shopLabels), id: 'run-0' }];
  await useInspectStore().load();
  await useInspectStore().loadOverview();
});

type Wrapper = ReturnType<TestPage['show']>;
const asked = (method: string) => page.fake.calls.filter((one) => one.method === method).map((one) => one.request);
const press = async (wrapper: Wrapper, testId: string) => {
  await wrapper.get(`[data-testid="${testId}"]`).trigger('click');
  await settle();
};

function overview() {
  const { overview: figures } = useInspectStore();
  if (figures === null) throw new Error('Expected the figures of the run.');
  return { ...figures, runId: 'run-0' };
}

/** Each place that lists rows, and what opens the list there. */
const places = [
  { name: 'errors', show: () => page.show(RowsTab, { runId: 'run-0' }), open: null, rows: null },
  {
    name: 'mix-ups',
    show: () => page.show(ConfusionTab, { overview: overview() }),
    open: 'inspect-cell-1-2',
    rows: 'inspect-cell-rows',
  },
  {
    name: 'kinds of texts',
    show: () => page.show(SlicesTab, { runId: 'run-0' }),
    open: 'inspect-slice-0-5',
    rows: 'inspect-slice-rows',
  },
  {
    name: 'what changed',
    show: () => page.show(ChangesTab, { runId: 'run-0' }),
    open: 'inspect-broken',
    rows: 'inspect-changed-rows',
  },
] as const;

describe('"Why?"', () => {
  it.each(places)('explains a row of $name by the run that is looked at', async ({ show, open, rows }) => {
    const tab = show();
    await settle();
    if (open !== null) await press(tab, open);
    const first = tab.get('[data-testid^="inspect-row-"]');
    const text = first.get('.text').text();
    const why = first.get<HTMLButtonElement>('[data-testid="inspect-why"]');
    why.element.focus();
    await why.trigger('click');
    await settle();
    expect(asked('inspect.explain').at(-1)).toMatchObject({ runId: 'run-0', text });
    const panel = tab.get('[data-testid="inspect-explained"]');
    expect(panel.findAll('[data-testid="inspect-words"] .word').length).toBeGreaterThan(2);
    await press(tab, 'inspect-similar');
    expect(asked('inspect.similar').at(-1)).toMatchObject({ runId: 'run-0', text });
    // Escape closes the explanation only; the rows and the focus are where they were.
    await panel.trigger('keydown', { key: 'Escape' });
    expect(tab.find('[data-testid="inspect-explained"]').exists()).toBe(false);
    if (rows !== null) expect(tab.find(`[data-testid="${rows}"]`).exists()).toBe(true);
    expect(document.activeElement).toBe(why.element);
  });

  it('is also reached from the table beside the picture of many labels', async () => {
    const figures = overview();
    const labels = Array.from({ length: 41 }, (_, i) => `label ${String(i)}`);
    const confusion = labels.map((_, a) => labels.map((_u, p) => (a === p ? 9 : a === 40 && p === 3 ? 2 : 0)));
    const order = labels.map((_, i) => i);
    const tab = page.show(ConfusionTab, { overview: { ...figures, labels, confusion, order } });
    expect(tab.findAll('[data-testid="inspect-mix-ups"] tbody tr')).toHaveLength(1);
    await press(tab, 'inspect-mix-up-40-3');
    expect(asked('inspect.rows').at(-1)).toMatchObject({
      runId: 'run-0',
      list: { kind: 'cell', actual: 'label 40', predicted: 'label 3' },
    });
    expect(tab.get('[data-testid="inspect-cell-rows"]').text()).toContain('Is label 40, said label 3');
  });

  it('goes away with the rows that it belongs to', async () => {
    const tab = page.show(ConfusionTab, { overview: overview() });
    await press(tab, 'inspect-cell-1-2');
    await press(tab, 'inspect-why');
    await press(tab, 'inspect-cell-2-1');
    expect(tab.find('[data-testid="inspect-explained"]').exists()).toBe(false);
  });

  it("says so where the project's classifier answers for a run whose weights are gone", async () => {
    const tab = page.show(RowsTab, { runId: 'run-0' });
    await settle();
    await press(tab, 'inspect-why');
    expect(tab.find('[data-testid="inspect-stand-in"]').exists()).toBe(false);
    tab.unmount();
    const explain = page.fake.handlers['inspect.explain'];
    page.fake.handlers['inspect.explain'] = async (request) => ({ ...(await explain(request)), standIn: true });
    const again = page.show(RowsTab, { runId: 'run-0' });
    await settle();
    await press(again, 'inspect-why');
    expect(again.get('[data-testid="inspect-stand-in"]').text()).toContain('project’s classifier');
  });

  it("asks the project's classifier where no run is meant, as beside the try-it box", async () => {
    page.show(ExplainView, { text: 'A text' });
    await settle();
    expect(asked('inspect.explain').at(-1)).toMatchObject({ runId: null, text: 'A text' });
  });
});

describe('the list of errors', () => {
  const sidesOf = (tab: Wrapper) => new Set(tab.findAll('[data-testid="inspect-row-side"]').map((chip) => chip.text()));

  it('marks test and validation texts, and lists one side where that is chosen', async () => {
    const tab = page.show(RowsTab, { runId: 'run-0' });
    await settle();
    expect(sidesOf(tab)).toEqual(new Set(['test', 'validation']));
    expect(tab.get('[data-testid="inspect-side-words"]').text()).toContain('each text is marked');
    await press(tab, 'inspect-side-test');
    expect(asked('inspect.rows').at(-1)).toMatchObject({ side: 'test', offset: 0 });
    expect(sidesOf(tab)).toEqual(new Set(['test']));
    await press(tab, 'inspect-to-label');
    expect(asked('inspect.rows').at(-1)).toMatchObject({ side: 'test', limit: 500 });
  });

  it('begins with validation texts where the test set is locked, and says how often it was looked at', async () => {
    const state = await page.fake.handlers['splits.state']({});
    const look = { run: 'run-1', what: 'inspect.overview', at: '2026-11-20T09:00:00Z' };
    page.fake.handlers['splits.state'] = () => ({ ...state, locked: true, looks: [look, look, look] });
    const tab = page.show(RowsTab, { runId: 'run-0' });
    await settle();
    expect(asked('inspect.rows').map((request) => (request as { side: string }).side)).toEqual(['valid']);
    expect(sidesOf(tab)).toEqual(new Set(['validation']));
    expect(tab.get('[data-testid="inspect-side-words"]').text()).toContain('looked at 3 times');
    await press(tab, 'inspect-side-test');
    expect(sidesOf(tab)).toEqual(new Set(['test']));
  });

  it('shows a fixed label at once and its undo by whatever key, with the focus on the same row', async () => {
    const tab = page.show(RowsTab, { runId: 'run-0' });
    await settle();
    await press(tab, 'inspect-list-doubted');
    const row = tab.findAll('[data-testid^="inspect-row-"].result')[2];
    const fix = row?.get<HTMLButtonElement>('[data-testid^="inspect-fix-"]');
    if (!row || !fix) throw new Error('Expected a row that can be fixed.');
    fix.element.focus();
    await fix.trigger('click');
    await settle();
    expect(row.find('[data-testid="inspect-now"]').exists()).toBe(true);
    expect(row.element.contains(document.activeElement)).toBe(true);
    const focused = document.activeElement;
    await useHistoryStore().undo();
    await settle();
    expect(row.find('[data-testid="inspect-now"]').exists()).toBe(false);
    expect(row.find('[data-testid^="inspect-fix-"]').exists()).toBe(true);
    expect(document.activeElement).toBe(focused);
    await useHistoryStore().redo();
    await settle();
    expect(row.find('[data-testid="inspect-now"]').exists()).toBe(true);
  });

  it('reads as many rows again as were shown, and keeps the place where a row has gone', async () => {
    const tab = page.show(RowsTab, { runId: 'run-0' });
    await settle();
    await tab
      .findAll('button')
      .find((button) => button.text() === 'Show more')
      ?.trigger('click');
    await settle();
    const rows = () => tab.findAll('[data-testid^="inspect-row-"].result');
    expect(rows()).toHaveLength(50);
    const why = rows()[3]?.get<HTMLButtonElement>('[data-testid="inspect-why"]');
    why?.element.focus();
    const gone = rows()[3]?.attributes('data-testid');
    const after = rows()[4]?.attributes('data-testid');
    const answer = page.fake.handlers['inspect.rows'];
    page.fake.handlers['inspect.rows'] = async (request) => {
      const all = await answer(request);
      return { ...all, rows: all.rows.filter(({ row }) => `inspect-row-${String(row.id)}` !== gone) };
    };
    useHistoryStore().revision += 1;
    await settle();
    expect(asked('inspect.rows').at(-1)).toMatchObject({ offset: 0, limit: 50 });
    expect(rows()[3]?.attributes('data-testid')).toBe(after);
    expect(rows()[3]?.element.contains(document.activeElement)).toBe(true);
  });
});

describe('labels of a row that can have several', () => {
  async function openRow() {
    const project = useProjectStore();
    await project.loadCurrent();
    const { current } = project;
    if (!current?.columns) throw new Error('Expected a project with columns.');
    project.current = { ...current, columns: { ...current.columns, multiLabel: true } };
    const tab = page.show(RowsTab, { runId: 'run-0' });
    await settle();
    return tab;
  }

  it('are turned on and off one by one', async () => {
    const tab = await openRow();
    const row = tab.get('[data-testid^="inspect-row-"]');
    const id = Number(row.attributes('data-testid')?.split('-').at(-1));
    expect(row.find('select').exists()).toBe(false);
    const change = row.get('[data-testid="inspect-change-labels"]');
    expect(change.attributes('aria-expanded')).toBe('false');
    await change.trigger('click');
    const pressed = () =>
      row
        .findAll('[data-testid="inspect-toggles"] button')
        .flatMap((one) => (one.attributes('aria-pressed') === 'true' ? [one.text()] : []));
    const toggle = (name: string) =>
      row
        .findAll('[data-testid="inspect-toggles"] button')
        .find((one) => one.text() === name)
        ?.trigger('click');
    const before = pressed();
    expect(before).toHaveLength(1);
    const others = shopLabels.filter((name) => !before.includes(name));
    // Two at once: the second one adds to the first one, though the engine has not answered yet.
    await toggle(others[0] ?? '');
    await toggle(others[1] ?? '');
    await settle();
    expect(asked('labels.set')).toEqual([
      { rowId: id, labels: [...before, others[0]] },
      { rowId: id, labels: [...before, others[0], others[1]] },
    ]);
    expect(row.get('[data-testid="inspect-now"]').text()).toContain(others[1]);
    useNoticesStore().current?.action?.run();
    await settle();
    expect(pressed().sort()).toEqual([...before, others[0]].sort());
  });

  it('can all be taken off: then the row is looked through and has none', async () => {
    const tab = await openRow();
    const row = tab.get('[data-testid^="inspect-row-"]');
    await row.get('[data-testid="inspect-change-labels"]').trigger('click');
    await row.get('[data-testid="inspect-toggles"] [aria-pressed="true"]').trigger('click');
    await settle();
    expect(asked('labels.set').at(-1)).toMatchObject({ labels: [], none: true });
    expect(row.get('[data-testid="inspect-now"]').text()).toContain('no label');
    expect(useNoticesStore().current?.text).toBe('Now without a label.');
  });

  it('are shown as they were where the engine refuses', async () => {
    const tab = await openRow();
    page.fake.handlers['labels.set'] = () => {
      throw new AppError('bad-input', 'no');
    };
    const row = tab.get('[data-testid^="inspect-row-"]');
    await row.get('[data-testid="inspect-change-labels"]').trigger('click');
    await row.get('[data-testid="inspect-toggles"] [aria-pressed="false"]').trigger('click');
    await settle();
    expect(row.findAll('[data-testid="inspect-toggles"] [aria-pressed="true"]')).toHaveLength(1);
    expect(row.find('[data-testid="inspect-now"]').exists()).toBe(false);
    expect(useNoticesStore().current).toBeNull();
  });
});
