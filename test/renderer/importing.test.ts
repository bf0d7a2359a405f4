// @vitest-environment happy-dom
import { enableAutoUnmount } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import iconv from 'iconv-lite';
import { encodingGroups, encodingNames } from '../../src/renderer/features/import/encodings';
import ImportScreen from '../../src/renderer/features/import/ImportScreen.vue';
import { subscribe } from '../../src/renderer/app/engine-client';
import { useErrorsStore } from '../../src/renderer/stores/errors-store';
import { useImportStore } from '../../src/renderer/stores/import-store';
import { useJobsStore } from '../../src/renderer/stores/jobs-store';
import { useProjectStore } from '../../src/renderer/stores/project-store';
import { AppError } from '../../src/shared/errors';
import { openPage, settle, type TestPage } from './mount';

enableAutoUnmount(afterEach);
let page: TestPage;
beforeEach(() => {
  page = openPage('empty');
  document.body.innerHTML = '';
});
afterEach(() => {
  vi.useRealTimers();
});

async function openFile() {
  await useProjectStore().loadCurrent();
  const screen = page.show(ImportScreen);
  await screen.get('[data-testid="import-choose"]').trigger('click');
  await settle();
  return screen;
}
const previews = () => page.fake.calls.filter(({ method }) => method === 'import.preview');

