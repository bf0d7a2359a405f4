import type { CustomSeriesRenderItemAPI, CustomSeriesRenderItemReturn } from 'echarts';
import { baseOption, scaled, valueAxis } from './base-option';
import type { ChartTheme } from './chart-theme';
import type { ChartOption } from './echarts';

/** One line of the comparison: an accuracy and its 95 % interval, as shares. */
export interface Contender {
  readonly name: string;
  /** What it is, which gives it its colour, the same in every place. */
  readonly kind: 'blend' | 'deep' | 'member' | 'baseline' | 'majority';
  /** Whether it is what predicts: it is then drawn strongest. */
  readonly used: boolean;
  readonly accuracy: number;
  readonly interval: readonly [number, number];
}

/** The whisker of one contender: a line over its interval, with small ends. */
function whisker(api: CustomSeriesRenderItemAPI, color: string): CustomSeriesRenderItemReturn {
  const row = api.value(0);
  const [left, y] = api.coord([api.value(1), row]);
  const [right] = api.coord([api.value(2), row]);
  if (left === undefined || right === undefined || y === undefined) return null;
  const style = { stroke: color, lineWidth: 2.5, lineCap: 'round' as const };
  const stroke = (x1: number, y1: number, x2: number, y2: number) => ({
    type: 'line' as const,
    shape: { x1, y1, x2, y2 },
    style,
  });
  return {
    type: 'group',
    children: [stroke(left, y, right, y), stroke(left, y - 5, left, y + 5), stroke(right, y - 5, right, y + 5)],
  };
}

/** Where the axis begins: at one of its own marks, tenths where little is shown, else fifths. */
function axisBegin(contenders: readonly Contender[]): number {
  const lowest = Math.min(...contenders.map(({ interval }) => interval[0]), 1);
  const marks = lowest < 0.5 ? 5 : 10;
  return Math.max(0, Math.floor(lowest * marks - marks / 20) / marks);
}

/** Accuracy of each contender as a dot with its interval. */
export function comparisonChartOption(
  theme: ChartTheme,
  contenders: readonly Contender[],
  words: {
    readonly description: string;
    readonly percent: (value: number) => string;
    /** What is written at a dot. */
    readonly said: (accuracy: number) => string;
  },
): ChartOption {
  const base = baseOption(theme, words.description);
  const [blend, baseline, deep, member] = theme.series;
  const colorOf = { blend, baseline, deep, member, majority: theme.quiet };
  const colors = contenders.map(({ kind }) => colorOf[kind]);
  return {
    ...base,
    legend: { show: false },
    grid: { ...base.grid, top: 8, right: 30 },
    xAxis: valueAxis(theme, words.percent, { min: axisBegin(contenders), max: 1, splitNumber: 5 }),
    yAxis: {
      type: 'category',
      inverse: true,
      data: contenders.map(({ name, used }) => ({ value: name, textStyle: { fontWeight: used ? 700 : 400 } })),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { color: theme.text, fontSize: theme.size + 1, width: 18 * theme.size, overflow: 'truncate' },
    },
    series: [
      {
        type: 'custom',
        renderItem: (params, api) => whisker(api, colors[params.dataIndex] ?? theme.quiet),
        encode: { x: [1, 2], y: 0 },
        data: contenders.map(({ interval }, index) => [index, interval[0], interval[1]]),
        silent: true,
      },
      {
        type: 'line',
        lineStyle: { opacity: 0 },
        symbol: 'circle',
        data: contenders.map(({ accuracy, used }, index) => ({
          value: [accuracy, index],
          symbolSize: scaled(theme, used ? 16 : 12),
          itemStyle: { color: colors[index] ?? theme.quiet, borderColor: theme.surface, borderWidth: 2 },
        })),
        label: {
          show: true,
          position: 'top',
          distance: 6,
          color: theme.text,
          fontWeight: 600,
          fontSize: theme.size + 1,
          formatter: ({ dataIndex }) => words.said(contenders[dataIndex]?.accuracy ?? 0),
        },
      },
    ],
    tooltip: { show: false },
  };
}
