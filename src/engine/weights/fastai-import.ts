import { basename } from 'node:path';
import { encoderConfig, putEncoder, putInto, type ImportedConfig } from './fastai-encoder';
import { isHead, putHead } from './fastai-head';
import type { FloatTensors } from './fastai-names';
import { readStateDict } from './fastai-state';
import { modelFormatError } from './file-error';
import { renameSpecialTokens, subwordNames } from './old-token-names';
import { readWholeFile } from './read-file';
import { readVocabularies } from './vocabulary-file';

/** A language model or a classifier out of fastai's files. */
export interface ImportedWeights {
  readonly config: ImportedConfig;
  /** By fastai 2's names (`0.encoder.weight`, `0.rnns.0.weight_hh_l0_raw` … `1.decoder.weight` or `1.layers.0.0.weight`), float32. */
  readonly tensors: FloatTensors;
  /** A language model: whether the decoder's weights are the embedding's. */
  readonly tied: boolean;
  /** A classifier: widths of its head (pooled, hidden, classes); null for a language model. */
  readonly head: readonly number[] | null;
  /** A classifier: its linear layers have biases, as fastai 1 made them. */
  readonly headBiases: boolean;
  /** Labels that the file of the vocabulary holds beside the words; null where it holds none. */
  readonly labels: readonly string[] | null;
  /** Words by id, special tokens under fastai 2's names. */
  readonly vocabulary: string[];
  /** What was left out, added or renamed, in plain words. */
  readonly notes: string[];
}

/** How {@link importFastaiWeights} reads. */
export interface ImportOptions {
  /** The words are sub-words of a SentencePiece model. */
  readonly subwords?: boolean;
}

/**
 * Imports an AWD-LSTM or QRNN language model, or a text classifier on one, of fast.ai 0.7 (`fwd_wt103.h5` +
 * `itos_wt103.pkl`), fastai 1 or fastai 2 (`.pth` + `.pkl`), from torch.save in both formats, or from safetensors. An
 * optimiser's state is ignored. Nothing in the files is executed.
 *
 * @throws AppError `file-not-found`, `file-unreadable`, `model-format`
 */
export async function importFastaiWeights(
  weightsFile: string,
  vocabFile: string,
  options: ImportOptions = {},
): Promise<ImportedWeights> {
  const notes: string[] = [];
  const file = basename(weightsFile);
  const named = readStateDict(await readWholeFile(weightsFile), weightsFile);
  const { model, head } = fastai2Names(named, notes);
  if (!model.has('0.encoder.weight')) throw noModel(named, file);
  const config = encoderConfig(model, file);
  const tensors: FloatTensors = new Map();
  const put = putInto(tensors, file);
  putEncoder(put, model, config);
  const isClassifier = head.size > 0 && !model.has('1.decoder.weight');
  const found = isClassifier ? putHead(put, head, config.embedding, file) : null;
  if (!isClassifier) putDecoder(tensors, model, config, file, notes);
  const { words, labels } = await readVocabularies(vocabFile);
  const renamed = renameSpecialTokens(words, notes);
  if (renamed.length !== config.vocab) {
    throw modelFormatError(
      basename(vocabFile),
      `has ${renamed.length} words, but the model of ${file} has ${config.vocab}.`,
    );
  }
  const vocabulary = options.subwords ? subwordNames(renamed) : renamed;
  const { widths = null, biases = false } = found ?? {};
  return { config, tensors, tied: isTied(tensors), head: widths, headBiases: biases, labels, vocabulary, notes };
}

function noModel(tensors: FloatTensors, file: string): Error {
  const some = [...tensors.keys()].slice(0, 5).join(', ') || 'none';
  const message = `expected a language model or classifier of fastai with '0.encoder.weight', got these tensors: ${some}.`;
  return modelFormatError(file, message);
}

/** Old names, and the prefixes that wrappers and encoder files add or lack, to those of fastai 2's language model. */
function fastai2Names(tensors: FloatTensors, notes: string[]): { model: FloatTensors; head: FloatTensors } {
  const model: FloatTensors = new Map();
  const head: FloatTensors = new Map();
  const others: string[] = [];
  for (const [name, tensor] of tensors) {
    const bare = name
      .replace(/^module\./, '')
      .replace(/^0\.module\./, '0.')
      .replace(/^(encoder|encoder_dp|rnns)\./, '0.$1.');
    const modern = bare
      .replace('0.encoder_with_dropout.embed.', '0.encoder_dp.emb.')
      .replace(/^(0\.rnns\.\d+)\.module\.weight_hh_l0_raw$/, '$1.weight_hh_l0_raw');
    if (/^(0\.(encoder|encoder_dp|rnns)|1\.decoder)\./.test(modern)) model.set(modern, tensor);
    else if (isHead(modern)) head.set(modern, tensor);
    else others.push(name);
  }
  if (others.length > 0)
    notes.push(
      `Ignored ${others.length} tensors that are no part of a language model or classifier: ${others.slice(0, 5).join(', ')}.`,
    );
  return { model, head };
}

/** The decoder with checked shapes, what older files leave out filled in. */
function putDecoder(
  tensors: FloatTensors,
  named: FloatTensors,
  { vocab, embedding }: ImportedConfig,
  file: string,
  notes: string[],
): void {
  const put = putInto(tensors, file);
  if (!named.has('1.decoder.weight')) notes.push('The file has no decoder; the embedding stands in for it.');
  put('1.decoder.weight', named.get('1.decoder.weight') ?? named.get('0.encoder.weight'), [vocab, embedding]);
  if (!named.has('1.decoder.bias')) notes.push('The decoder has no bias in the file; it starts at zero.');
  put('1.decoder.bias', named.get('1.decoder.bias') ?? { shape: [vocab], data: new Float32Array(vocab) }, [vocab]);
}

function isTied(tensors: FloatTensors): boolean {
  const words = tensors.get('0.encoder.weight')?.data;
  const decoder = tensors.get('1.decoder.weight')?.data;
  return words !== undefined && (words === decoder || words.every((value, i) => value === decoder?.[i]));
}
