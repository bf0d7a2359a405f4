import type { CatalogueEntry } from './catalogue';

/** The card of a downloaded model, which goes along with every classifier that is trained from it. */
export function downloadedCard(entry: CatalogueEntry, sha256: string, url: string): string {
  const { title, language, backward, licence, attribution, page, perplexity, tokens } = entry;
  const unit = tokens === 'words' ? 'word' : 'sub-word';
  return `# ${title} (${language}${backward ? ', backward' : ''})

A pretrained language model that was downloaded from ${url} and converted by Thaw.

| | |
|---|---|
| Made by | ${attribution} |
| Source | ${page} |
| Reads | from the ${backward ? 'end to the beginning' : 'beginning to the end'} |
| Perplexity | ${perplexity === null ? 'not published by its makers' : `${perplexity.toFixed(1)} per ${unit} on its makers' validation text`} |
| Archive | sha256 \`${sha256}\` |

## Licence and attribution

${licence}. That is the licence of the program that publishes the weights; the weights themselves name none. The text they
were trained on is Wikipedia's, by its contributors, under
[CC BY-SA 3.0](https://creativecommons.org/licenses/by-sa/3.0/): ${attribution}.
`;
}
