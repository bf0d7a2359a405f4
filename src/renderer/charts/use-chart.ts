import type { EChartsType } from 'echarts/core';
import { onBeforeUnmount, onMounted, watch, type Ref } from 'vue';
import { themeVersion } from '../app/theme';
import { readTheme, type ChartTheme } from './chart-theme';
import { createChart, type ChartOption } from './echarts';

/**
 * Keeps a chart in `element` as `build` describes it. `build` is called again when anything reactive that it reads,
 * or the theme, has changed; several changes within a frame are one drawing. The chart is disposed of with the component.
 */
export function useChart(element: Ref<HTMLElement | null>, build: (theme: ChartTheme) => ChartOption): void {
  let chart: EChartsType | null = null;
  let observer: ResizeObserver | null = null;
  let stop: (() => void) | null = null;

  onMounted(() => {
    const host = element.value;
    if (host === null) return;
    const made = createChart(host);
    chart = made;
    observer = new ResizeObserver(() => {
      made.resize();
    });
    observer.observe(host);
    stop = watch(
      () => [themeVersion.value, build(readTheme(host))] as const,
      ([, option]) => {
        made.setOption(option, { replaceMerge: ['series'], lazyUpdate: true });
      },
      { immediate: true },
    );
  });

  onBeforeUnmount(() => {
    stop?.();
    observer?.disconnect();
    chart?.dispose();
  });
}
