import type { ModelInfo, ModelNote } from '../../../shared/model-types';
import { integer } from '../human';

/** A number of bytes as people say it: "105 MB". */
export function size(bytes: number): string {
  if (bytes < 1e6) return `${Math.max(1, Math.round(bytes / 1e3))} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

/** A model as a row of the list. */
export function modelRow(model: ModelInfo): string[] {
  const { id, kind, encoder, tokens, languages, backward, perplexity } = model;
  const unit = tokens === 'words' ? 'words' : 'sub-words';
  const sizes = `${encoder.kind} ${encoder.embedding}/${encoder.hidden}/${encoder.layers}, ${integer(encoder.vocabulary)} ${unit}`;
  return [
    id,
    kind === 'classifier' ? `classifier, ${sizes}` : sizes,
    languages.join(', '),
    backward ? 'backward' : 'forward',
    sizeOf(model),
    perplexity === null ? '–' : perplexity.toFixed(1),
    stateOf(model),
  ];
}

function sizeOf({ bytes, download }: ModelInfo): string {
  if (bytes !== null) return size(bytes);
  if (download === null) return '–';
  return download.bytes === null ? `~${size(download.estimate ?? 0)}` : size(download.bytes);
}

function stateOf({ origin, installed, partBytes }: ModelInfo): string {
  if (origin === 'shipped') return 'ships with Thaw';
  if (installed) return origin === 'own' ? 'your own' : 'downloaded';
  return partBytes > 0 ? `${size(partBytes)} fetched, not whole` : 'can be downloaded';
}

const noteWords: Readonly<Record<ModelNote, string>> = {
  'code-licence': 'The licence is that of the program that publishes the weights; the weights themselves name none.',
  moses:
    'Its sub-words were learned from text whose punctuation stood apart (Moses tokenizer); Thaw leaves it where it is, and fine-tuning on your texts makes up for that.',
};
const checkWords = {
  sha256: 'the sha256 that its source publishes',
  'first-mebibyte':
    "fastai's own check (size, and MD5 of the first mebibyte); then sha256 as on the first download here",
  'first-use': 'its source publishes no hash: the sha256 of the first download here, which later ones must have',
} as const;

/** Everything about a model, a line each. */
export function modelLines(model: ModelInfo): string[] {
  const { title, folder, licence, page, notes, download, sha256, trustedOnFirstUse, perplexity, tokens } = model;
  const [, what = '', languages = '', reads = '', bytes = '', , state = ''] = modelRow(model);
  const per = tokens === 'words' ? 'word' : 'sub-word';
  return [
    `${model.id}: ${title}`,
    `  ${what}; language ${languages}, reads ${reads}; ${state}`,
    `  size        ${bytes}`,
    `  perplexity  ${perplexity === null ? 'not published' : `${perplexity.toFixed(1)} per ${per}, on its makers' validation text`}`,
    `  licence     ${licence ?? 'not named'}`,
    ...(page === null ? [] : [`  page        ${page}`]),
    ...(folder === null ? [] : [`  folder      ${folder}`]),
    ...(download === null ? [] : [`  source      ${download.url}`, `  checked by  ${checkWords[download.check]}`]),
    ...(sha256 === null ? [] : [`  sha256      ${sha256}${trustedOnFirstUse ? ' (trusted on first use)' : ''}`]),
    ...notes.map((note) => `  ${noteWords[note]}`),
  ];
}
