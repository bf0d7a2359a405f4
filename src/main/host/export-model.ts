import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { writeBytesAtomic } from '../../engine/weights/atomic-write';
import type { Response } from '../../shared/contract';
import { AppError } from '../../shared/errors';
import { addOnnx } from './export-onnx';
import { exportReadme, importedReadme, withOnnx } from './export-readme';
import type { Scoring } from './scoring';

/** What a classifier folder of ours holds; a folder with one of these may be written over. */
const modelFile = 'model.json';

/** What goes into an exported folder besides the model itself. */
export interface ExportOptions {
  /** For programs other than Thaw: an ONNX model, the JavaScript that uses it, examples. */
  readonly onnx: boolean;
}

/**
 * Copies a classifier to a folder that stands on its own, with a README. An older export in the same place is replaced;
 * any other folder that is not empty is left alone.
 * @throws AppError `model-missing`, or `bad-input` where the folder holds something else
 */
export async function exportModel(
  scoring: Scoring,
  classifierFolder: string,
  folder: string,
  { onnx }: ExportOptions,
): Promise<Response<'export.model'>> {
  const readme = await readmeOf(scoring, classifierFolder);
  await checkTarget(folder);
  await mkdir(path.dirname(folder), { recursive: true });
  const half = `${folder}.half`;
  await rm(half, { recursive: true, force: true });
  await cp(classifierFolder, half, { recursive: true });
  if (onnx) await addOnnx(half);
  await writeBytesAtomic(path.join(half, 'README.md'), onnx ? withOnnx(readme) : readme);
  await rm(folder, { recursive: true, force: true });
  await rename(half, folder);
  return { folder, files: await filesBelow(folder) };
}

/** An imported classifier has no figures of its own to tell; it is exported all the same. */
async function readmeOf(scoring: Scoring, folder: string): Promise<string> {
  const classifier = await scoring.openForPrediction(folder);
  return classifier.baseline === null ? importedReadme(classifier) : exportReadme(await scoring.open(folder));
}

/** All files below a folder, by their names inside it; an ensemble's members lie in sub-folders. */
async function filesBelow(folder: string, inside = ''): Promise<{ name: string; bytes: number }[]> {
  const files: { name: string; bytes: number }[] = [];
  const entries = await readdir(path.join(folder, inside), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = inside === '' ? entry.name : `${inside}/${entry.name}`;
    if (entry.isDirectory()) files.push(...(await filesBelow(folder, name)));
    else files.push({ name, bytes: (await stat(path.join(folder, name))).size });
  }
  return files;
}

/**
 * Checks that a model may be written to a folder: it is new, empty, or holds a model already.
 * @throws AppError `bad-input`
 */
export async function checkTarget(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  const found = await readdir(folder);
  if (found.length === 0 || found.includes(modelFile)) return;
  throw new AppError(
    'bad-input',
    `${folder} is not empty and holds no exported model: ${found.slice(0, 3).join(', ')} …`,
    {
      hint: 'Choose a new or empty folder.',
      data: { folder },
      says: { sentence: 'folderInUse', folder },
    },
  );
}
