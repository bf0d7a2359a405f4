import { baseOption, scaled, stepAxis, titleRoom, valueAxis } from './base-option';
import type { ChartTheme } from './chart-theme';
import type { ChartOption } from './echarts';

/** One run's curve: steps and values. */
export interface RunCurve {
  readonly name: string;
  readonly points: readonly (readonly [number, number])[];
}

const dashes = ['solid', 'dashed', 'dotted', [8, 3, 2, 3]];
const symbols = ['circle', 'diamond', 'rect', 'triangle'] as const;

/** Curves of several runs over their training steps. Each has a colour, a dash and a mark of its own. */
export function runCurvesOption(
  theme: ChartTheme,
  curves: readonly RunCurve[],
  words: {
    readonly description: string;
    readonly step: string;
    readonly steps: (value: number) => string;
    readonly number: (value: number) => string;
  },
): ChartOption {
  const base = baseOption(theme, words.description);
  return {
    ...base,
    legend: { ...base.legend, icon: undefined, itemWidth: 26 },
    grid: { ...base.grid, bottom: titleRoom(theme) },
    xAxis: stepAxis(theme, words.step, words.steps),
    yAxis: valueAxis(theme, words.number, { scale: true, splitNumber: 4 }),
    series: curves.map(({ name, points }, index) => {
      const color = theme.series[index % 4] ?? theme.text;
      return {
        name,
        type: 'line' as const,
        symbol: symbols[index % symbols.length] ?? 'circle',
        showSymbol: points.length < 60,
        symbolSize: scaled(theme, 8),
        sampling: 'lttb' as const,
        lineStyle: { width: 2, color, type: dashes[index % dashes.length] as 'solid' | number[] },
        itemStyle: { color, borderColor: theme.surface, borderWidth: 1 },
        data: points.map(([x, y]) => [x, y]),
      };
    }),
    tooltip: { ...base.tooltip, valueFormatter: (value) => (typeof value === 'number' ? words.number(value) : '') },
  };
}
