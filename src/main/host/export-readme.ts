import { SENTENCEPIECE_FILE } from '../../engine/text/tokenizer-file';
import type { ClassifierFolder } from './classifier-folder';

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/**
 * The README of an exported classifier: what it is, how good it was, how to use it, and whose work is in it.
 * @param attribution the card of the pretrained language model that it started from, as Markdown; null from scratch
 */
export function exportReadme(
  { labels, multiLabel, thresholds, notes, tokenizer }: ClassifierFolder,
  attribution: string | null,
): string {
  const { comparison, columns } = notes;
  const { model, baseline, majority, split } = comparison;
  const rows = split === 'test' ? 'test rows that it has never seen' : 'validation rows (also used to calibrate it)';
  return `# Text classifier

Trained with Thaw ${notes.thaw} on ${notes.createdAt.slice(0, 10)}. It gives ${multiLabel ? 'any number' : 'one'} of ${labels.length} labels to a text${columns.textColumns.length > 1 ? ` in ${columns.textColumns.length} columns (${columns.textColumns.join(', ')})` : ''}.

Labels: ${labels.map((label) => `\`${label}\``).join(', ')}

## How good it was

On ${model.n} ${rows}:

| | accuracy | macro F1 |
|---|---|---|
| this classifier | ${percent(model.accuracy)} | ${percent(model.macroF1)} |
| TF-IDF baseline, same rows | ${percent(baseline.accuracy)} | ${percent(baseline.macroF1)} |
| always \`${majority.label}\` | ${percent(majority.accuracy)} | |

Expected calibration error ${percent(model.ece)} (temperature ${comparison.temperature.toFixed(3)}).

## How to use it

    thaw predict --model THIS_FOLDER --text "a text"
    thaw predict --model THIS_FOLDER --data texts.csv --out predicted.csv
    thaw evaluate --model THIS_FOLDER --data labelled.csv --json

## Files

| file | what |
|---|---|
| \`model.json\` | sizes, labels, temperature${thresholds ? ', thresholds' : ''}, tokenizer |
| \`weights.safetensors\` | the weights, with fastai's names |
| \`vocabulary.json\` | token of each id |${tokenizer.model === undefined ? '' : `
| \`${SENTENCEPIECE_FILE}\` | its sub-words, a model file of SentencePiece |`}
| \`baseline.bin\` | the TF-IDF baseline |
| \`training.json\` | columns it was trained on, and its figures |

## Licence and attribution

${attribution ?? 'It was trained from scratch on your own texts; nobody else has a right in it.'}
`;
}
