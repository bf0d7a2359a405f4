import type { Kernels } from '../kernels/kernels';
import { sizeOf } from '../kernels/kernels';
import type { Random } from '../train/random';
import { unseenWords } from '../text/vocabulary';
import type { FloatTensors } from '../weights/fastai-names';
import type { EncoderConfig } from './config';
import { checkEncoder, directionWidth } from './config';
import type { HeadConfig } from './head';
import { Parameters } from './parameters';
import { directionPrefix, directionShapes } from './recurrent-layer';
import { SimilarWords } from './similar-words';

/** First weights of a language model from scratch: those of its encoder, and a decoder's bias of 0. */
export function freshLanguageModel(config: EncoderConfig, random: Random): FloatTensors {
  const tensors = freshEncoder(config, random);
  tensors.set('decoder.bias', { shape: [config.vocabulary], data: new Float32Array(config.vocabulary) });
  return tensors;
}

/**
 * First weights of an encoder of any kind: as awd-lstm-lm draws them (uniform, ±0.1 for the embedding, ±1/√width for a
 * recurrent layer, ±1/√inputs for the gates of a quasi-recurrent one), with biases of 0.
 * @throws AppError 'bad-input' where the sizes do not fit the kind
 */
export function freshEncoder(config: EncoderConfig, random: Random): FloatTensors {
  checkEncoder(config);
  const tensors: FloatTensors = new Map();
  const embedding = random.uniforms(config.vocabulary * config.embedding, 0.1);
  embedding.fill(0, config.padding * config.embedding, (config.padding + 1) * config.embedding);
  tensors.set('embedding', { shape: [config.vocabulary, config.embedding], data: embedding });
  for (let layer = 0; layer < config.layers; layer++) {
    for (const reverse of config.bidirectional ? [false, true] : [false]) {
      for (const [name, shape] of directionShapes(config, layer)) {
        const spread = config.kind === 'qrnn' ? shape[0]! : directionWidth(config, layer);
        const data =
          shape.length > 1 ? random.uniforms(sizeOf(shape), 1 / Math.sqrt(spread)) : new Float32Array(sizeOf(shape));
        tensors.set(directionPrefix(layer, reverse) + name, { shape, data });
      }
    }
  }
  return tensors;
}

/** First weights of a classifier's head: Kaiming uniform for linear layers, as torch draws them. */
export function freshHead(config: HeadConfig, random: Random): FloatTensors {
  const tensors: FloatTensors = new Map();
  for (let block = 0; block < config.widths.length - 1; block++) {
    const [inputs, outputs] = [config.widths[block]!, config.widths[block + 1]!];
    tensors.set(`head.${block}.norm.weight`, { shape: [inputs], data: new Float32Array(inputs).fill(1) });
    tensors.set(`head.${block}.norm.bias`, { shape: [inputs], data: new Float32Array(inputs) });
    const linear = random.uniforms(inputs * outputs, 1 / Math.sqrt(inputs));
    tensors.set(`head.${block}.linear`, { shape: [inputs, outputs], data: linear });
    if (config.biases) tensors.set(`head.${block}.bias`, { shape: [outputs], data: new Float32Array(outputs) });
  }
  return tensors;
}

/** What a transfer did: how many of the new vocabulary's words the pretrained model knew. */
export interface Transfer {
  readonly tensors: FloatTensors;
  readonly known: number;
  readonly unknown: number;
  /** 1 for each word that the pretrained model does not know. // [vocabulary] */
  readonly isNew: Uint8Array;
}

/** What a new word starts with: the mean of all rows, or of the rows of words that look like it. */
export type NewWordRows = 'mean' | 'similar';

/**
 * Pretrained weights for another vocabulary: rows of known words are taken over, new words get the mean row; the
 * decoder's bias likewise (Howard & Ruder 2018; fastai's `match_embeds`). With 'similar' a new word gets the mean row
 * of known words that share its stem or ending, weighted by how alike they are, where there are any.
 */
export function transferWeights(
  pretrained: FloatTensors,
  fromItos: readonly string[],
  toItos: readonly string[],
  newWordRows: NewWordRows,
): Transfer {
  const { data: rows, shape } = pretrained.get('embedding')!;
  const width = shape[1]!;
  const biases = pretrained.get('decoder.bias')!.data;
  const place = new Map(fromItos.map((word, i) => [word, i]));
  const meanRow = new Float32Array(width);
  for (let i = 0; i < rows.length; i++) meanRow[i % width]! += rows[i]! / fromItos.length;
  const meanBias = biases.reduce((sum, b) => sum + b, 0) / biases.length;
  const similar = newWordRows === 'similar' ? new SimilarWords(fromItos) : null;

  const embedding = new Float32Array(toItos.length * width);
  const bias = new Float32Array(toItos.length).fill(meanBias);
  let known = 0;
  const isNew = new Uint8Array(toItos.length);
  toItos.forEach((word, i) => {
    const row = embedding.subarray(i * width, (i + 1) * width);
    const from = place.get(word);
    const neighbours = from === undefined ? similar?.of(word) : null;
    isNew[i] = Number(from === undefined);
    if (from !== undefined) {
      known++;
      row.set(rows.subarray(from * width, (from + 1) * width));
      bias[i] = biases[from]!;
    } else if (neighbours) {
      neighbours.places.forEach((other, n) => {
        const weight = neighbours.weights[n]!;
        for (let j = 0; j < width; j++) row[j]! += weight * rows[other * width + j]!;
      });
    } else {
      row.set(meanRow);
    }
  });
  const tensors: FloatTensors = new Map(pretrained);
  tensors.set('embedding', { shape: [toItos.length, width], data: embedding });
  tensors.set('decoder.bias', { shape: [toItos.length], data: bias });
  return { tensors, known, unknown: toItos.length - known, isNew };
}

/** Words that no training text has, with their rows of the pretrained embedding. */
export interface UnseenRows {
  readonly itos: readonly string[];
  readonly rows: Float32Array; // [words, embedding]
}

/** The pretrained rows of words that the texts at hand have not. */
export function unseenRows(pretrained: FloatTensors, fromItos: readonly string[], itos: readonly string[]): UnseenRows {
  const { data, shape } = pretrained.get('embedding')!;
  const width = shape[1]!;
  const words = unseenWords(itos, fromItos);
  const place = new Map(fromItos.map((word, i) => [word, i]));
  const rows = new Float32Array(words.length * width);
  words.forEach((word, i) => {
    const from = place.get(word)! * width;
    rows.set(data.subarray(from, from + width), i * width);
  });
  return { itos: words, rows };
}

/** Tensors as trainable parameters. */
export function parametersFrom(kernels: Kernels, tensors: FloatTensors): Parameters {
  const parameters = new Parameters(kernels);
  for (const [name, { data, shape }] of tensors) parameters.add(name, data, shape);
  return parameters;
}
