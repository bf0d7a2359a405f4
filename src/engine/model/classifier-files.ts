import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Kernels } from '../kernels/kernels';
import { tokenizerFileSchema } from '../text/tokenizer-file';
import { writeJsonAtomic } from '../weights/atomic-write';
import type { FloatTensors } from '../weights/fastai-names';
import { encoderFromFastai, encoderToFastai } from '../weights/encoder-names';
import { demand } from '../weights/fastai-names';
import { readSafetensors, writeSafetensors } from '../weights/safetensors';
import { toFloat32 } from '../weights/stored-tensor';
import { Classifier } from './classifier';
import type { UnseenRows } from './initialise';
import { parametersFrom } from './initialise';
import { languageModelFileSchema, readItos, readModelJson, storedTensors } from './language-model-files';

/** `model.json` of a classifier's folder. */
export const classifierFileSchema = z.object({
  format: z.literal('thaw-classifier'),
  version: z.literal(1),
  encoder: languageModelFileSchema.shape.encoder,
  head: z.object({
    widths: z.array(z.number().int().positive()).min(2),
    /** What a document is summed up by; left out: last state, maximum and mean. */
    pooling: z
      .array(z.enum(['last', 'max', 'mean']))
      .min(1)
      .optional(),
    /** How many of the encoder's outputs are summed up, from the last layer's down; left out: 1. */
    pooledOutputs: z.number().int().positive().optional(),
    /** The linear layers have biases, as those of fastai 1; left out: none. */
    biases: z.boolean().optional(),
  }),
  labels: z.array(z.string()).min(1),
  multiLabel: z.boolean(),
  /** Logits are divided by it before softmax or sigmoid. */
  temperature: z.number().positive(),
  /** Multi-label: the probability from which each label counts as given. */
  thresholds: z.array(z.number()).nullable(),
  tokenizer: tokenizerFileSchema,
  bptt: z.number().int().positive(),
  /** Documents are cut to this many tokens; null: never. */
  maxTokens: z.number().int().positive().nullable(),
  /** Pooling reaches back this many tokens from the end of a text; null or left out: to its beginning. */
  poolTokens: z.number().int().positive().nullable().optional(),
  backward: z.boolean(),
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
});
export type ClassifierFile = z.infer<typeof classifierFileSchema>;

/**
 * Writes a classifier's folder: `model.json`, `weights.safetensors` under fastai's names, `vocabulary.json`.
 * @param unseen words behind those of `itos`, which it was not trained with
 */
export async function saveClassifier(
  folder: string,
  trained: ClassifierFile,
  classifier: Classifier,
  trainedItos: readonly string[],
  unseen: UnseenRows | null = null,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const itos = [...trainedItos, ...(unseen?.itos ?? [])];
  const file = { ...trained, encoder: { ...trained.encoder, vocabulary: itos.length } };
  const { parameters, statistics } = classifier;
  const tensors: FloatTensors = new Map();
  for (const name of parameters.names())
    tensors.set(name, { shape: parameters.shape(name), data: parameters.read(name) });
  if (unseen) {
    const { embedding: width } = file.encoder;
    const { data } = demand(tensors, 'embedding', [trainedItos.length, width]);
    const all = new Float32Array(itos.length * width);
    all.set(data);
    all.set(unseen.rows, data.length);
    tensors.set('embedding', { shape: [itos.length, width], data: all });
  }
  const named = encoderToFastai(tensors, '0.module.', file.encoder);
  for (let block = 0; block < file.head.widths.length - 1; block++) {
    const [inputs, outputs] = [file.head.widths[block]!, file.head.widths[block + 1]!];
    const norm = `1.layers.${block}.0.`;
    named.set(`${norm}weight`, demand(tensors, `head.${block}.norm.weight`, [inputs]));
    named.set(`${norm}bias`, demand(tensors, `head.${block}.norm.bias`, [inputs]));
    named.set(`${norm}running_mean`, { shape: [inputs], data: statistics.means[block]! });
    named.set(`${norm}running_var`, { shape: [inputs], data: statistics.variances[block]! });
    const linear = demand(tensors, `head.${block}.linear`, [inputs, outputs]).data;
    named.set(`1.layers.${block}.1.weight`, { shape: [outputs, inputs], data: transposed(linear, inputs, outputs) });
    if (file.head.biases) named.set(`1.layers.${block}.1.bias`, demand(tensors, `head.${block}.bias`, [outputs]));
  }
  await writeSafetensors(join(folder, 'weights.safetensors'), storedTensors(named, 'F32'), { format: 'pt' });
  await writeJsonAtomic(join(folder, 'vocabulary.json'), itos);
  await writeJsonAtomic(join(folder, 'model.json'), file);
}

