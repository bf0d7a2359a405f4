import type { StepPoint } from '../stores/run-progress';
import { baseOption, stepAxis, titleRoom, valueAxis } from './base-option';
import type { ChartTheme } from './chart-theme';
import type { ChartOption } from './echarts';

/** The words and numbers of a learning rate chart. */
export interface RateWords {
  readonly rate: string;
  readonly step: string;
  readonly description: string;
  readonly number: (value: number) => string;
}

/** The learning rate over steps: the schedule as it was really applied. */
export function rateChartOption(theme: ChartTheme, points: readonly StepPoint[], words: RateWords): ChartOption {
  const green = theme.series[2];
  const base = baseOption(theme, words.description);
  return {
    ...base,
    legend: { show: false },
    grid: { ...base.grid, top: 12, bottom: titleRoom(theme) },
    xAxis: stepAxis(theme, words.step, words.number),
    yAxis: valueAxis(theme, words.number, { min: 0, splitNumber: 3 }),
    series: [
      {
        name: words.rate,
        type: 'line',
        showSymbol: false,
        sampling: 'lttb',
        lineStyle: { width: 2, color: green },
        itemStyle: { color: green },
        areaStyle: { color: green, opacity: 0.1 },
        data: points.map(({ x, rate }) => [x, rate]),
      },
    ],
    tooltip: { ...base.tooltip, valueFormatter: (value) => (typeof value === 'number' ? words.number(value) : '') },
  };
}
