// @vitest-environment happy-dom
import { enableAutoUnmount } from '@vue/test-utils';
import { getInstanceByDom } from 'echarts/core';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import AblationChart from '../../src/renderer/charts/AblationChart.vue';
import ComparisonChart from '../../src/renderer/charts/ComparisonChart.vue';
import EpochChart from '../../src/renderer/charts/EpochChart.vue';
import LearningCurveChart from '../../src/renderer/charts/LearningCurveChart.vue';
import LearningRateChart from '../../src/renderer/charts/LearningRateChart.vue';
import LossChart from '../../src/renderer/charts/LossChart.vue';
import RateSweepChart from '../../src/renderer/charts/RateSweepChart.vue';
import RunCurvesChart from '../../src/renderer/charts/RunCurvesChart.vue';
import { createStagger } from '../../src/renderer/charts/stagger-labels';
import { themeVersion } from '../../src/renderer/app/theme';
import { applyEvent, emptyProgress } from '../../src/renderer/stores/run-progress';
import { runEvents } from './harness/fake-run';
import { openPage, settle, stubCanvas, type TestPage } from './mount';

enableAutoUnmount(afterEach);
let page: TestPage;
beforeAll(stubCanvas);
beforeEach(() => {
  page = openPage('first');
});

type Wrapper = ReturnType<TestPage['show']>;
interface DrawnSeries {
  readonly name: string;
  readonly type: string;
  readonly data: readonly unknown[];
}

function chartOf(wrapper: Wrapper) {
  const chart = getInstanceByDom(wrapper.get('.canvas').element as HTMLElement);
  if (chart === undefined) throw new Error('Expected a chart in the element.');
  return chart;
}
function drawn(wrapper: Wrapper): readonly DrawnSeries[] {
  return (chartOf(wrapper).getOption() as { series: readonly DrawnSeries[] }).series;
}

interface DrawnWord {
  readonly style: { readonly text?: string; readonly y?: number };
  readonly transform?: readonly number[];
}

/** A chart whose element can be given another width, as the window would. */
async function resizable(component: Parameters<TestPage['show']>[0], props: Record<string, unknown>) {
  const told: (() => void)[] = [];
  class Observer {
    constructor(callback: () => void) {
      told.push(callback);
    }
    readonly observe = (): void => undefined;
    readonly disconnect = (): void => undefined;
  }
  vi.stubGlobal('ResizeObserver', Observer);
  const chart = page.show(component, props);
  vi.unstubAllGlobals();
  await settle();
  const resize = async (width: number): Promise<void> => {
    Object.defineProperty(chart.get('.canvas').element, 'clientWidth', { value: width, configurable: true });
    for (const tell of told) tell();
    await settle();
  };
  return { chart, resize };
}

function progressUntil(share: number) {
  const progress = emptyProgress();
  for (const event of runEvents({ stage: 'language-model-all', share })) applyEvent(progress, event);
  return progress;
}

async function showTable(wrapper: Wrapper): Promise<string> {
  await wrapper.get('button').trigger('click');
  return wrapper.get('table').text();
}

