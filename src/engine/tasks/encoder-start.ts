import type { RunNote } from '../../shared/run-notes';
import type { RunOptions } from '../../shared/run-options';
import type { EncoderConfig } from '../model/config';
import { qrnnDefaults } from '../model/config';
import { freshEncoder, freshLanguageModel, transferWeights } from '../model/initialise';
import type { SavedLanguageModel } from '../model/language-model-files';
import { Random } from '../train/random';
import type { FloatTensors } from '../weights/fastai-names';

/** Sizes of a model from scratch, where no pretrained one was asked for. */
const freshSizes = { embedding: 256, hidden: 640, layers: 2 } as const;

/** The fact of a language model's file that says how wide the sentence vectors were that it learned. */
export const sentenceFact = 'sentenceVectors';

/** First weights for the vocabulary at hand, and what the pretrained model knew of it. */
export interface LanguageModelStart {
  readonly config: EncoderConfig;
  readonly tensors: FloatTensors;
  readonly newWords: number;
  /** 1 for each word that the pretrained model did not know. // [vocabulary] */
  readonly isNew: Uint8Array;
  /** Width of the sentence vectors that its layers learned beside the next word (`thaw pretrain --teacher`), or null. */
  readonly sentenceVectors: number | null;
  /** null where the recurrent layers start from scratch. */
  readonly pretrainedName: string | null;
  /** What the person should know about it. */
  readonly notes: readonly RunNote[];
}

/** The encoder that the options ask for; what they leave out is as in `base`. */
export function chosenEncoder(options: RunOptions, base: EncoderConfig): EncoderConfig {
  const kind = options.encoder ?? base.kind;
  const { window, outputGate } = base.qrnn ?? qrnnDefaults;
  const { qrnnWindow, qrnnPooling } = options;
  const qrnn = {
    window: qrnnWindow === undefined ? window : qrnnWindow === 1 ? 1 : 2,
    outputGate: qrnnPooling === undefined ? outputGate : qrnnPooling === 'fo',
  } as const;
  const bidirectional = options.bidirectional ?? base.bidirectional ?? false;
  return {
    kind,
    vocabulary: base.vocabulary,
    embedding: options.embeddingSize ?? base.embedding,
    hidden: options.hiddenSize ?? base.hidden,
    layers: options.layers ?? base.layers,
    padding: base.padding,
    ...(bidirectional ? { bidirectional } : {}),
    ...(kind === 'qrnn' ? { qrnn } : {}),
  };
}

/**
 * Takes a pretrained language model over to the vocabulary at hand, or draws first weights. Where the options ask for
 * other layers than it has, its embedding alone is taken over (if it is as wide), and a note says so.
 */
export function startEncoder(
  pretrained: SavedLanguageModel | null,
  itos: readonly string[],
  options: RunOptions,
  seed: number,
): LanguageModelStart {
  const vocabulary = itos.length;
  const scratch: EncoderConfig = { kind: 'awd-lstm', vocabulary, ...freshSizes, padding: 1 };
  const config = chosenEncoder(options, pretrained ? { ...pretrained.config, vocabulary } : scratch);
  const { newWordRows: rowsOfNewWords = 'mean' } = options;
  const notes: RunNote[] = [];
  if (config.bidirectional) {
    notes.push({ code: 'both-ways' });
  }
  if (pretrained && sameLayers(config, pretrained.config)) {
    const { tensors, unknown, isNew } = transferWeights(pretrained.tensors, pretrained.itos, itos, rowsOfNewWords);
    const { facts, name } = pretrained.file;
    const width = facts[sentenceFact];
    const sentenceVectors = typeof width === 'number' ? width : null;
    return { config, tensors, newWords: unknown, isNew, sentenceVectors, pretrainedName: name, notes };
  }
  const random = new Random(seed);
  const tensors = config.bidirectional ? freshEncoder(config, random) : freshLanguageModel(config, random);
  const isNew = new Uint8Array(vocabulary).fill(1);
  const unread = { config, tensors, newWords: vocabulary, isNew, sentenceVectors: null, pretrainedName: null, notes };
  if (!pretrained) return unread;
  const { name } = pretrained.file;
  if (config.embedding !== pretrained.config.embedding) {
    notes.push({ code: 'nothing-taken', model: name });
    return unread;
  }
  const taken = transferWeights(pretrained.tensors, pretrained.itos, itos, rowsOfNewWords);
  for (const part of ['embedding', 'decoder.bias']) {
    const known = taken.tensors.get(part);
    if (known && tensors.has(part)) tensors.set(part, known);
  }
  notes.push({ code: 'embedding-taken', model: name });
  return { ...unread, newWords: taken.unknown, isNew: taken.isNew };
}

/** Whether weights of one encoder's layers fit into the other's. */
export function sameLayers(one: EncoderConfig, other: EncoderConfig): boolean {
  const facts = ({ kind, embedding, hidden, layers, bidirectional, qrnn }: EncoderConfig): string =>
    JSON.stringify([
      kind,
      embedding,
      hidden,
      layers,
      bidirectional ?? false,
      kind === 'qrnn' && (qrnn ?? qrnnDefaults),
    ]);
  return facts(one) === facts(other);
}