describe('looking at a file', () => {
  it('shows raw lines and parsed rows, and takes the suggested roles', async () => {
    const screen = await openFile();
    expect(screen.text()).toContain('support-mails.csv');
    expect(screen.get('[data-testid="import-preview-table"]').findAll('tbody tr')).toHaveLength(40);
    expect(screen.get<HTMLSelectElement>('[data-testid="import-role-text"]').element.value).toBe('text');
    expect(screen.get<HTMLSelectElement>('[data-testid="import-role-topic"]').element.value).toBe('label');
    expect(screen.get<HTMLSelectElement>('[data-testid="import-role-id"]').element.value).toBe('id');
    expect(useImportStore().choice).toEqual({
      idColumn: 'id',
      textColumns: ['text'],
      labelColumns: ['topic'],
      multiLabel: false,
      labelSeparator: null,
    });
  });

  it('takes any one character between cells, and every encoding on the list is one that can be read', async () => {
    const screen = await openFile();
    expect(screen.find('[data-testid="import-delimiter-own"]').exists()).toBe(false);
    await screen.get('[data-testid="import-delimiter"]').setValue('other');
    const own = screen.get<HTMLInputElement>('[data-testid="import-delimiter-own"]');
    expect(own.element.value).toBe('');
    vi.useFakeTimers();
    await own.setValue('^');
    expect(useImportStore().options.delimiter).toBe('^');
    await vi.advanceTimersByTimeAsync(300);
    expect(previews()[1]?.request).toMatchObject({ options: { delimiter: '^' } });
    expect(screen.findAll('[data-testid="import-encoding"] optgroup').length).toBe(encodingGroups.length);
    expect(encodingNames.length).toBeGreaterThan(80);
    expect(new Set(encodingNames).size).toBe(encodingNames.length);
    expect(encodingNames.filter((name) => !iconv.encodingExists(name))).toEqual([]);
  });

  it('reads the file anew shortly after an option was changed, once for several changes', async () => {
    const screen = await openFile();
    vi.useFakeTimers();
    await screen.get('[data-testid="import-quote"]').setValue("'");
    await screen.get('[data-testid="import-delimiter"]').setValue(';');
    expect(previews()).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(300);
    expect(previews()).toHaveLength(2);
    expect(previews()[1]?.request).toMatchObject({ options: { quote: "'", delimiter: ';' } });
    expect(screen.get('[data-testid="import-preview-table"]').findAll('thead th')).toHaveLength(1);
  });

  it('does not import before a column holds the texts', async () => {
    const screen = await openFile();
    await screen.get('[data-testid="import-role-text"]').setValue('ignore');
    expect(screen.get('[data-testid="import-run"]').attributes('disabled')).toBeDefined();
    expect(screen.text()).toContain('Say which column holds the texts.');
  });

  it('says in the menu and beneath it that a column would make no good labels', async () => {
    const screen = await openFile();
    const importing = useImportStore();
    const before = importing.preview;
    if (before === null) throw new Error('There is no preview.');
    importing.preview = {
      ...before,
      columns: before.columns.map((one) => (one.name === 'id' ? { ...one, labelDoubt: 'unique' as const } : one)),
    };
    await settle();
    const menu = screen.get<HTMLSelectElement>('[data-testid="import-role-id"]');
    expect(menu.get('option[value="label"]').text()).toBe('Label (one of its own per row)');
    expect(screen.find('[data-testid="import-doubt-id"]').exists()).toBe(false);
    await menu.setValue('label');
    const said = screen.get('[data-testid="import-doubt-id"]');
    expect(said.text()).toContain('cannot be learned');
    expect(menu.attributes('aria-describedby')).toBe(said.attributes('id'));
    expect(screen.find('[data-testid="import-doubt-topic"]').exists()).toBe(false);
  });

  it('reads a column of lists as several labels once it is the label', async () => {
    const screen = await openFile();
    const importing = useImportStore();
    const before = importing.preview;
    if (before === null) throw new Error('There is no preview.');
    importing.preview = {
      ...before,
      columns: before.columns.map((one) =>
        one.name === 'id' ? { ...one, lists: true, suggestedSeparator: '|' } : one,
      ),
    };
    expect(importing.choice).toMatchObject({ multiLabel: false, labelSeparator: null });
    await screen.get('[data-testid="import-role-topic"]').setValue('ignore');
    await screen.get('[data-testid="import-role-id"]').setValue('label');
    expect(importing.choice).toMatchObject({ labelColumns: ['id'], multiLabel: true, labelSeparator: '|' });
    importing.preview = {
      ...importing.preview,
      rows: [
        ['a|b', 'text', null, null, null],
        ['["c|d"]', 'text', null, null, null],
      ],
    };
    await settle();
    expect(screen.findAll('tbody .chip').map((chip) => chip.text())).toEqual(['a', 'b', 'c|d']);
  });

  it('names the lines in which NUL bytes stood', async () => {
    const screen = await openFile();
    const importing = useImportStore();
    await importing.checkFile();
    expect(screen.find('[data-testid="repaired-rows"]').exists()).toBe(false);
    if (importing.check === null) throw new Error('The file was not checked.');
    importing.check = { ...importing.check, repaired: { count: 2, lines: [3, 1200] } };
    await settle();
    expect(screen.get('[data-testid="repaired-rows"]').text()).toContain('(lines 3, 1,200)');
  });

  it('makes several label columns, or several labels in a cell, multi-label', async () => {
    const screen = await openFile();
    const importing = useImportStore();
    await screen.get('[data-testid="import-multi"]').setValue(true);
    await screen.get('[data-testid="import-separator"]').setValue('|');
    expect(importing.choice).toMatchObject({ multiLabel: true, labelSeparator: '|' });
    await screen.get('[data-testid="import-multi"]').setValue(false);
    await screen.get('[data-testid="import-role-received_at"]').setValue('label');
    expect(importing.choice).toMatchObject({
      labelColumns: ['topic', 'received_at'],
      multiLabel: true,
      labelSeparator: null,
    });
  });

  it('lists refused lines with place and reason after a check', async () => {
    const screen = await openFile();
    await screen.get('[data-testid="import-check"]').trigger('click');
    await settle();
    expect(screen.get('[data-testid="import-check-result"]').text()).toContain(
      '5,000 rows can be read. 42 lines were refused.',
    );
  });

  it('reports a file that cannot be read and stays usable', async () => {
    page.fake.handlers['import.preview'] = () => {
      throw new AppError('file-not-found', 'There is no file /x.');
    };
    await openFile();
    expect(useErrorsStore().newest?.envelope.code).toBe('file-not-found');
    expect(useImportStore().previewing).toBe(false);
  });
});

describe('importing', () => {
  it('shows the progress and then what the project holds', async () => {
    const errors = useErrorsStore();
    const jobs = useJobsStore();
    const project = useProjectStore();
    subscribe('job', jobs.onJob, errors.report);
    subscribe('progress', jobs.onProgress, errors.report);
    subscribe('project', project.onEvent, errors.report);
    const screen = await openFile();
    vi.useFakeTimers();
    await screen.get('[data-testid="import-run"]').trigger('click');
    await vi.advanceTimersByTimeAsync(130);
    expect(screen.get('[data-testid="import-progress"]').text()).toContain('2,000 rows');
    await vi.advanceTimersByTimeAsync(400);
    vi.useRealTimers();
    await settle();
    expect(screen.get('[data-testid="import-rows"]').text()).toBe('40');
    expect(screen.get('[data-testid="import-rejected-count"]').text()).toBe('42');
  });
});
