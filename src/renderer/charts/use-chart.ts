import type { EChartsType } from 'echarts/core';
import { effect, onBeforeUnmount, onMounted, stop, type ReactiveEffectRunner, type Ref } from 'vue';
import { themeVersion } from '../app/theme';
import { readTheme, type ChartTheme } from './chart-theme';
import { drawNever, drawSoon } from './draw-queue';
import { createChart, type ChartOption } from './echarts';

/**
 * Keeps a chart in `element` as `build` describes it. `build` is called again, when the chart is next drawn, once
 * anything reactive that it reads, or the theme, has changed; charts are drawn one a frame and a few times a second, and
 * one that is scrolled out of sight is drawn when it comes back. The chart is disposed of with the component.
 */
export function useChart(element: Ref<HTMLElement | null>, build: (theme: ChartTheme) => ChartOption): void {
  let chart: EChartsType | null = null;
  let drawing: ReactiveEffectRunner | null = null;
  const observers: { disconnect(): void }[] = [];
  let inSight = true;
  let isLate = false;

  /** What the chart shows has changed. */
  function changed(): void {
    if (inSight && chart !== null && drawing !== null) drawSoon(chart, drawing);
    else isLate = true;
  }

  onMounted(() => {
    const host = element.value;
    if (host === null) return;
    const made = createChart(host);
    chart = made;
    const resized = new ResizeObserver(() => {
      // Also told when observing begins: drawing all of it again for nothing.
      if (made.getWidth() === host.clientWidth && made.getHeight() === host.clientHeight) return;
      made.resize();
      // Words grow with the window, and labels find their places anew only where all is drawn again.
      changed();
    });
    resized.observe(host);
    observers.push(resized, whenSeen(host));
    // Not a watch: that would build what is not drawn.
    drawing = effect(
      () => {
        void themeVersion.value;
        made.setOption(build(readTheme(host)), { replaceMerge: ['series'] });
      },
      { scheduler: changed },
    );
  });

  /** Follows whether the chart can be seen. */
  function whenSeen(host: HTMLElement): { disconnect(): void } {
    const seen = new IntersectionObserver((entries) => {
      inSight = entries.at(-1)?.isIntersecting ?? true;
      if (!inSight || !isLate) return;
      isLate = false;
      changed();
    });
    seen.observe(host);
    return seen;
  }

  onBeforeUnmount(() => {
    if (drawing !== null) stop(drawing);
    for (const observer of observers) observer.disconnect();
    if (chart !== null) drawNever(chart);
    chart?.dispose();
  });
}
