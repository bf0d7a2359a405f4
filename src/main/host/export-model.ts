import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { writeBytesAtomic } from '../../engine/weights/atomic-write';
import type { Response } from '../../shared/contract';
import { AppError } from '../../shared/errors';
import { exportReadme } from './export-readme';
import type { Scoring } from './scoring';

/** What a classifier folder of ours holds; a folder with one of these may be written over. */
const modelFile = 'model.json';

/**
 * Copies a classifier to a folder that stands on its own, with a README. An older export in the same place is replaced;
 * any other folder that is not empty is left alone.
 * @throws AppError `model-missing`, or `bad-input` where the folder holds something else
 */
export async function exportModel(
  scoring: Scoring,
  classifierFolder: string,
  folder: string,
): Promise<Response<'export.model'>> {
  const classifier = await scoring.open(classifierFolder);
  await checkTarget(folder);
  await mkdir(path.dirname(folder), { recursive: true });
  const half = `${folder}.half`;
  await rm(half, { recursive: true, force: true });
  await mkdir(half);
  for (const name of await readdir(classifierFolder))
    await copyFile(path.join(classifierFolder, name), path.join(half, name));
  const card = path.join(classifierFolder, 'pretrained-card.md');
  const attribution = existsSync(card) ? await readFile(card, 'utf8') : null;
  await writeBytesAtomic(path.join(half, 'README.md'), exportReadme(classifier, attribution));
  await rm(folder, { recursive: true, force: true });
  await rename(half, folder);
  const names = (await readdir(folder)).sort();
  const files = await Promise.all(
    names.map(async (name) => ({ name, bytes: (await stat(path.join(folder, name))).size })),
  );
  return { folder, files };
}

async function checkTarget(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  const found = await readdir(folder);
  if (found.length === 0 || found.includes(modelFile)) return;
  throw new AppError(
    'bad-input',
    `${folder} is not empty and holds no exported model: ${found.slice(0, 3).join(', ')} …`,
    {
      hint: 'Choose a new or empty folder.',
      data: { folder },
    },
  );
}
