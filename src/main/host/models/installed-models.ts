import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { encoderSchema } from '../../../engine/model/language-model-files';
import { tokenizerFileSchema } from '../../../engine/text/tokenizer-file';
import type { ModelInfo, ModelOrigin } from '../../../shared/model-types';
import { readJson } from '../json-file';

const fileSchema = z.object({
  format: z.enum(['thaw-language-model', 'thaw-classifier']),
  name: z.string().optional(),
  encoder: encoderSchema,
  backward: z.boolean(),
  tokenizer: tokenizerFileSchema,
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
});

/**
 * The model in a folder as the catalogue shows it; null where there is none.
 * @throws AppError `model-format` where its `model.json` cannot be read
 */
export async function describeModel(folder: string, origin: ModelOrigin): Promise<ModelInfo | null> {
  const file = await readJson(path.join(folder, 'model.json'), fileSchema, "a model's file", 'model-format');
  if (file === null) return null;
  const { encoder, facts, tokenizer } = file;
  const text = (key: string): string | null => (typeof facts[key] === 'string' ? facts[key] : null);
  const number = (key: string): number | null => (typeof facts[key] === 'number' ? facts[key] : null);
  return {
    id: path.basename(folder),
    title: text('title') ?? file.name ?? path.basename(folder),
    origin,
    kind: file.format === 'thaw-classifier' ? 'classifier' : 'language-model',
    installed: true,
    folder,
    bytes: await bytesBelow(folder),
    // Models of before languages were written down are English.
    languages: [tokenizer.language ?? 'en'],
    backward: file.backward,
    tokens: tokenizer.kind ?? 'words',
    encoder: {
      kind: encoder.kind,
      vocabulary: encoder.vocabulary,
      embedding: encoder.embedding,
      hidden: encoder.hidden,
      layers: encoder.layers,
    },
    perplexity: number('validationPerplexity'),
    licence: text('licence'),
    page: text('page'),
    notes: [],
    download: null,
    sha256: text('archiveSha256'),
    trustedOnFirstUse: false,
    partBytes: 0,
  };
}

/** The folders with a model below `folder`, by name. */
export async function modelFoldersIn(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !entry.name.endsWith('.half'))
    .map((entry) => path.join(folder, entry.name))
    .filter((each) => existsSync(path.join(each, 'model.json')))
    .sort();
}

/** Bytes of all files below a folder. */
export async function bytesBelow(folder: string): Promise<number> {
  let sum = 0;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const inside = path.join(folder, entry.name);
    if (entry.isDirectory()) sum += await bytesBelow(inside);
    // A file may go away between the two looks.
    else if (entry.isFile()) sum += await stat(inside).then(({ size }) => size, () => 0); // prettier-ignore
  }
  return sum;
}
