import { existsSync } from 'node:fs';
import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Average } from '../../../engine/evaluate/average';
import { writeJsonAtomic } from '../../../engine/weights/atomic-write';
import type { EnsembleFile } from '../ensemble-file';
import { linkFolder } from '../link-folder';
import type { RunInputs } from './run-inputs';
import { copySubwords, tokenizerOfShards } from './text-shards';
import type { TrainedPass } from './train-passes';

/**
 * Puts the models of a run into one folder: with one direction they are there already; with two, `classifier` becomes an
 * ensemble of both. Can be run again after an interruption.
 */
export async function assembleModels(
  folder: string,
  inputs: RunInputs,
  passes: readonly TrainedPass[],
  average: Average | null,
  thresholds: readonly number[] | null,
): Promise<void> {
  if (average) {
    const half = `${folder}.half`;
    await rm(half, { recursive: true, force: true });
    await mkdir(half, { recursive: true });
    const classifier = path.join(half, 'classifier');
    for (const { direction, result } of passes) {
      await linkFolder(result.classifierDir, path.join(classifier, 'members', direction));
      const name = direction === 'forward' ? 'language-model' : 'language-model-backward';
      if (result.languageModelDir !== null) await linkFolder(result.languageModelDir, path.join(half, name));
    }
    const file: EnsembleFile = {
      format: 'thaw-ensemble',
      version: 1,
      labels: [...inputs.labels],
      multiLabel: inputs.multiLabel,
      temperature: average.temperature,
      thresholds: thresholds && [...thresholds],
      tokenizer: tokenizerOfShards(inputs.stamp),
      members: passes.map(({ direction }, k) => ({
        folder: `members/${direction}`,
        name: direction,
        weight: average.weights[k] ?? 0,
      })),
      facts: { validDocuments: inputs.valid.documents.length },
    };
    const [first] = passes;
    if (first) await copyFile(path.join(first.result.classifierDir, 'vocabulary.json'), path.join(classifier, 'vocabulary.json')); // prettier-ignore
    if (first) await copySubwords(first.result.classifierDir, inputs.stamp, [classifier]);
    await writeJsonAtomic(path.join(classifier, 'model.json'), file);
    await rm(folder, { recursive: true, force: true });
    await rename(half, folder);
  }
}

/** Puts into the classifier's folder what it needs besides its weights. */
export async function addCompanions(classifier: string, runFolder: string, inputs: RunInputs): Promise<void> {
  await copyFile(path.join(runFolder, 'baseline.bin'), path.join(classifier, 'baseline.bin'));
  const cards = [inputs.pretrained, inputs.pretrainedBackward].flatMap((folder) =>
    folder === null ? [] : [path.join(folder, 'README.md')],
  );
  const [card, second] = cards.filter((each) => existsSync(each));
  if (card !== undefined) await copyFile(card, path.join(classifier, 'pretrained-card.md'));
  if (second !== undefined) await copyFile(second, path.join(classifier, 'pretrained-backward-card.md'));
}
