import type { CustomSeriesRenderItemAPI, CustomSeriesRenderItemReturn } from 'echarts';
import { baseOption, scaled, valueAxis } from './base-option';
import type { ChartTheme } from './chart-theme';
import type { ChartOption } from './echarts';

/** One line of the comparison: an accuracy and its 95 % interval, as shares. */
export interface Contender {
  readonly name: string;
  readonly accuracy: number;
  readonly interval: readonly [number, number];
  /** How strongly it is drawn: the model, what it is made of, its rival, or what is only there for scale. */
  readonly tone?: 'model' | 'part' | 'rival' | 'floor';
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

/** Accuracy of each contender as a dot with its interval; the first is the model, drawn strongest. */
export function comparisonChartOption(
  theme: ChartTheme,
  contenders: readonly Contender[],
  words: { readonly description: string; readonly percent: (value: number) => string },
): ChartOption {
  const base = baseOption(theme, words.description);
  const tones = { model: theme.series[0], part: theme.series[2], rival: theme.series[1], floor: theme.quiet };
  const byPlace = ['model', 'rival', 'floor'] as const;
  const colors = contenders.map(({ tone }, index) => tones[tone ?? byPlace[index] ?? 'floor']);
  const lowest = Math.min(...contenders.map(({ interval }) => interval[0]), 1);
  return {
    ...base,
    legend: { show: false },
    grid: { ...base.grid, top: 8, right: 30 },
    xAxis: valueAxis(theme, words.percent, {
      min: Math.max(0, Math.floor(lowest * 10 - 0.5) / 10),
      max: 1,
      splitNumber: 5,
    }),
    yAxis: {
      type: 'category',
      inverse: true,
      data: contenders.map(({ name }) => name),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { color: theme.text, fontSize: theme.size + 1, width: 15 * theme.size, overflow: 'truncate' },
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
        symbolSize: scaled(theme, 13),
        data: contenders.map(({ accuracy }, index) => ({
          value: [accuracy, index],
          itemStyle: { color: colors[index] ?? theme.quiet, borderColor: theme.surface, borderWidth: 2 },
        })),
        label: {
          show: true,
          position: 'top',
          distance: 6,
          color: theme.text,
          fontWeight: 600,
          fontSize: theme.size + 1,
          formatter: ({ dataIndex }) => words.percent(contenders[dataIndex]?.accuracy ?? 0),
        },
      },
    ],
    tooltip: { show: false },
  };
}
