import type { EChartsType } from 'echarts/core';
import { onBeforeUnmount, onMounted, watch, type Ref } from 'vue';
import { themeVersion } from '../app/theme';
import { readTheme, type ChartTheme } from './chart-theme';
import { drawNever, drawSoon } from './draw-queue';
import { createChart, type ChartOption } from './echarts';

/**
 * Keeps a chart in `element` as `build` describes it. `build` is called again when anything reactive that it reads,
 * or the theme, has changed; charts are drawn one a frame, and one that is scrolled out of sight is drawn when it comes
 * back. The chart is disposed of with the component.
 */
export function useChart(element: Ref<HTMLElement | null>, build: (theme: ChartTheme) => ChartOption): void {
  let chart: EChartsType | null = null;
  let stop: (() => void) | null = null;
  const observers: { disconnect(): void }[] = [];
  let inSight = true;
  let late: (() => void) | null = null;

  onMounted(() => {
    const host = element.value;
    if (host === null) return;
    const made = createChart(host);
    chart = made;
    const resized = new ResizeObserver(() => {
      made.resize();
    });
    resized.observe(host);
    observers.push(resized, whenSeen(host));
    let first = true;
    stop = watch(
      () => [themeVersion.value, build(readTheme(host))] as const,
      ([, option]) => {
        const draw = (): void => {
          made.setOption(option, { replaceMerge: ['series'] });
        };
        if (first) draw();
        else if (inSight) drawSoon(made, draw);
        else late = draw;
        first = false;
      },
      { immediate: true },
    );
  });

  /** Follows whether the chart can be seen. */
  function whenSeen(host: HTMLElement): { disconnect(): void } {
    const seen = new IntersectionObserver((entries) => {
      inSight = entries.at(-1)?.isIntersecting ?? true;
      if (!inSight || late === null || chart === null) return;
      drawSoon(chart, late);
      late = null;
    });
    seen.observe(host);
    return seen;
  }

  onBeforeUnmount(() => {
    stop?.();
    for (const observer of observers) observer.disconnect();
    if (chart !== null) drawNever(chart);
    chart?.dispose();
  });
}
