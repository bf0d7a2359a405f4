import type { ThawApp } from './thaw-app';

/** How evenly the page was drawn for a while, and how much its main thread had to do. Times in milliseconds. */
export interface FrameFigures {
  readonly frames: number;
  readonly median: number;
  readonly p95: number;
  readonly longest: number;
  /** The longest piece of work between which nothing can be drawn or answered. */
  readonly longestTask: number;
  readonly tasksOver50: number;
  /** Share of the time in which the main thread was at work, 0 to 1. */
  readonly busy: number;
}

/** Watches the page for a while: the time between frames, its long tasks, and how busy it is. */
export async function watchFrames({ page }: ThawApp, milliseconds: number): Promise<FrameFigures> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable');
  const worked = async (): Promise<number> => {
    const { metrics } = await devtools.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1000;
  };
  const before = await worked();
  const { deltas, tasks } = await page.evaluate(
    (length) =>
      new Promise<{ deltas: number[]; tasks: number[] }>((resolve) => {
        const seen: number[] = [];
        const long: number[] = [];
        const observer = new PerformanceObserver((list) => long.push(...list.getEntries().map((one) => one.duration)));
        observer.observe({ entryTypes: ['longtask'] });
        const begun = performance.now();
        let last = begun;
        const frame = (): void => {
          const now = performance.now();
          seen.push(now - last);
          last = now;
          if (now - begun < length) requestAnimationFrame(frame);
          else {
            observer.disconnect();
            resolve({ deltas: seen, tasks: long });
          }
        };
        requestAnimationFrame(frame);
      }),
    milliseconds,
  );
  const busy = ((await worked()) - before) / milliseconds;
  await devtools.detach();
  const sorted = [...deltas].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return {
    frames: deltas.length,
    median: at(0.5),
    p95: at(0.95),
    longest: at(1),
    longestTask: Math.max(0, ...tasks),
    tasksOver50: tasks.length,
    busy,
  };
}
