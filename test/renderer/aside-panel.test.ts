// @vitest-environment happy-dom
import { enableAutoUnmount } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Response } from '../../src/shared/contract';
import type { AsideReason } from '../../src/shared/health-types';
import type { LabelStep } from '../../src/shared/label-types';
import AsidePanel from '../../src/renderer/features/health/AsidePanel.vue';
import HealthPanel from '../../src/renderer/features/health/HealthPanel.vue';
import { useHistoryStore } from '../../src/renderer/stores/history-store';
import { useLabellingStore } from '../../src/renderer/stores/labelling-store';
import { useNoticesStore } from '../../src/renderer/stores/notices-store';
import { useProjectStore } from '../../src/renderer/stores/project-store';
import { openPage, settle, type TestPage } from './mount';

enableAutoUnmount(afterEach);
let page: TestPage;
/** Why rows are set aside, by their ids. */
let aside: Map<number, AsideReason>;
let past: { readonly step: LabelStep; readonly before: typeof aside }[];

/** Rows that are set aside, and the way back, as the engine has them. */
beforeEach(async () => {
  document.body.innerHTML = '';
  const copies = Array.from({ length: 110 }, (_, i) => [20 + i, 'duplicate'] as const);
  aside = new Map<number, AsideReason>([[1, 'short'], [4, 'short'], ...copies]);
  past = [];
  page = openPage('labelled');
  const { handlers } = page.fake;
  const inner = handlers['labels.state'];
  const state = async (): Promise<Response<'labels.state'>> => {
    const undoStep = past.at(-1)?.step ?? null;
    return { ...(await inner({})), canUndo: past.length > 0, undoStep };
  };
  handlers['labels.state'] = state;
  handlers['health.aside'] = ({ reason, offset, limit }) => {
    const wanted = [...aside].filter(([, why]) => reason === undefined || why === reason).sort(([a], [b]) => a - b);
    const count = (why: AsideReason): number => [...aside.values()].filter((one) => one === why).length;
    const reasons = (['duplicate', 'short'] as const).map((why) => ({ reason: why, rows: count(why) }));
    const rows = wanted.slice(offset, offset + limit).map(([id, why]) => ({ ...rowOf(id), reason: why }));
    return { total: wanted.length, reasons: reasons.filter(({ rows: n }) => n > 0), rows };
  };
  handlers['health.restore'] = ({ rowIds, reason }) => {
    const before = aside;
    const stays = ([id, why]: [number, AsideReason]): boolean =>
      rowIds !== undefined ? !rowIds.includes(id) : reason !== undefined && why !== reason;
    aside = new Map([...aside].filter(stays));
    past.push({ before, step: { kind: 'restore', rows: before.size - aside.size, label: '' } });
    return state();
  };
  handlers['history.undo'] = () => {
    aside = past.pop()?.before ?? aside;
    return state();
  };
  await useProjectStore().loadCurrent();
  await useLabellingStore().restart();
});

function rowOf(id: number) {
  const labels = [id % 2 === 0 ? 'even' : 'odd'];
  return { id, text: `text number ${String(id)}`, labels, split: 'train' as const, predicted: null };
}
async function shown() {
  const panel = page.show(AsidePanel);
  await settle();
  return panel;
}
type Panel = Awaited<ReturnType<typeof shown>>;
const rowsOf = (panel: Panel): number[] =>
  panel.findAll('li').map((one) => Number(one.attributes('data-testid')?.replace('aside-row-', '')));
const asked = (method: string) => page.fake.calls.filter((one) => one.method === method).map(({ request }) => request);

