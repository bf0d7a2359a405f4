// @vitest-environment happy-dom
import { enableAutoUnmount } from '@vue/test-utils';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { contendersOf, verdictOf } from '../../src/renderer/features/classifier/contenders';
import { thawedLayers } from '../../src/renderer/features/classifier/thaw-layers';
import ClassTable from '../../src/renderer/features/inspect/ClassTable.vue';
import { matrixFigures, mostConfused, shareOf, strengthOf } from '../../src/renderer/features/inspect/confusion';
import InspectScreen from '../../src/renderer/features/inspect/InspectScreen.vue';
import { linesAsTable } from '../../src/renderer/features/inspect/lines-as-table';
import { sortClasses } from '../../src/renderer/features/inspect/sort-classes';
import TryIt from '../../src/renderer/features/inspect/TryIt.vue';
import { wordShades } from '../../src/renderer/features/inspect/word-shade';
import { useInspectStore } from '../../src/renderer/stores/inspect-store';
import { useNoticesStore } from '../../src/renderer/stores/notices-store';
import { useProjectStore } from '../../src/renderer/stores/project-store';
import { useTryStore } from '../../src/renderer/stores/try-store';
import { comparison } from './harness/fake-run';
import { openPage, settle, stubCanvas, type TestPage } from './mount';

enableAutoUnmount(afterEach);
let page: TestPage;
beforeAll(stubCanvas);
beforeEach(() => {
  page = openPage('trained');
  document.body.innerHTML = '';
});

type Tab = 'overview' | 'classes' | 'confusion' | 'confidence' | 'rows' | 'slices' | 'changes' | 'try';

async function openInspect(tab: Tab) {
  await useInspectStore().load();
  const screen = page.show(InspectScreen);
  await settle();
  await screen.get(`[data-testid="inspect-tab-${tab}"]`).trigger('mousedown', { button: 0 });
  await settle();
  return screen;
}
const asked = (method: string) => page.fake.calls.filter((one) => one.method === method).map((one) => one.request);

