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
      {
        path: file.preview?.path,
        options: {},
        out: '/mails/out.csv',
        textColumns: [...file.textColumns],
        format: 'csv',
        shape: { labels: 'all', best: 3, probabilities: true },
      },
    ]);

    page.fake.handlers['predict.result'] = () => ({
      file: '/mails/out.csv',
      rows: 12,
      rejected: 1,
      rejectedRows: [{ line: 7, reason: 'bytes that cannot be decoded in this encoding', text: 'x\ufffd' }],
      unanswered: 2,
      abstainBelow: 0.8,
      labels: [
        { name: 'billing', count: 3 },
        { name: 'delivery', count: 7 },
        { name: 'never', count: 0 },
      ],
      surest: [{ line: 4, text: 'paid twice', labels: ['billing'], label: 'billing', probability: 0.999 }],
      leastSure: [{ line: 9, text: 'hello', labels: [], label: 'delivery', probability: 0.35 }],
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
    expect(done).toContain(
      '2 rows got no label, as the model is less than 80% sure of them; 83.3% of the rows got one',
    );
    expect(done).toContain('1 row could not be read');
    expect(box.get('[data-testid="classify-file-least"]').text()).toMatch(/hello.*delivery.*not given.*35/s);
    expect(box.get('[data-testid="classify-file-surest"]').text()).not.toContain('not given');
    const lines = box.get('[data-testid="import-rejected"]');
    expect(lines.text()).toContain('1 refused line');
    page.fake.handlers['shell.chooseSave'] = () => '/mails/lines.csv';
    await lines.get('[data-testid="rejected-save"]').trigger('click');
    await settle();
    expect(callsOf('file.saveRejected')).toEqual([{ jobId: 'job-p', out: '/mails/lines.csv' }]);
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

  it('is written in the form, with the labels and from the certainty that a person says', async () => {
    page.fake.handlers['predict.abstain'] = () => ({
      n: 200,
      abstainBelow: 0.6,
      points: Array.from({ length: 101 }, (_, i) => ({
        threshold: i / 100,
        kept: 200 - 2 * i,
        right: Math.min(200 - 2 * i, 180),
        interval: [0.8, 0.95],
      })),
    });
    const file = useClassifyFileStore(page.pinia);
    const box = page.show(FileClassifier);
    await file.choose('/mails/new.csv');
    await settle();
    const slider = box.get<HTMLInputElement>('[data-testid="classify-file-below"]');
    expect(slider.element.value).toBe('60');
    const effect = (): string => box.get('[data-testid="classify-file-effect"]').text();
    expect(effect()).toContain('On 200 texts held out for validation it would answer 40%, and 100.0% of these');
    await slider.setValue('5');
    expect(effect()).toContain('it would answer 95%, and 94.7% of these answers are right (80% to 95%)');
    await slider.setValue('95');
    expect(effect()).toContain('10, of which 10 are right: too few');
    await box.get('[data-testid="classify-file-saved"]').trigger('click');
    expect(slider.element.value).toBe('60');

    await box.get('[data-testid="classify-file-format"]').setValue('parquet');
    const probabilities = box.get<HTMLInputElement>('[data-testid="classify-file-probabilities"]');
    expect([probabilities.element.disabled, probabilities.element.checked]).toEqual([true, true]);
    await box.get('[data-testid="classify-file-labels"]').setValue('best');
    await box.get('[data-testid="classify-file-best"]').setValue('2');
    await probabilities.setValue(false);
    page.fake.handlers['shell.chooseSave'] = () => '/mails/out.parquet';
    await box.get('[data-testid="classify-file-run"]').trigger('click');
    await settle();
    expect(callsOf('shell.chooseSave').at(-1)).toMatchObject({ fileName: 'new-labelled.parquet', extensions: ['parquet'] }); // prettier-ignore
    expect(callsOf('predict.file').at(-1)).toMatchObject({
      format: 'parquet',
      shape: { labels: 'best', best: 2, probabilities: false },
      abstainBelow: 0.6,
    });
  });
});

