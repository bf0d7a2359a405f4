import { CsvWriter } from '../../../engine/data/csv-writer';
import type { ReadOptions } from '../../../shared/data-types';
import type { ClassifiedFile } from '../../../shared/training-types';
import type { PredictingModel } from '../classifier-folder';
import { decideLabels, type DecisionLimits } from '../decide-labels';
import type { JobControl } from '../job-control';
import { scoredBatches, type ScoredBatch } from '../scored-batches';
import type { HostServices } from '../services';

/** A file to be scored. Text columns that are left out are those that the classifier was trained on. */
export interface PredictFileRequest {
  readonly path: string;
  readonly options: ReadOptions;
  readonly out: string;
  readonly textColumns?: readonly string[] | undefined;
  /** A row whose best label is less probable gets none; left out: as the classifier has it. */
  readonly abstainBelow?: number | undefined;
}

/**
 * Writes a file's rows again, all columns as they were and in their order, with the column `predicted` and one column
 * `p:<label>` a label. Memory stays that of a few batches.
 */
export async function predictFile(
  services: HostServices,
  classifier: PredictingModel,
  request: PredictFileRequest,
  control: JobControl,
): Promise<ClassifiedFile> {
  control.report({ type: 'stage', stage: 'predict', stages: ['predict'] });
  const begun = performance.now();
  const columns = request.textColumns ?? classifier.columns.textColumns;
  const file = { path: request.path, options: request.options, columns, textColumns: columns.length };
  const follow = { signal: control.signal, checkpoint: () => control.checkpoint() };
  let writer: CsvWriter | null = null;
  const limits = { ...classifier, abstainBelow: request.abstainBelow ?? classifier.abstainBelow };
  let rejected = 0;
  let unanswered = 0;
  const counts = new Map(classifier.labels.map((name) => [name, 0]));
  try {
    for await (const scored of scoredBatches(services, classifier, file, 'final', follow)) {
      writer ??= await CsvWriter.create(request.out, [...scored.batch.columns, ...addedColumns(scored, classifier)]);
      const predicted = predictedLabels(scored, limits);
      unanswered += predicted.filter((labels) => labels.length === 0).length;
      for (const label of predicted.flat()) counts.set(label, (counts.get(label) ?? 0) + 1);
      await writer.write(outputRows(scored, classifier, predicted));
      rejected += scored.batch.rejected.length;
      report(control, scored, writer.rows);
    }
    await writer?.close();
  } catch (error) {
    await writer?.abort();
    throw error;
  }
  if (rejected > 0) {
    const message = `${rejected} rows of ${request.path} could not be read and are not in the result.`;
    control.report({ type: 'note', level: 'warning', message });
  }
  const labels = [...counts].map(([name, count]) => ({ name, count }));
  const seconds = (performance.now() - begun) / 1000;
  return { file: request.out, rows: writer?.rows ?? 0, rejected, unanswered, labels, seconds };
}

/** The names of the new columns; one that the file has already gets a number. */
function addedColumns({ batch }: ScoredBatch, classifier: PredictingModel): string[] {
  const taken = new Set(batch.columns);
  return ['predicted', ...classifier.labels.map((label) => `p:${label}`)].map((name) => {
    let free = name;
    for (let n = 2; taken.has(free); n++) free = `${name} (${n})`;
    taken.add(free);
    return free;
  });
}

function predictedLabels(
  { batch, scores: { final } }: ScoredBatch,
  limits: DecisionLimits & Pick<PredictingModel, 'labels'>,
): string[][] {
  return batch.rows.map((_, i) => decideLabels(final, i, limits.labels, limits));
}

function outputRows(
  { batch, scores: { final } }: ScoredBatch,
  { labels, columns }: PredictingModel,
  predicted: readonly string[][],
): string[][] {
  const separator = columns.labelSeparator ?? ';';
  return batch.rows.map((row, i) => {
    const shares = labels.map((_, c) => (final[i * labels.length + c] ?? 0).toFixed(6));
    return [...row, (predicted[i] ?? []).join(separator), ...shares];
  });
}

function report(control: JobControl, { batch }: ScoredBatch, rows: number): void {
  const { bytesRead, bytesTotal } = batch;
  const total = bytesRead > 0 && bytesRead < bytesTotal ? Math.round((rows * bytesTotal) / bytesRead) : rows;
  control.report({ type: 'count', stage: 'predict', done: rows, total, unit: 'rows', secondsLeft: null });
}
