// @vitest-environment happy-dom
import { enableAutoUnmount } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HealthIssue } from '../../src/shared/health-types';
import HealthIssueCard from '../../src/renderer/features/health/HealthIssueCard.vue';
import HealthPanel from '../../src/renderer/features/health/HealthPanel.vue';
import ProjectActions from '../../src/renderer/features/home/ProjectActions.vue';
import SplitPanel from '../../src/renderer/features/import/SplitPanel.vue';
import ImportScreen from '../../src/renderer/features/import/ImportScreen.vue';
import { useHealthStore } from '../../src/renderer/stores/health-store';
import { useImportStore } from '../../src/renderer/stores/import-store';
import { useLabellingStore } from '../../src/renderer/stores/labelling-store';
import { useNavigationStore } from '../../src/renderer/stores/navigation-store';
import { useNoticesStore } from '../../src/renderer/stores/notices-store';
import { useProjectStore } from '../../src/renderer/stores/project-store';
import { openPage, settle, type TestPage } from './mount';

enableAutoUnmount(afterEach);
let page: TestPage;
beforeEach(() => {
  page = openPage('labelled');
  document.body.innerHTML = '';
});
const asked = (method: string) => page.fake.calls.filter((one) => one.method === method).map(({ request }) => request);

async function shown(component: typeof HealthPanel | typeof SplitPanel) {
  await useProjectStore().loadCurrent();
  const screen = page.show(component);
  await settle();
  return screen;
}

describe('the health report', () => {
  it('names what it found, weightiest first, with the rows behind it', async () => {
    const screen = await shown(HealthPanel);
    expect(screen.get('[data-testid="health-counts"]').text()).toBe('2 problems2 warnings1 note');
    const titles = screen.findAll('article .title').map((one) => one.text());
    expect(titles).toEqual([
      '5 rows contradict a copy of themselves',
      '2 labels look like others',
      '12 texts were damaged by a wrong encoding',
      '2 labels have fewer than 10 rows',
      '31 texts are in another language',
    ]);
    expect(screen.get('[data-testid="health-conflict"]').text()).toContain('My parcel has been on its way');
    await screen.get('[data-testid="health-open-language"]').trigger('click');
    const foreign = screen.get('[data-testid="health-language"]').text();
    expect(foreign).toContain('Most texts are in English');
    expect(foreign).toContain('German');
  });

  it('applies a remedy by one click, lists it, and takes it back', async () => {
    const screen = await shown(HealthPanel);
    await screen.get('[data-testid="health-open-mojibake"]').trigger('click');
    expect(screen.get('[data-testid="health-mojibake"]').text()).toContain('Ich warte für immer');
    await screen.get('[data-testid="health-do-mojibake-repair-text"]').trigger('click');
    await settle();
    expect(asked('health.apply')).toEqual([{ issue: 'mojibake', remedy: 'repair-text', merges: [] }]);
    expect(screen.find('[data-testid="health-mojibake"]').exists()).toBe(false);
    expect(screen.get('[data-testid="health-done"]').text()).toContain('12 rows · damaged letters');
    await screen.get('[data-testid="health-undo-1"]').trigger('click');
    await settle();
    expect(asked('health.undo')).toEqual([{ id: 1, undone: true }]);
    expect(screen.find('[data-testid="health-mojibake"]').exists()).toBe(true);
    expect(screen.get('[data-testid="health-done"]').text()).toContain('taken back');
  });

  it('merges what differs in spelling, and a slip of the pen only where the person says so', async () => {
    const screen = await shown(HealthPanel);
    await screen.get('[data-testid="health-open-label-variants"]').trigger('click');
    const card = screen.get('[data-testid="health-label-variants"]');
    const boxes = card.findAll<HTMLInputElement>('input[type="checkbox"]');
    expect(boxes.map(({ element }) => element.checked)).toEqual([true, false]);
    await card.findAll('select')[0]?.setValue('DELIVERY');
    await card.get('[data-testid="health-merge"]').trigger('click');
    await settle();
    expect(asked('health.apply')).toEqual([
      {
        issue: 'label-variants',
        remedy: 'merge-labels',
        merges: [{ keep: 'DELIVERY', merge: ['delivery', 'Delivery '] }],
      },
    ]);
  });

  it('says how far it is, and after a cancel that there is no report', async () => {
    const screen = await shown(HealthPanel);
    const health = useHealthStore();
    health.report = null;
    health.looking = true;
    health.progress = { done: 400, total: 1000, stage: 'comparing' };
    await settle();
    expect(screen.get('[data-testid="health-doing"]').text()).toContain('40');
    health.progress = { done: 400, total: 1000, stage: 'reading' };
    await settle();
    expect(screen.get('[data-testid="health-doing"]').text()).toBe('400 of 1,000 texts');
    expect(screen.find('[data-testid="health-stopped"]').exists()).toBe(false);
    health.looking = false;
    await settle();
    expect(screen.get('[data-testid="health-stopped"]').text()).toContain('Look again');
  });

  it('leads to the labels that a model doubts, once there are some', async () => {
    const screen = await shown(HealthPanel);
    expect(screen.find('[data-testid="health-doubted"]').exists()).toBe(false);
    const labelling = useLabellingStore();
    await labelling.restart();
    await settle();
    expect(screen.get('[data-testid="health-doubted"]').text()).toContain('41 rows');
    await screen.get('[data-testid="health-to-doubted"]').trigger('click');
    expect(labelling.order).toBe('doubted');
    expect(useNavigationStore().view).toBe('label');
  });

  it('says of rows in an order what to do, and leads to how rows are split', async () => {
    await useProjectStore().loadCurrent();
    const issue: HealthIssue = {
      id: 'label-order',
      weight: 'warning',
      count: 1500,
      groups: 0,
      affected: 0,
      facts: { changes: 1, expected: 1500, label: 'delivery', first: 1, last: 1500 },
      examples: [],
      remedies: [],
      variants: [],
      labels: [],
    };
    const card = page.show(HealthIssueCard, { issue, open: true });
    await settle();
    expect(card.get('.title').text()).toBe('Rows are sorted by label (changes from row to row: 1, by chance: 1,500)');
    expect(card.text()).toContain('Rows 1 to 1,500 are all “delivery”');
    await card.get('[data-testid="health-split-label-order"]').trigger('click');
    expect(useNavigationStore()).toMatchObject({ view: 'import', part: 'splits' });
  });

  it('lists all rows of an issue in a panel', async () => {
    const screen = await shown(HealthPanel);
    await screen.get('[data-testid="health-all-conflict"]').trigger('click');
    await settle();
    expect(screen.get('[data-testid="health-rows-list"]').findAll('li.example')).toHaveLength(4);
    expect(screen.get('[data-testid="health-rows-list"]').findAll('li.first')).toHaveLength(2);
  });
});

