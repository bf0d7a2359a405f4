import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../shared/errors';
import type { ClassifierFile } from '../model/classifier-files';
import type { EncoderConfig } from '../model/config';
import { saveLanguageModel, storedTensors } from '../model/language-model-files';
import { PAD_ID } from '../text/special-tokens';
import type { TokenizerFile } from '../text/tokenizer-file';
import { writeJsonAtomic } from './atomic-write';
import { encoderFromFastai, encoderToFastai } from './encoder-names';
import type { ImportedWeights } from './fastai-import';
import { demand, type FloatTensors } from './fastai-names';
import { toHalf } from './half';
import { writeSafetensors } from './safetensors';
import { withSpecialTokensFirst } from './special-tokens-first';
import { toFloat32 } from './stored-tensor';

/** What {@link saveImported} is told besides the weights. */
export interface ImportedModel {
  readonly name: string;
  readonly backward: boolean;
  readonly tokenizer: TokenizerFile;
  /** A classifier's labels by class; null for a language model. */
  readonly labels: readonly string[] | null;
  readonly multiLabel: boolean;
  /** What else `model.json` says of it: source, licence, perplexity. */
  readonly facts?: Readonly<Record<string, string | number | null>> | undefined;
}

/** What was written. */
export interface SavedImport {
  readonly kind: 'language-model' | 'classifier';
  readonly encoder: EncoderConfig;
  readonly notes: readonly string[];
}

/** What fastai makes classifiers with (fastai 1 where the head has biases): tokens of a chunk, and pooling over the last twenty. */
const CLASSIFIER_BPTT = { fastai1: 70, fastai2: 72 };
const CLASSIFIER_POOLS = 20;

/**
 * Writes an import as a model folder of Thaw.
 * @throws AppError `bad-input` where labels are missing, too many, or given for a language model
 */
export async function saveImported(
  folder: string,
  imported: ImportedWeights,
  model: ImportedModel,
): Promise<SavedImport> {
  const labels = labelsOf(imported, model.labels);
  const arranged = withSpecialTokensFirst(imported);
  const { kind, vocab, embedding, hidden, layers, qrnn } = arranged.config;
  const sizes = { kind, vocabulary: vocab, embedding, hidden, layers, padding: PAD_ID };
  const encoder: EncoderConfig = qrnn === undefined ? sizes : { ...sizes, qrnn };
  if (labels !== null) {
    await saveImportedClassifier(folder, arranged, encoder, labels, model);
    return { kind: 'classifier', encoder, notes: arranged.notes };
  }
  const tensors = encoderFromFastai(arranged.tensors, '0.', encoder);
  tensors.set('decoder.bias', demand(arranged.tensors, '1.decoder.bias', [vocab]));
  const { name, backward, tokenizer, facts } = model;
  const file = {
    format: 'thaw-language-model',
    version: 1,
    name,
    encoder,
    backward,
    tokenizer,
    facts: { imported: 'from weights of fastai', ...facts },
  } as const;
  await saveLanguageModel(folder, file, tensors, arranged.vocabulary, precisionOf(imported.tensors));
  const untied =
    "The decoder has weights of its own, which were left out: Thaw's language models decode with the embedding.";
  return { kind: 'language-model', encoder, notes: imported.tied ? arranged.notes : [...arranged.notes, untied] };
}

async function saveImportedClassifier(
  folder: string,
  { tensors, head, headBiases, vocabulary }: ImportedWeights,
  encoder: EncoderConfig,
  labels: readonly string[],
  { backward, tokenizer, multiLabel, name, facts }: ImportedModel,
): Promise<void> {
  const named = encoderToFastai(encoderFromFastai(tensors, '0.', encoder), '0.module.', encoder);
  for (const [tensorName, tensor] of tensors) if (tensorName.startsWith('1.layers.')) named.set(tensorName, tensor);
  const bptt = CLASSIFIER_BPTT[headBiases ? 'fastai1' : 'fastai2'];
  const file: ClassifierFile = {
    format: 'thaw-classifier',
    version: 1,
    encoder: { ...encoder },
    head: { widths: [...(head ?? [])], ...(headBiases ? { biases: true } : {}) },
    labels: [...labels],
    multiLabel,
    temperature: 1,
    thresholds: multiLabel ? labels.map(() => 0.5) : null,
    tokenizer,
    bptt,
    maxTokens: null,
    poolTokens: bptt * CLASSIFIER_POOLS,
    backward,
    facts: { ...facts, imported: name },
  };
  await mkdir(folder, { recursive: true });
  await writeSafetensors(join(folder, 'weights.safetensors'), storedTensors(named, 'F32'), { format: 'pt' });
  await writeJsonAtomic(join(folder, 'vocabulary.json'), vocabulary);
  await writeJsonAtomic(join(folder, 'model.json'), file);
}

/** float16 for weights that were saved in it: nothing is lost and the folder is half as large. */
function precisionOf(tensors: FloatTensors): 'F32' | 'F16' {
  for (const { shape, data } of tensors.values()) {
    if (shape.length < 2) continue; // vectors stay in float32
    const half = toFloat32({ dtype: 'F16', shape, data: toHalf(data) });
    if (!data.every((value, i) => value === half[i])) return 'F32';
  }
  return 'F16';
}

function labelsOf(imported: ImportedWeights, given: readonly string[] | null): readonly string[] | null {
  if (imported.head === null) {
    if (given === null) return null;
    throw new AppError('bad-input', 'Labels were given, but the weights are of a language model: it has none.', {
      hint: 'Leave out --labels, or name the weights of a classifier.',
    });
  }
  const classes = imported.head.at(-1) ?? 0;
  const labels = given ?? imported.labels;
  if (labels?.length === classes && new Set(labels).size === classes) return labels;
  const got = labels === null ? 'none were given' : `got ${labels.length}: ${labels.join(', ')}`;
  throw new AppError(
    'bad-input',
    `The classifier has ${classes} classes, so ${classes} different labels are needed; ${got}.`,
    {
      hint: "Name them with --labels in the order of the model's classes (dls.vocab[1] in fastai).",
      data: { classes },
    },
  );
}
