// @vitest-environment happy-dom
import { enableAutoUnmount } from '@vue/test-utils';
import { getInstanceByDom } from 'echarts/core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import ShareChart from '../../src/renderer/charts/ShareChart.vue';
import { matrixFigures } from '../../src/renderer/features/inspect/confusion';
import { coverageOf, reachable, reliabilityLines } from '../../src/renderer/features/inspect/confidence';
import ConfusionCanvas from '../../src/renderer/features/inspect/ConfusionCanvas.vue';
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
});
