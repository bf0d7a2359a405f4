// @vitest-environment happy-dom
import { enableAutoUnmount } from '@vue/test-utils';
import { getInstanceByDom } from 'echarts/core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import ShareChart from '../../src/renderer/charts/ShareChart.vue';
import { matrixFigures } from '../../src/renderer/features/inspect/confusion';
import { coverageOf, reachable, reliabilityLines } from '../../src/renderer/features/inspect/confidence';
import ConfusionCanvas from '../../src/renderer/features/inspect/ConfusionCanvas.vue';
import MixUpTable from '../../src/renderer/features/inspect/MixUpTable.vue';
import ReliabilityTable from '../../src/renderer/features/inspect/ReliabilityTable.vue';
import type { Confidence } from '../../src/shared/inspect-types';
import { openPage, settle, stubCanvas, type TestPage } from './mount';

enableAutoUnmount(afterEach);
let page: TestPage;
beforeAll(stubCanvas);
beforeEach(() => {
  page = openPage('trained');
});

const percent = (value: number): string => `${String(Math.round(100 * value))}%`;

describe('the chart of one share over another', () => {
  it('draws its curves and the place that is chosen, with a description and without animation', async () => {
    const lines = [
      { name: 'honest', tone: 'quiet', points: [[0, 0], [1, 1]] }, // prettier-ignore
      { name: 'right', tone: 'main', points: [[0.2, 0.9], [1, 0.7]], marked: [0.2, 0.9] }, // prettier-ignore
    ];
    const words = { x: 'answered', y: 'right', percent, description: 'At 80%: 20% answered.' };
    const chart = page.show(ShareChart, { title: 'Right against answered', lines, words, from: 0.65 });
    await settle();
    const drawn = getInstanceByDom(chart.get('.canvas').element as HTMLElement)?.getOption() as {
      series: { data: unknown[]; silent: boolean }[];
      legend: { data: string[] }[];
      yAxis: { min: number; max: number }[];
      animation: boolean;
    };
    expect(drawn.series.map(({ data }) => data.length)).toEqual([2, 2, 1]);
    expect(drawn.legend[0]?.data).toEqual(['right']);
    expect(drawn.yAxis[0]?.min).toBeCloseTo(0.6, 9);
    expect(drawn.animation).toBe(false);
    expect(chart.get('[role="img"]').attributes('aria-label')).toBe('At 80%: 20% answered.');
  });
});

describe('the matrix of many labels', () => {
  const labels = Array.from({ length: 60 }, (_, i) => `label ${String(i)}`);
  const counts = labels.map((_, a) => labels.map((_u, p) => (a === p ? 9 : (a + p) % 17 === 0 ? 1 : 0)));

  it('says which cell the keys are on, and opens it by its labels, whatever their order', async () => {
    const order = labels.map((_, i) => i).reverse();
    const matrix = page.show(ConfusionCanvas, {
      labels,
      order,
      figures: matrixFigures(counts),
      view: 'counts',
      words: (row: number, column: number) => `${labels[row] ?? ''} as ${labels[column] ?? ''}`,
    });
    await settle();
    const canvas = matrix.get('[data-testid="inspect-canvas"]');
    expect(matrix.get('[aria-live]').text()).toBe('label 59 as label 59');
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowDown', 'ArrowUp', 'ArrowUp'])
      await canvas.trigger('keydown', { key });
    expect(matrix.get('[aria-live]').text()).toBe('label 59 as label 57');
    expect(canvas.attributes('aria-label')).toContain('label 59 as label 57');
    await canvas.trigger('keydown', { key: 'Enter' });
    expect(matrix.emitted('open')).toEqual([[59, 57]]);
  });

  it('has a table of its mix-ups, most frequent first, that opens their rows and grows on demand', async () => {
    const more = counts.map((row, a) => row.map((count, p) => (a === 4 && p === 30 ? 7 : count)));
    const pairs = more.flatMap((row, a) => row.filter((count, p) => a !== p && count > 0)).length;
    const table = page.show(MixUpTable, { labels, figures: matrixFigures(more) });
    expect(table.get('h2').text()).toContain(String(pairs));
    const rows = () => table.findAll('tbody tr');
    expect(rows()).toHaveLength(50);
    expect(rows()[0]?.get('th').text()).toBe('label 4');
    expect(rows()[0]?.findAll('td')[0]?.text()).toBe('label 30');
    expect(rows()[0]?.text()).toContain(`${((100 * 7) / (9 + 7 + 2)).toFixed(1)}%`);
    const open = table.get('[data-testid="inspect-mix-up-4-30"]');
    expect(open.text()).toBe('7 errors label 4 taken for label 30');
    await open.trigger('click');
    expect(table.emitted('open')).toEqual([[4, 30]]);
    while (table.find('[data-testid="inspect-more-mix-ups"]').exists())
      await table.get('[data-testid="inspect-more-mix-ups"]').trigger('click');
    expect(rows()).toHaveLength(pairs);
  });
});

