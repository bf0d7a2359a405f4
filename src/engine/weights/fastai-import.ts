import { basename } from 'node:path';
import type { FloatTensor, FloatTensors } from './fastai-names';
import { modelFormatError } from './file-error';
import { readWholeFile } from './read-file';
import { parseSafetensors } from './safetensors-header';
import { elementCount, toFloat32 } from './stored-tensor';
import { parseTorchFile } from './torch-file';
import { TorchTensor } from './torch-pickle';
import { readVocabularyFile } from './vocabulary-file';

/** Sizes of an AWD-LSTM language model. */
export interface ImportedConfig {
  readonly vocab: number;
  readonly embedding: number;
  readonly hidden: number;
  readonly layers: number;
  /** Whether the decoder's weights are the embedding's. */
  readonly tied: boolean;
}

/** A language model out of fastai's files. */
export interface ImportedWeights {
  readonly config: ImportedConfig;
  /** By fastai 2's names (`0.encoder.weight`, `0.rnns.0.weight_hh_l0_raw` …), float32. */
  readonly tensors: FloatTensors;
  /** Words by id, special tokens under fastai 2's names. */
  readonly vocabulary: string[];
  /** What was left out, added or renamed, in plain words. */
  readonly notes: string[];
}

/**
 * Imports a pretrained AWD-LSTM language model of fast.ai 0.7 (`fwd_wt103.h5` + `itos_wt103.pkl`), fastai 1 or fastai 2
 * (`.pth` + `.pkl`), from torch.save in both formats, or from safetensors. An optimiser's state and a classifier's head
 * are ignored. Nothing in the files is executed.
 *
 * @throws AppError `file-not-found`, `file-unreadable`, `model-format`
 */
export async function importFastaiWeights(weightsFile: string, vocabFile: string): Promise<ImportedWeights> {
  const notes: string[] = [];
  const named = fastai2Names(readTensors(await readWholeFile(weightsFile), weightsFile), notes);
  const file = basename(weightsFile);
  const config = configOf(named, file);
  const tensors = wholeModel(named, config, file, notes);
  const vocabulary = renameSpecialTokens(await readVocabularyFile(vocabFile), notes);
  if (vocabulary.length !== config.vocab) {
    throw modelFormatError(
      basename(vocabFile),
      `has ${vocabulary.length} words, but the model of ${file} has ${config.vocab}.`,
    );
  }
  return { config: { ...config, tied: isTied(tensors) }, tensors, vocabulary, notes };
}

function readTensors(bytes: Uint8Array, file: string): FloatTensors {
  const named: FloatTensors = new Map();
  if (bytes[8] === 0x7b && bytes[0] !== 0x80) {
    for (const [name, tensor] of parseSafetensors(bytes, file).tensors) {
      named.set(name, { shape: tensor.shape, data: toFloat32(tensor) });
    }
    return named;
  }
  const torch = parseTorchFile(bytes, file);
  const state =
    torch.value instanceof Map && torch.value.get('model') instanceof Map ? torch.value.get('model') : torch.value;
  if (!(state instanceof Map)) throw modelFormatError(file, 'does not hold named weights (a state dict).');
  for (const [name, value] of state as Map<unknown, unknown>) {
    if (typeof name !== 'string' || !(value instanceof TorchTensor)) {
      throw modelFormatError(file, `expected a tensor under the name '${String(name)}', got something else.`);
    }
    const tensor = torch.load(value, name);
    named.set(name, { shape: tensor.shape, data: toFloat32(tensor) });
  }
  return named;
}

/** Old names, and the prefixes that wrappers and encoder files add or lack, to those of fastai 2's language model. */
function fastai2Names(tensors: FloatTensors, notes: string[]): FloatTensors {
  const renamed: FloatTensors = new Map();
  const others: string[] = [];
  for (const [name, tensor] of tensors) {
    const bare = name
      .replace(/^module\./, '')
      .replace(/^0\.module\./, '0.')
      .replace(/^(encoder|encoder_dp|rnns)\./, '0.$1.');
    const modern = bare
      .replace('0.encoder_with_dropout.embed.', '0.encoder_dp.emb.')
      .replace(/^(0\.rnns\.\d+)\.module\.weight_hh_l0_raw$/, '$1.weight_hh_l0_raw');
    if (/^(0\.(encoder|encoder_dp|rnns)|1\.decoder)\./.test(modern)) renamed.set(modern, tensor);
    else others.push(name);
  }
  if (others.length > 0)
    notes.push(
      `Ignored ${others.length} tensors that are no part of a language model: ${others.slice(0, 5).join(', ')}.`,
    );
  return renamed;
}

