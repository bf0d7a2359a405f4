import { FEWEST_OF_LABEL, isTooFewOfLabel, isTooFewToMeasure, rightOnes } from '../../../shared/evidence';
import { mostConfusedPairs } from '../../evaluate/confusions';
import type { ClassFigures } from '../../../shared/inspect-types';
import { html, type Html } from './html';
import type { ReportContext } from './report';
import { fill } from './report-words';

/** With more labels than this the matrix is a picture and a list of its largest cells. */
const MOST_IN_TABLE = 24;
const LISTED_PAIRS = 20;

/** All contenders with their figures. */
export function contenderTable({ data, words, percent, number }: ReportContext): Html {
  const { contenders, majorityLabel, multiLabel, n } = data.overview;
  const right = (accuracy: number): string =>
    isTooFewToMeasure(n)
      ? fill(words.pairOf, { n: number(rightOnes({ accuracy, n })), total: number(n) })
      : percent(accuracy);
  const share = (value: number | null, interval: readonly [number, number] | null, said = percent): Html =>
    value === null
      ? html`<td class="num">–</td>`
      : html`<td class="num">
          ${said(value)}${interval ? html`<br /><span class="range">${percent(interval[0])} … ${percent(interval[1])}</span>` : ''}
        </td>`;
  return html`<table>
    <thead>
      <tr>
        <th></th>
        <th scope="col" class="num">${words.accuracy}</th>
        <th scope="col" class="num">${words.macroF1}</th>
        ${multiLabel ? html`<th scope="col" class="num">${words.microF1}</th>` : ''}
        <th scope="col" class="num">${words.ece}</th>
        <th scope="col" class="num">${words.loss}</th>
      </tr>
    </thead>
    <tbody>
      ${contenders.map(
        (each) =>
          html`<tr>
            <th scope="row">
              ${fill(words.contender[each.id], { label: majorityLabel })}
              ${each.used ? html`<span class="chip">${words.used}</span>` : ''}
            </th>
            ${share(each.accuracy, each.accuracyInterval, right)}${share(each.macroF1, each.macroF1Interval)}${multiLabel ? share(each.microF1, each.microF1Interval) : ''}${share(each.ece, null)}
            <td class="num">${each.loss === null ? '–' : number(each.loss, 3)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** Every label with its figures, the weakest first; those with too few texts to say anything of last, and faint. */
export function classTable({ data, words, percent, number }: ReportContext): Html {
  const few = ({ support }: ClassFigures): boolean => isTooFewOfLabel(support);
  const rows = [...data.overview.perClass].sort((a, b) => Number(few(a)) - Number(few(b)) || a.f1 - b.f1);
  const figure = (row: ClassFigures, value: number, of = row.support): string =>
    of === 0 ? '–' : percent(value, few(row) ? 0 : undefined);
  const cell = (said: string, [low, high]: readonly [number, number]): Html =>
    html`<td class="num">
      ${said}${said === '–' ? '' : html`<br /><span class="range">${percent(low, 0)} … ${percent(high, 0)}</span>`}
    </td>`;
  return html`<table>
    <thead>
      <tr>
        <th scope="col">${words.label}</th>
        <th scope="col" class="num">${words.precision}</th>
        <th scope="col" class="num">${words.recall}</th>
        <th scope="col" class="num">${words.f1}</th>
        <th scope="col" class="num">${words.support}</th>
        <th scope="col" class="num">${words.baselineF1}</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (row) =>
          html`<tr class="${few(row) ? 'quiet' : ''}">
            <th scope="row">
              ${row.label}${few(row) ? html`<br /><span class="range">${fill(words.fewTexts, { n: number(FEWEST_OF_LABEL) })}</span>` : ''}
            </th>
            ${cell(figure(row, row.precision, row.predicted), row.precisionInterval)}${cell(figure(row, row.recall), row.recallInterval)}${cell(figure(row, row.f1), row.f1Interval)}
            <td class="num">${number(row.support)}</td>
            <td class="num">${figure(row, row.baselineF1)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** The mix-ups: a table of few labels, a picture of many, and the largest cells as a list. */
export function matrix(context: ReportContext, confusion: readonly (readonly number[])[]): Html {
  const { data, words, number } = context;
  const { labels } = data.overview;
  const totals = confusion.map((row) => row.reduce((sum, count) => sum + count, 0));
  const strength = (a: number, p: number): number => Math.sqrt((confusion[a]?.[p] ?? 0) / Math.max(1, totals[a] ?? 0));
  const color = (a: number, p: number): string =>
    `rgb(var(${a === p ? '--good' : '--bad'}) / ${(0.75 * strength(a, p)).toFixed(2)})`;
  const pairs = mostConfusedPairs(confusion, labels, LISTED_PAIRS);
  const list = html`<table>
    <tbody>
      ${pairs.map(
        ({ actual, predicted, count, share }) =>
          html`<tr>
            <td>${fill(words.pair, { actual, predicted })}</td>
            <td class="num">${fill(words.pairOf, { n: number(count), total: number(Math.round(count / share)) })}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
  return html`${labels.length <= MOST_IN_TABLE ? table(context, confusion, color) : picture(context, confusion, color)}
  ${list}`;
}

type CellColor = (actual: number, predicted: number) => string;

function table({ data, number }: ReportContext, confusion: readonly (readonly number[])[], color: CellColor): Html {
  const { labels, order } = data.overview;
  const cell = (a: number, p: number): Html => {
    const count = confusion[a]?.[p] ?? 0;
    return html`<td style="background:${color(a, p)}">${count === 0 ? '' : number(count)}</td>`;
  };
  return html`<div class="heat">
    <table>
      <thead>
        <tr>
          <td></td>
          ${order.map((p) => html`<th scope="col">${labels[p]}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${order.map(
          (a) =>
            html`<tr>
              <th scope="row">${labels[a]}</th>
              ${order.map((p) => cell(a, p))}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function picture(
  { data, words, number }: ReportContext,
  confusion: readonly (readonly number[])[],
  color: CellColor,
): Html {
  const { labels, order } = data.overview;
  const size = labels.length;
  const cells = order.flatMap((a, y) =>
    order.flatMap((p, x) => {
      const count = confusion[a]?.[p] ?? 0;
      const title = `${labels[a] ?? ''} → ${labels[p] ?? ''}: ${number(count)}`;
      const style = `fill:${color(a, p)}`;
      return count === 0
        ? []
        : [html`<rect x="${x}" y="${y}" width="1" height="1" style="${style}"><title>${title}</title></rect>`];
    }),
  );
  const style = 'max-width:40rem;background:var(--soft)';
  return html`<figure>
    <svg viewBox="0 0 ${size} ${size}" role="img" aria-label="${words.confusion}" style="${style}">${cells}</svg>
  </figure>`;
}