describe('the list of rows that are set aside', () => {
  it('says of each why, page by page', async () => {
    const panel = await shown();
    expect(panel.get('[data-testid="aside-count"]').text()).toBe('100 of 112');
    expect(panel.get('[data-testid="aside-row-4"]').text()).toMatch(/5.*very short texts.*even.*text number 4/s);
    expect(panel.get('[data-testid="aside-row-20"]').text()).toContain('copies');
    await panel.get('[data-testid="aside-more"]').trigger('click');
    await settle();
    expect(rowsOf(panel)).toEqual([1, 4, ...Array.from({ length: 110 }, (_, i) => 20 + i)]);
    expect(panel.find('[data-testid="aside-more"]').exists()).toBe(false);
  });

  it('shows those of one reason, and restores them alone', async () => {
    const panel = await shown();
    const options = panel.findAll('option').map((one) => one.text());
    expect(options).toEqual(['For any reason (112)', 'copies (110)', 'very short texts (2)']);
    await panel.get('[data-testid="aside-reason"]').setValue('short');
    await settle();
    expect(rowsOf(panel)).toEqual([1, 4]);
    await panel.get('[data-testid="aside-restore-all"]').trigger('click');
    await settle();
    expect(aside.size).toBe(110);
    expect(useNoticesStore().current?.text).toBe('Done: 2 rows restored');
    // None of that reason is left: the others are there again, without a choice of reasons.
    expect(panel.get('[data-testid="aside-count"]').text()).toBe('100 of 110');
    expect(panel.find('[data-testid="aside-reason"]').exists()).toBe(false);
  });

  it('restores one row, goes on with the next, and shows it again when that is undone', async () => {
    const panel = await shown();
    await panel.get('[data-testid="aside-restore-4"]').trigger('click');
    await settle();
    expect(aside.size).toBe(111);
    expect(rowsOf(panel).slice(0, 3)).toEqual([1, 20, 21]);
    expect(panel.get('[data-testid="aside-count"]').text()).toBe('99 of 111');
    expect(panel.findAll('option').map((one) => one.text())).toContain('very short texts (1)');
    expect(document.activeElement?.getAttribute('data-testid')).toBe('aside-restore-20');
    expect(useHistoryStore().undoStep).toEqual({ kind: 'restore', rows: 1, label: '' });
    expect(useNoticesStore().current?.text).toBe('Done: 1 row restored');
    useNoticesStore().current?.action?.run();
    await settle();
    expect(aside.size).toBe(112);
    expect(rowsOf(panel).slice(0, 3)).toEqual([1, 4, 20]);
  });

  it('restores all, and says that there is none left', async () => {
    const panel = await shown();
    await panel.get('[data-testid="aside-restore-all"]').trigger('click');
    await settle();
    expect(aside.size).toBe(0);
    expect(panel.get('[data-testid="aside-none"]').text()).toBe('No row is set aside.');
    expect(asked('health.restore')).toEqual([{}]);
  });

  it('opens from the report, which is read anew once it is closed', async () => {
    page.fake.handlers['health.report'] = ((inner) => async (request) => ({
      ...(await inner(request)),
      setAside: aside.size,
    }))(page.fake.handlers['health.report']);
    const screen = page.show(HealthPanel);
    await settle();
    expect(screen.get('[data-testid="health-aside-show"]').text()).toBe('Show 112 rows set aside');
    await screen.get('[data-testid="health-aside-show"]').trigger('click');
    await settle();
    const before = asked('health.report').length;
    for (const row of [1, 4]) {
      await screen.get(`[data-testid="aside-restore-${String(row)}"]`).trigger('click');
      await settle();
      const project = useProjectStore();
      if (project.current !== null) project.current = { ...project.current, rows: 5000 - aside.size };
      await settle();
    }
    expect(asked('health.report')).toHaveLength(before);
    await screen.get('[data-testid="aside-panel"]').trigger('keydown', { key: 'Escape' });
    await settle();
    expect(asked('health.report')).toHaveLength(before + 1);
    expect(screen.get('[data-testid="health-aside-show"]').text()).toBe('Show 110 rows set aside');
    expect(screen.find('[data-testid="aside-panel"]').exists()).toBe(false);
  });
});
