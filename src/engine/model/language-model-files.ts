import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../shared/errors';
import { tokenizerFileSchema } from '../text/tokenizer-file';
import { writeJsonAtomic } from '../weights/atomic-write';
import type { FloatTensors } from '../weights/fastai-names';
import { encoderFromFastai, encoderToFastai } from '../weights/encoder-names';
import { demand } from '../weights/fastai-names';
import { toHalf } from '../weights/half';
import { readSafetensors, writeSafetensors } from '../weights/safetensors';
import type { StoredTensor } from '../weights/stored-tensor';
import { toFloat32 } from '../weights/stored-tensor';
import type { EncoderConfig } from './config';
import { encoderKinds } from './config';

/** An encoder in `model.json`. What only some kinds have is left out for the others. */
export const encoderSchema = z.object({
  kind: z.enum(encoderKinds),
  vocabulary: z.number().int().positive(),
  embedding: z.number().int().positive(),
  hidden: z.number().int().positive(),
  layers: z.number().int().positive(),
  padding: z.number().int(),
  bidirectional: z.boolean().optional(),
  qrnn: z.object({ window: z.union([z.literal(1), z.literal(2)]), outputGate: z.boolean() }).optional(),
});

/** `model.json` of a language model's folder; the weights lie beside it under fastai's names. */
export const languageModelFileSchema = z.object({
  format: z.literal('thaw-language-model'),
  version: z.literal(1),
  name: z.string(),
  encoder: encoderSchema,
  backward: z.boolean(),
  tokenizer: tokenizerFileSchema,
  /** How it came to be: tokens seen, perplexity, licence; shown in the model's card. */
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
});
export type LanguageModelFile = z.infer<typeof languageModelFileSchema>;

/** A language model off the disk: the engine's parameter names, its words. */
export interface SavedLanguageModel {
  readonly file: LanguageModelFile;
  readonly config: EncoderConfig;
  readonly tensors: FloatTensors;
  readonly itos: readonly string[];
}

/** Writes a language model's folder: `model.json`, `weights.safetensors` (float32 or float16), `vocabulary.json`. */
export async function saveLanguageModel(
  folder: string,
  file: LanguageModelFile,
  tensors: FloatTensors,
  itos: readonly string[],
  precision: 'F32' | 'F16',
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const named = encoderToFastai(tensors, '0.', file.encoder);
  named.set('1.decoder.bias', demand(tensors, 'decoder.bias', [file.encoder.vocabulary]));
  await writeSafetensors(join(folder, 'weights.safetensors'), storedTensors(named, precision), { format: 'pt' });
  await writeJsonAtomic(join(folder, 'vocabulary.json'), itos);
  await writeJsonAtomic(join(folder, 'model.json'), file);
}

/**
 * Reads a language model's folder.
 * @throws AppError 'model-missing', 'model-format'
 */
export async function loadLanguageModel(folder: string): Promise<SavedLanguageModel> {
  const file = await readModelJson(folder, languageModelFileSchema);
  const stored = (await readSafetensors(join(folder, 'weights.safetensors'))).tensors;
  const named: FloatTensors = new Map();
  for (const [name, tensor] of stored) named.set(name, { shape: tensor.shape, data: toFloat32(tensor) });
  const tensors = encoderFromFastai(named, '0.', file.encoder);
  tensors.set('decoder.bias', demand(named, '1.decoder.bias', [file.encoder.vocabulary]));
  const itos = await readItos(folder, file.encoder.vocabulary);
  return { file, config: file.encoder, tensors, itos };
}

/** `model.json` of a folder, parsed by its schema. */
export async function readModelJson<T>(folder: string, schema: z.ZodType<T>): Promise<T> {
  const path = join(folder, 'model.json');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new AppError('model-missing', `There is no model in ${folder}: model.json cannot be read.`, {
      hint: 'Choose the folder that holds model.json, or train a model first.',
      data: { folder },
      cause,
    });
  }
  const parsed = schema.safeParse(safeJson(text));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new AppError('model-format', `${path}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not a model'}`, {
      hint: 'The file is damaged, or from a newer version of Thaw.',
      data: { path },
    });
  }
  return parsed.data;
}

/** The words of a model's folder, by id. */
export async function readItos(folder: string, size: number): Promise<readonly string[]> {
  const path = join(folder, 'vocabulary.json');
  const itos = z.array(z.string()).safeParse(safeJson(await readFile(path, 'utf8').catch(() => '')));
  if (!itos.success || itos.data.length !== size) {
    const got = itos.success ? `${itos.data.length} words` : 'something else';
    throw new AppError('model-format', `${path}: expected a list of ${size} words, got ${got}.`);
  }
  return itos.data;
}

/** Floats as stored tensors of a precision. Small vectors stay in float32: they cost nothing and carry scales. */
export function storedTensors(tensors: FloatTensors, precision: 'F32' | 'F16'): Map<string, StoredTensor> {
  const stored = new Map<string, StoredTensor>();
  for (const [name, { shape, data }] of tensors) {
    const half = precision === 'F16' && shape.length > 1;
    stored.set(name, half ? { dtype: 'F16', shape, data: toHalf(data) } : { dtype: 'F32', shape, data });
  }
  return stored;
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
