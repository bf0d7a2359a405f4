// @vitest-environment happy-dom
import { enableAutoUnmount } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Job } from '../../src/shared/jobs';
import FileClassifier from '../../src/renderer/features/inspect/FileClassifier.vue';
import { useClassifyFileStore } from '../../src/renderer/stores/classify-file-store';
import { useJobsStore } from '../../src/renderer/stores/jobs-store';
import { useProjectStore } from '../../src/renderer/stores/project-store';
import { openPage, settle, type TestPage } from './mount';

enableAutoUnmount(afterEach);
let page: TestPage;
beforeEach(async () => {
  page = openPage('trained');
  await useProjectStore(page.pinia).loadCurrent();
});
afterEach(() => {
  document.body.innerHTML = '';
});

const callsOf = (method: string) =>
  page.fake.calls.filter((one) => one.method === method).map(({ request }) => request);

function job(id: string, kind: Job['kind'], state: Job['state']): Job {
  const times = { startedAt: null, endedAt: null, secondsLeft: 30, fraction: 0.5 };
  return { id, kind, title: '', state, stage: 'predict', error: null, runId: null, ...times };
}

describe('a file that gets labels', () => {
  it('is looked at, labelled into another file, and counted', async () => {
    const file = useClassifyFileStore(page.pinia);
    const box = page.show(FileClassifier);
    expect(box.find('[data-testid="classify-file-run"]').exists()).toBe(false);
    await file.choose('/mails/new.csv');
    await settle();
    expect(file.textColumns).toEqual(useProjectStore(page.pinia).current?.columns?.textColumns);
    page.fake.handlers['shell.chooseSave'] = () => '/mails/out.csv';
    await box.get('[data-testid="classify-file-run"]').trigger('click');
    await settle();
    expect(callsOf('predict.file')).toEqual([
      { path: file.preview?.path, options: {}, out: '/mails/out.csv', textColumns: [...file.textColumns] },
    ]);

    page.fake.handlers['predict.result'] = () => ({
      file: '/mails/out.csv',
      rows: 12,
      rejected: 1,
      unanswered: 2,
      labels: [
        { name: 'billing', count: 3 },
        { name: 'delivery', count: 7 },
        { name: 'never', count: 0 },
      ],
      seconds: 1,
    });
    const jobs = useJobsStore(page.pinia);
    jobs.onJob(job('job-p', 'predict-file', 'running'));
    await settle();
    expect(box.get('[data-testid="classify-file-progress"]').text()).toContain('left');
    expect(box.get('[data-testid="classify-file-choose"]').attributes('disabled')).toBeDefined();
    jobs.onJob(job('job-p', 'predict-file', 'done'));
    await settle();
    const done = box.get('[data-testid="classify-file-done"]').text();
    expect(done).toContain('12 rows labelled');
    expect(done.indexOf('delivery')).toBeLessThan(done.indexOf('billing'));
    expect(done).not.toContain('never');
    expect(done).toContain('2 rows got no label');
    expect(done).toContain('1 row could not be read');
  });

  it('without the column of the texts says so, and reads the one that is chosen', async () => {
    const file = useClassifyFileStore(page.pinia);
    const before = page.fake.handlers['import.preview'];
    page.fake.handlers['import.preview'] = (params) => {
      const found = before(params);
      if (found instanceof Promise) throw new Error('the harness answers at once');
      return { ...found, columns: found.columns.map((column) => ({ ...column, name: `${column.name}-2` })) };
    };
    const box = page.show(FileClassifier);
    await file.choose('/mails/other.csv');
    await settle();
    expect(box.find('[data-testid="classify-file-missing"]').exists()).toBe(true);
    expect(box.find('[data-testid="classify-file-measure"]').exists()).toBe(false);
    const last = file.columns.at(-1) ?? '';
    await box.get('[data-testid="classify-file-text-0"]').setValue(last);
    expect(file.textColumns[0]).toBe(last);
  });
});
