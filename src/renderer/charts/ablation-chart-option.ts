import { baseOption, scaled, valueAxis } from './base-option';
import type { ChartTheme } from './chart-theme';
import type { ChartOption } from './echarts';

/** One variant with the accuracy of each of its runs, as shares; `mean` null while none is finished. */
export interface AblationBar {
  readonly name: string;
  readonly mean: number | null;
  readonly runs: readonly number[];
}

/** The words and numbers of an ablation's chart. */
export interface AblationWords {
  readonly description: string;
  readonly mean: string;
  readonly run: string;
  readonly baseline: string;
  readonly percent: (value: number) => string;
}

/** Every run as a small mark and each variant's mean as a large one; a line where word counts stand. */
export function ablationChartOption(
  theme: ChartTheme,
  bars: readonly AblationBar[],
  baseline: number | null,
  words: AblationWords,
): ChartOption {
  const base = baseOption(theme, words.description);
  const [blue, , , purple] = theme.series;
  const values = bars.flatMap(({ runs }) => runs).concat(baseline ?? []);
  const low = Math.min(...values, 1);
  const meanMark = (mean: number, index: number) => ({
    value: [mean, index],
    itemStyle: { color: index === 0 ? blue : purple },
    label: { formatter: words.percent(mean) },
  });
  return {
    ...base,
    legend: { ...base.legend, data: [words.mean, words.run] },
    grid: { ...base.grid, right: 34 },
    xAxis: valueAxis(theme, words.percent, {
      min: Math.max(0, Math.floor(low * 20 - 0.4) / 20),
      max: Math.min(1, Math.ceil(Math.max(...values, 0) * 20 + 0.4) / 20),
      splitNumber: 5,
    }),
    yAxis: {
      type: 'category',
      inverse: true,
      data: bars.map(({ name }) => name),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { color: theme.text, fontSize: theme.size + 1, width: 15 * theme.size, overflow: 'truncate' },
    },
    series: [
      {
        name: words.run,
        type: 'line',
        lineStyle: { opacity: 0 },
        symbol: 'circle',
        symbolSize: scaled(theme, 7),
        itemStyle: { color: purple, opacity: 0.5 },
        data: bars.flatMap(({ runs }, index) => runs.map((accuracy) => [accuracy, index])),
        ...(baseline === null ? {} : { markLine: baselineLine(theme, baseline, words.baseline) }),
      },
      {
        name: words.mean,
        type: 'line',
        lineStyle: { opacity: 0 },
        symbol: 'diamond',
        symbolSize: scaled(theme, 15),
        itemStyle: { color: purple, borderColor: theme.surface, borderWidth: 2 },
        label: meanLabel(theme),
        data: bars.flatMap(({ mean }, index) => (mean === null ? [] : [meanMark(mean, index)])),
      },
    ],
    tooltip: { show: false },
  };
}

/** The figure of a mean, on a ground of its own: the line of the baseline would go through it. */
function meanLabel(theme: ChartTheme) {
  return {
    show: true,
    position: 'top' as const,
    distance: 4,
    color: theme.text,
    fontWeight: 600 as const,
    fontSize: theme.size,
    backgroundColor: theme.surface,
    padding: [1, 3],
  };
}

function baselineLine(theme: ChartTheme, baseline: number, name: string) {
  return {
    symbol: 'none',
    silent: true,
    precision: 4, // of a share: two places, the default, would put the line up to half a point beside its accuracy
    z: 1, // under the figures
    lineStyle: { color: theme.series[1], type: 'dashed' as const, width: 1.5 }, // as word counts have it everywhere
    label: { color: theme.quiet, fontSize: theme.size - 1, formatter: name, position: 'start' as const },
    data: [{ xAxis: baseline }],
  };
}