describe('the loss chart', () => {
  it('draws raw and smoothed loss and validation, without animation, with a description', async () => {
    const { curves, version } = progressUntil(0.5);
    const curve = curves['language-model'];
    const chart = page.show(LossChart, { title: 'Loss', points: curve.points, epochs: curve.epochs, version });
    await settle();
    const series = drawn(chart);
    expect(series.map(({ name }) => name)).toEqual(['each batch', 'smoothed', 'held-out texts']);
    expect(series[1]?.data).toHaveLength(curve.points.length);
    expect(series[2]?.data).toHaveLength(curve.epochs.length);
    expect(chartOf(chart).getOption()['animation']).toBe(false);
    expect(chart.get('.canvas').attributes('aria-label')).toContain('steps, now');
  });

  it('grows as points arrive in the same array', async () => {
    const progress = progressUntil(0.2);
    const curve = progress.curves['language-model'];
    const chart = page.show(LossChart, {
      title: 'Loss',
      points: curve.points,
      epochs: curve.epochs,
      version: progress.version,
    });
    await settle();
    const before = drawn(chart)[0]?.data.length ?? 0;
    const last = curve.points.at(-1);
    const step = progress.last.classifier ?? progress.last['language-model'];
    if (last === undefined || step === null) throw new Error('Expected points.');
    applyEvent(progress, { ...step, step: step.step + 4 });
    await chart.setProps({ version: progress.version });
    await settle();
    expect(drawn(chart)[0]?.data).toHaveLength(before + 1);
  });

  it('waits in words before the first step, and has a table beside it', async () => {
    const empty = page.show(LossChart, { title: 'Loss', points: [], epochs: [], version: 0 });
    expect(empty.text()).toContain('first training step');
    const { curves, version } = progressUntil(0.7);
    const curve = curves['language-model'];
    const chart = page.show(LossChart, { title: 'Loss', points: curve.points, epochs: curve.epochs, version });
    expect(await showTable(chart)).toContain('Whole language model');
  });

  it('takes the colours of the theme anew and gives its canvas back', async () => {
    const { curves, version } = progressUntil(0.5);
    const curve = curves['language-model'];
    const chart = page.show(LossChart, { title: 'Loss', points: curve.points, epochs: curve.epochs, version });
    await settle();
    chart.get<HTMLElement>('.canvas').element.style.setProperty('--chart-1', '#123456');
    themeVersion.value += 1;
    await settle();
    const option = chartOf(chart).getOption() as { series: { lineStyle: { color: string } }[] };
    expect(option.series[1]?.lineStyle.color).toBe('#123456');
    const instance = chartOf(chart);
    chart.unmount();
    expect(instance.isDisposed()).toBe(true);
  });

  it('has its words grow and shrink with those of the window', async () => {
    const { style } = document.documentElement;
    style.fontSize = '20px';
    const { curves, version } = progressUntil(0.5);
    const curve = curves['language-model'];
    const { chart, resize } = await resizable(LossChart, { title: 'Loss', points: curve.points, epochs: curve.epochs, version }); // prettier-ignore
    const size = () => (chartOf(chart).getOption() as { legend: { textStyle: { fontSize: number } }[] }).legend[0]?.textStyle.fontSize; // prettier-ignore
    const large = size() ?? 0;
    style.fontSize = '14px';
    await resize(500);
    expect(size()).toBeLessThan(large);
    style.fontSize = '';
  });

  it('keeps the names of neighbouring rates apart, also in a window of another size', async () => {
    const points = Array.from({ length: 60 }, (_, i) => ({ rate: 10 ** (i / 10 - 6), loss: 1, smoothed: 1 - i / 200 }));
    const marks = [
      { name: 'Valley, Slide', rate: 0.0076 },
      { name: 'Minimum', rate: 0.01 },
    ];
    const { chart, resize } = await resizable(RateSweepChart, { title: 'Loss', points, marks });
    const apart = (): number => {
      const drawnWords = chartOf(chart).getZr().storage.getDisplayList(true) as readonly DrawnWord[];
      const [a = 0, b = 0] = marks.map(({ name }) => {
        const word = drawnWords.find(({ style }) => style.text === name);
        return (word?.transform?.[5] ?? 0) + (word?.style.y ?? 0);
      });
      return Math.abs(a - b);
    };
    expect(apart()).toBeGreaterThan(10);
    await resize(500);
    expect(apart()).toBeGreaterThan(10);
  });
});

