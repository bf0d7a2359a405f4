import { isTooFewToMeasure } from '../../../shared/evidence';
import type { ExplainedWord, Explanation, InspectedRow, Slice, Slices } from '../../../shared/inspect-types';
import { sliceByColumn, sliceByLanguage, sliceByLength } from '../../../shared/inspect-types';
import { noValue, otherValues } from '../slices';
import { html, type Html } from './html';
import type { ReportContext } from './report';
import { fill } from './report-words';

/** Characters of a text that a table shows. */
const SHOWN = 400;

/** The rows that are worth reading, list by list. */
export function rowSections(context: ReportContext): Html {
  const { data, words, number } = context;
  const { rows, estimate } = data.doubted;
  const expected = estimate === null ? '' : fill(words.doubtedLead, { n: number(estimate) });
  return html`${[
    rowSection(words.errors, words.errorsLead, rowTable(context, data.errors, 'said')),
    rowSection(words.uncertain, words.uncertainLead, rowTable(context, data.uncertain, 'said')),
    rowSection(words.costliest, words.costliestLead, rowTable(context, data.costliest, 'loss')),
    rowSection(words.doubted, `${words.doubtedFrom} ${expected}`, rowTable(context, rows, 'suggestion')),
  ]}`;
}

function rowSection(title: string, lead: string, table: Html): Html {
  return html`<section>
    <h2>${title}</h2>
    <p class="quiet">${lead}</p>
    ${table}
  </section>`;
}

/** Rows with what they are and what was said of them, also at which loss; or with what they should rather be. */
function rowTable(
  { words, percent, number }: ReportContext,
  rows: readonly InspectedRow[],
  show: 'said' | 'loss' | 'suggestion',
): Html {
  if (rows.length === 0) return html`<p>${words.none}</p>`;
  const cut = (text: string): string => (text.length > SHOWN ? `${text.slice(0, SHOWN)} …` : text);
  const said = ({ scores, predicted }: InspectedRow): string =>
    scores
      .filter(({ label }) => predicted.includes(label))
      .map(({ label, probability }) => `${label} ${percent(probability, 0)}`)
      .join(', ');
  return html`<table>
    <thead>
      <tr>
        <th scope="col">${words.text}</th>
        <th scope="col">${words.is}</th>
        <th scope="col">${show === 'suggestion' ? words.suggestion : words.saidLabel}</th>
        ${show === 'loss' ? html`<th scope="col" class="num">${words.loss}</th>` : ''}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (row) =>
          html`<tr>
            <td dir="auto">${cut(row.row.text)}<br /><span class="chip">${words.side[row.split]}</span></td>
            <td>${row.truth.join(', ') || '–'}</td>
            <td>${(show === 'suggestion' ? row.suggestion?.join(', ') : said(row)) ?? ''}</td>
            ${show === 'loss' ? html`<td class="num">${number(row.loss, 2)}</td>` : ''}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** Accuracy by kinds of rows, one table for each way of parting them. */
export function sliceTables(context: ReportContext): Html {
  const { data, words } = context;
  if (data.slices.length === 0) return html``;
  return html`<section>
    <h2>${words.slices}</h2>
    <p class="quiet">${words.slicesLead}</p>
    ${data.slices.map((slices) => sliceTable(context, slices))}
  </section>`;
}

function sliceTable(context: ReportContext, slices: Slices): Html {
  const { words, percent, number } = context;
  const name = (slice: Slice): string => {
    if (slice.range) {
      const [low, high] = slice.range;
      return high === null ? fill(words.wordsMore, { low: low ?? 0 }) : fill(words.words, { low: low ?? 0, high });
    }
    if (slice.key === noValue) return words.noValue;
    return slice.key === otherValues ? words.otherValues : slice.key;
  };
  const digits = (slice: Slice): 0 | undefined => (isTooFewToMeasure(slice.n) ? 0 : undefined);
  return html`<h3>${titleOf(context, slices.by)}</h3>
    <table>
      <thead>
        <tr>
          <th></th>
          <th scope="col" class="num">${words.support}</th>
          <th scope="col" class="num">${words.accuracy}</th>
          <th scope="col" class="num">${words.contender.baseline}</th>
          <th></th>
        </tr>
      </thead>
      <tbody>
        ${slices.slices.map(
          (slice) =>
            html`<tr>
              <th scope="row">${name(slice)}</th>
              <td class="num">${number(slice.n)}</td>
              <td class="num">
                ${percent(slice.right / Math.max(1, slice.n), digits(slice))}
                <span class="range">${percent(slice.interval[0], 0)} … ${percent(slice.interval[1], 0)}</span>
              </td>
              <td class="num">${percent(slice.baselineRight / Math.max(1, slice.n), digits(slice))}</td>
              <td>${slice.compared === 'even' ? '' : html`<span class="chip">${words[slice.compared]}</span>`}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
}

function titleOf({ words }: ReportContext, by: string): string {
  if (by === sliceByLength) return words.by.length;
  if (by === sliceByLanguage) return words.by.language;
  return fill(words.by.column, { name: by.slice(sliceByColumn.length) });
}

/** Some texts with the words that speak for and against what was said. */
export function explainedTexts(context: ReportContext): Html {
  const { data, words, percent } = context;
  if (data.explained === null)
    return html`<section>
      <h2>${words.explained}</h2>
      <p>${words.explainedNone}</p>
    </section>`;
  if (data.explained.length === 0) return html``;
  return html`<section>
    <h2>${words.explained}</h2>
    ${data.explained.map(
      (explanation) =>
        html`<h3>${explanation.label} ${percent(explanation.probability)}</h3>
          <p class="quiet">
            ${fill(explanation.deepShare < 0.5 ? words.explainedLeftOut : words.explainedLead, { label: explanation.label })}
          </p>
          <p class="words" dir="auto">${wordSpans(context, explanation)}</p>`,
    )}
  </section>`;
}

function wordSpans({ number }: ReportContext, { words, tail, deepShare }: Explanation): Html {
  // Where the network has little say, its gradient tells little.
  const value = ({ gradient, leftOut }: ExplainedWord): number => (deepShare < 0.5 ? (leftOut ?? 0) : gradient);
  const most = Math.max(...words.map((word) => Math.abs(value(word))), 1e-9);
  const sign = (amount: number): string => `${amount > 0 ? '+' : ''}${number(amount, 2)}`;
  const title = (word: ExplainedWord): string =>
    word.leftOut === null ? sign(word.gradient) : `${sign(word.gradient)} · ${sign(word.leftOut)}`;
  const confirmed = (word: ExplainedWord): boolean =>
    deepShare >= 0.5 &&
    word.leftOut !== null &&
    Math.abs(word.gradient) > 0.2 * most &&
    Math.sign(word.leftOut) === Math.sign(word.gradient);
  const style = (word: ExplainedWord): string =>
    `background:rgb(var(${value(word) >= 0 ? '--good' : '--bad'}) / ${((0.55 * Math.abs(value(word))) / most).toFixed(2)})`;
  const span = (word: ExplainedWord): Html =>
    html`${word.before}<span class="word${confirmed(word) ? ' sure' : ''}" title="${title(word)}" style="${style(word)}"
        >${word.text}</span
      >`;
  return html`${words.map(span)}${tail}`;
}
