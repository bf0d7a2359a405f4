import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { Evaluation } from '../../../shared/training-types';
import { exportModel } from '../export-model';
import type { Scoring } from '../scoring';
import type { HostServices } from '../services';
import type { HandlerGroup } from './handlers';

type Methods = 'predict.texts' | 'predict.file' | 'evaluate.file' | 'evaluate.result' | 'export.model';

/** Using the project's classifier. */
export function scoringHandlers(services: HostServices, scoring: Scoring): HandlerGroup<Methods> {
  const classifier = (): string => services.project.models.classifier;
  let measured: { readonly id: string; readonly evaluation: Evaluation } | null = null;
  return {
    'predict.texts': ({ texts }) => scoring.predictTexts(classifier(), texts),
    'predict.file': async ({ path: file, options, out }) => {
      const folder = classifier();
      await scoring.openForPrediction(folder); // without a classifier the caller is told at once, not by a failed job
      const job = services.queue.add({
        id: `predict-${randomUUID()}`,
        kind: 'predict-file',
        title: `Predicting ${path.basename(file)}`,
        subject: path.basename(file),
        runId: null,
        run: async (control) => void (await scoring.predictFile(folder, { path: file, options, out }, control)),
      });
      return { jobId: job.id };
    },
    'evaluate.file': async ({ path: file, options }) => {
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
          measured = { id, evaluation: await scoring.evaluateFile(folder, { path: file, options }, control) };
        },
      });
      return { jobId: job.id };
    },
    'evaluate.result': async ({ jobId }) => (measured?.id === jobId ? measured.evaluation : null),
    'export.model': ({ folder }) => exportModel(scoring, classifier(), path.resolve(folder)),
  };
}