describe('the other charts', () => {
  it('learning rate: one curve, and a table of at most about twenty steps', async () => {
    const { curves, version } = progressUntil(0.9);
    const { points } = curves['language-model'];
    const chart = page.show(LearningRateChart, { title: 'Learning rate', points, version });
    await settle();
    expect(drawn(chart)[0]?.data).toHaveLength(points.length);
    await showTable(chart);
    const rows = chart.findAll('tbody tr').length;
    expect(rows).toBeGreaterThan(10);
    expect(rows).toBeLessThanOrEqual(22);
  });

  it('learning curve: the share right over the labels, its interval as a band, and a table', async () => {
    const points = [
      { labels: 40, share: 0.62, low: 0.51, high: 0.72 },
      { labels: 160, share: 0.81, low: 0.74, high: 0.86 },
    ];
    const chart = page.show(LearningCurveChart, { points, measure: 'accuracy' });
    await settle();
    const [low, high, share] = drawn(chart);
    expect(share).toMatchObject({ name: 'Right', type: 'line', data: [[40, 0.62], [160, 0.81]] }); // prettier-ignore
    expect(low?.data).toEqual([[40, 0.51], [160, 0.74]]); // prettier-ignore
    // Stacked on the lower bound, so that the two together reach the upper one.
    const widths = (high?.data ?? []) as readonly (readonly [number, number])[];
    expect(widths.map(([, width], i) => width + (points[i]?.low ?? 0))).toEqual(points.map((point) => point.high));
    const option = chartOf(chart).getOption() as { xAxis: { max: number }[]; yAxis: { min: number }[] };
    expect(option.xAxis[0]?.max).toBe(160);
    expect(option.yAxis[0]?.min).toBeCloseTo(0.4, 9);
    expect(chart.get('.canvas').attributes('aria-label')).toMatch(/81%.*160/);
    const table = await showTable(chart);
    expect(table).toContain('62.0%');
    expect(table).toContain('74% to 86%');
    await chart.setProps({ points: [...points, { labels: 320, share: 0.88, low: 0.83, high: 0.92 }] });
    await settle();
    expect(drawn(chart)[2]?.data).toHaveLength(3);
    expect(chart.findAll('tbody tr')).toHaveLength(3);
  });

  it('learning curve: an empty one is drawn without a claim, and F1 has its own name', async () => {
    const chart = page.show(LearningCurveChart, { points: [], measure: 'f1' });
    await settle();
    expect(drawn(chart).map(({ data }) => data.length)).toEqual([0, 0, 0]);
    expect(chart.get('.canvas').attributes('aria-label')).not.toContain('%');
    expect(await showTable(chart)).toContain('F1');
  });

  it('epochs: a curve for each figure, gaps where there is none', async () => {
    const series = [
      { name: 'Accuracy', values: [0.8, null, 0.9] },
      { name: 'F1', values: [0.7, 0.75, 0.85] },
    ];
    const chart = page.show(EpochChart, {
      title: 'Scores',
      epochs: ['1', '2', '3'],
      series,
      number: (value: number) => value.toFixed(2),
    });
    await settle();
    expect(drawn(chart).map(({ name, data }) => [name, data])).toEqual([
      ['Accuracy', [0.8, '-', 0.9]],
      ['F1', [0.7, 0.75, 0.85]],
    ]);
    expect(chart.get('.canvas').attributes('aria-label')).toBe('Scores. Accuracy: 0.90. F1: 0.85');
    expect(await showTable(chart)).toContain('0.75');
  });

  it('comparison: a dot and an interval for each contender', async () => {
    const contenders = [
      { name: 'Network alone', kind: 'deep', used: true, accuracy: 0.91, interval: [0.89, 0.93] },
      { name: 'Word counts', kind: 'baseline', used: false, accuracy: 0.87, interval: [0.85, 0.89] },
    ];
    const chart = page.show(ComparisonChart, { title: 'Accuracy', contenders, n: 900 });
    await settle();
    const [whiskers, dots] = drawn(chart);
    expect(whiskers).toMatchObject({
      type: 'custom',
      data: [
        [0, 0.89, 0.93],
        [1, 0.85, 0.89],
      ],
    });
    expect(dots?.data).toHaveLength(2);
    expect(await showTable(chart)).toContain('89.0% to 93.0%');
  });

  it('comparison: a contender has its own colour wherever it stands, and few texts are counted', async () => {
    const contender = (kind: string, used: boolean) => ({ name: kind, kind, used, accuracy: 0.8, interval: [0.4, 1] });
    const colors = async (contenders: readonly ReturnType<typeof contender>[]) => {
      const chart = page.show(ComparisonChart, { title: 'Accuracy', contenders, n: 10 });
      await settle();
      expect(chart.get('.canvas').attributes('aria-label')).toContain('8 of 10');
      const dots = drawn(chart)[1]?.data as readonly { itemStyle: { color: string } }[];
      return contenders.map(({ kind }, i) => `${kind} ${dots[i]?.itemStyle.color ?? ''}`).sort();
    };
    const blended = [contender('blend', true), contender('deep', false), contender('baseline', false)];
    const alone = [contender('deep', true), contender('baseline', false), contender('blend', false)];
    expect(await colors(blended)).toEqual(await colors(alone));
    expect(new Set(await colors(blended)).size).toBe(3);
  });
});

