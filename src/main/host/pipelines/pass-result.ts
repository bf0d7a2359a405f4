import { existsSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { TrainResult } from '../../../engine/tasks/protocol';
import { readSafetensors, writeSafetensors } from '../../../engine/weights/safetensors';
import type { StoredTensor } from '../../../engine/weights/stored-tensor';
import { AppError } from '../../../shared/errors';
import { trainingPlanSchema } from '../../../shared/training-types';

const storedSchema = z.object({
  languageModelDir: z.string().nullable(),
  classifierDir: z.string(),
  temperature: z.number().positive(),
  thresholds: z.array(z.number()).nullable(),
  plan: trainingPlanSchema,
  seconds: z.number(),
});

/** Metadata key of the JSON part. */
const key = 'thaw.result';
const fileOf = (folder: string): string => path.join(folder, 'result.safetensors');

/**
 * Keeps what the training of one model came to, so that a run that is interrupted later (while the second model trains,
 * or while it is measured) does not train it again.
 *
 * @param root folder that the model's folders lie in; they are kept relative to it, as a project may be moved
 */
export async function savePassResult(folder: string, root: string, result: TrainResult): Promise<void> {
  const { validLogits, heldOut, languageModelDir, classifierDir, ...rest } = result;
  const stored: z.input<typeof storedSchema> = {
    ...rest,
    thresholds: rest.thresholds && [...rest.thresholds],
    languageModelDir: languageModelDir === null ? null : path.relative(root, languageModelDir),
    classifierDir: path.relative(root, classifierDir),
  };
  const tensor = (data: Float32Array) => ({ dtype: 'F32', shape: [data.length], data }) as const;
  const tensors = new Map<string, StoredTensor>([['validLogits', tensor(validLogits)]]);
  if (heldOut) {
    tensors.set('heldOutLogits', tensor(heldOut.logits));
    tensors.set('heldOutRows', { dtype: 'I32', shape: [heldOut.rows.length], data: heldOut.rows });
  }
  await writeSafetensors(fileOf(folder), tensors, { [key]: JSON.stringify(stored) });
}

function heldOutOf(tensors: ReadonlyMap<string, StoredTensor>): TrainResult['heldOut'] {
  const [rows, logits] = [tensors.get('heldOutRows')?.data, tensors.get('heldOutLogits')?.data];
  return rows instanceof Int32Array && logits instanceof Float32Array ? { rows, logits } : null;
}

/** What {@link savePassResult} kept; null where that model is not trained yet. @throws AppError `model-format` */
export async function loadPassResult(folder: string, root: string): Promise<TrainResult | null> {
  const file = fileOf(folder);
  if (!existsSync(file)) return null;
  const { tensors, metadata } = await readSafetensors(file);
  const logits = tensors.get('validLogits')?.data;
  const parsed = storedSchema.safeParse(JSON.parse(metadata[key] ?? 'null'));
  if (!parsed.success || !(logits instanceof Float32Array)) {
    throw new AppError('model-format', `${file} is not the result of a training.`, { data: { file } });
  }
  const { languageModelDir, classifierDir, ...rest } = parsed.data;
  return {
    ...rest,
    validLogits: logits,
    heldOut: heldOutOf(tensors),
    languageModelDir: languageModelDir === null ? null : path.join(root, languageModelDir),
    classifierDir: path.join(root, classifierDir),
  };
}
