import { computeMetrics } from '../../../engine/evaluate/metrics';
import { multiLabels, type LabelCsr } from '../../../engine/evaluate/label-csr';
import type { Response } from '../../../shared/contract';
import type { ColumnChoice, ReadOptions } from '../../../shared/data-types';
import { AppError, CancelledError } from '../../../shared/errors';
import type { ProgressEvent } from '../../../shared/jobs';
import type { ClassifierFolder } from '../classifier-folder';
import { labelsOfCells } from '../label-cells';
import { scoredBatches, type ScoredBatch } from '../scored-batches';
import type { HostServices } from '../services';

/** A labelled file to measure a classifier on. Columns that are left out are those of the training file. */
export interface EvaluateFileRequest {
  readonly path: string;
  readonly options: ReadOptions;
  readonly columns?: ColumnChoice | undefined;
  readonly onProgress?: ((event: ProgressEvent) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The labelled rows of a file with what model and baseline say about them. */
interface Scores {
  readonly model: readonly Float32Array[]; // each [rows, classes of the model]
  readonly baseline: readonly Float32Array[];
  readonly labels: readonly (readonly number[])[];
  readonly names: readonly string[]; // the model's labels, then those it does not know
  readonly modelSeconds: number;
  readonly unlabelled: number;
}

/**
 * Measures the classifier and its baseline on a labelled file. Rows with a label that the classifier does not know count
 * as wrong; rows without a label are left out. `documentsPerSecond` is reading, tokenizing and scoring together, without
 * the time to load the model.
 * @throws AppError `no-such-column`, or `no-rows` where no row has a label
 */
export async function evaluateFile(
  services: HostServices,
  classifier: ClassifierFolder,
  request: EvaluateFileRequest,
): Promise<Response<'evaluate.file'>> {
  const columns = request.columns ?? classifier.notes.columns;
  await loadModel(services, classifier);
  const scores = await collectScores(services, classifier, request, columns);
  if (scores.labels.length === 0) {
    throw new AppError('no-rows', `${request.path} has no row with a label in ${columns.labelColumns.join(', ')}.`);
  }
  return summarise(classifier, scores, request);
}

/** One empty document: the weights are then in memory, and the clock measures scoring alone. */
async function loadModel(services: HostServices, classifier: ClassifierFolder): Promise<void> {
  const documents = await services.pool.numericalise([['']], classifier.vocabulary, classifier.tokenizer);
  await services.training.predict(classifier.folder, documents.ids, documents.offsets, classifier.labels.length);
}

async function collectScores(
  services: HostServices,
  classifier: ClassifierFolder,
  request: EvaluateFileRequest,
  columns: ColumnChoice,
): Promise<Scores> {
  const { textColumns, labelColumns } = columns;
  const file = { ...request, columns: [...textColumns, ...labelColumns], textColumns: textColumns.length };
  const ids = new Map(classifier.labels.map((name, id) => [name, id]));
  const model: Float32Array[] = [];
  const baseline: Float32Array[] = [];
  const labels: number[][] = [];
  let unlabelled = 0;
  let baselineMs = 0;
  const begun = performance.now();
  for await (const scored of scoredBatches(services, classifier, file, {
    signal: request.signal,
    checkpoint: () => notCancelled(request),
  })) {
    const baselineBegun = performance.now();
    const base = await services.baseline.predict(classifier.baselineFile, { kind: 'ids', ...scored.documents });
    baselineMs += performance.now() - baselineBegun;
    scored.batch.rows.forEach((row, i) => {
      const cells = scored.batch.wanted.slice(textColumns.length).map((place) => row[place] ?? '');
      const names = labelsOfCells(cells, columns, classifier.labels);
      if (names === null) return void (unlabelled += 1);
      for (const name of names) if (!ids.has(name)) ids.set(name, ids.size);
      labels.push(names.map((name) => ids.get(name) ?? 0));
      model.push(rowOf(scored.probabilities, i, classifier));
      baseline.push(rowOf(base, i, classifier));
    });
    report(request, scored, labels.length);
  }
  const modelSeconds = (performance.now() - begun - baselineMs) / 1000;
  return { model, baseline, labels, names: [...ids.keys()], modelSeconds, unlabelled };
}

function summarise(
  classifier: ClassifierFolder,
  scores: Scores,
  request: EvaluateFileRequest,
): Response<'evaluate.file'> {
  const { labels, multiLabel, thresholds, notes } = classifier;
  const { names } = scores;
  const truth = multiLabels(scores.labels);
  if (scores.unlabelled > 0) warn(request, `${scores.unlabelled} rows without a label were left out.`);
  // A label that the model does not know has probability 0, and a threshold that nothing reaches.
  const reach = (known: readonly number[] | null) => known && names.map((_, c) => known[c] ?? 2);
  const measure = (rows: readonly Float32Array[], limits: readonly number[] | null) =>
    computeMetrics(widen(rows, names.length), truth, names, { multiLabel, thresholds: reach(limits) });
  return {
    ...measure(scores.model, thresholds),
    documentsPerSecond: (scores.labels.length + scores.unlabelled) / scores.modelSeconds,
    labels: [...names],
    thresholds: thresholds && [...thresholds],
    baseline: measure(scores.baseline, notes.baselineThresholds),
    majority: { label: notes.majorityLabel, accuracy: shareOf(truth, names.indexOf(notes.majorityLabel)) },
    unknownLabels: names.slice(labels.length),
  };
}

/** Share of the rows whose only label is this one. */
function shareOf({ offsets, labels }: LabelCsr, id: number): number {
  const n = offsets.length - 1;
  let right = 0;
  for (let i = 0; i < n; i++) {
    const start = offsets[i] ?? 0;
    if ((offsets[i + 1] ?? 0) - start === 1 && labels[start] === id) right += 1;
  }
  return right / n;
}

function notCancelled({ signal }: EvaluateFileRequest): Promise<void> {
  return signal?.aborted ? Promise.reject(new CancelledError()) : Promise.resolve();
}

function rowOf(probabilities: Float32Array, row: number, { labels }: ClassifierFolder): Float32Array {
  return probabilities.subarray(row * labels.length, (row + 1) * labels.length);
}

/** Rows put together, with columns of zeros for labels that the model does not know. // [rows, classes] */
function widen(rows: readonly Float32Array[], classes: number): Float32Array {
  const all = new Float32Array(rows.length * classes);
  rows.forEach((row, i) => all.set(row, i * classes));
  return all;
}

function report(request: EvaluateFileRequest, { batch }: ScoredBatch, rows: number): void {
  const { bytesRead, bytesTotal } = batch;
  const total = bytesRead > 0 && bytesRead < bytesTotal ? Math.round((rows * bytesTotal) / bytesRead) : rows;
  request.onProgress?.({ type: 'count', stage: 'evaluate', done: rows, total, unit: 'rows', secondsLeft: null });
}

function warn(request: EvaluateFileRequest, message: string): void {
  request.onProgress?.({ type: 'note', level: 'warning', message });
}
