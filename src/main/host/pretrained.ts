import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { languageModelFileSchema, readModelJson } from '../../engine/model/language-model-files';
import { chosenEncoder, sameLayers, sentenceFact } from '../../engine/tasks/encoder-start';
import { AppError } from '../../shared/errors';
import type { RunOptions } from '../../shared/run-options';
import type { TrainingRequest } from '../../shared/training-types';
import { modelsFolder, resourcesFolder } from '../platform/paths';
import { readJson } from './json-file';
import { catalogue } from './models/catalogue';

const directionSchema = z.object({ format: z.literal('thaw-language-model'), backward: z.boolean() });

/** The language models that ship with Thaw, each a folder: those that read forward first. */
export async function shippedModels(): Promise<string[]> {
  const folder = path.join(resourcesFolder(), 'pretrained');
  if (!existsSync(folder)) return [];
  const names = (await readdir(folder)).sort().map((name) => path.join(folder, name));
  const models = [folder, ...names].filter((candidate) => existsSync(path.join(candidate, 'model.json')));
  const backward = new Set<string>();
  for (const model of models) if (await readsBackward(model)) backward.add(model);
  return [...models.filter((model) => !backward.has(model)), ...backward];
}

/** The language models that a run starts from; null: from scratch, or the run does not read that way. */
export interface StartingModels {
  readonly forward: string | null;
  readonly backward: string | null;
}

/**
 * The language models that a run starts from: those that were asked for, else the shipped ones.
 * @throws AppError `model-missing` where one asked for is none, `bad-input` where it reads the other way
 */
export async function startingModels(request: TrainingRequest): Promise<StartingModels> {
  const { direction = 'forward', pretrainedBackward } = request.options;
  const forward = direction === 'backward' ? null : await find(request.pretrained, false);
  if (direction === 'forward') return { forward, backward: null };
  // A run that only reads backward may name its model as the one that it starts from.
  const named = pretrainedBackward ?? (direction === 'backward' ? request.pretrained : undefined);
  const scratch = request.pretrained === null && pretrainedBackward === undefined;
  return { forward, backward: scratch ? null : await find(named, true) };
}

/** The language model that a run's (first) model starts from, or null for from scratch. @throws as {@link startingModels} */
export async function pretrainedFolder(request: TrainingRequest): Promise<string | null> {
  const { forward, backward } = await startingModels(request);
  return request.options.direction === 'backward' ? backward : forward;
}

async function find(asked: string | null | undefined, backward: boolean): Promise<string | null> {
  if (asked === null) return null;
  if (asked === undefined) {
    for (const folder of await shippedModels()) if ((await readsBackward(folder)) === backward) return folder;
    return null;
  }
  const folder = await namedModel(asked);
  if ((await readsBackward(folder)) === backward) return folder;
  const [has, needs] = backward ? ['beginning', 'end'] : ['end', 'beginning'];
  throw new AppError('bad-input', `The language model in ${folder} reads texts from their ${has}; this run needs one that reads from the ${needs}.`, {
    hint: backward ? 'A backward model is made with: thaw pretrain --backward' : 'Name it with --option pretrainedBackward=FOLDER.', 
    data: { folder },
    says: { sentence: 'otherDirection', folder },
  }); // prettier-ignore
}

/** The folder of a model that was asked for: its path, or the name under which it ships, was downloaded or imported. */
async function namedModel(asked: string): Promise<string> {
  const folder = path.resolve(asked);
  const hasModel = (candidate: string): boolean => existsSync(path.join(candidate, 'model.json'));
  if (hasModel(folder)) return folder;
  const isName = !/[\\/]/.test(asked) && asked !== '.' && asked !== '..';
  const named = [path.join(modelsFolder(), asked), path.join(resourcesFolder(), 'pretrained', asked)].find(hasModel);
  if (isName && named !== undefined) return named;
  const inCatalogue = catalogue.some(({ id }) => id === asked);
  throw new AppError(
    'model-missing',
    inCatalogue ? `${asked} is not downloaded yet.` : `${folder} holds no language model (no model.json).`,
    {
      hint: inCatalogue
        ? `Fetch it with: thaw models download ${asked}`
        : 'Name the folder of a language model, or one that `thaw models` lists; or leave it out to use the one that ships with Thaw.',
      data: { folder },
      says: inCatalogue ? { sentence: 'notDownloaded', model: asked } : { sentence: 'noLanguageModelIn', folder },
    },
  );
}

async function readsBackward(folder: string): Promise<boolean> {
  const file = path.join(folder, 'model.json');
  return (await readJson(file, directionSchema, 'a language model', 'model-format'))?.backward === true;
}

/**
 * How wide the sentence vectors are that a language model learned; null for none, and where the options ask for other layers than its
 * own.
 * @throws AppError `model-format`
 */
export async function sentenceVectorsOf(folder: string | null, options: RunOptions): Promise<number | null> {
  if (folder === null) return null;
  const { encoder, facts } = await readModelJson(folder, languageModelFileSchema);
  if (!sameLayers(chosenEncoder(options, encoder), encoder)) return null;
  const width = facts[sentenceFact];
  return typeof width === 'number' ? width : null;
}
