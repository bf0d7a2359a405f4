import { modelFormatError } from '../weights/file-error';
import { safetensorsToBytes } from '../weights/safetensors';
import { parseSafetensors } from '../weights/safetensors-header';
import { NgramIndex, PIECE } from './ngram-index';
import { TfidfFeatures } from './tfidf-features';
import type { BaselineParts } from './tfidf-predict';
import { WordPieces } from './word-pieces';

const FORMAT = 'thaw-tfidf';
/** With pieces of words; without them files are as they were in version 1. */
const VERSION = '2';
const WITHOUT_PIECES = '1';

/** A baseline as a safetensors file: features, weights and, as metadata, the few numbers beside them. */
export function partsToBytes(parts: BaselineParts): Uint8Array {
  const { features, model, seen } = parts;
  const width = features.idf.length;
  const { index, pieces } = features;
  const { first, second } = index;
  return safetensorsToBytes(
    new Map([
      ['features.first', { dtype: 'I32', shape: [width], data: first } as const],
      ['features.second', { dtype: 'I32', shape: [width], data: second } as const],
      ['features.idf', { dtype: 'F32', shape: [width], data: features.idf } as const],
      [
        'weights',
        { dtype: 'F32', shape: [model.outputs === 0 ? 0 : width, model.outputs], data: model.weights } as const,
      ],
      ['bias', { dtype: 'F32', shape: [model.outputs], data: model.bias } as const],
      ['seen', { dtype: 'I32', shape: [seen.length], data: seen } as const],
      ...(pieces
        ? ([
            ['pieces.offsets', { dtype: 'I32', shape: [pieces.offsets.length], data: pieces.offsets }],
            ['pieces.ids', { dtype: 'I32', shape: [pieces.ids.length], data: pieces.ids }],
          ] as const)
        : []),
    ]),
    {
      format: FORMAT,
      version: pieces ? VERSION : WITHOUT_PIECES,
      classes: String(parts.classes),
      multiLabel: String(parts.multiLabel),
      unseenShare: String(parts.unseenShare),
      texts: String(parts.texts),
      skip: features.skip.join(','),
    },
  );
}

/**
 * The reverse of {@link partsToBytes}.
 * @throws AppError `model-format`
 */
export function partsFromBytes(bytes: Uint8Array, file: string): BaselineParts {
  const { tensors, metadata } = parseSafetensors(bytes, file);
  const hasPieces = metadata['version'] === VERSION;
  if (metadata['format'] !== FORMAT || !(hasPieces || metadata['version'] === WITHOUT_PIECES)) {
    const got = `${metadata['format'] ?? 'no format'} ${metadata['version'] ?? ''}`;
    throw modelFormatError(file, `expected ${FORMAT} version ${VERSION}, got ${got.trim()}.`);
  }
  const take = <T extends Float32Array | Int32Array>(name: string, type: new (n: number) => T, length: number): T => {
    const data = tensors.get(name)?.data;
    if (data instanceof type && (length < 0 || data.length === length)) return data;
    throw modelFormatError(file, `tensor '${name}' is missing or not of ${length} numbers.`);
  };
  const number = (key: string, least: number, most: number): number => {
    const value = Number(metadata[key] ?? NaN);
    if (value >= least && value <= most) return value;
    throw modelFormatError(file, `${key} should be a number from ${least} to ${most}, got '${metadata[key] ?? ''}'.`);
  };
  const idf = take('features.idf', Float32Array, -1);
  const bias = take('bias', Float32Array, -1);
  const seen = take('seen', Int32Array, -1);
  const classes = number('classes', 1, 1e6);
  const multiLabel = metadata['multiLabel'] === 'true';
  if (!multiLabel && metadata['multiLabel'] !== 'false') {
    throw modelFormatError(file, `multiLabel should be true or false, got '${metadata['multiLabel'] ?? ''}'.`);
  }
  const outputs = multiLabel || seen.length > 2 ? seen.length : seen.length - 1;
  const inOrder = seen.every((id, i) => id > (i === 0 ? -1 : (seen[i - 1] ?? 0)) && id < classes);
  if (seen.length < 1 || !inOrder || bias.length !== outputs || (multiLabel && seen.length !== classes)) {
    throw modelFormatError(
      file,
      `${bias.length} outputs and ${seen.length} seen classes do not fit ${classes} classes.`,
    );
  }
  const weights = take('weights', Float32Array, idf.length * outputs);
  const index = indexOf(
    take('features.first', Int32Array, idf.length),
    take('features.second', Int32Array, idf.length),
    file,
  );
  const skip = (metadata['skip'] ?? '')
    .split(',')
    .filter((item) => item !== '')
    .map(Number);
  const pieces = hasPieces
    ? piecesOf(take('pieces.offsets', Int32Array, -1), take('pieces.ids', Int32Array, -1), index, file)
    : null;
  return {
    features: new TfidfFeatures(index, idf, skip, pieces),
    model: { outputs, weights, bias },
    classes,
    multiLabel,
    seen,
    unseenShare: number('unseenShare', 0, 1),
    texts: number('texts', 1, 2 ** 31),
  };
}

function piecesOf(offsets: Int32Array, ids: Int32Array, index: NgramIndex, file: string): WordPieces {
  const count = index.second.reduce((sum, second) => sum + Number(second === PIECE), 0);
  const rising = offsets.every((offset, t) => offset >= (offsets[t - 1] ?? 0)) && offsets.at(-1) === ids.length;
  if (!rising || !ids.every((id) => id >= 0 && id < count)) {
    throw modelFormatError(file, `the pieces of words do not fit ${count} features.`);
  }
  return new WordPieces(offsets, ids, count);
}

function indexOf(first: Int32Array, second: Int32Array, file: string): NgramIndex {
  const index = new NgramIndex(first.length);
  first.forEach((token, i) => {
    if (index.add(token, second[i] ?? 0) !== i) throw modelFormatError(file, `feature ${i} is there twice.`);
  });
  return index;
}
