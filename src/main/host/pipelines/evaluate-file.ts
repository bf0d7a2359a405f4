import { MetricsCounter } from '../../../engine/evaluate/metrics';
import type { ColumnChoice, ReadOptions } from '../../../shared/data-types';
import { AppError } from '../../../shared/errors';
import type { Evaluation } from '../../../shared/training-types';
import type { ClassifierFolder } from '../classifier-folder';
import type { JobControl } from '../job-control';
import { labelsOfCells } from '../label-cells';
import { encodeDocuments, scoreModel, type ModelScores } from '../model-scores';
import { scoredBatches, type ScoredBatch } from '../scored-batches';
import type { HostServices } from '../services';

/** A labelled file to measure a classifier on. Columns that are left out are those of the training file. */
export interface EvaluateFileRequest {
  readonly path: string;
  readonly options: ReadOptions;
  readonly columns?: ColumnChoice | undefined;
}

/**
 * Measures the classifier, its baseline and the blend of both on a labelled file, with memory for a few batches and the
 * counts. Rows with a label that the classifier does not know count as wrong; rows without a label are left out.
 * `documentsPerSecond` is reading, tokenizing and scoring together, without the time to load the model.
 * @throws AppError `no-such-column`, or `no-rows` where no row has a label; CancelledError
 */
export async function evaluateFile(
  services: HostServices,
  classifier: ClassifierFolder,
  request: EvaluateFileRequest,
  control: JobControl,
): Promise<Evaluation> {
  control.report({ type: 'stage', stage: 'evaluate', stages: ['evaluate'] });
  const columns = request.columns ?? classifier.notes.columns;
  // One empty document: the weights are then in memory, and the clock measures scoring alone.
  await scoreModel(services, classifier, await encodeDocuments(services, classifier, [['']]), 'all');
  const count = new Count(classifier, columns);
  const { textColumns, labelColumns } = columns;
  const file = { ...request, columns: [...textColumns, ...labelColumns], textColumns: textColumns.length };
  const follow = { signal: control.signal, checkpoint: () => control.checkpoint() };
  const begun = performance.now();
  for await (const scored of scoredBatches(services, classifier, file, 'all', follow)) {
    count.take(scored);
    report(control, scored, count.rows);
  }
  const seconds = (performance.now() - begun) / 1000;
  if (count.rows === 0) {
    throw new AppError('no-rows', `${request.path} has no row with a label in ${labelColumns.join(', ')}.`);
  }
  if (count.unlabelled > 0) {
    const message = `${count.unlabelled} rows without a label were left out.`;
    control.report({ type: 'note', level: 'warning', message });
  }
  return count.result(seconds);
}

/** The counts of a measurement, row by row. */
class Count {
  rows = 0;
  unlabelled = 0;
  #majorityRight = 0;
  readonly #classifier: ClassifierFolder;
  readonly #columns: ColumnChoice;
  readonly #ids: Map<string, number>;
  readonly #final: MetricsCounter;
  readonly #deep: MetricsCounter;
  readonly #baseline: MetricsCounter;
  readonly #blend: MetricsCounter;

  constructor(classifier: ClassifierFolder, columns: ColumnChoice) {
    const { labels, multiLabel, thresholds, deepThresholds, notes } = classifier;
    const counter = (limits: readonly number[] | null | undefined): MetricsCounter =>
      new MetricsCounter(labels.length, { multiLabel, thresholds: limits });
    this.#classifier = classifier;
    this.#columns = columns;
    this.#ids = new Map(labels.map((name, id) => [name, id]));
    this.#final = counter(thresholds);
    this.#deep = counter(deepThresholds);
    this.#baseline = counter(notes.baselineThresholds);
    this.#blend = counter(notes.blend?.thresholds);
  }

  take({ batch, scores }: ScoredBatch): void {
    const { textColumns } = this.#columns;
    batch.rows.forEach((row, i) => {
      const cells = batch.wanted.slice(textColumns.length).map((place) => row[place] ?? '');
      const names = labelsOfCells(cells, this.#columns, this.#classifier.labels);
      if (names === null) this.unlabelled++;
      else this.#takeRow(scores, i, names);
    });
  }

  #takeRow(scores: ModelScores, row: number, names: readonly string[]): void {
    const { majorityLabel } = this.#classifier.notes;
    for (const name of names) if (!this.#ids.has(name)) this.#ids.set(name, this.#ids.size);
    const labels = names.map((name) => this.#ids.get(name) ?? 0);
    this.rows++;
    if (names.length === 1 && names[0] === majorityLabel) this.#majorityRight++;
    this.#final.add(scores.final, row, labels);
    this.#deep.add(scores.deep, row, labels);
    if (scores.baseline) this.#baseline.add(scores.baseline, row, labels);
    if (scores.blend) this.#blend.add(scores.blend, row, labels);
  }

  result(seconds: number): Evaluation {
    const { labels, thresholds, notes } = this.#classifier;
    const names = [...this.#ids.keys()];
    const all = this.rows + this.unlabelled;
    return {
      ...this.#final.metrics(names),
      documentsPerSecond: all / seconds,
      labels: names,
      thresholds: thresholds && [...thresholds],
      baseline: this.#baseline.metrics(names),
      deep: notes.blend?.used === true ? this.#deep.metrics(names) : null,
      blend: notes.blend ? this.#blend.metrics(names) : null,
      majority: { label: notes.majorityLabel, accuracy: this.#majorityRight / this.rows },
      unknownLabels: names.slice(labels.length),
      unlabelled: this.unlabelled,
    };
  }
}

function report(control: JobControl, { batch }: ScoredBatch, rows: number): void {
  const { bytesRead, bytesTotal } = batch;
  const total = bytesRead > 0 && bytesRead < bytesTotal ? Math.round((rows * bytesTotal) / bytesRead) : rows;
  control.report({ type: 'count', stage: 'evaluate', done: rows, total, unit: 'rows', secondsLeft: null });
}
