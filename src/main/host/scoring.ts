import path from 'node:path';
import { readBatches } from '../../engine/data/read-batches';
import { tokenize } from '../../engine/text/tokenizer';
import type { ColumnChoice, ReadOptions } from '../../shared/data-types';
import type { ClassifiedFile, MeasuredFile } from '../../shared/file-types';
import type { Prediction } from '../../shared/training-types';
import { ClassifierCache, type ClassifierFolder, type PredictingModel } from './classifier-folder';
import { decideLabels, rankLabels, type ScoredLabel } from '../../engine/evaluate/decide-labels';
import type { JobControl } from './job-control';
import { labelsOfCells } from './label-cells';
import { encodeDocuments, scoreModel } from './model-scores';
import { evaluateFile, type EvaluateFileRequest } from './pipelines/evaluate-file';
import { makeEnsemble, type MadeEnsemble, type ValidationRow } from './pipelines/make-ensemble';
import { averageRuns, runsToAverage } from './pipelines/run-ensemble';
import { predictFile, type PredictFileRequest } from './pipelines/predict-file';
import type { HostServices } from './services';

/** Texts tokenized before the host looks at its messages again. */
const textsInOneGo = 20;

/** What a classifier answers about a text, as the JavaScript of an export with ONNX answers it. */
export interface GivenLabels {
  /** The first of those given; null where there is none. */
  readonly label: string | null;
  readonly given: readonly string[];
  /** All labels, best first. */
  readonly labels: readonly ScoredLabel[];
}

/** Scoring with a trained classifier, which is any classifier folder: of a project or exported. */
export class Scoring {
  readonly #services: HostServices;
  readonly #cache = new ClassifierCache();

  constructor(services: HostServices) {
    this.#services = services;
  }

  /** Opens a classifier folder. @throws AppError `model-missing` or `model-format` */
  async open(folder: string): Promise<ClassifierFolder> {
    return this.#cache.open(folder);
  }

  /** Opens a classifier to predict with: also one that was imported. @throws AppError `model-missing` or `model-format` */
  async openForPrediction(folder: string): Promise<PredictingModel> {
    return this.#cache.openForPrediction(folder);
  }

  /** Probabilities for texts that were typed, with the words that the model does not know. */
  async predictTexts(folder: string, texts: readonly string[]): Promise<Prediction[]> {
    const classifier = await this.#cache.openForPrediction(folder);
    const { vocabulary, tokenizer, labels, columns } = classifier;
    const fields = texts.map((text) => fieldsOf(text, columns.textColumns.length));
    const tokens: string[][] = [];
    for (const each of fields) {
      if (tokens.length > 0 && tokens.length % textsInOneGo === 0) await new Promise(setImmediate);
      tokens.push(tokenize(each, tokenizer));
    }
    const documents = await encodeDocuments(this.#services, classifier, fields);
    const { final } = await scoreModel(this.#services, classifier, documents, 'final');
    return texts.map((text, i) => ({
      text,
      labels: rankLabels(final, i, labels),
      unknownWords: [...new Set((tokens[i] ?? []).filter((token) => !vocabulary.has(token)))],
    }));
  }

  /**
   * Labels for texts that come as the fields of the classifier's columns, given as for the rows of a file.
   * @param between asked between two pieces of work: throws once nobody waits for the answer
   */
  async predictFields(
    folder: string,
    fields: readonly (readonly string[])[],
    between?: () => Promise<void>,
  ): Promise<GivenLabels[]> {
    const classifier = await this.#cache.openForPrediction(folder);
    const documents = await encodeDocuments(this.#services, classifier, fields);
    const { final } = await scoreModel(this.#services, classifier, documents, 'final', between);
    return fields.map((_, i) => {
      const given = decideLabels(final, i, classifier.labels, classifier);
      return { label: given[0] ?? null, given, labels: rankLabels(final, i, classifier.labels) };
    });
  }

  /** Scores a file into another one. */
  async predictFile(folder: string, request: PredictFileRequest, control: JobControl): Promise<ClassifiedFile> {
    return predictFile(this.#services, await this.#cache.openForPrediction(folder), request, control);
  }

  /** Averages classifiers, with weights chosen on a labelled file. */
  async averageModels(
    folders: readonly string[],
    valid: { readonly path: string; readonly options: ReadOptions; readonly columns: ColumnChoice },
    out: string,
    control: JobControl,
  ): Promise<MadeEnsemble> {
    const models = folders.map((folder) => ({ name: path.basename(folder), folder }));
    const [first = ''] = folders;
    const { labels } = await this.open(first);
    return makeEnsemble(
      this.#services,
      { models, validation: labelledRows(valid, labels, control.signal), out },
      control,
    );
  }

  /** Averages finished runs of the open project, with weights chosen on the validation rows that they share. */
  async averageRuns(runIds: readonly string[] | null, out: string, control: JobControl): Promise<MadeEnsemble> {
    const { project } = this.#services;
    return averageRuns(this.#services, project, runIds ?? (await runsToAverage(project)), out, control);
  }

  /** Measures a classifier on a labelled file. */
  async evaluateFile(folder: string, request: EvaluateFileRequest, control: JobControl): Promise<MeasuredFile> {
    return evaluateFile(this.#services, await this.open(folder), request, control);
  }
}

/** The rows of a labelled file. */
async function* labelledRows(
  file: { readonly path: string; readonly options: ReadOptions; readonly columns: ColumnChoice },
  labels: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<readonly ValidationRow[]> {
  const { textColumns, labelColumns } = file.columns;
  const texts = textColumns.length;
  for await (const batch of readBatches(file.path, file.options, [...textColumns, ...labelColumns], 1024, signal)) {
    yield batch.rows.map((row) => {
      const cells = batch.wanted.map((place) => row[place] ?? '');
      return { fields: cells.slice(0, texts), labels: labelsOfCells(cells.slice(texts), file.columns, labels) };
    });
  }
}

/** A typed text as the fields that the model was trained on: with several text columns, one line each, as rows show them. */
export function fieldsOf(text: string, columns: number): string[] {
  if (columns <= 1) return [text];
  const lines = text.split('\n');
  return Array.from({ length: columns }, (_, i) => (i < columns - 1 ? (lines[i] ?? '') : lines.slice(i).join('\n')));
}