describe('the inspect screen', () => {
  it('shows model, baseline and majority side by side with intervals, and what may be said of them', async () => {
    const screen = await openInspect('overview');
    expect(screen.get('[data-testid="inspect-accuracy"]').text()).toBe('91.4%');
    expect(screen.text()).toContain('89.3% to 93.3%');
    expect(screen.get('[data-testid="inspect-verdict"]').text()).toContain('gets 43 more right');
    expect(screen.text()).toContain('by chance in <0.1% of such');
  });

  it('opens the rows behind a cell, and gives the focus back when they are closed', async () => {
    const screen = await openInspect('confusion');
    const cell = screen.get<HTMLButtonElement>('[data-testid="inspect-cell-1-2"]');
    cell.element.focus();
    await cell.trigger('click');
    await settle();
    expect(asked('inspect.rows').at(-1)).toMatchObject({
      runId: 'run-1',
      list: { kind: 'cell', actual: 'billing', predicted: 'returns' },
      offset: 0,
    });
    const panel = screen.get('[data-testid="inspect-cell-rows"]');
    expect(panel.text()).toContain('Is billing, said returns');
    expect(panel.findAll('li').length).toBe(25);
    await panel.trigger('keydown', { key: 'Escape' });
    expect(screen.find('[data-testid="inspect-cell-rows"]').exists()).toBe(false);
    expect(document.activeElement).toBe(cell.element);
  });

  it('moves through the matrix with the arrow keys, one stop for Tab', async () => {
    const screen = await openInspect('confusion');
    const stops = () => screen.findAll('.cell[tabindex="0"]').map((one) => one.attributes('data-testid'));
    expect(stops()).toEqual(['inspect-cell-0-0']);
    await screen.get('[role="grid"]').trigger('keydown', { key: 'ArrowRight' });
    await screen.get('[role="grid"]').trigger('keydown', { key: 'ArrowDown' });
    await screen.get('[role="grid"]').trigger('keydown', { key: 'ArrowUp' });
    await screen.get('[role="grid"]').trigger('keydown', { key: 'ArrowUp' });
    expect(stops()).toEqual(['inspect-cell-0-1']);
  });

  it('sorts the labels by any column, worst first, and turns the order round', async () => {
    const screen = await openInspect('classes');
    const names = () => screen.findAll('tbody th').map((cell) => cell.text());
    const worst = names()[0];
    await screen.get('[data-testid="inspect-sort-f1"]').trigger('click');
    expect(names().at(-1)).toBe(worst);
    await screen.get('[data-testid="inspect-sort-label"]').trigger('click');
    expect(names()).toEqual(['account', 'billing', 'delivery', 'praise', 'returns']);
  });

  it('says what a threshold leaves over, and finds the one for a goal', async () => {
    const screen = await openInspect('confidence');
    expect(screen.get('[data-testid="inspect-kept"]').text()).toBe('100.0%');
    await screen.get('[data-testid="inspect-threshold"]').setValue(80);
    expect(screen.get('[data-testid="inspect-kept"]').text()).toBe('48.8%');
    await screen.get('[data-testid="inspect-goal-95"]').trigger('click');
    expect(Number.parseFloat(screen.get('[data-testid="inspect-right"]').text())).toBeGreaterThanOrEqual(95);
    expect(screen.get<HTMLInputElement>('[data-testid="inspect-threshold"]').element.value).not.toBe('80');
  });

  it('has the classifier answer from the threshold on, and always again', async () => {
    const screen = await openInspect('confidence');
    expect(screen.get('[data-testid="inspect-abstain-state"]').text()).toContain('always answers');
    expect(screen.find('[data-testid="inspect-abstain-use"]').exists()).toBe(false);
    await screen.get('[data-testid="inspect-threshold"]').setValue(80);
    await screen.get('[data-testid="inspect-abstain-use"]').trigger('click');
    await settle();
    expect(asked('inspect.abstain').at(-1)).toEqual({ below: 0.8 });
    expect(screen.get('[data-testid="inspect-abstain-state"]').text()).toContain('from 80% on');
    await screen.get('[data-testid="inspect-abstain-off"]').trigger('click');
    await settle();
    expect(asked('inspect.abstain').at(-1)).toEqual({ below: 0 });
    expect(screen.find('[data-testid="inspect-abstain-off"]').exists()).toBe(false);
  });

  it('gives a doubted row another label, which can be undone', async () => {
    await useProjectStore().loadCurrent();
    const screen = await openInspect('rows');
    await screen.get('[data-testid="inspect-list-doubted"]').trigger('click');
    await settle();
    expect(screen.text()).toContain('At most about 12 labels are wrong');
    const row = screen.get('[data-testid^="inspect-row-"]');
    const id = Number(row.attributes('data-testid')?.split('-').at(-1));
    const before = useProjectStore().current;
    await row.get('[data-testid^="inspect-fix-"]').trigger('click');
    await settle();
    expect(asked('labels.set').at(-1)).toMatchObject({ rowId: id });
    expect(row.get('[data-testid="inspect-now"]').text()).toContain('now ');
    expect(before).not.toBeNull();
    useNoticesStore().current?.action?.run();
    await settle();
    expect(page.fake.calls.some(({ method }) => method === 'history.undo')).toBe(true);
    expect(row.find('[data-testid="inspect-now"]').exists()).toBe(false);
  });

  it('explains a row in words that carry their numbers', async () => {
    const screen = await openInspect('rows');
    await screen.get('[data-testid="inspect-why"]').trigger('click');
    await settle();
    const words = screen.findAll('[data-testid="inspect-words"] .word');
    expect(words.length).toBeGreaterThan(2);
    expect(words[0]?.attributes('title')).toMatch(/gradient [+-]?\d.* left out [+-]?\d.* then \d+\.\d%/);
    await screen.get('[data-testid="inspect-similar"]').trigger('click');
    await settle();
    expect(screen.findAll('[data-testid="inspect-similar-rows"] li')).toHaveLength(6);
  });

  it('parts the rows by length and by any column', async () => {
    const screen = await openInspect('slices');
    expect(screen.get('[data-testid="inspect-slices"]').text()).toContain('641 and more');
    await screen.get('[data-testid="inspect-slice-by"]').setValue('column:branch');
    await settle();
    expect(asked('inspect.slices').at(-1)).toMatchObject({ by: 'column:branch' });
  });

  it('asks for a second run where there is nothing to compare', async () => {
    const screen = await openInspect('changes');
    expect(screen.text()).toContain('Train a second time');
  });
});

