import type { LabelInsight } from '../../shared/label-types';
import { baseOption, scaled, valueAxis } from './base-option';
import type { ChartTheme } from './chart-theme';
import type { ChartOption } from './echarts';

/** A learning curve: the share right against the number of labels, with its 95 % interval as a band. */
export function learningCurveOption(
  theme: ChartTheme,
  points: LabelInsight['points'],
  words: {
    readonly description: string;
    readonly name: string;
    readonly number: (value: number) => string;
    readonly share: (value: number) => string;
  },
): ChartOption {
  const base = baseOption(theme, words.description);
  const low = Math.min(...points.map((point) => point.low), 1);
  const color = theme.series[0];
  const band = { type: 'line' as const, stack: 'band', symbol: 'none', silent: true, lineStyle: { opacity: 0 } };
  const most = Math.max(1, ...points.map(({ labels }) => labels));
  return {
    ...base,
    legend: { show: false },
    grid: { ...base.grid, top: 12, right: 12 },
    xAxis: { ...valueAxis(theme, words.number, { min: 0, max: most, splitLine: { show: false }, splitNumber: 3 }) },
    yAxis: valueAxis(theme, words.share, {
      min: Math.max(0, Math.floor(low * 5) / 5),
      max: 1,
      interval: 0.2,
    }),
    series: [
      { ...band, name: 'low', data: points.map((point) => [point.labels, point.low]), tooltip: { show: false } },
      {
        ...band,
        name: 'high',
        data: points.map((point) => [point.labels, point.high - point.low]),
        areaStyle: { color, opacity: 0.14 },
        tooltip: { show: false },
      },
      {
        name: words.name,
        type: 'line',
        symbol: 'circle',
        symbolSize: scaled(theme, 7),
        lineStyle: { width: 2, color },
        itemStyle: { color },
        data: points.map((point) => [point.labels, point.share]),
      },
    ],
    tooltip: { ...base.tooltip, valueFormatter: (value) => (typeof value === 'number' ? words.share(value) : '') },
  };
}
