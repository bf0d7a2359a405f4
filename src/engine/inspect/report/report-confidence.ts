import { html, type Html } from './html';
import type { ReportContext } from './report';
import { coverageChart, reliabilityChart } from './report-charts';
import { fill } from './report-words';

/** Thresholds that the table shows. */
const shownThresholds = [0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99];

/** Fewer for each label: a table of them all has to fit on paper. */
const classThresholds = [0.5, 0.7, 0.8, 0.9, 0.95];

/** What holding back unsure answers does, and how honest probabilities are. */
export function sureness(context: ReportContext): Html {
  const { words } = context;
  return html`<section>
    <h2>${words.confidence}</h2>
    <p class="quiet">${words.confidenceLead}</p>
    ${coverage(context)} ${classCoverage(context)}
    <h3>${words.reliability}</h3>
    ${reliability(context)}
  </section>`;
}

function coverage({ data, words, percent }: ReportContext): Html {
  const { confidence } = data;
  const { total, points, multiLabel } = confidence;
  const rows = shownThresholds.flatMap((threshold) =>
    points.filter((point) => Math.abs(point.threshold - threshold) < 1e-9),
  );
  const whole = (share: number): string => percent(share, 0);
  const answered = multiLabel ? words.recallAll : words.coverage;
  // Several labels: what is found are the right ones among all true ones.
  const part = (point: { readonly kept: number; readonly right: number }): number =>
    (multiLabel ? point.right : point.kept) / Math.max(1, total);
  return html`<div class="two">
    <figure>
      ${coverageChart(confidence, { title: words.confidence, percent: whole })}
      <figcaption>${answered} → ${words.accuracy}</figcaption>
    </figure>
    <table>
      <thead>
        <tr>
          <th scope="col" class="num">${words.threshold}</th>
          <th scope="col" class="num">${answered}</th>
          <th scope="col" class="num">${words.accuracy}</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (point) =>
            html`<tr>
              <th scope="row" class="num">${whole(point.threshold)}</th>
              <td class="num">${percent(part(point))}</td>
              <td class="num">
                ${point.kept === 0 ? '–' : percent(point.right / point.kept)}
                <span class="range">${percent(point.interval[0])} … ${percent(point.interval[1])}</span>
              </td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** Label by label what is left at some thresholds, and how much of that is right. */
function classCoverage({ data, words, percent, number }: ReportContext): Html {
  const { perClass, points, multiLabel } = data.confidence;
  const columns = classThresholds.flatMap((threshold) => {
    const at = points.findIndex((point) => Math.abs(point.threshold - threshold) < 1e-9);
    return at < 0 ? [] : [{ threshold, at }];
  });
  if (perClass.length === 0 || columns.length === 0) return html``;
  const cell = ({ kept, right, support }: (typeof perClass)[number], at: number): Html => {
    const [all = 0, now = 0, ok = 0] = [kept[0], kept[at], right[at]];
    // Several labels: every label is given to every text at threshold 0, so what is found is told of the true ones.
    const part = multiLabel ? ok / Math.max(1, support) : now / Math.max(1, all);
    return html`${percent(part, 0)} <span class="range">${now === 0 ? '–' : percent(ok / now, 0)}</span>`;
  };
  const lead = multiLabel ? words.classCoverageSeveral : words.classCoverageLead;
  return html`<h3>${words.classCoverage}</h3>
    <p class="quiet">${lead}</p>
    <table>
      <thead>
        <tr>
          <th scope="col">${words.label}</th>
          <th scope="col" class="num">${words.support}</th>
          ${columns.map(({ threshold }) => html`<th scope="col" class="num">${words.threshold} ${percent(threshold, 0)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${perClass.map(
          (one) =>
            html`<tr>
              <th scope="row">${one.label}</th>
              <td class="num">${number(one.support)}</td>
              ${columns.map(({ at }) => html`<td class="num">${cell(one, at)}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>`;
}

function reliability({ data, words, percent, number }: ReportContext): Html {
  const { confidence } = data;
  // Of what predicts: a blend is neither before nor after the network's temperature.
  const { used, after } = confidence.reliability;
  const bins = (used ?? after).filter(({ count }) => count > 0);
  const lead = fill(words.reliabilityLead, {
    before: percent(confidence.reliability.eceBefore),
    after: percent(confidence.reliability.eceAfter),
    t: number(confidence.temperature, 2),
  });
  const whole = (share: number): string => percent(share, 0);
  return html`<p class="quiet">${lead}</p>
    <div class="two">
      <figure>
        ${reliabilityChart(confidence, { title: words.reliability, percent: whole })}
        <figcaption>
          ${words.said} → ${words.wasRight}: ${words.before} (– –), ${words.after}
          (—)${used ? `, ${words.contender.blend} (●)` : ''}
        </figcaption>
      </figure>
      <table>
        <thead>
          <tr>
            <th scope="col" class="num">${words.said}</th>
            <th scope="col" class="num">${words.support}</th>
            <th scope="col" class="num">${words.wasRight}</th>
          </tr>
        </thead>
        <tbody>
          ${bins.map(
            (bin) =>
              html`<tr>
                <th scope="row" class="num">${percent(bin.confidence)}</th>
                <td class="num">${number(bin.count)}</td>
                <td class="num">${percent(bin.accuracy)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}
