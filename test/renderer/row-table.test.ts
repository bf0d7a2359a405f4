// @vitest-environment happy-dom
import { enableAutoUnmount } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { call } from '../../src/renderer/app/engine-client';
import RowPanel from '../../src/renderer/features/import/RowPanel.vue';
import RowTable from '../../src/renderer/features/import/RowTable.vue';
import { useLabellingStore } from '../../src/renderer/stores/labelling-store';
import { useNavigationStore } from '../../src/renderer/stores/navigation-store';
import { useProjectStore } from '../../src/renderer/stores/project-store';
import { openPage, settle, stubCanvas, type TestPage } from './mount';

enableAutoUnmount(afterEach);
let page: TestPage;
beforeEach(async () => {
  stubCanvas(); // gives elements a size, without which no row is in view
  page = openPage('labelled');
  document.body.innerHTML = '';
  await useProjectStore().loadCurrent();
});

describe('the table of rows', () => {
  it('opens a row beside the table by a click on its text, and closes it by Escape with the focus back', async () => {
    const screen = page.show(RowTable);
    await settle();
    const [, second] = screen.findAll<HTMLButtonElement>('[data-testid="row-open"]');
    const text = second?.text() ?? '';
    expect(text).not.toBe('');
    second?.element.focus();
    await second?.trigger('click');
    await settle();
    expect(screen.get('[data-testid="row-text"]').text()).toBe(text);
    expect(second?.attributes('aria-expanded')).toBe('true');
    await screen.get('[data-testid="row-panel"]').trigger('keydown', { key: 'Escape' });
    expect(screen.find('[data-testid="row-panel"]').exists()).toBe(false);
    expect(document.activeElement).toBe(second?.element);
  });

  it('is one stop of the Tab key, and arrows, Home and End walk its rows', async () => {
    const screen = page.show(RowTable);
    await settle();
    const stops = (): string[] =>
      screen
        .findAll('[data-row]')
        .filter((row) => row.attributes('tabindex') === '0')
        .map((row) => row.attributes('data-row') ?? '');
    const focused = (): string | null => document.activeElement?.getAttribute('data-row') ?? null;
    const press = async (key: string): Promise<void> => {
      document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
      await settle();
    };
    expect(stops()).toEqual(['0']);
    screen.get<HTMLButtonElement>('[data-row="0"]').element.focus();
    await press('ArrowUp');
    expect(focused()).toBe('0');
    await press('ArrowDown');
    await press('ArrowDown');
    expect(focused()).toBe('2');
    expect(stops()).toEqual(['2']);
    const { total } = await call('rows.page', { offset: 0, limit: 1, filter: {} });
    await press('End');
    expect(focused()).toBe(String(total - 1));
    await press('PageUp');
    expect(Number(focused())).toBeLessThan(total - 1);
    await press('Home');
    expect(focused()).toBe('0');
    expect(stops()).toEqual(['0']);
  });

  it('shows the beginning of a long text until the whole of it is there', async () => {
    const {
      rows: [row],
    } = await call('rows.page', { offset: 2, limit: 1, filter: {} });
    if (row === undefined) throw new Error('The fake engine has no rows.');
    const head = { ...row, text: row.text.slice(0, 5), textLength: row.text.length };
    const panel = page.show(RowPanel, { row: head });
    expect(panel.get('[data-testid="row-text"]').text()).toBe(head.text.trim());
    expect(panel.find('[role="status"]').exists()).toBe(true);
    expect(panel.text()).toContain(`${String(row.text.length)} characters`);
    await settle();
    expect(panel.get('[data-testid="row-text"]').text()).toBe(row.text);
    expect(panel.find('[role="status"]').exists()).toBe(false);
    await panel.get('[data-testid="row-label"]').trigger('click');
    await settle();
    expect(useNavigationStore().view).toBe('label');
    expect(useLabellingStore().current?.id).toBe(row.id);
  });
});