describe('a file with right answers', () => {
  const labels = ['billing', 'delivery', 'rare'];
  const metrics = {
    n: 100,
    accuracy: 0.9,
    accuracyInterval: [0.82, 0.94] as [number, number],
    macroF1: 0.71,
    microF1: 0.9,
    ece: 0.1,
    loss: 0.3,
    perClass: labels.map((label, i) => ({ label, precision: 0.9, recall: 0.8, f1: 0.85 - i / 10, support: [58, 40, 2][i] ?? 0 })), // prettier-ignore
    confusion: [
      [54, 4, 0],
      [4, 36, 0],
      [0, 2, 0],
    ],
  };

  async function measured(): Promise<ReturnType<TestPage['show']>> {
    const file = useClassifyFileStore(page.pinia);
    const before = page.fake.handlers['import.preview'];
    page.fake.handlers['import.preview'] = (params) => {
      const found = before(params);
      if (found instanceof Promise) throw new Error('the harness answers at once');
      return { ...found, columns: [...found.columns, { ...found.columns[0]!, name: 'Kategorie', index: 9 }] };
    };
    page.fake.handlers['evaluate.columns'] = () => ({
      column: 'Kategorie',
      by: 'values',
      rows: 100,
      columns: [{ name: 'Kategorie', filled: 100, known: 93, separator: null, example: 'Sonstiges' }],
    });
    page.fake.handlers['evaluate.result'] = () => ({
      ...metrics,
      documentsPerSecond: 10,
      labels,
      thresholds: null,
      baseline: { ...metrics, accuracy: 0.8 },
      deep: null,
      blend: null,
      majority: { label: 'billing', accuracy: 0.58 },
      unknownLabels: [],
      unlabelled: 0,
      rejected: 0,
      rejectedRows: [],
      respelled: 3,
      answered: { threshold: 0.5, kept: 80, right: 76, interval: [0.88, 0.98] },
      known: { train: 12, valid: 0, without: { ...metrics, n: 88, accuracy: 0.875 } },
      wrong: {
        total: 10,
        rows: Array.from({ length: 10 }, (_, i) => ({
          line: i + 2,
          text: `wrong text ${String(i)}`,
          actual: [i < 2 ? 'rare' : 'billing'],
          predicted: ['delivery'],
          probability: 0.99 - i / 100,
          known: i === 0 ? ('train' as const) : null,
        })),
      },
    });
    const box = page.show(FileClassifier);
    await file.choose('/mails/checked.csv');
    await settle();
    return box;
  }

  it('has its column found, with the reason, and a person can say another one', async () => {
    const box = await measured();
    const file = useClassifyFileStore(page.pinia);
    expect(file.labelColumns).toEqual(['Kategorie']);
    const why = (): string => box.get('[data-testid="classify-file-why"]').text();
    expect(why()).toBe('Chosen by its values: 93 of 100 values looked at are labels of the model. “Sonstiges”, for one, is not.'); // prettier-ignore
    const select = box.get<HTMLSelectElement>('[data-testid="classify-file-answers"]');
    expect(select.element.selectedOptions[0]?.text).toContain('93%');
    await select.setValue('-1');
    expect(file.labelColumns).toEqual([]);
    expect(box.find('[data-testid="classify-file-measure"]').exists()).toBe(false);
    await select.setValue(String(file.columns.indexOf('Kategorie')));
    expect(why()).not.toContain('Chosen');
    await box.get('[data-testid="classify-file-measure"]').trigger('click');
    await settle();
    expect(callsOf('evaluate.file').at(-1)).toMatchObject({ columns: { labelColumns: ['Kategorie'] } });
  });

  it('is measured by label, with what is mixed up, what is known, and the wrong rows of a cell', async () => {
    const box = await measured();
    await box.get('[data-testid="classify-file-measure"]').trigger('click');
    await settle();
    useJobsStore(page.pinia).onJob(job('job-e', 'evaluate', 'done'));
    await settle();
    const known = box.get('[data-testid="classify-file-known"]').text();
    expect(known).toContain('12 rows of the file');
    expect(known).toContain('on 88 rows: right 87.5%');
    expect(box.get('[data-testid="classify-file-answered"]').text()).toContain('80 of 100 rows (80.0%), of which right: 95.0%'); // prettier-ignore
    const table = box.get('[data-testid="classify-file-by-label"]').findAll('tbody tr');
    expect(table.map((row) => row.get('th').text().split(' ')[0])).toEqual(['delivery', 'billing', 'rare']);
    expect(table[2]?.text()).toContain('too few');
    const wrong = box.get('[data-testid="classify-file-wrong"]');
    expect(wrong.text()).toContain('10 wrong rows');
    expect(wrong.findAll('li')[0]?.text()).toContain('learned from this text');
    await box.get('[data-testid="inspect-cell-2-1"]').trigger('click');
    await settle();
    expect(wrong.findAll('li').map((row) => row.text().slice(0, 12))).toEqual(['wrong text 0', 'wrong text 1']);
    await wrong.get('[data-testid="classify-file-all-wrong"]').trigger('click');
    expect(wrong.findAll('li').length).toBe(10);
  });
});