function configOf(tensors: FloatTensors, file: string): Omit<ImportedConfig, 'tied'> {
  const embedding = tensors.get('0.encoder.weight');
  if (embedding?.shape.length !== 2) {
    const names = [...tensors.keys()].slice(0, 5).join(', ') || 'none';
    throw modelFormatError(file, `expected a language model with '0.encoder.weight', got these tensors: ${names}.`);
  }
  if ([...tensors.keys()].some((name) => /^0\.rnns\.\d+\.(layers|linear)\./.test(name))) {
    throw modelFormatError(file, 'is a QRNN model; only AWD-LSTM models can be imported.');
  }
  const layerOf = (name: string): number => Number(/^0\.rnns\.(\d+)\./.exec(name)?.[1] ?? -1);
  const layers = Math.max(-1, ...[...tensors.keys()].map(layerOf)) + 1;
  const [vocab = 0, width = 0] = embedding.shape;
  const hidden = layers > 1 ? (recurrentOf(tensors, 0)?.shape[1] ?? 0) : width;
  if (layers < 1 || layers > 64 || vocab < 1 || width < 1 || hidden < 1) {
    throw modelFormatError(file, `expected an AWD-LSTM, got ${layers} layers on an embedding of ${vocab} × ${width}.`);
  }
  return { vocab, embedding: width, hidden, layers };
}

/** Of a weight that is dropped fastai saves the raw one, and fastai 1 also the one with the dropout of the last batch. */
function recurrentOf(tensors: FloatTensors, layer: number): FloatTensor | undefined {
  return tensors.get(`0.rnns.${layer}.weight_hh_l0_raw`) ?? tensors.get(`0.rnns.${layer}.module.weight_hh_l0`);
}

/** All tensors of the language model with checked shapes, what older files leave out filled in. */
function wholeModel(
  named: FloatTensors,
  { vocab, embedding, hidden, layers }: Omit<ImportedConfig, 'tied'>,
  file: string,
  notes: string[],
): FloatTensors {
  const whole: FloatTensors = new Map();
  const put = (name: string, tensor: FloatTensor | undefined, shape: readonly number[]): void => {
    if (tensor === undefined) throw modelFormatError(file, `has no tensor '${name}'.`);
    if (tensor.shape.join() !== shape.join() || tensor.data.length !== elementCount(shape)) {
      throw modelFormatError(
        file,
        `tensor '${name}' should have shape [${shape.join(', ')}], got [${tensor.shape.join(', ')}].`,
      );
    }
    if (!tensor.data.every(Number.isFinite))
      throw modelFormatError(file, `tensor '${name}' holds numbers that are not finite.`);
    whole.set(name, tensor);
  };
  const words = named.get('0.encoder.weight');
  put('0.encoder.weight', words, [vocab, embedding]);
  put('0.encoder_dp.emb.weight', named.get('0.encoder_dp.emb.weight') ?? words, [vocab, embedding]);
  for (let layer = 0; layer < layers; layer++) {
    const inputs = layer === 0 ? embedding : hidden;
    const outputs = layer === layers - 1 ? embedding : hidden;
    const base = `0.rnns.${layer}`;
    put(`${base}.weight_hh_l0_raw`, recurrentOf(named, layer), [4 * outputs, outputs]);
    put(`${base}.module.weight_ih_l0`, named.get(`${base}.module.weight_ih_l0`), [4 * outputs, inputs]);
    put(`${base}.module.bias_ih_l0`, named.get(`${base}.module.bias_ih_l0`), [4 * outputs]);
    put(`${base}.module.bias_hh_l0`, named.get(`${base}.module.bias_hh_l0`), [4 * outputs]);
  }
  if (!named.has('1.decoder.weight')) notes.push('The file has no decoder; the embedding stands in for it.');
  put('1.decoder.weight', named.get('1.decoder.weight') ?? words, [vocab, embedding]);
  if (!named.has('1.decoder.bias')) notes.push('The decoder has no bias in the file; it starts at zero.');
  put('1.decoder.bias', named.get('1.decoder.bias') ?? { shape: [vocab], data: new Float32Array(vocab) }, [vocab]);
  return whole;
}

function isTied(tensors: FloatTensors): boolean {
  const words = tensors.get('0.encoder.weight')?.data;
  const decoder = tensors.get('1.decoder.weight')?.data;
  return words !== undefined && (words === decoder || words.every((value, i) => value === decoder?.[i]));
}

/** Special tokens of fast.ai 0.7 and what fastai 2 calls them. */
const MODERN_TOKENS: Readonly<Record<string, string>> = {
  _unk_: 'xxunk',
  _pad_: 'xxpad',
  _bos_: 'xxbos',
  xbos: 'xxbos',
  _eos_: 'xxeos',
  xfld: 'xxfld',
  tk_rep: 'xxrep',
  tk_wrep: 'xxwrep',
  t_up: 'xxup',
};

function renameSpecialTokens(words: readonly string[], notes: string[]): string[] {
  const known = new Set(words);
  return words.map((word) => {
    const modern = Object.hasOwn(MODERN_TOKENS, word) ? MODERN_TOKENS[word] : undefined;
    if (modern === undefined || known.has(modern)) return word;
    known.add(modern);
    notes.push(`The word ${word} is called ${modern} here.`);
    return modern;
  });
}
