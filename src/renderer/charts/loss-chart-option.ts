import type { EpochPoint, StepPoint } from '../stores/run-progress';
import { baseOption, scaled, stepAxis, titleRoom, valueAxis } from './base-option';
import type { ChartTheme } from './chart-theme';
import type { ChartOption } from './echarts';

/** The words and numbers of a loss chart. */
export interface LossWords {
  readonly raw: string;
  readonly smoothed: string;
  readonly valid: string;
  readonly step: string;
  readonly description: string;
  readonly stage: (stage: StepPoint['stage']) => string;
  readonly number: (value: number) => string;
}

/** Where a new stage begins, for the thin lines across the chart. */
export function stageStarts(points: readonly StepPoint[]): readonly StepPoint[] {
  return points.filter((point, index) => index > 0 && points[index - 1]?.stage !== point.stage);
}

/** A line's name is left out where the one before it is nearer than this share of the axis. */
const roomForName = 0.14;

/** The lines of the stages, with names only where they do not write over each other. */
function stageLines(points: readonly StepPoint[], name: LossWords['stage']) {
  const span = points.at(-1)?.x ?? 1;
  let named = Number.NEGATIVE_INFINITY;
  return stageStarts(points).map(({ x, stage }) => {
    const fits = (x - named) / span >= roomForName;
    if (fits) named = x;
    // Beside the edge a name in the middle of its line would be cut off.
    const align = x / span > 1 - roomForName / 2 ? ('right' as const) : ('center' as const);
    return { xAxis: x, name: fits ? name(stage) : '', label: { align } };
  });
}

/** Loss over steps: each batch pale, the smoothed curve strong, validation as points at the ends of epochs. */
export function lossChartOption(
  theme: ChartTheme,
  points: readonly StepPoint[],
  epochs: readonly EpochPoint[],
  words: LossWords,
): ChartOption {
  const valid = epochs.flatMap(({ x, event }) => (event.validLoss === null ? [] : [[x, event.validLoss]]));
  const [blue, orange] = theme.series;
  return {
    ...baseOption(theme, words.description),
    legend: { ...baseOption(theme, '').legend, data: [words.raw, words.smoothed, words.valid] },
    grid: { ...baseOption(theme, '').grid, bottom: titleRoom(theme) },
    xAxis: stepAxis(theme, words.step, (value) => words.number(value)),
    yAxis: valueAxis(theme, (value) => words.number(value), { scale: true, splitNumber: 4 }),
    series: [
      {
        name: words.raw,
        type: 'line',
        showSymbol: false,
        sampling: 'lttb',
        silent: true,
        lineStyle: { width: 1, color: blue, opacity: 0.32 },
        itemStyle: { color: blue, opacity: 0.4 },
        data: points.map(({ x, loss }) => [x, loss]),
        markLine: {
          symbol: 'none',
          silent: true,
          label: { color: theme.quiet, fontSize: theme.size - 1, position: 'end', distance: 4, formatter: '{b}' },
          lineStyle: { color: theme.line, type: 'dashed', width: 1 },
          data: stageLines(points, words.stage),
        },
      },
      {
        name: words.smoothed,
        type: 'line',
        showSymbol: points.length < 3, // one point alone makes no line
        sampling: 'lttb',
        lineStyle: { width: 2.4, color: blue },
        itemStyle: { color: blue },
        data: points.map(({ x, smoothed }) => [x, smoothed]),
      },
      {
        name: words.valid,
        type: 'line',
        symbol: 'circle',
        symbolSize: scaled(theme, 8),
        lineStyle: { width: 1.6, color: orange, type: 'dotted' },
        itemStyle: { color: orange, borderColor: theme.surface, borderWidth: 1.5 },
        data: valid,
      },
    ],
    tooltip: {
      ...baseOption(theme, '').tooltip,
      valueFormatter: (value) => (typeof value === 'number' ? words.number(value) : ''),
    },
  };
}
