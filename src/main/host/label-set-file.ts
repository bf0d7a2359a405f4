import path from 'node:path';
import { writeJsonAtomic } from '../../engine/weights/atomic-write';
import type { LabelInfo } from '../../shared/data-types';
import { AppError } from '../../shared/errors';
import { labelSetFileSchema, type LabelSetEntry } from '../../shared/label-set';
import { readJson } from './json-file';

/** Writes labels with their colours, descriptions and order, for another project. @throws AppError `bad-input` without labels */
export async function saveLabelSet(
  labels: readonly LabelInfo[],
  out: string,
): Promise<{ file: string; labels: number }> {
  if (labels.length === 0)
    throw new AppError('bad-input', 'This project has no labels yet, so there is nothing to save.', {
      hint: 'Add labels first.',
    });
  const file = path.resolve(out);
  const entries = labels.map(({ name, color, description }): LabelSetEntry => ({
    name,
    color,
    ...(description === undefined ? {} : { description }),
  }));
  await writeJsonAtomic(file, { format: 'thaw-labels', version: 1, labels: entries });
  return { file, labels: entries.length };
}

/**
 * Reads a file that {@link saveLabelSet} has written, or a person.
 * @throws AppError `file-not-found`, `file-unreadable`, `file-format`, or `bad-input` with what is wrong and where
 */
export async function readLabelSet(file: string): Promise<LabelSetEntry[]> {
  const read = await readJson(file, labelSetFileSchema, 'a file of labels', 'file-format');
  if (read === null) throw new AppError('file-not-found', `${file} is not there.`, { hint: 'Check its name.' });
  const names = new Set<string>();
  for (const [i, { name }] of read.labels.entries()) {
    if (names.has(name))
      throw new AppError('bad-input', `${file} names the label "${name}" twice; the second time as label ${i + 1}.`, {
        hint: 'Take one of them out.',
        data: { got: name },
      });
    names.add(name);
  }
  return read.labels;
}
