import { axisTitle, baseOption, scaled, titleRoom, valueAxis } from './base-option';
import type { ChartTheme } from './chart-theme';
import type { ChartOption } from './echarts';

/** A curve over shares. */
export interface ShareLine {
  readonly name: string;
  /** Pairs from 0 to 1. */
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly tone: 'main' | 'third' | 'other' | 'quiet';
  readonly dots?: boolean;
  readonly dashed?: boolean;
  /** A place that stands out, as the one that is chosen. */
  readonly marked?: readonly [x: number, y: number] | null;
}

/** Words and numbers of such a chart. */
export interface ShareWords {
  readonly x: string;
  readonly y: string;
  readonly description: string;
  readonly percent: (value: number) => string;
}

/** Round steps, four to six of them. */
function intervalFor(span: number): number {
  if (span > 0.6) return 0.2;
  return span > 0.25 ? 0.1 : 0.05;
}

/** Room above the curves: in a narrow frame many or long names stand in two lines. */
function legendRoom(names: readonly string[]): number {
  const wide = names.reduce((sum, name) => sum + 40 + 6.5 * name.length, 0);
  return wide > 270 ? 58 : 34;
}

/** Curves of one share over another. `from`: where the vertical axis begins. */
export function shareLineOption(
  theme: ChartTheme,
  lines: readonly ShareLine[],
  words: ShareWords,
  from: number,
): ChartOption {
  const base = baseOption(theme, words.description);
  const named = lines.filter(({ tone }) => tone !== 'quiet');
  const step = intervalFor(1 - from);
  const colors = { main: theme.series[0], third: theme.series[2], other: theme.series[3], quiet: theme.line };
  return {
    ...base,
    legend: { ...base.legend, data: named.map(({ name }) => name) },
    grid: { ...base.grid, top: legendRoom(named.map(({ name }) => name)), bottom: titleRoom(theme) },
    xAxis: valueAxis(theme, words.percent, {
      min: 0,
      max: 1,
      splitLine: { show: false },
      ...axisTitle(theme, words.x),
    }),
    yAxis: valueAxis(theme, words.percent, { min: Math.floor(from / step + 1e-9) * step, max: 1, interval: step }),
    series: lines.flatMap((line) => {
      const color = colors[line.tone];
      const curve = {
        name: line.name,
        type: 'line' as const,
        showSymbol: line.dots === true,
        symbol: line.tone === 'other' ? 'diamond' : 'circle',
        symbolSize: scaled(theme, 7),
        lineStyle: { width: 2, color, type: line.dashed === true ? ('dashed' as const) : ('solid' as const) },
        itemStyle: { color },
        data: line.points.map(([x, y]) => [x, y]),
        silent: line.tone === 'quiet',
      };
      const { marked } = line;
      if (!marked) return [curve];
      const dot = {
        name: words.y,
        type: 'line' as const,
        symbol: 'circle',
        symbolSize: scaled(theme, 14),
        itemStyle: { color, borderColor: theme.surface, borderWidth: 2.5 },
        data: [[marked[0], marked[1]]],
      };
      return [curve, dot];
    }),
    tooltip: {
      ...base.tooltip,
      trigger: 'item',
      formatter: (given) => {
        const one = Array.isArray(given) ? given[0] : given;
        const value = (one?.value ?? []) as readonly number[];
        return `${words.x} ${words.percent(value[0] ?? 0)}\n${words.y} ${words.percent(value[1] ?? 0)}`;
      },
    },
  };
}