describe('dividing rows', () => {
  it('takes the column that suggests itself, and divides by it', async () => {
    const screen = await shown(SplitPanel);
    expect(screen.text()).toContain('Not divided yet');
    expect(screen.find('[data-testid="split-given"]').exists()).toBe(false);
    await screen.get('[data-testid="split-time"]').trigger('click');
    expect(screen.get<HTMLSelectElement>('[data-testid="split-column"]').element.value).toBe('received_at');
    await screen.get('[data-testid="split-test"]').setValue('20');
    await screen.get('[data-testid="split-apply"]').trigger('click');
    await settle();
    expect(asked('splits.divide')).toEqual([
      { plan: { strategy: 'time', column: 'received_at', validShare: 0.1, testShare: 0.2, seed: 42 } },
    ]);
    expect(screen.get('[data-testid="split-rows-train"]').text()).toBe('3,200');
    await screen.get('[data-testid="split-lock"]').setValue(true);
    await settle();
    expect(asked('splits.lock')).toEqual([{ locked: true }]);
    expect(screen.get('[data-testid="split-looks"]').text()).toContain('Nobody has looked');
  });
});

describe('whole projects', () => {
  it('are renamed and thrown away, and leave the list', async () => {
    await useProjectStore().loadHome();
    const screen = page.show(ProjectActions, { path: '/home/ada/Thaw/old', name: 'Old' });
    await settle();
    expect(screen.get('[data-testid="project-size"]').text()).toContain('131 MB');
    await screen.get('[data-testid="project-rename"]').trigger('click');
    await screen.get('[data-testid="project-new-name"]').setValue('New');
    await screen.get('form').trigger('submit');
    await settle();
    expect(asked('project.rename')).toEqual([{ path: '/home/ada/Thaw/old', name: 'New' }]);
    expect(asked('shell.noteName')).toEqual([{ path: '/home/ada/Thaw/old', name: 'New' }]);
    expect(useNoticesStore().current?.text).toBe('Renamed to “New”');
    useNoticesStore().current?.action?.run();
    await settle();
    expect(asked('project.rename').at(-1)).toEqual({ path: '/home/ada/Thaw/old', name: 'Old' });
    await screen.get('[data-testid="project-trash"]').trigger('click');
    await settle();
    expect(asked('project.trash')).toHaveLength(1);
    expect(asked('shell.forgetProject')).toEqual([{ path: '/home/ada/Thaw/old' }]);
  });
});

describe('pasted rows', () => {
  it('are kept as a file and looked at as any other', async () => {
    page = openPage('empty');
    await useProjectStore().loadCurrent();
    const screen = page.show(ImportScreen);
    await screen.get('[data-testid="import-paste"]').trigger('click');
    await screen.get('[data-testid="import-paste-field"]').setValue('one\ta\ntwo\tb');
    await screen.get('form.pasting').trigger('submit');
    await settle();
    expect(asked('import.paste')).toEqual([{ text: 'one\ta\ntwo\tb' }]);
    expect(useImportStore().path).toContain('pasted.tsv');
  });

  it('gives roles that one column can have to one column', async () => {
    page = openPage('empty');
    await useProjectStore().loadCurrent();
    const importing = useImportStore();
    await importing.choose('/x.csv');
    importing.setRole('topic', 'group');
    importing.setRole('received_at', 'group');
    expect(importing.choice).toMatchObject({ groupColumn: 'received_at' });
    expect(importing.roles['topic']).toBe('ignore');
  });
});