describe('the try-it box', () => {
  it('asks at once, and while an answer is under way only the newest text waits', async () => {
    const box = page.show(TryIt);
    // All before the first answer is there.
    for (const text of ['W', 'Wh', 'Where is my xylophone?']) void box.get('textarea').setValue(text);
    await settle();
    expect(asked('predict.texts')).toEqual([{ texts: ['W'] }, { texts: ['Where is my xylophone?'] }]);
    const shares = box.findAll('.share').map((share) => Number.parseFloat(share.text()));
    expect(shares.length).toBe(5);
    expect(shares).toEqual(shares.slice().sort((a, b) => b - a));
    expect(box.text()).toContain('xylophonical');
  });

  it('shows how far the answer has moved from the one that was kept', async () => {
    const box = page.show(TryIt);
    await box.get('textarea').setValue('One text');
    await settle();
    await box.get('[data-testid="inspect-pin"]').trigger('click');
    expect(box.findAll('.change')).toHaveLength(0);
    await box.get('textarea').setValue('One text that is longer');
    await settle();
    expect(box.findAll('.change').length).toBeGreaterThan(0);
    expect(box.text()).toContain('Compared with: One text');
  });

  it('forgets the answer when the text is gone', async () => {
    const tries = useTryStore();
    const box = page.show(TryIt);
    await box.get('textarea').setValue('A text');
    await settle();
    expect(tries.tried).not.toBeNull();
    await box.get('textarea').setValue('  ');
    await settle();
    expect(tries.tried).toBeNull();
  });

  it('labels many lines at once', async () => {
    const box = page.show(TryIt);
    await box.get('[data-testid="inspect-try-many"]').trigger('click');
    await settle();
    await box.get('[data-testid="inspect-lines"]').setValue('first line\n\n  second line \n');
    await box.get('[data-testid="inspect-lines-run"]').trigger('click');
    await settle();
    expect(asked('predict.texts').at(-1)).toEqual({ texts: ['first line', 'second line'] });
    expect(box.findAll('[data-testid="inspect-lines-table"] tbody tr')).toHaveLength(2);
    expect(linesAsTable([{ text: 'a\t"b"', labels: [{ label: 'x', probability: 0.5 }], unknownWords: [] }])).toBe(
      '"a\t""b"""\tx\t0.5',
    );
  });
});

describe('figures of the screen', () => {
  it('are shares of rows or of columns', () => {
    const figures = matrixFigures([
      [8, 2],
      [1, 9],
    ]);
    expect(shareOf(figures, 'row', 0, 1)).toBe(0.2);
    expect(shareOf(figures, 'column', 0, 1)).toBeCloseTo(2 / 11, 12);
    expect(strengthOf(figures, 'counts', 1, 1)).toBe(1);
  });

  it('colour words by the strongest of them', () => {
    const word = { text: 'a', before: '', known: true, group: 0, without: null };
    const words = [
      { ...word, gradient: 2, leftOut: null },
      { ...word, gradient: -4, leftOut: 1 },
    ];
    expect(wordShades(words, 'gradient')).toEqual([0.5, -1]);
    expect(wordShades(words, 'leftOut')).toEqual([0, 1]);
  });
});

