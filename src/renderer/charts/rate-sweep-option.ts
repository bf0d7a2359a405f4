import { baseOption, scaled, valueAxis } from './base-option';
import type { ChartTheme } from './chart-theme';
import type { ChartOption } from './echarts';
import { createStagger, type LabelBox } from './stagger-labels';

/** A point of a sweep; losses in nats. */
export interface SweepPoint {
  readonly rate: number;
  readonly loss: number;
  readonly smoothed: number;
}

/** A rate that is suggested, by name. */
export interface SweepMark {
  readonly name: string;
  readonly rate: number;
}

/** The words and numbers of a sweep's chart. */
export interface SweepWords {
  readonly raw: string;
  readonly smoothed: string;
  readonly description: string;
  readonly number: (value: number) => string;
}

/**
 * The loss that is drawn up to: where it blows up, the rest of the curve would be a flat line. Most of a sweep lies before
 * that, so the median is below; the first loss alone says little where batches are small and vary.
 */
function ceiling(points: readonly SweepPoint[]): number | undefined {
  if (points.length === 0) return undefined;
  const values = points.map(({ smoothed }) => smoothed);
  const usual = [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
  const low = Math.min(...values);
  const high = Math.max(values[0] ?? 0, usual);
  return high + 0.6 * Math.max(high - low, 0.2 * Math.abs(low), 0.05);
}

/** The smoothed loss at the rate nearest to one. */
function lossAt(points: readonly SweepPoint[], rate: number): number {
  const distance = (point: SweepPoint): number => Math.abs(Math.log(point.rate / rate));
  const [first] = points;
  if (first === undefined) return 0;
  return points.reduce((best, point) => (distance(point) < distance(best) ? point : best), first).smoothed;
}

/** The suggested rates on the smoothed curve, their names beside one another. */
function markSeries(theme: ChartTheme, points: readonly SweepPoint[], marks: readonly SweepMark[]) {
  const [, orange] = theme.series;
  const stagger = createStagger();
  return {
    name: 'marks',
    type: 'line' as const,
    lineStyle: { opacity: 0 },
    symbol: 'circle',
    symbolSize: scaled(theme, 11),
    itemStyle: { color: orange, borderColor: theme.surface, borderWidth: 2 },
    // On a ground of its own: a curve that runs through a word makes both hard to read.
    label: { show: true, position: 'top' as const, distance: 6, color: theme.text, backgroundColor: theme.surface, padding: [1, 3], borderRadius: 3, fontWeight: 600, fontSize: theme.size }, // prettier-ignore
    labelLayout: ({ dataIndex = 0, labelRect }: { dataIndex?: number; labelRect: LabelBox }) => ({
      dy: stagger(dataIndex, labelRect),
    }),
    z: 4,
    tooltip: { show: false },
    data: [...marks]
      .sort((a, b) => a.rate - b.rate)
      .map(({ name, rate }) => ({ value: [rate, lossAt(points, rate)], label: { formatter: name } })),
  };
}

/** Loss over the logarithm of the learning rate, with the suggested rates as marks on the smoothed curve. */
export function rateSweepOption(
  theme: ChartTheme,
  points: readonly SweepPoint[],
  marks: readonly SweepMark[],
  words: SweepWords,
): ChartOption {
  const base = baseOption(theme, words.description);
  const [blue] = theme.series;
  const max = ceiling(points);
  const losses = valueAxis(theme, words.number, { scale: true, splitNumber: 4 });
  return {
    ...base,
    legend: { ...base.legend, data: [words.raw, words.smoothed] },
    xAxis: {
      ...valueAxis(theme, words.number, { splitLine: { show: false } }),
      type: 'log' as const,
      min: points[0]?.rate ?? 1e-7,
      max: points.at(-1)?.rate ?? 10,
    },
    yAxis:
      max === undefined
        ? losses
        : // The end of the axis is no round number: its own would lie on the one below.
          { ...losses, max: Number(max.toPrecision(3)), axisLabel: { ...losses.axisLabel, showMaxLabel: false } },
    series: [
      {
        name: words.raw,
        type: 'line',
        showSymbol: false,
        silent: true,
        clip: true,
        lineStyle: { width: 1, color: blue, opacity: 0.3 },
        itemStyle: { color: blue, opacity: 0.4 },
        data: points.map(({ rate, loss }) => [rate, loss]),
      },
      {
        name: words.smoothed,
        type: 'line',
        showSymbol: false,
        clip: true,
        lineStyle: { width: 2.4, color: blue },
        itemStyle: { color: blue },
        data: points.map(({ rate, smoothed }) => [rate, smoothed]),
      },
      markSeries(theme, points, marks),
    ],
    tooltip: { ...base.tooltip, valueFormatter: (value) => (typeof value === 'number' ? words.number(value) : '') },
  };
}
