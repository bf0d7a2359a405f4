import { Html, html } from '../../../engine/inspect/report/html';
import { exportSnippets } from '../../../shared/export-snippets';
import type { ModelDescription } from './served-model';
import { mostBytes } from './read-body';
import { mostTexts } from './request-texts';

/** The page allows nothing but its own style: no script, no picture, nothing from elsewhere. */
export const pagePolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"; // prettier-ignore

const style = `body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color-scheme: light dark; }
pre { overflow: auto; padding: 0.8rem 1rem; border: 1px solid; border-radius: 0.4rem; }`;

/** The page that `GET /` answers: what the model is, and how it is asked, in words and in code that runs as it stands. */
export function usagePage(model: ModelDescription, port: number): string {
  const { labels, multiLabel, columns, abstainBelow, version } = model;
  const facts = { labels: [...labels], multiLabel, columns: [...columns], abstainBelow, onnx: false };
  const wanted = new Map([
    ['curl', 'In a terminal'],
    ['python', 'In Python, with nothing installed besides'],
    ['javascript', 'In JavaScript'],
  ]);
  const snippets = exportSnippets('MODEL', facts, port).flatMap(({ kind, code }) => {
    const title = wanted.get(kind);
    // Who reads this page has started the server already.
    const own = code.replace(/^(?:#|\/\/) First, in a terminal:.*\n/, '');
    return title === undefined
      ? []
      : [
          html`<h2>${title}</h2>
            <pre tabindex="0">${own}</pre> `,
        ];
  });
  const none =
    abstainBelow > 0 &&
    html` Where the best label is less probable than ${abstainBelow} there is none: <code>label</code> is null.`;
  const answer = multiLabel
    ? html`Each prediction has the labels that are given (<code>given</code>, any number of them) and the probabilities
      of all labels (<code>labels</code>, best first).`
    : html`Each prediction has the label that is given (<code>label</code>) and the probabilities of all labels
      (<code>labels</code>, best first).${none}`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>A text classifier on this machine</title>
        <style>
          ${new Html(style)}
        </style>
      </head>
      <body>
        <h1>A text classifier on this machine</h1>
        <p>Thaw ${version} serves it. It answers this machine only, and keeps nothing of what it is asked.</p>
        <p>
          Labels: ${codes(labels)}. It reads
          ${columns.length === 1 ? 'texts' : html`rows with the columns ${codes(columns)}`}.
        </p>
        <p>
          <code>GET /model</code> tells this as JSON. <code>POST /predict</code> takes at most ${mostTexts} texts and
          ${mostBytes / 1e6} MB, as JSON. ${answer}
        </p>
        ${snippets}
      </body>
    </html> `.text;
}

function codes(names: readonly string[]): Html[] {
  return names.map((name, i) => html`${i > 0 ? ', ' : ''}<code>${name}</code>`);
}
