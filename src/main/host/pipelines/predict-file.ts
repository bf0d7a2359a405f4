import { outputFormatOf } from '../../../engine/data/output/output-format';
import { createTableWriter, type TableWriter } from '../../../engine/data/output/table-writer';
import type { ReadOptions } from '../../../shared/data-types';
import {
  answerShapeSchema,
  type AnswerShape,
  type ClassifiedFile,
  type OutputFormat,
} from '../../../shared/file-types';
import type { PredictingModel } from '../classifier-folder';
import { decideLabels } from '../../../engine/evaluate/decide-labels';
import type { JobControl } from '../job-control';
import { scoredBatches, type ScoredBatch } from '../scored-batches';
import type { HostServices } from '../services';
import { answerCells, answerColumns, freeNames } from './answer-columns';
import { FileProgress } from './file-progress';
import { RejectedList } from './rejected-list';
import { beginning, certaintyOf, SureRows } from './sure-rows';

/** A file to be scored. Text columns that are left out are those that the classifier was trained on. */
export interface PredictFileRequest {
  readonly path: string;
  readonly options: ReadOptions;
  readonly out: string;
  readonly textColumns?: readonly string[] | undefined;
  /** Left out: by the ending of `out`. */
  readonly format?: OutputFormat | undefined;
  /** Left out: the probabilities of all labels. */
  readonly shape?: AnswerShape | undefined;
  /** A row whose best label is less probable gets none; left out: as the classifier has it. */
  readonly abstainBelow?: number | undefined;
}

/**
 * Writes a file's rows again, all columns as they were and in their order, with the column `predicted` and what else the
 * shape asks for. Memory stays that of a few batches.
 * @throws AppError `bad-input` (a form that is not written), of the file system, of reading; CancelledError
 */
export async function predictFile(
  services: HostServices,
  classifier: PredictingModel,
  request: PredictFileRequest,
  control: JobControl,
): Promise<ClassifiedFile> {
  const format = request.format ?? outputFormatOf(request.out);
  control.report({ type: 'stage', stage: 'predict', stages: ['predict'] });
  const begun = performance.now();
  const columns = request.textColumns ?? classifier.columns.textColumns;
  const file = { path: request.path, options: request.options, columns, textColumns: columns.length };
  const follow = { signal: control.signal, checkpoint: () => control.checkpoint() };
  const answers = new Answers(classifier, request);
  const progress = new FileProgress(control, 'predict');
  let writer: TableWriter | null = null;
  try {
    for await (const scored of scoredBatches(services, classifier, file, 'final', follow)) {
      writer ??= await createTableWriter(request.out, format, answers.columns(scored), listSeparator(classifier));
      await writer.write(answers.take(scored));
      progress.batchDone(scored, writer.rows);
    }
    await writer?.close();
  } catch (error) {
    await writer?.abort();
    throw error;
  } finally {
    progress.end();
  }
  const seconds = (performance.now() - begun) / 1000;
  const { rejected } = answers;
  if (rejected.count > 0) {
    const message = `${rejected.count} rows of ${request.path} could not be read and are not in the result.`;
    control.report({ type: 'note', level: 'warning', message });
  }
  return { file: request.out, rows: writer?.rows ?? 0, ...answers.result(), seconds };
}

function listSeparator({ columns }: PredictingModel): string {
  return columns.labelSeparator ?? ';';
}

/** The answers to a file's rows: as cells of the result, and counted. */
class Answers {
  readonly rejected = new RejectedList();
  readonly #classifier: PredictingModel;
  readonly #shape: AnswerShape;
  readonly #abstainBelow: number;
  readonly #counts: Map<string, number>;
  readonly #sure = new SureRows();
  #unanswered = 0;

  constructor(classifier: PredictingModel, { shape, abstainBelow }: PredictFileRequest) {
    this.#classifier = classifier;
    this.#shape = shape ?? answerShapeSchema.parse({});
    this.#abstainBelow = classifier.multiLabel ? 0 : (abstainBelow ?? classifier.abstainBelow);
    this.#counts = new Map(classifier.labels.map((name) => [name, 0]));
  }

  columns({ batch }: ScoredBatch): ReturnType<typeof freeNames> {
    const own = batch.columns.map((name) => ({ name, kind: 'text' }) as const);
    return [...own, ...freeNames(batch.columns, answerColumns(this.#classifier, this.#shape))];
  }

  take({ batch, scores: { final } }: ScoredBatch): ReturnType<typeof answerCells>[] {
    const { labels, thresholds } = this.#classifier;
    this.rejected.add(batch.rejected);
    return batch.rows.map((cells, i) => {
      const given = decideLabels(final, i, labels, { thresholds, abstainBelow: this.#abstainBelow });
      if (given.length === 0) this.#unanswered++;
      for (const label of given) this.#counts.set(label, (this.#counts.get(label) ?? 0) + 1);
      const certainty = certaintyOf(final, i, labels.length, thresholds);
      this.#sure.take(certainty, () => ({
        line: batch.lines[i] ?? 0,
        text: beginning(batch.wanted.map((place) => cells[place] ?? '').join('\n')),
        labels: given,
        label: labels[certainty.label] ?? '',
        probability: certainty.probability,
      }));
      return [...cells, ...answerCells(this.#classifier, this.#shape, final, i, given)];
    });
  }

  result(): Omit<ClassifiedFile, 'file' | 'rows' | 'seconds'> {
    return {
      rejected: this.rejected.count,
      rejectedRows: this.rejected.first,
      unanswered: this.#unanswered,
      abstainBelow: this.#abstainBelow,
      labels: [...this.#counts].map(([name, count]) => ({ name, count })),
      ...this.#sure.lists(),
    };
  }
}
