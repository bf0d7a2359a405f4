import { existsSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../../../shared/errors';
import { labelDoubt } from '../../../shared/label-doubt';
import type { OpenProject } from '../open-project';

/** Fewer rows than this to train on are refused, whatever the number of labels. */
const fewestRows = 4;

/**
 * Refuses labels that nothing can be learned from, before anything is done.
 * @throws AppError `no-rows`; `too-few-labels` for fewer than two; `label-column` where nearly every row has one of its own
 */
export async function checkLabels(project: OpenProject): Promise<void> {
  const { rows, labelled } = project.store.inUse();
  if (rows === 0)
    throw new AppError('no-rows', 'The project has no rows yet.', {
      hint: 'Import a file first.',
      says: { sentence: 'noRows' },
    });
  const used = project.store.labels().filter((label) => label.count > 0);
  if (used.length < 2) throw twoLabels(used, labelled);
  const columns = await project.store.columnChoice();
  const { labelColumns = [], multiLabel = false } = columns ?? {};
  // Labels that a person gives one by one are no wrong column, however few rows each has at the beginning.
  if (labelColumns.length === 0) return;
  const values = used.map(({ name }) => name);
  const alone = used.filter(({ count }) => count === 1).length;
  const most = multiLabel ? labelled : labelled / 2;
  if (alone <= most || labelDoubt({ values, alone, rows: labelled }) === null) return;
  const called = labelColumns.map((name) => `"${name}"`).join(', ');
  throw new AppError(
    'label-column',
    `The label column ${called} has ${used.length} different labels on ${labelled} rows; expected labels that many rows share, but ${alone} of these are on one row only.`,
    {
      hint: 'Choose the column that says what kind of text each row is: undo takes the import back (on the command line: --label COLUMN, and a new folder with --project).',
      data: { columns: labelColumns, labels: used.length, labelled, alone },
      says: { sentence: 'labelColumn', columns: labelColumns, n: used.length, rows: labelled, alone },
    },
  );
}

/**
 * Refuses a division that leaves too little to learn from or to validate with.
 * @param labels how many there are
 * @throws AppError `too-few-labels` with the counts
 */
export function checkSides(labels: number, { train, valid }: { readonly train: number; readonly valid: number }): void {
  if (labels >= 2 && train >= Math.max(fewestRows, labels) && valid >= 1) return;
  throw new AppError(
    'too-few-labels',
    `Training needs at least two labels and some rows of each: there are ${labels} labels, ${train} rows to train on and ${valid} to validate with.`,
    {
      hint: 'Label more rows; about ten of each label are a start.',
      data: { labels, train, valid },
      says: { sentence: 'rowsOfEach', n: labels, train, valid },
    },
  );
}

/** Refuses folders of language models that lack what a run reads of them. @throws AppError `model-missing` */
export function checkModelFiles(folders: readonly string[]): void {
  for (const folder of folders) {
    const missing = ['model.json', 'weights.safetensors', 'vocabulary.json'].filter(
      (name) => !existsSync(path.join(folder, name)),
    );
    if (missing.length === 0) continue;
    throw new AppError('model-missing', `The language model in ${folder} lacks ${missing.join(' and ')}.`, {
      hint: 'Fetch or import it again, or start from another one.',
      data: { folder, missing },
      says: { sentence: 'modelLacks', folder, files: missing },
    });
  }
}

function twoLabels(used: readonly { readonly name: string }[], labelled: number): AppError {
  const names = used.map((label) => `"${label.name}"`).join(', ') || 'none';
  return new AppError(
    'too-few-labels',
    `Training needs at least two labels with rows; there is ${names} (${labelled} labelled rows).`,
    {
      hint: 'Label some rows of a second kind.',
      data: { labels: used.length, labelled },
      says: { sentence: 'twoLabels', n: labelled },
    },
  );
}
