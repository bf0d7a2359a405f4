// @vitest-environment happy-dom
import { enableAutoUnmount, type VueWrapper } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import BulkPanel from '../../src/renderer/features/label/BulkPanel.vue';
import LabelPanel from '../../src/renderer/features/label/LabelPanel.vue';
import LabelSidebar from '../../src/renderer/features/label/LabelSidebar.vue';
import { alikeLabel } from '../../src/renderer/features/label/alike-label';
import LabelSetPanel from '../../src/renderer/features/label/LabelSetPanel.vue';
import LabelList from '../../src/renderer/features/label/LabelList.vue';
import { labelsAfter, leaveOut } from '../../src/renderer/features/label/leave-out';
import { useLabellingStore } from '../../src/renderer/stores/labelling-store';
import { useNoticesStore } from '../../src/renderer/stores/notices-store';
import { useProjectStore } from '../../src/renderer/stores/project-store';
import type { Row } from '../../src/shared/data-types';
import type { LabelChange } from '../../src/shared/label-types';
import { openPage, settle, stubCanvas, type TestPage } from './mount';

enableAutoUnmount(afterEach);
stubCanvas();
let page: TestPage;

beforeEach(async () => {
  document.body.innerHTML = '';
  page = openPage('labelled');
  await useProjectStore().loadCurrent();
  await useLabellingStore().restart();
});
afterEach(() => {
  useLabellingStore(page.pinia).clear();
});

const by = (panel: VueWrapper, id: string) => panel.get(`[data-testid="${id}"]`);
const calls = (method: string) =>
  page.fake.calls.filter((call) => call.method === method).map(({ request }) => request);
const names = (): string[] => useLabellingStore().labels.map(({ name }) => name);
/** The preview waits for a quarter of a second of quiet. */
const afterPreview = async (): Promise<void> => {
  await new Promise((done) => setTimeout(done, 300));
  await settle();
};

const row = (id: number, labels: string[]): Row => ({
  id,
  text: `text ${id}`,
  labels,
  split: 'train',
  predicted: null,
});
const change = (mode: 'replace' | 'add' | 'remove', ...labels: string[]): Extract<LabelChange, { kind: 'rows' }> => ({
  kind: 'rows',
  filter: {},
  labels,
  mode,
});

describe('rows that are left out of a change of many', () => {
  it('have the labels that the engine would give them', () => {
    expect(labelsAfter(['a', 'b'], change('replace', 'c'))).toEqual(['c']);
    expect(labelsAfter(['a', 'b'], change('add', 'b', 'c'))).toEqual(['a', 'b', 'c']);
    expect(labelsAfter(['a', 'b'], change('remove', 'a'))).toEqual(['b']);
  });

  it('are taken off every figure of the preview', () => {
    const effect = {
      matched: 9,
      changed: 5,
      losing: 2,
      overwritten: 3,
      labels: [
        { name: 'a', before: 3, after: 0 },
        { name: 'c', before: 1, after: 4 },
      ],
      examples: [],
    };
    expect(leaveOut(effect, [row(1, ['a']), row(2, [])], change('replace', 'c'))).toEqual({
      ...effect,
      changed: 3,
      overwritten: 2,
      labels: [
        { name: 'a', before: 3, after: 1 },
        { name: 'c', before: 1, after: 2 },
      ],
    });
    expect(leaveOut(effect, [row(1, ['a'])], change('remove', 'a'))).toMatchObject({ changed: 4, losing: 1 });
    expect(leaveOut(effect, [], change('replace', 'c'))).toEqual(effect);
  });

  it('are unticked in the panel, counted at once, and not sent', async () => {
    const panel = page.show(BulkPanel, { from: { labelled: false } });
    await by(panel, 'bulk-label-billing').trigger('click');
    await afterPreview();
    const button = by(panel, 'bulk-apply');
    const before = Number(/[\d,]+/.exec(button.text())?.[0]?.replace(',', ''));
    const ticks = panel.findAll('[data-testid^="effect-row-"]');
    expect(ticks.length).toBeGreaterThan(2);
    const id = Number(ticks[1]?.attributes('data-testid')?.slice('effect-row-'.length));
    await ticks[1]?.trigger('change');
    expect(Number(/[\d,]+/.exec(button.text())?.[0]?.replace(',', ''))).toBe(before - 1);
    await ticks[0]?.trigger('change');
    await ticks[0]?.trigger('change');
    await panel.get('form').trigger('submit');
    await settle();
    expect(calls('labels.preview')).toHaveLength(1);
    expect(calls('labels.apply')).toMatchObject([{ change: { labels: ['billing'], except: [id] } }]);
  });
});

