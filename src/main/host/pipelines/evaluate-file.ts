import type { ColumnChoice, ReadOptions } from '../../../shared/data-types';
import { AppError } from '../../../shared/errors';
import type { MeasuredFile } from '../../../shared/file-types';
import type { ClassifierFolder } from '../classifier-folder';
import type { JobControl } from '../job-control';
import type { KnownTexts } from '../known-texts';
import { encodeDocuments, scoreModel } from '../model-scores';
import { scoredBatches } from '../scored-batches';
import type { HostServices } from '../services';
import { FileProgress } from './file-progress';
import { MeasuredRows } from './measured-rows';

/** A labelled file to measure a classifier on. Columns that are left out are those of the training file. */
export interface EvaluateFileRequest {
  readonly path: string;
  readonly options: ReadOptions;
  readonly columns?: ColumnChoice | undefined;
  /** One label a row: answers that are less sure are counted apart; left out: as the classifier has it. */
  readonly abstainBelow?: number | undefined;
  /** The texts that the classifier was trained on; null or left out where they are not at hand. */
  readonly known?: KnownTexts | null | undefined;
}

/**
 * Measures the classifier, its baseline and the blend of both on a labelled file, with memory for a few batches, the
 * counts and the rows that are shown. Rows with a label that the classifier does not know count as wrong (another case or
 * other spaces are no other label); rows without a label are left out. `documentsPerSecond` is reading, tokenizing and
 * scoring together, without the time to load the model.
 * @throws AppError `no-such-column`, or `no-rows` where no row has a label; CancelledError
 */
export async function evaluateFile(
  services: HostServices,
  classifier: ClassifierFolder,
  request: EvaluateFileRequest,
  control: JobControl,
): Promise<MeasuredFile> {
  control.report({ type: 'stage', stage: 'evaluate', stages: ['evaluate'] });
  const columns = request.columns ?? classifier.notes.columns;
  // One empty document: the weights are then in memory, and the clock measures scoring alone.
  await scoreModel(services, classifier, await encodeDocuments(services, classifier, [['']]), 'all');
  const abstainBelow = request.abstainBelow ?? classifier.abstainBelow;
  const measured = new MeasuredRows(classifier, columns, request.known ?? null, abstainBelow);
  const { textColumns, labelColumns } = columns;
  const file = { ...request, columns: [...textColumns, ...labelColumns], textColumns: textColumns.length };
  const follow = { signal: control.signal, checkpoint: () => control.checkpoint() };
  const begun = performance.now();
  const progress = new FileProgress(control, 'evaluate');
  try {
    for await (const scored of scoredBatches(services, classifier, file, 'all', follow)) {
      measured.take(scored);
      progress.batchDone(scored, measured.rows);
    }
  } finally {
    progress.end();
  }
  const seconds = (performance.now() - begun) / 1000;
  if (measured.rows === 0) {
    throw new AppError('no-rows', `${request.path} has no row with a label in ${labelColumns.join(', ')}.`, {
      says: { sentence: 'noLabelledRow', path: request.path, columns: [...labelColumns] },
    });
  }
  if (measured.unlabelled > 0) {
    const message = `${measured.unlabelled} rows without a label were left out.`;
    control.report({ type: 'note', level: 'warning', message });
  }
  return measured.result(seconds);
}
