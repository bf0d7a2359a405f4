import { existsSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { ExportFacts } from '../../shared/export-snippets';
import { readTrainingNotes } from './classifier-folder';
import { runtimeFile } from './export-onnx';
import { readJson } from './json-file';

/** What of `model.json` the facts need; the same for a single classifier and an ensemble. */
const modelSchema = z.object({ labels: z.array(z.string()), multiLabel: z.boolean() });

/**
 * What somebody has to know of a classifier folder to use it, read without its vocabulary and weights.
 * @returns null where the folder holds no classifier
 * @throws AppError `model-format`
 */
export async function factsOf(folder: string): Promise<ExportFacts | null> {
  const model = await readJson(path.join(folder, 'model.json'), modelSchema, 'a classifier', 'model-format');
  if (!model) return null;
  const notes = await readTrainingNotes(folder); // an imported classifier has none: its column is called text
  return {
    labels: model.labels,
    multiLabel: model.multiLabel,
    columns: notes?.columns.textColumns ?? ['text'],
    abstainBelow: notes?.abstainBelow ?? 0,
    onnx: existsSync(path.join(folder, runtimeFile)),
  };
}
