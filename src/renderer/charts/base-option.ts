import type { ChartOption } from './echarts';
import type { ChartTheme } from './chart-theme';

/** What all charts have in common: no animation (data is live), a description for screen readers, quiet axes. */
export function baseOption(theme: ChartTheme, description: string): ChartOption {
  return {
    animation: false,
    aria: { enabled: true, label: { description } },
    textStyle: { fontFamily: theme.font, fontSize: theme.size, color: theme.text },
    grid: { left: 8, right: 18, top: 40, bottom: 6, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    legend: {
      top: 0,
      left: 0,
      itemWidth: 16,
      itemHeight: 8,
      itemGap: 18,
      icon: 'roundRect',
      textStyle: { color: theme.quiet, fontSize: theme.size, fontFamily: theme.font },
    },
    tooltip: {
      trigger: 'axis',
      // Drawn on the canvas: the page's policy forbids the inline styles of the other kind.
      renderMode: 'richText',
      confine: true,
      backgroundColor: theme.surface,
      borderColor: theme.line,
      borderWidth: 1,
      padding: 10,
      textStyle: { color: theme.text, fontSize: theme.size, fontFamily: theme.font },
      axisPointer: { lineStyle: { color: theme.line }, animation: false },
    },
  };
}

/** A length that grows with the words of the chart, so that marks are as easy to see in a 4K window. @param pixels at the usual size of 12 */
export function scaled(theme: ChartTheme, pixels: number): number {
  return Math.round((pixels * theme.size) / 12);
}

/** An axis of numbers. */
export function valueAxis(theme: ChartTheme, format: (value: number) => string, more: Record<string, unknown> = {}) {
  return {
    type: 'value' as const,
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: theme.grid } },
    axisLabel: { color: theme.quiet, fontSize: theme.size, hideOverlap: true, formatter: format },
    ...more,
  };
}

/** What an axis is called, in the middle below its numbers; the grid needs {@link titleRoom} there. */
export function axisTitle(theme: ChartTheme, name: string) {
  const nameTextStyle = { color: theme.quiet, fontSize: theme.size };
  return { name, nameLocation: 'middle' as const, nameGap: scaled(theme, 26), nameTextStyle };
}

/** Pixels below a grid that an axis with a title needs. */
export function titleRoom(theme: ChartTheme): number {
  return scaled(theme, 20);
}

/** An axis of steps: from nought to the newest one, whose own number is left out where it is not a round one. */
export function stepAxis(theme: ChartTheme, name: string, format: (value: number) => string) {
  const range = { min: 0, max: 'dataMax', minInterval: 1, splitLine: { show: false } };
  const axis = valueAxis(theme, format, { ...range, ...axisTitle(theme, name) });
  return { ...axis, axisLabel: { ...axis.axisLabel, showMaxLabel: false } };
}
