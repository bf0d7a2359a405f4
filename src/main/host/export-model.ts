import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { writeBytesAtomic } from '../../engine/weights/atomic-write';
import type { Response } from '../../shared/contract';
import { AppError } from '../../shared/errors';
import type { ExportFacts } from '../../shared/export-snippets';
import type { ExportContents } from '../../shared/export-types';
import type { PredictingModel } from './classifier-folder';
import { exportContents, filesBelow } from './export-contents';
import { factsOf } from './export-facts';
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
  const classifier = await scoring.openForPrediction(classifierFolder);
  const readme = await readmeOf(scoring, classifier);
  await checkTarget(folder);
  await mkdir(path.dirname(folder), { recursive: true });
  const half = `${folder}.half`;
  await rm(half, { recursive: true, force: true });
  await cp(classifierFolder, half, { recursive: true });
  if (onnx) await addOnnx(half);
  await writeBytesAtomic(path.join(half, 'README.md'), onnx ? withOnnx(readme, classifier) : readme);
  await rm(folder, { recursive: true, force: true });
  await rename(half, folder);
  return { folder, files: await filesBelow(folder), facts: await factsThere(folder) };
}

/** What an export of a classifier folder would hold. @throws AppError `model-missing`, `model-format` */
export async function plannedExport(scoring: Scoring, classifierFolder: string): Promise<ExportContents> {
  const classifier = await scoring.openForPrediction(classifierFolder);
  return exportContents(classifierFolder, await readmeOf(scoring, classifier));
}

async function factsThere(folder: string): Promise<ExportFacts> {
  const facts = await factsOf(folder);
  if (facts) return facts;
  throw new AppError('model-missing', `${folder} was taken away while it was written.`, { hint: 'Export once more.' });
}

/** An imported classifier has no figures of its own to tell; it is exported all the same. */
async function readmeOf(scoring: Scoring, classifier: PredictingModel): Promise<string> {
  return classifier.baseline === null
    ? importedReadme(classifier)
    : exportReadme(await scoring.open(classifier.folder));
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
