import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { AppError } from '../../../shared/errors';
import type { ClassifiedFile, Evaluation } from '../../../shared/training-types';
import { exportModel } from '../export-model';
import type { Scoring } from '../scoring';
import type { HostServices } from '../services';
import type { HandlerGroup } from './handlers';

type Methods =
  'predict.texts' | 'predict.file' | 'predict.result' | 'evaluate.file' | 'evaluate.result' | 'export.model';

/** Using the project's classifier. */
export function scoringHandlers(services: HostServices, scoring: Scoring): HandlerGroup<Methods> {
  const classifier = (): string => services.project.models.classifier;
  let classified: { readonly id: string; readonly result: ClassifiedFile } | null = null;
  let measured: { readonly id: string; readonly evaluation: Evaluation } | null = null;
  return {
    'predict.texts': ({ texts }) => scoring.predictTexts(classifier(), texts),
    'predict.file': async ({ path: file, options, out, textColumns }) => {
      const folder = classifier();
      await scoring.openForPrediction(folder); // without a classifier the caller is told at once, not by a failed job
      if (path.resolve(file) === path.resolve(out)) {
        throw new AppError(
          'bad-input',
          `${out} is the file that is read; the labels need another one to be written to.`,
        );
      }
      const id = `predict-${randomUUID()}`;
      const job = services.queue.add({
        id,
        kind: 'predict-file',
        title: `Predicting ${path.basename(file)}`,
        subject: path.basename(file),
        runId: null,
        run: async (control) => {
          const request = { path: file, options, out, textColumns };
          classified = { id, result: await scoring.predictFile(folder, request, control) };
        },
      });
      return { jobId: job.id };
    },
    'predict.result': async ({ jobId }) => (classified?.id === jobId ? classified.result : null),
    'evaluate.file': async ({ path: file, options, columns }) => {
      const folder = classifier();
      await scoring.open(folder);
      const id = `evaluate-${randomUUID()}`;
      const job = services.queue.add({
        id,
        kind: 'evaluate',
        title: `Measuring on ${path.basename(file)}`,
        subject: path.basename(file),
        runId: null,
        run: async (control) => {
          measured = { id, evaluation: await scoring.evaluateFile(folder, { path: file, options, columns }, control) };
        },
      });
      return { jobId: job.id };
    },
    'evaluate.result': async ({ jobId }) => (measured?.id === jobId ? measured.evaluation : null),
    'export.model': ({ folder }) => exportModel(scoring, classifier(), path.resolve(folder)),
  };
}