/** What stands in a classifier's folder, as numbers. */
export interface StoredClassifier {
  readonly file: ClassifierFile;
  /** Under the engine's names. */
  readonly parameters: FloatTensors;
  /** Running statistics of batch norm, one a block of the head. // [inputs of the block] */
  readonly means: readonly Float32Array[];
  readonly variances: readonly Float32Array[];
}

/**
 * Reads the weights of a classifier's folder.
 * @throws AppError 'model-missing', 'model-format'
 */
export async function readClassifier(folder: string): Promise<StoredClassifier> {
  const file = await readModelJson(folder, classifierFileSchema);
  const stored = (await readSafetensors(join(folder, 'weights.safetensors'))).tensors;
  const named: FloatTensors = new Map();
  for (const [name, tensor] of stored) named.set(name, { shape: tensor.shape, data: toFloat32(tensor) });
  const tensors = encoderFromFastai(named, '0.module.', file.encoder);
  const { widths } = file.head;
  for (let block = 0; block < widths.length - 1; block++) {
    const [inputs, outputs] = [widths[block]!, widths[block + 1]!];
    const norm = `1.layers.${block}.0.`;
    tensors.set(`head.${block}.norm.weight`, demand(named, `${norm}weight`, [inputs]));
    tensors.set(`head.${block}.norm.bias`, demand(named, `${norm}bias`, [inputs]));
    const linear = demand(named, `1.layers.${block}.1.weight`, [outputs, inputs]).data;
    tensors.set(`head.${block}.linear`, { shape: [inputs, outputs], data: transposed(linear, outputs, inputs) });
    if (file.head.biases) tensors.set(`head.${block}.bias`, demand(named, `1.layers.${block}.1.bias`, [outputs]));
  }
  const running = (name: string): Float32Array[] =>
    widths
      .slice(0, -1)
      .map((inputs, block) => demand(named, `1.layers.${block}.0.running_${name}`, [inputs]).data.slice());
  return { file, parameters: tensors, means: running('mean'), variances: running('var') };
}

/**
 * Reads a classifier's folder onto the kernels. The caller disposes `classifier.parameters`.
 * @throws AppError 'model-missing', 'model-format'
 */
export async function loadClassifier(
  kernels: Kernels,
  folder: string,
): Promise<{ file: ClassifierFile; classifier: Classifier; itos: readonly string[] }> {
  const { file, parameters, means, variances } = await readClassifier(folder);
  const itos = await readItos(folder, file.encoder.vocabulary);
  const sizes = { encoder: file.encoder, head: file.head, bptt: file.bptt, maxLength: file.poolTokens ?? null };
  const classifier = new Classifier(kernels, sizes, parametersFrom(kernels, parameters));
  means.forEach((mean, block) => (classifier.statistics.means[block] = mean));
  variances.forEach((variance, block) => (classifier.statistics.variances[block] = variance));
  return { file, classifier, itos };
}

/** `[rows, columns]` to `[columns, rows]`. */
export function transposed(data: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(data.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) result[j * rows + i] = data[i * columns + j]!;
  return result;
}