describe('figures of the threshold', () => {
  const point = (threshold: number, kept: number, right: number) => ({
    threshold,
    kept,
    right,
    interval: [0, 1] as [number, number],
  });
  const confidence = {
    multiLabel: false,
    total: 200,
    points: [point(0, 200, 160), point(0.01, 100, 91), point(0.02, 50, 49), point(0.03, 5, 5)],
  } as unknown as Confidence;

  it('find the least one for a goal, and none where too few answers are left', () => {
    expect(reachable(confidence, 0.9)).toEqual({ threshold: 1, coverage: 0.5 });
    expect(reachable(confidence, 0.97)).toEqual({ threshold: 2, coverage: 0.25 });
    expect(reachable(confidence, 0.99)).toBeNull();
  });

  it('count what is found instead of what is answered where rows have several labels', () => {
    expect(coverageOf(point(0.5, 80, 60), { multiLabel: true, total: 120 })).toBe(0.5);
    expect(coverageOf(point(0.5, 80, 60), null)).toBe(0);
  });

  it('leave empty bars out of the reliability diagram, and the blend where there is none', () => {
    const bins = [
      { low: 0, high: 0.5, count: 0, confidence: 0, accuracy: 0 },
      { low: 0.5, high: 1, count: 8, confidence: 0.8, accuracy: 0.75 },
    ];
    const figures = { before: bins, after: bins, used: null, eceBefore: 0, eceAfter: 0 };
    expect(reliabilityLines(figures, (part) => part).map(({ name, points }) => [name, points.length])).toEqual([
      ['honest', 2],
      ['before', 1],
      ['after', 1],
    ]);
    expect(reliabilityLines({ ...figures, used: bins }, (part) => part)).toHaveLength(4);
  });

  it('are the same in the table of the reliability diagram as in its chart, the blend in use among them', () => {
    const bins = (count: number, accuracy: number) => [
      { low: 0, high: 0.5, count: 0, confidence: 0, accuracy: 0 },
      { low: 0.5, high: 1, count, confidence: 0.8, accuracy },
    ];
    const reliability = { before: bins(8, 0.5), after: bins(9, 0.75), used: bins(6, 0.9), eceBefore: 0, eceAfter: 0 };
    const columns = (of: typeof reliability | (Omit<typeof reliability, 'used'> & { used: null })) => {
      const table = page.show(ReliabilityTable, { reliability: of });
      const cells = table.findAll('tbody tr').map((row) => row.findAll('td').map((cell) => cell.text()));
      return { head: table.findAll('thead th').map((cell) => cell.text()), cells };
    };
    const blended = columns(reliability);
    const drawn = reliabilityLines(reliability, (part) => part).slice(1);
    expect(blended.head).toEqual(['Said', 'before temperature', 'after temperature', 'blend in use']);
    expect(blended.cells[1]).toEqual(['50.0% of 8', '75.0% of 9', '90.0% of 6']);
    expect(blended.cells[1]?.map((cell) => Number.parseFloat(cell) / 100)).toEqual(
      drawn.map(({ points }) => points[0]?.[1]),
    );
    expect(new Set(blended.cells[0]).size).toBe(1); // no text: a dash, as the chart has no dot
    expect(columns({ ...reliability, used: null }).head).toHaveLength(3);
  });
});
