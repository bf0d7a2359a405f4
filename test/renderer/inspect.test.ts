// @vitest-environment happy-dom
import { enableAutoUnmount } from '@vue/test-utils';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { contendersOf, verdictOf } from '../../src/renderer/features/classifier/contenders';
import { thawedLayers } from '../../src/renderer/features/classifier/thaw-layers';
import { mostConfused } from '../../src/renderer/features/inspect/confusion';
import InspectScreen from '../../src/renderer/features/inspect/InspectScreen.vue';
import { sortClasses } from '../../src/renderer/features/inspect/sort-classes';
import TryIt from '../../src/renderer/features/inspect/TryIt.vue';
import { useInspectStore } from '../../src/renderer/stores/inspect-store';
import { comparison } from './harness/fake-run';
import { openPage, settle, stubCanvas, type TestPage } from './mount';

enableAutoUnmount(afterEach);
let page: TestPage;
beforeAll(stubCanvas);
beforeEach(() => {
  page = openPage('trained');
  document.body.innerHTML = '';
});
afterEach(() => {
  vi.useRealTimers();
});

async function openInspect(tab: 'overview' | 'confusion' | 'classes') {
  await useInspectStore().load();
  const screen = page.show(InspectScreen);
  await screen.get(`[data-testid="inspect-tab-${tab}"]`).trigger('mousedown', { button: 0 });
  await settle();
  return screen;
}

describe('the inspect screen', () => {
  it('shows the accuracy beside baseline and majority with intervals', async () => {
    const screen = await openInspect('overview');
    expect(screen.get('[data-testid="inspect-accuracy"]').text()).toBe('91.4%');
    expect(screen.text()).toContain('89.3% to 93.3%');
  });

  it('opens the rows behind a cell, and gives the focus back when they are closed', async () => {
    const screen = await openInspect('confusion');
    const cell = screen.get<HTMLButtonElement>('[data-testid="inspect-cell-1-2"]');
    cell.element.focus();
    await cell.trigger('click');
    await settle();
    expect(page.fake.calls.at(-1)).toMatchObject({
      method: 'inspect.cell',
      request: { actual: 'billing', predicted: 'returns', offset: 0 },
    });
    const panel = screen.get('[data-testid="inspect-cell-rows"]');
    expect(panel.text()).toContain('Is billing, said returns');
    expect(panel.findAll('li').length).toBe(50);
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
});

describe('the try-it box', () => {
  it('asks once typing pauses and shows the probabilities best first', async () => {
    vi.useFakeTimers();
    const box = page.show(TryIt);
    for (const text of ['W', 'Wh', 'Where is my xylophone?']) await box.get('textarea').setValue(text);
    expect(page.fake.calls).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(200);
    expect(page.fake.calls).toMatchObject([
      { method: 'predict.texts', request: { texts: ['Where is my xylophone?'] } },
    ]);
    const shares = box.findAll('.share').map((share) => Number.parseFloat(share.text()));
    expect(shares.length).toBe(5);
    expect(shares).toEqual(shares.slice().sort((a, b) => b - a));
    expect(box.text()).toContain('xylophonical');
  });

  it('forgets the answer when the text is gone', async () => {
    vi.useFakeTimers();
    const inspect = useInspectStore();
    const box = page.show(TryIt);
    await box.get('textarea').setValue('A text');
    await vi.advanceTimersByTimeAsync(200);
    expect(inspect.tried).not.toBeNull();
    await box.get('textarea').setValue('  ');
    await vi.advanceTimersByTimeAsync(200);
    expect(inspect.tried).toBeNull();
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
    const [, , majority] = contendersOf(base, { model: 'm', baseline: 'b', majority: 'j' });
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
    const classes = base.model.perClass;
    const before = classes.map(({ label }) => label);
    expect(sortClasses(classes, 'support', true).map(({ support }) => support)).toEqual(
      classes.map(({ support }) => support).sort((a, b) => b - a),
    );
    expect(classes.map(({ label }) => label)).toEqual(before);
  });

  it('thaws the network from the head down', () => {
    expect(thawedLayers(null, false).size).toBe(0);
    expect([...thawedLayers('classifier-head', false)]).toEqual(['head']);
    expect([...thawedLayers('classifier-last-two', false)]).toEqual(['head', 'last', 'second']);
    expect(thawedLayers('evaluate', false).size).toBe(4);
    expect(thawedLayers('language-model-all', false).size).toBe(0);
    expect(thawedLayers(null, true).size).toBe(4);
  });
});
