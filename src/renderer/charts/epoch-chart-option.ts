import { axisTitle, baseOption, scaled, titleRoom, valueAxis } from './base-option';
import type { ChartTheme } from './chart-theme';
import type { ChartOption } from './echarts';

/** One curve over epochs; null where an epoch has no such figure. */
export interface EpochSeries {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

/** A few curves over the epochs of a run, one point each. */
export function epochChartOption(
  theme: ChartTheme,
  epochs: readonly string[],
  series: readonly EpochSeries[],
  words: { readonly description: string; readonly epoch: string; readonly number: (value: number) => string },
): ChartOption {
  const base = baseOption(theme, words.description);
  const symbols = ['circle', 'diamond', 'rect', 'triangle'] as const;
  return {
    ...base,
    legend: series.length > 1 ? base.legend : { show: false },
    grid: { ...base.grid, top: series.length > 1 ? 40 : 12, bottom: titleRoom(theme) },
    xAxis: {
      type: 'category',
      data: [...epochs],
      boundaryGap: epochs.length < 2,
      axisLine: { lineStyle: { color: theme.grid } },
      axisTick: { show: false },
      ...axisTitle(theme, words.epoch),
      axisLabel: { color: theme.quiet, fontSize: theme.size, hideOverlap: true },
    },
    yAxis: valueAxis(theme, words.number, { scale: true, splitNumber: 3 }),
    series: series.map(({ name, values }, index) => ({
      name,
      type: 'line' as const,
      symbol: symbols[index % symbols.length] ?? 'circle',
      symbolSize: scaled(theme, 8),
      lineStyle: { width: 2, color: theme.series[index % 4] ?? theme.text },
      itemStyle: { color: theme.series[index % 4] ?? theme.text },
      data: values.map((value) => value ?? '-'),
    })),
    tooltip: { ...base.tooltip, valueFormatter: (value) => (typeof value === 'number' ? words.number(value) : '') },
  };
}
