// @vitest-environment happy-dom
import { enableAutoUnmount } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSession } from '../../src/renderer/app/session';
import HealthPanel from '../../src/renderer/features/health/HealthPanel.vue';
import ImportProgress from '../../src/renderer/features/import/ImportProgress.vue';
import ImportSummary from '../../src/renderer/features/import/ImportSummary.vue';
import { useImportStore } from '../../src/renderer/stores/import-store';
import { rolesFor } from '../../src/renderer/stores/importing/column-roles';
import { useJobsStore } from '../../src/renderer/stores/jobs-store';
import { useLabellingStore } from '../../src/renderer/stores/labelling-store';
import { useNavigationStore } from '../../src/renderer/stores/navigation-store';
import { useProjectStore } from '../../src/renderer/stores/project-store';
import { useTrainingStore } from '../../src/renderer/stores/training-store';
import type { Column, ColumnChoice, ColumnRole } from '../../src/shared/data-types';
import { openPage, settle, type TestPage } from './mount';

enableAutoUnmount(afterEach);
let page: TestPage;
beforeEach(() => {
  page = openPage('labelled');
  document.body.innerHTML = '';
});
const asked = (method: string) => page.fake.calls.filter((one) => one.method === method).map(({ request }) => request);

const choice: ColumnChoice = {
  textColumns: ['body'],
  labelColumns: ['kind'],
  multiLabel: false,
  labelSeparator: null,
  splitColumn: 'side',
};
const column = (name: string, suggestedRole: ColumnRole): Column => ({
  name,
  index: 0,
  type: 'text',
  distinct: 2,
  emptyShare: 0,
  meanLength: 8,
  suggestedRole,
});

describe('the columns of a further file', () => {
  it('are what they were in the files before, also where they look like something else', () => {
    const columns = [
      column('subject', 'text'),
      column('body', 'ignore'),
      column('kind', 'id'),
      column('side', 'label'),
    ];
    expect(rolesFor(columns, choice)).toEqual({ subject: 'ignore', body: 'text', kind: 'label', side: 'split' });
    expect(rolesFor(columns, null)).toEqual({ subject: 'text', body: 'ignore', kind: 'id', side: 'label' });
  });

  it('are guessed where the project knows nothing of them', () => {
    const columns = [column('message', 'text'), column('topic', 'label'), column('when', 'time')];
    expect(rolesFor(columns, choice)).toEqual({ message: 'text', topic: 'label', when: 'time' });
    const unlabelled = { ...choice, labelColumns: [] };
    expect(rolesFor([column('body', 'text'), column('topic', 'label')], unlabelled)).toEqual({
      body: 'text',
      topic: 'label',
    });
  });

  it('bring the way in which several labels stand in a cell', async () => {
    await useProjectStore().loadCurrent();
    const project = useProjectStore();
    const current = project.current;
    if (current === null) throw new Error('No project.');
    const before = { ...choice, textColumns: ['text'], labelColumns: ['topic'], multiLabel: true, labelSeparator: '|' };
    project.current = { ...current, columns: before };
    const importing = useImportStore();
    await importing.choose('/home/ada/mails/june.csv');
    expect(importing.choice).toMatchObject({ labelColumns: ['topic'], multiLabel: true, labelSeparator: '|' });
  });
});

describe('several imported files', () => {
  it('are listed, each with its refused lines, which can be saved file by file', async () => {
    const summary = { rows: 5000, labelled: 4000, rejected: [], rejectedCount: 0, labels: [], seconds: 2 };
    const rejected = [{ line: 7, reason: 'odd', text: 'one,too,many' }];
    page.fake.handlers['import.files'] = () => [
      { id: 1, path: '/mails/may.csv', role: 'data', summary: { ...summary, rejected, rejectedCount: 1 }, inUse: 5000 },
      { id: 2, path: '/mails/june.csv', role: 'test', summary, inUse: 0 },
    ];
    await useProjectStore().loadCurrent();
    await useImportStore().loadFiles();
    const screen = page.show(ImportSummary);
    expect(screen.get('h2').text()).toBe('Imported from 2 files');
    expect(screen.get('[data-testid="import-rejected-count"]').text()).toBe('1');
    const lines = screen.findAll('[data-testid="import-files"] tbody tr').map((one) => one.text());
    expect(lines).toEqual([expect.stringContaining('may.csv'), expect.stringContaining('june.csvfor the final test')]);
    expect(screen.findAll('[data-testid="import-rejected"]')).toHaveLength(1);
    expect(screen.get('[data-testid="import-rejected"] h3').text()).toBe('1 refused line in may.csv');
    await screen.get('[data-testid="rejected-save"]').trigger('click');
    await settle();
    expect(asked('rejected.save')).toEqual([expect.objectContaining({ importId: 1 })]);
  });
});

describe('an import behind a training', () => {
  it('says that it waits, and leads to the run', async () => {
    page = openPage('training');
    await startSession();
    const jobs = useJobsStore();
    const [training] = jobs.all;
    if (training === undefined) throw new Error('No training.');
    page.fake.handlers['import.run'] = () => ({ jobId: 'import-1' });
    await useImportStore().start({ path: '/june.csv', options: {}, columns: choice, role: 'data' });
    jobs.onJob({ ...training, id: 'import-1', kind: 'import', state: 'queued', runId: null });
    const screen = page.show(ImportProgress);
    await settle();
    expect(screen.get('[data-testid="import-waits"]').text()).toContain('once the training under way has ended');
    expect(screen.text()).not.toContain('Starting');
    await screen.get('[data-testid="import-to-job"]').trigger('click');
    expect(useNavigationStore().view).toBe('language-model');
    jobs.onJob({ ...training, state: 'cancelled' });
    await settle();
    expect(screen.find('[data-testid="import-waits"]').exists()).toBe(false);
  });
});

describe('labels and the health report', () => {
  it('are both new after a remedy that changes only labels, and after undo', async () => {
    await startSession();
    await settle();
    const labelling = useLabellingStore();
    const screen = page.show(HealthPanel);
    await settle();
    const state = page.fake.handlers['labels.state'];
    page.fake.handlers['labels.state'] = async (request) => ({
      ...(await state(request)),
      labels: [{ name: 'delivery', count: 4000, color: '#000' }],
      canUndo: true,
    });
    await screen.get('[data-testid="health-open-label-variants"]').trigger('click');
    await screen.get('[data-testid="health-merge"]').trigger('click');
    await settle();
    expect(labelling.labels.map(({ name }) => name)).toEqual(['delivery']);
    expect(labelling.state?.canUndo).toBe(true);
    const before = asked('health.report').length;
    await labelling.undo();
    await settle();
    expect(asked('health.report')).toHaveLength(before + 1);
  });

  it('that are unequal get weights by one click, which can be taken back', async () => {
    const report = page.fake.handlers['health.report'];
    page.fake.handlers['health.report'] = async (request) => {
      const known = await report(request);
      const [first] = known.issues;
      if (first === undefined) return known;
      const facts = { largest: 'a', smallest: 'b', times: 30, share: 0.9 };
      return { ...known, issues: [{ ...first, id: 'imbalance', facts, examples: [], remedies: [] }] };
    };
    await useProjectStore().loadCurrent();
    const screen = page.show(HealthPanel);
    await settle();
    await screen.get('[data-testid="health-weigh"]').trigger('click');
    expect(useTrainingStore().request.classWeights).toBe(true);
    await screen.get('[data-testid="health-unweigh"]').trigger('click');
    expect(useTrainingStore().request.classWeights).toBe(false);
    expect(screen.find('[data-testid="health-weigh"]').exists()).toBe(true);
  });
});
