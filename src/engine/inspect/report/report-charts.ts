import type { Confidence, ContenderFigures } from '../../../shared/inspect-types';
import { Html, html } from './html';

/** Words and numbers of a chart. */
export interface ChartWords {
  readonly title: string;
  readonly percent: (share: number) => string;
}

const WIDTH = 640;

/** Accuracy of each contender as a dot with its interval. */
export function contenderChart(
  contenders: readonly ContenderFigures[],
  names: (contender: ContenderFigures) => string,
  { title, percent }: ChartWords,
): Html {
  const colorOf = { blend: 'var(--a)', deep: 'var(--c)', baseline: 'var(--b)', majority: 'var(--quiet)' };
  const [left, right, step] = [190, 40, 34];
  const lowest = Math.max(
    0,
    Math.floor(Math.min(...contenders.map((each) => each.accuracyInterval[0])) * 10 - 0.3) / 10,
  );
  const x = (share: number): number => left + ((share - lowest) / (1 - lowest)) * (WIDTH - left - right);
  const height = contenders.length * step + 26;
  const ticks = ticksBetween(lowest, 1);
  return html`<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${title}">
    ${ticks.map((tick) => html`<path class="grid" d="M${x(tick).toFixed(1)} 4V${height - 20}" /><text class="axis" x="${x(tick).toFixed(1)}" y="${height - 5}" text-anchor="middle">${percent(tick)}</text>`)}
    ${contenders.map((each, i) => {
      const y = i * step + 22;
      const [low, high] = each.accuracyInterval;
      const color = raw(colorOf[each.id]);
      return html`<text x="${left - 12}" y="${y + 4}" text-anchor="end" font-weight="${each.used ? 650 : 400}"
          >${names(each)}</text
        >
        <path
          d="M${x(low).toFixed(1)} ${y}H${x(high).toFixed(1)}M${x(low).toFixed(1)} ${y - 5}v10M${x(high).toFixed(1)} ${y - 5}v10"
          stroke="${color}"
          stroke-width="2.2"
          fill="none"
        />
        <circle cx="${x(each.accuracy).toFixed(1)}" cy="${y}" r="${each.used ? 7 : 5}" fill="${color}" />
        <text x="${x(each.accuracy).toFixed(1)}" y="${y - 10}" text-anchor="middle" font-weight="600"
          >${percent(each.accuracy)}</text
        >`;
    })}
  </svg>`;
}

/** Share right against share answered, for every threshold. */
export function coverageChart({ points, total }: Confidence, { title, percent }: ChartWords): Html {
  const shown = points
    .filter(({ kept }) => kept > 0)
    .map(({ kept, right }) => [kept / Math.max(1, total), right / kept] as const);
  return lineChart(
    [
      {
        color: 'var(--accent)',
        points: shown.map(([coverage, accuracy]) => [Math.min(1, coverage), accuracy] as const),
      },
    ],
    { title, percent, lowest: Math.min(0.9, ...shown.map(([, accuracy]) => accuracy)) },
  );
}

/** What was right against what was said, before and after the temperature, beside the line of perfect honesty. */
export function reliabilityChart({ reliability }: Confidence, words: ChartWords): Html {
  const points = (bins: Confidence['reliability']['before']) =>
    bins.filter(({ count }) => count > 0).map(({ confidence, accuracy }) => [confidence, accuracy] as const);
  return lineChart(
    [
      {
        color: 'var(--line)',
        points: [
          [0, 0],
          [1, 1],
        ],
      },
      { color: 'var(--c)', points: points(reliability.before), dots: true, dashed: true },
      { color: 'var(--c)', points: points(reliability.after), dots: true },
      ...(reliability.used ? [{ color: 'var(--a)', points: points(reliability.used), dots: true }] : []),
    ],
    { ...words, lowest: 0 },
  );
}

/** Smoothed losses over the steps of a run. */
export function curveChart(curve: readonly { readonly kind: string; readonly loss: number }[], title: string): Html {
  const most = Math.max(...curve.map(({ loss }) => loss), 1e-6);
  const of = (kind: string) =>
    curve.flatMap(({ kind: own, loss }, i) =>
      own === kind ? [[i / Math.max(1, curve.length - 1), loss / most] as const] : [],
    );
  return lineChart(
    [
      { color: 'var(--quiet)', points: of('language-model') },
      { color: 'var(--accent)', points: of('classifier') },
    ],
    { title, lowest: 0, percent: (share) => (share * most).toPrecision(2), hideX: true },
  );
}

interface Line {
  readonly color: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly dots?: boolean;
  readonly dashed?: boolean;
}

function lineChart(
  lines: readonly Line[],
  { title, percent, lowest, hideX = false }: ChartWords & { readonly lowest: number; readonly hideX?: boolean },
): Html {
  const [left, right, top, bottom, height] = [44, 16, 10, hideX ? 8 : 24, 240];
  const low = Math.max(0, Math.floor(lowest * 10) / 10);
  const x = (share: number): string => (left + share * (WIDTH - left - right)).toFixed(1);
  const y = (share: number): string => (top + (1 - (share - low) / (1 - low)) * (height - top - bottom)).toFixed(1);
  const path = (points: Line['points']): string =>
    points.map(([a, b], i) => `${i === 0 ? 'M' : 'L'}${x(a)} ${y(b)}`).join('');
  return html`<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${title}">
    ${ticksBetween(low, 1).map((tick) => html`<path class="grid" d="M${left} ${y(tick)}H${WIDTH - right}" /><text class="axis" x="${left - 6}" y="${Number(y(tick)) + 4}" text-anchor="end">${percent(tick)}</text>`)}
    ${hideX ? '' : [0, 0.25, 0.5, 0.75, 1].map((tick) => html`<text class="axis" x="${x(tick)}" y="${height - 6}" text-anchor="middle">${percent(tick)}</text>`)}
    ${lines.map(
      (line) =>
        html`<path
            d="${path(line.points)}"
            fill="none"
            stroke="${raw(line.color)}"
            stroke-width="2"
            ${raw(line.dashed === true ? 'stroke-dasharray="5 4"' : '')}
          />
          ${line.dots === true ? line.points.map(([a, b]) => html`<circle cx="${x(a)}" cy="${y(b)}" r="3.2" fill="${raw(line.color)}" />`) : ''}`,
    )}
  </svg>`;
}

function raw(text: string): Html {
  return new Html(text);
}

function ticksBetween(low: number, high: number): number[] {
  const step = high - low > 0.6 ? 0.2 : high - low > 0.25 ? 0.1 : 0.05;
  const ticks: number[] = [];
  for (let tick = Math.max(0, Math.ceil(low / step - 1e-9) * step); tick <= high + 1e-9; tick += step)
    ticks.push(Math.round(tick * 100) / 100);
  return ticks;
}
