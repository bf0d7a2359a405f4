/** The page's colours and type, as a canvas needs them: plain values. Sizes in pixels. */
export interface ChartTheme {
  readonly series: readonly [string, string, string, string];
  readonly text: string;
  readonly quiet: string;
  readonly grid: string;
  readonly surface: string;
  readonly line: string;
  readonly font: string;
  readonly size: number;
}

/** Reads the design tokens that hold at `element`. */
export function readTheme(element: Element): ChartTheme {
  const style = getComputedStyle(element);
  const token = (name: string, otherwise: string) => style.getPropertyValue(name).trim() || otherwise;
  const root = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  return {
    series: [
      token('--chart-1', '#0072b2'),
      token('--chart-2', '#d55e00'),
      token('--chart-3', '#00805d'),
      token('--chart-4', '#a9568b'),
    ],
    text: token('--text', '#14232b'),
    quiet: token('--text-3', '#5f717a'),
    grid: token('--chart-grid', '#e3eaed'),
    surface: token('--surface', '#ffffff'),
    line: token('--line-strong', '#b9c6cd'),
    font: token('--font', 'sans-serif'),
    size: Math.round((Number.isFinite(root) && root > 0 ? root : 14) * 0.83),
  };
}