describe('rows by the probability of their suggestion', () => {
  it('are counted beside the slider at once, and shown in their order, more of them when asked', async () => {
    const panel = page.show(BulkPanel, { from: { labelled: false } });
    await by(panel, 'likely-sure').trigger('click');
    await afterPreview();
    const label = names()[0] ?? '';
    expect(calls('labels.likelihood')).toEqual([{ kind: 'sure', label, filter: { labelled: false } }]);
    expect(by(panel, 'likely-count').text()).toBe('11 texts'); // 90 to 100 per cent
    expect(by(panel, 'likely-unsaid').text()).toContain('100 of these 5,000');
    const slider = by(panel, 'likely-percent');
    expect(slider.attributes('aria-valuetext')).toBe('at least 90%');
    await slider.setValue(75);
    // No question to the engine for another place of the slider.
    expect(by(panel, 'likely-count').text()).toBe('26 texts');
    await afterPreview();
    expect(calls('labels.likelihood')).toHaveLength(1);
    // The label is chosen with it: these rows are most likely to get it.
    const change = { kind: 'rows', filter: { labelled: false, sure: { label, from: 75 } }, labels: [label] };
    expect(calls('labels.preview').at(-1)).toMatchObject({ change });
    const ticks = () => panel.findAll('[data-testid^="effect-row-"]');
    expect(ticks()).toHaveLength(20);
    await ticks()[3]?.trigger('change');
    await by(panel, 'effect-more').trigger('click');
    await settle();
    expect(calls('labels.preview').at(-1)).toMatchObject({ change, from: 20 });
    expect(ticks()).toHaveLength(40);
    expect((ticks()[3]?.element as HTMLInputElement).checked).toBe(false);
  });

  it('can be those that the model cannot decide about', async () => {
    const panel = page.show(BulkPanel, { from: {} });
    await by(panel, 'likely-torn').trigger('click');
    const [first = '', second = ''] = names();
    await by(panel, 'likely-other').setValue(second);
    await by(panel, 'bulk-label-billing').trigger('click');
    await afterPreview();
    expect(calls('labels.likelihood').at(-1)).toEqual({ kind: 'torn', label: first, other: second, filter: {} });
    expect(by(panel, 'likely-count').text()).toBe('20 texts'); // 1 to 20 points apart
    expect(calls('labels.preview').at(-1)).toMatchObject({
      change: { filter: { torn: { label: first, other: second, within: 20 } }, labels: ['billing'] },
    });
    await by(panel, 'likely-any').trigger('click');
    expect(panel.find('[data-testid="likely-count"]').exists()).toBe(false);
  });
});

describe('the key of a label', () => {
  it('stands beside it in the list and is chosen in its panel', async () => {
    const before = names();
    const [first = '', second = ''] = before;
    const list = page.show(LabelList, { labels: useLabellingStore().labels, total: 10 });
    expect(list.findAll('kbd').map((cap) => cap.text())).toEqual(before.map((_, i) => String(i + 1)));
    const panel = page.show(LabelPanel, { label: second });
    const select = by(panel, 'label-key');
    expect((select.element as HTMLSelectElement).value).toBe('1');
    expect(select.text()).toContain(first);
    await select.setValue(0);
    await settle();
    expect(calls('labels.move')).toEqual([{ name: second, place: 0 }]);
    expect(names().slice(0, 2)).toEqual([second, first]);
    expect(useNoticesStore().current?.text).toContain('key 1');
  });
});

describe('a new label that all but doubles another', () => {
  const labels = ['Praise', 'späte Lieferung', 'C++', '返金'].map((name) => ({ name, count: 1, color: '#000000' }));
  it('is told by case, accents, spaces and marks, and by nothing else', () => {
    expect(alikeLabel(labels, 'praise')?.name).toBe('Praise');
    expect(alikeLabel(labels, ' spate-lieferung ')?.name).toBe('späte Lieferung');
    expect(alikeLabel(labels, 'Praise')).toBeNull(); // the same name is no other label
    expect(alikeLabel(labels, 'praises')).toBeNull();
    expect(alikeLabel(labels, '返品')).toBeNull();
    expect(alikeLabel(labels, '++')).toBeNull();
  });

  it('is warned of while its name is typed', async () => {
    const sidebar = page.show(LabelSidebar, { typeAhead: false });
    await by(sidebar, 'label-add-name').setValue('Billing');
    expect(by(sidebar, 'label-alike').text()).toContain('billing');
    await by(sidebar, 'label-add-name').setValue('billing');
    expect(sidebar.find('[data-testid="label-alike"]').exists()).toBe(false);
  });
});

describe('labels as a file', () => {
  it('are shown with what they would do, and then taken over', async () => {
    const panel = page.show(LabelSetPanel);
    await by(panel, 'label-set-open').trigger('click');
    await settle();
    expect(by(panel, 'label-set-effect').text()).toContain('refund');
    expect(by(panel, 'label-set-effect').text()).toContain('billing');
    expect(calls('labels.takeSet')).toEqual([]);
    await by(panel, 'label-set-take').trigger('click');
    await settle();
    expect(calls('labels.takeSet')).toHaveLength(1);
    expect(panel.emitted('close')).toHaveLength(1);
  });

  it('are saved where the dialog says', async () => {
    const panel = page.show(LabelSetPanel);
    await by(panel, 'label-set-save').trigger('click');
    await settle();
    expect(calls('labels.saveSet')).toHaveLength(1);
    expect(useNoticesStore().current?.text).toContain('saved to');
  });
});
