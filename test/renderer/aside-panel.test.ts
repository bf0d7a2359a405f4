// @vitest-environment happy-dom
import { enableAutoUnmount } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProjectHealth } from '../../src/main/host/health/project-health';
import { OpenProject } from '../../src/main/host/open-project';
import AsidePanel from '../../src/renderer/features/health/AsidePanel.vue';
import HealthPanel from '../../src/renderer/features/health/HealthPanel.vue';
import { useHistoryStore } from '../../src/renderer/stores/history-store';
import { useLabellingStore } from '../../src/renderer/stores/labelling-store';
import { useNoticesStore } from '../../src/renderer/stores/notices-store';
import { useProjectStore } from '../../src/renderer/stores/project-store';
import { csv, projectFolder, TEXT_LABEL } from '../engine/store/project-folder';
import { openPage, settle, type TestPage } from './mount';

/** The list of rows that are set aside, on a real project: its store answers what is about rows that are set aside. */

enableAutoUnmount(afterEach);
let page: TestPage;
let project: OpenProject;

beforeEach(async () => {
  document.body.innerHTML = '';
  const folder = projectFolder();
  project = await OpenProject.open(folder);
  const rows = Array.from({ length: 140 }, (_, i) => `text number ${String(i)},${i % 2 === 0 ? 'even' : 'odd'}`);
  await project.store.importFile(csv(folder, 'rows.csv', ['text,label', ...rows]), {}, TEXT_LABEL, 'data');
  await setAside('short', 1, 4);
  await setAside('duplicate', ...Array.from({ length: 110 }, (_, i) => 20 + i));
  const health = new ProjectHealth(project);
  const { store } = project;
  page = openPage('labelled');
  Object.assign(page.fake.handlers, {
    'health.aside': ({ reason, offset, limit }) => health.aside(reason ?? null, offset, limit),
    'health.restore': ({ rowIds, reason }) => store.health.restore(rowIds ?? reason ?? null),
    'history.undo': () => store.undo(),
    'history.redo': () => store.redo(),
    'labels.state': () => store.labelState(),
  } satisfies Partial<typeof page.fake.handlers>);
  await useProjectStore().loadCurrent();
  await useLabellingStore().restart();
});
afterEach(() => project.store.close());

function setAside(issue: string, ...rows: number[]): Promise<number> {
  return project.store.health.apply(issue, 'set-aside', { kind: 'set-aside', rows: Int32Array.from(rows) });
}
/** Until the store has answered and it is drawn. */
async function drawn(): Promise<void> {
  await new Promise((done) => setTimeout(done, 150));
  await settle();
}
async function shown() {
  const panel = page.show(AsidePanel);
  await drawn();
  return panel;
}
type Panel = Awaited<ReturnType<typeof shown>>;
const rowsOf = (panel: Panel): number[] =>
  panel.findAll('li').map((one) => Number(one.attributes('data-testid')?.replace('aside-row-', '')));
const inUse = (): number => project.store.inUse().rows;
const asked = (method: string) => page.fake.calls.filter((one) => one.method === method).length;

describe('the list of rows that are set aside', () => {
  it('says of each why, page by page', async () => {
    const panel = await shown();
    expect(panel.get('[data-testid="aside-count"]').text()).toBe('100 of 112');
    expect(panel.get('[data-testid="aside-row-4"]').text()).toMatch(/5.*very short texts.*even.*text number 4/s);
    expect(panel.get('[data-testid="aside-row-20"]').text()).toContain('copies');
    await panel.get('[data-testid="aside-more"]').trigger('click');
    await drawn();
    expect(rowsOf(panel)).toEqual([1, 4, ...Array.from({ length: 110 }, (_, i) => 20 + i)]);
    expect(panel.find('[data-testid="aside-more"]').exists()).toBe(false);
  });

  it('shows those of one reason, and restores them alone', async () => {
    const panel = await shown();
    const options = panel.findAll('option').map((one) => one.text());
    expect(options).toEqual(['For any reason (112)', 'copies (110)', 'very short texts (2)']);
    await panel.get('[data-testid="aside-reason"]').setValue('short');
    await drawn();
    expect(rowsOf(panel)).toEqual([1, 4]);
    await panel.get('[data-testid="aside-restore-all"]').trigger('click');
    await drawn();
    expect(inUse()).toBe(30);
    expect(useNoticesStore().current?.text).toBe('Done: 2 rows restored');
    // None of that reason is left: the others are there again, without a choice of reasons.
    expect(panel.get('[data-testid="aside-count"]').text()).toBe('100 of 110');
    expect(panel.find('[data-testid="aside-reason"]').exists()).toBe(false);
  });

  it('restores one row, goes on with the next, and shows it again when that is undone', async () => {
    const panel = await shown();
    await panel.get('[data-testid="aside-restore-4"]').trigger('click');
    await drawn();
    expect(inUse()).toBe(29);
    expect(rowsOf(panel).slice(0, 3)).toEqual([1, 20, 21]);
    expect(panel.get('[data-testid="aside-count"]').text()).toBe('99 of 111');
    expect(panel.findAll('option').map((one) => one.text())).toContain('very short texts (1)');
    expect(document.activeElement?.getAttribute('data-testid')).toBe('aside-restore-20');
    expect(useHistoryStore().undoStep).toEqual({ kind: 'restore', rows: 1, label: '' });
    expect(useNoticesStore().current?.text).toBe('Done: 1 row restored');
    useNoticesStore().current?.action?.run();
    await drawn();
    expect(inUse()).toBe(28);
    expect(rowsOf(panel).slice(0, 3)).toEqual([1, 4, 20]);
  });

  it('restores all, and says that there is none left', async () => {
    const panel = await shown();
    await panel.get('[data-testid="aside-restore-all"]').trigger('click');
    await drawn();
    expect(inUse()).toBe(140);
    expect(panel.get('[data-testid="aside-none"]').text()).toBe('No row is set aside.');
    expect(project.store.labelState().undoStep).toEqual({ kind: 'restore', rows: 112, label: '' });
  });

  it('opens from the report, which is read anew once it is closed', async () => {
    page.fake.handlers['health.report'] = ((inner) => async (request) => ({
      ...(await inner(request)),
      setAside: project.store.health.setAsideRows().length,
    }))(page.fake.handlers['health.report']);
    const screen = page.show(HealthPanel);
    await drawn();
    expect(screen.get('[data-testid="health-aside-show"]').text()).toBe('Show 112 rows set aside');
    await screen.get('[data-testid="health-aside-show"]').trigger('click');
    await drawn();
    const before = asked('health.report');
    for (const row of [1, 4]) {
      await screen.get(`[data-testid="aside-restore-${String(row)}"]`).trigger('click');
      await drawn();
      const { rows } = project.store.inUse();
      page.fake.emit('project', { ...useProjectStore().current, rows });
    }
    expect(asked('health.report')).toBe(before);
    await screen.get('[data-testid="aside-panel"]').trigger('keydown', { key: 'Escape' });
    await drawn();
    expect(asked('health.report')).toBe(before + 1);
    expect(screen.get('[data-testid="health-aside-show"]').text()).toBe('Show 110 rows set aside');
    expect(screen.find('[data-testid="aside-panel"]').exists()).toBe(false);
  });
});
