import { FEWEST_JUDGED, isTooFewToMeasure, rightOnes } from '../../../shared/evidence';
import { chanceDigits, shareInWords } from '../../../shared/share-words';
import { html, Html } from './html';
import { contenderChart, curveChart } from './report-charts';
import { sureness } from './report-confidence';
import type { ReportData } from './report-data';
import { classTable, contenderTable, matrix } from './report-figures';
import { explainedTexts, rowSections, sliceTables } from './report-rows';
import { reportStyle } from './report-style';
import { fill, reportWords, type ReportWords } from './report-words';

type Interval = readonly [number, number];

/** What the parts of a report share. */
export interface ReportContext {
  readonly data: ReportData;
  readonly words: ReportWords;
  /** @param digits where they are not those that so many texts allow */
  readonly percent: (share: number, digits?: number) => string;
  readonly number: (value: number, digits?: number) => string;
}

/** A run as one HTML file that needs nothing else: no script, no network; light, dark or on paper. */
export function reportHtml(data: ReportData): string {
  const words = reportWords[data.language];
  const number = (value: number, digits = 0): string =>
    new Intl.NumberFormat(data.language, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(
      value,
    );
  // Of too few texts decimals would say more than is known.
  const usual = isTooFewToMeasure(data.overview.n) ? 0 : 1;
  const percent = (share: number, digits = usual): string => {
    const range = { minimumFractionDigits: digits, maximumFractionDigits: digits };
    const format = new Intl.NumberFormat(data.language, { style: 'percent', ...range });
    return shareInWords(share, digits, (value) => format.format(value));
  };
  const context: ReportContext = { data, words, percent, number };
  const page = html`<!doctype html>
    <html lang="${data.language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>${data.project} · ${words.title}</title>
        <style>
          ${new Html(reportStyle)}
        </style>
      </head>
      <body>
        <main>
          ${head(context)} ${summary(context)} ${sideBySide(context)}
          <section>
            <h2>${words.classes}</h2>
            ${classTable(context)}
          </section>
          ${
            data.overview.confusion
              ? html`<section>
                  <h2>${words.confusion}</h2>
                  <p class="quiet">${words.confusionLead}</p>
                  ${matrix(context, data.overview.confusion)}
                </section>`
              : ''
          }
          ${sureness(context)} ${sliceTables(context)} ${rowSections(context)} ${explainedTexts(context)}
          ${training(context)}
        </main>
      </body>
    </html> `;
  return page.text;
}

function dateText({ data }: ReportContext, date: Date): string {
  return new Intl.DateTimeFormat(data.language, { dateStyle: 'long', timeStyle: 'short' }).format(date);
}

function head(context: ReportContext): Html {
  const { data, words } = context;
  const made = fill(words.made, { date: dateText(context, data.madeAt), version: data.version });
  const run = fill(words.run, {
    id: data.overview.runId,
    date: dateText(context, new Date(data.overview.startedAt)),
    device: data.device,
  });
  return html`<header>
    <h1>${data.project}</h1>
    <p class="lead quiet">${words.title}</p>
    <p class="quiet">${made}<br />${run}</p>
  </header>`;
}

function summary(context: ReportContext): Html {
  const { data, words, number, percent } = context;
  const { againstBaseline, split, n } = data.overview;
  const { interval, difference, p } = againstBaseline;
  const verdict = p < 0.05 ? (difference > 0 ? words.verdictBetter : words.verdictWorse) : words.verdictEven;
  const gain = `${number(Math.abs(difference) * n)} (${percent(interval[0])} … ${percent(interval[1])})`;
  const { train, valid, test } = data.rows;
  const counts = {
    train: number(train),
    valid: number(valid),
    test: number(test),
    labels: number(data.overview.labels.length),
  };
  return html`<section>
    <h2>${words.summary}</h2>
    <p class="lead">
      ${fill(verdict, { n: number(n), gain })} ${fill(words.byChance, { p: percent(p, chanceDigits(p)) })}
    </p>
    <p>
      ${fill(words.data, counts)} ${fill(split === 'test' ? words.measuredTest : words.measuredValid, { n: number(n) })}
      ${words.intervals}
    </p>
    ${standing(context)}
  </section>`;
}

/** What the figures cannot say: of too few texts, of a blend that was not judged, of a network that has learned nothing. */
function standing({ data, words, number, percent }: ReportContext): Html {
  const { overview, standing: known } = data;
  const { n, contenders } = overview;
  const used = contenders.find((each) => each.used);
  const counts = (of: { readonly n: number; readonly accuracy: number; readonly accuracyInterval: Interval }) => ({
    n: number(of.n),
    right: number(rightOnes(of)),
    low: percent(of.accuracyInterval[0]),
    high: percent(of.accuracyInterval[1]),
  });
  const isFew = used !== undefined && isTooFewToMeasure(n);
  const { validation, blendChoice, learned } = known;
  const sentences = [
    ...(isFew ? [fill(words.tooFew, counts({ ...used, n }))] : []),
    ...(isFew && validation ? [fill(words.onValidation, counts(validation))] : []),
    ...(blendChoice?.used === true && blendChoice.by === 'rule'
      ? [fill(words.blendByRule, { n: number(blendChoice.n), needed: number(FEWEST_JUDGED) })]
      : []),
    ...(learned === 'no' ? [words.learnedNothing] : learned === 'unsure' ? [words.learnedUnsure] : []),
  ];
  return html`${sentences.map((sentence) => html`<p><strong>${sentence}</strong></p>`)}`;
}

function sideBySide(context: ReportContext): Html {
  const { data, words, percent } = context;
  const { contenders, majorityLabel } = data.overview;
  const chart = contenderChart(contenders, ({ id }) => fill(words.contender[id], { label: majorityLabel }), {
    title: words.contenders,
    percent: (share) => percent(share, Number.isInteger(Math.round(share * 1e4) / 100) ? 0 : undefined),
  });
  return html`<section>
    <h2>${words.contenders}</h2>
    <figure>${chart}</figure>
    ${contenderTable(context)}
  </section>`;
}

function training({ data, words }: ReportContext): Html {
  return html`<section>
    <h2>${words.training}</h2>
    ${
      data.curve.length > 1
        ? html`<figure>
            ${curveChart(data.curve, words.curve)}
            <figcaption>${words.curve}</figcaption>
          </figure>`
        : ''
    }
    <h3>${words.settings}</h3>
    <table>
      <thead>
        <tr>
          <th scope="col">${words.setting}</th>
          <th scope="col">${words.value}</th>
        </tr>
      </thead>
      <tbody>
        ${data.settings.map(
          ({ name, value }) =>
            html`<tr>
              <th scope="row">${name}</th>
              <td>${value}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}