describe('the charts of experiments', () => {
  const points = Array.from({ length: 80 }, (_, i) => ({
    rate: 1e-6 * 1.2 ** i,
    loss: i < 70 ? 2 - i / 50 : 50,
    smoothed: i < 70 ? 2 - i / 50 : 9,
  }));

  it('rate sweep: a logarithmic axis, marks on the smoothed curve, and a ceiling where the loss blows up', async () => {
    const marks = [{ name: 'Valley', rate: points[30]?.rate ?? 0 }];
    const chart = page.show(RateSweepChart, { title: 'Loss', points, marks });
    await settle();
    const option = chartOf(chart).getOption() as { xAxis: { type: string }[]; yAxis: { max: number }[] };
    expect(option.xAxis[0]?.type).toBe('log');
    expect(option.yAxis[0]?.max).toBeLessThan(5);
    expect(drawn(chart)[2]?.data).toMatchObject([{ value: [points[30]?.rate, points[30]?.smoothed] }]);
    expect(chart.get('.canvas').attributes('aria-label')).toMatch(/lowest at/);
    expect((await showTable(chart)).length).toBeGreaterThan(50);
    expect(chart.findAll('tbody tr').length).toBeLessThanOrEqual(21);
  });

  it('a sweep whose first batches are easy by chance: the curve stays in the picture, what blows up does not', async () => {
    const points = Array.from({ length: 60 }, (_, i) => {
      const smoothed = i === 0 ? 0.4 : i < 50 ? 0.75 - i / 200 : 2 + i;
      return { rate: 10 ** (i / 10 - 6), loss: smoothed, smoothed };
    });
    const chart = page.show(RateSweepChart, { title: 'Loss', points, marks: [] });
    await settle();
    const { yAxis } = chartOf(chart).getOption() as { yAxis: { max: number }[] };
    expect(yAxis[0]?.max).toBeGreaterThan(0.75);
    expect(yAxis[0]?.max).toBeLessThan(1.5);
  });

  it('runs: each with a colour, a dash and a mark of its own, and a table', async () => {
    const curves = [
      { name: 'one', points: [[1, 0.5], [2, 0.8]] },
      { name: 'two', points: [[1, 0.6]] },
      { name: 'none', points: [] },
    ]; // prettier-ignore
    const chart = page.show(RunCurvesChart, { title: 'Accuracy', curves, number: (value: number) => value.toFixed(2) });
    await settle();
    const series = drawn(chart) as unknown as { name: string; symbol: string; lineStyle: { type: string; color: string } }[]; // prettier-ignore
    expect(series.map(({ name }) => name)).toEqual(['one', 'two']);
    expect(new Set(series.map(({ symbol, lineStyle }) => `${symbol} ${lineStyle.type} ${lineStyle.color}`)).size).toBe(2); // prettier-ignore
    expect(chart.get('.canvas').attributes('aria-label')).toBe('Accuracy. one: 0.80. two: 0.60');
    expect(await showTable(chart)).toContain('0.80');
  });

  it('ablation: every run and each mean, a line for word counts, and a table', async () => {
    const bars = [
      { name: 'everything', mean: 0.9, runs: [0.89, 0.91] },
      { name: 'no dropout', mean: 0.85, runs: [0.85] },
      { name: 'to come', mean: null, runs: [] },
    ];
    const chart = page.show(AblationChart, { title: 'Accuracy', bars, baseline: 0.825 });
    await settle();
    const [runs, means] = drawn(chart) as readonly (DrawnSeries & {
      markLine?: { data: unknown[]; precision?: number };
    })[];
    expect(runs?.data).toEqual([
      [0.89, 0],
      [0.91, 0],
      [0.85, 1],
    ]);
    expect(runs?.markLine?.data).toMatchObject([{ xAxis: 0.825 }]);
    expect(runs?.markLine?.precision).toBeGreaterThanOrEqual(3); // else the line is drawn at 0.83
    expect(means?.data).toHaveLength(2);
    const table = await showTable(chart);
    expect(table).toContain('to come');
    expect(table).toContain('89.0% · 91.0%');
  });
});

describe('names on a drawing', () => {
  it('move up until they cover no other, and down where there is no room above', () => {
    const stagger = createStagger();
    const box = (x: number, y: number) => ({ x, y, width: 60, height: 14 });
    const places: (typeof first)[] = [];
    const first = box(10, 50);
    for (const [place, wanted] of [first, box(40, 50), box(60, 48), box(200, 50), box(50, 4)].entries())
      places.push({ ...wanted, y: wanted.y + stagger(place, wanted) });
    expect(places[0]).toEqual(first);
    expect(places[3]).toEqual(box(200, 50));
    expect(Math.min(...places.map(({ y }) => y))).toBeGreaterThanOrEqual(0);
    for (const [i, a] of places.entries())
      for (const b of places.slice(i + 1))
        expect(a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y).toBe(
          true,
        );
    expect(stagger(0, first)).toBe(0); // drawn anew: the places of before count no more
  });
});
