import { SENTENCEPIECE_FILE } from '../../engine/text/sentencepiece/sentencepiece-model';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { isTooFewToMeasure, rightOnes } from '../../shared/evidence';
import type { ExportFacts } from '../../shared/export-snippets';
import { percentInEnglish as percent } from '../../shared/share-words';
import type { Metrics } from '../../shared/training-types';
import type { ClassifierFolder, PredictingModel } from './classifier-folder';
import { usageInReadme, usageWithoutThaw } from './export-usage';

/** How sure the accuracy is; of too few rows that it says next to nothing. */
function certainty(model: Metrics): string {
  const [low, high] = model.accuracyInterval;
  return isTooFewToMeasure(model.n)
    ? `That is too few to measure by: ${rightOnes(model)} of ${model.n} right says no more than that the accuracy lies between ${percent(low)} and ${percent(high)}.`
    : `The 95 % interval of its accuracy is ${percent(low)} to ${percent(high)}.`;
}

function factsOfModel({ labels, multiLabel, columns, abstainBelow }: PredictingModel): ExportFacts {
  return { labels: [...labels], multiLabel, columns: [...columns.textColumns], abstainBelow, onnx: false };
}

/** The README of an exported classifier: what it is, how good it was, how to use it, and whose work is in it. */
export async function exportReadme(classifier: ClassifierFolder): Promise<string> {
  const { labels, multiLabel, thresholds, tokenizer, notes, members, folder } = classifier;
  const attribution = await cardsBelow(folder);
  const { comparison, columns } = notes;
  const { model, deep, baseline, majority, split } = comparison;
  const facts = factsOfModel(classifier);
  const rows = split === 'test' ? 'test rows that it has never seen' : 'validation rows (also used to calibrate it)';
  return `# Text classifier

Trained with Thaw ${notes.thaw} on ${notes.createdAt.slice(0, 10)}. It gives ${multiLabel ? 'any number' : 'one'} of ${labels.length} labels to a text${columns.textColumns.length > 1 ? ` in ${columns.textColumns.length} columns (${columns.textColumns.join(', ')})` : ''}.

Labels: ${labels.map((label) => `\`${label}\``).join(', ')}

## How good it was

On ${model.n} ${rows}:

| | accuracy | macro F1 |
|---|---|---|
| this classifier | ${percent(model.accuracy)} | ${percent(model.macroF1)} |
${deep ? `| deep model alone | ${percent(deep.accuracy)} | ${percent(deep.macroF1)} |\n` : ''}${(comparison.members ?? []).map((each) => `| ${each.name} alone | ${percent(each.metrics.accuracy)} | ${percent(each.metrics.macroF1)} |\n`).join('')}| TF-IDF baseline, same rows | ${percent(baseline.accuracy)} | ${percent(baseline.macroF1)} |
| always \`${majority.label}\` | ${percent(majority.accuracy)} | |

${certainty(model)}

Expected calibration error ${percent(model.ece)} (temperature ${comparison.temperature.toFixed(3)}).

## How to use it

${usageInReadme(facts, true)}
${notes.abstainBelow > 0 ? `\nWhere its best label is less than ${percent(notes.abstainBelow)} probable it gives no answer: \`predicted\` stays empty (\`--min-confidence 0\` asks for an answer always).\n` : ''}
## Files

| file | what |
|---|---|
| \`model.json\` | sizes, labels, temperature${thresholds ? ', thresholds' : ''}, tokenizer |
${members.length > 0 ? '| \`members/\` | the models whose probabilities are averaged, each a folder of its own |' : "| \`weights.safetensors\` | the weights, with fastai's names |"}
| \`vocabulary.json\` | token of each id |${
    tokenizer.model === undefined
      ? ''
      : `
| \`${SENTENCEPIECE_FILE}\` | its sub-words, a model file of SentencePiece |`
  }
| \`baseline.bin\` | the TF-IDF baseline |
| \`training.json\` | columns it was trained on, and its figures |

## Licence and attribution

${attribution !== '' ? attribution : 'It was trained from scratch on your own texts; nobody else has a right in it.'}
`;
}

/** The README of an export that holds an ONNX model besides. */
export function withOnnx(readme: string, classifier: PredictingModel): string {
  return readme.replace(
    '\n## Files\n',
    () => `
## Without Thaw

\`model.onnx\` runs wherever ONNX Runtime does; \`thaw-classifier.mjs\` does the rest in JavaScript (text rules, words, word counts,
blend, thresholds), so that the answers are those of \`thaw predict\`:

    npm install onnxruntime-node
    node example.mjs "a text"

In a program of your own:

${usageWithoutThaw(factsOfModel(classifier))}

\`example.html\` does the same in a browser, with \`onnxruntime-web\`. In another language: \`model.onnx\` takes \`ids\` [batch, time] and
\`lengths\` [batch] (64-bit whole numbers; the place of a token in \`vocabulary.json\` is its id) and gives calibrated
\`probabilities\` [batch, labels], those of the network alone.

## Files
`,
  );
}

/** The README of an exported classifier that was imported: its weights were trained elsewhere and not measured here. */
export function importedReadme(classifier: PredictingModel): string {
  const { labels, multiLabel, tokenizer } = classifier;
  return `# Text classifier

Weights that fastai trained, imported by Thaw. It gives ${multiLabel ? 'any number' : 'one'} of ${labels.length} labels to a text.

Labels: ${labels.map((label) => `\`${label}\``).join(', ')}

## How good it is

Nobody has measured it with Thaw: it has no calibration, no baseline and no figures of its own.

## How to use it

${usageInReadme(factsOfModel(classifier), false)}

## Files

| file | what |
|---|---|
| \`model.json\` | sizes, labels, tokenizer |
| \`weights.safetensors\` | the weights, with fastai's names |
| \`vocabulary.json\` | token of each id |
${tokenizer.model === undefined ? '' : `| \`${SENTENCEPIECE_FILE}\` | its sub-words, a model file of SentencePiece |\n`}
## Licence and attribution

That of whoever trained the weights; the files they came in do not name it.
`;
}

/** The cards of all language models that the classifier and its members started from, each once. */
async function cardsBelow(folder: string): Promise<string> {
  const cards = new Set<string>();
  for (const name of ['pretrained-card.md', 'pretrained-backward-card.md']) {
    const file = path.join(folder, name);
    if (existsSync(file)) cards.add(await readFile(file, 'utf8'));
  }
  const members = path.join(folder, 'members');
  for (const name of existsSync(members) ? (await readdir(members)).sort() : []) {
    const below = await cardsBelow(path.join(members, name));
    if (below !== '') cards.add(below);
  }
  return [...cards].join('\n\n');
}