describe('what is said of a result', () => {
  const labels = ['a', 'b', 'c'];
  const base = comparison(labels);

  it('claims to be better only where the whole interval lies above the rival', () => {
    expect(verdictOf(base)).toBe('better');
    expect(verdictOf({ ...base, baseline: { ...base.baseline, accuracy: 0.9 } })).toBe('unclear');
    expect(verdictOf({ ...base, baseline: { ...base.baseline, accuracy: 0.96 } })).toBe('worse');
    expect(verdictOf({ ...base, majority: { label: 'a', accuracy: 0.95 } })).toBe('worse');
  });

  it('gives the majority class an interval as well', () => {
    const [, , majority] = contendersOf(base, { nameOf: (id) => id, member: (name) => name });
    expect(majority?.interval[0]).toBeLessThan(base.majority.accuracy);
    expect(majority?.interval[1]).toBeGreaterThan(base.majority.accuracy);
  });

  it('lists the mix-ups, most first, without the diagonal', () => {
    expect(
      mostConfused(
        [
          [9, 2, 0],
          [5, 8, 1],
          [0, 3, 7],
        ],
        labels,
        3,
      ).map(({ actual, predicted, count }) => [actual, predicted, count]),
    ).toEqual([
      ['b', 'a', 5],
      ['c', 'b', 3],
      ['a', 'b', 2],
    ]);
  });

  it('sorts classes without changing the list it was given', () => {
    const classes = base.model.perClass.map((one) => ({ ...one, baselineF1: 0 }));
    const before = classes.map(({ label }) => label);
    expect(sortClasses(classes, 'support', true).map(({ support }) => support)).toEqual(
      classes.map(({ support }) => support).sort((a, b) => b - a),
    );
    expect(classes.map(({ label }) => label)).toEqual(before);
  });

  it('puts labels with too few texts last where the order goes by a figure', () => {
    const one = (label: string, support: number, f1: number) => ({ label, support, f1, precision: f1, recall: f1, baselineF1: 0 }); // prettier-ignore
    const classes = [one('rare', 4, 0), one('good', 90, 0.9), one('rare and right', 2, 1), one('weak', 5, 0.4)];
    const order = (...by: Parameters<typeof sortClasses> extends [unknown, ...infer R] ? R : never) =>
      sortClasses(classes, ...by).map(({ label }) => label);
    expect(order('f1', false)).toEqual(['weak', 'good', 'rare', 'rare and right']);
    expect(order('f1', true)).toEqual(['good', 'weak', 'rare and right', 'rare']);
    expect(order('support', false)).toEqual(['rare and right', 'rare', 'weak', 'good']);
    expect(order('label', false)[0]).toBe('good');
  });

  it('says nothing of a label without texts, and of one with few how little is known', async () => {
    await useInspectStore().load();
    await useInspectStore().loadOverview();
    const figures = useInspectStore().overview;
    const [first, second, ...others] = figures?.perClass ?? [];
    if (!figures || !first || !second) throw new Error('Expected the figures of labels.');
    const none = { ...first, support: 0, predicted: 0 };
    const few = { ...second, support: 3, predicted: 2, f1: 0.5, f1Interval: [0.05, 0.92] as [number, number] };
    const table = page.show(ClassTable, { overview: { ...figures, perClass: [none, few, ...others] } });
    const rows = table.findAll('tbody tr').slice(-2);
    expect(rows.map((row) => row.get('[data-testid="inspect-few"]').text())).toEqual(
      Array.from({ length: 2 }, () => 'Fewer than 5 texts: too few to say.'),
    );
    const cells = (label: string) =>
      rows.find((row) => row.text().includes(label))?.findAll('td').map((cell) => cell.text()) ?? []; // prettier-ignore
    expect(cells(none.label)).toEqual(['–', '–', '–', '0', '–']);
    expect(cells(few.label)[2]).toMatch(/^50%\s*5% to 92%$/);
  });

  it('thaws the network from the head down', () => {
    const stages = [
      'tokenize',
      'classifier-head',
      'classifier-last',
      'classifier-all',
      'calibrate',
      'evaluate',
    ] as const;
    expect(thawedLayers(null, false, stages).size).toBe(0);
    expect([...thawedLayers('classifier-head', false, stages)]).toEqual(['head']);
    expect([...thawedLayers('classifier-last-two', false, stages)]).toEqual(['head', 'last', 'second']);
    expect(thawedLayers('evaluate', false, stages).size).toBe(4);
    expect(thawedLayers('language-model-all', false, stages).size).toBe(0);
    expect(thawedLayers(null, true, stages).size).toBe(4);
  });

  it('leaves frozen what a run has never trained', () => {
    const onlyHead = ['tokenize', 'classifier-head', 'calibrate', 'evaluate'] as const;
    expect([...thawedLayers('calibrate', false, onlyHead)]).toEqual(['head']);
    expect([...thawedLayers('evaluate', true, onlyHead)]).toEqual(['head']);
    expect(thawedLayers(null, true, ['classifier-chain', 'evaluate']).size).toBe(4);
  });
});
