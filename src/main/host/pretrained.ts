import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../shared/errors';
import type { TrainingRequest } from '../../shared/training-types';
import { resourcesFolder } from '../platform/paths';

/** The language models that ship with Thaw, each a folder. */
export async function shippedModels(): Promise<string[]> {
  const folder = path.join(resourcesFolder(), 'pretrained');
  if (!existsSync(folder)) return [];
  const names = (await readdir(folder)).sort().map((name) => path.join(folder, name));
  return [folder, ...names].filter((candidate) => existsSync(path.join(candidate, 'model.json')));
}

/**
 * The language model that a run starts from: the one that was asked for, the shipped one, or null for from scratch.
 * @throws AppError `model-missing` where the one asked for is none
 */
export async function pretrainedFolder({ pretrained }: TrainingRequest): Promise<string | null> {
  if (pretrained === null) return null;
  if (pretrained === undefined) return (await shippedModels())[0] ?? null;
  const folder = path.resolve(pretrained);
  if (existsSync(path.join(folder, 'model.json'))) return folder;
  throw new AppError('model-missing', `${folder} holds no language model (no model.json).`, {
    hint: 'Name the folder of a language model, or leave it out to use the one that ships with Thaw.',
    data: { folder },
  });
}
