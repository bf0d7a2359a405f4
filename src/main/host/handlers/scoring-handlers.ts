import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { outputFormatOf } from '../../../engine/data/output/output-format';
import { AppError } from '../../../shared/errors';
import type { ClassifiedFile, fileMethods, MeasuredFile } from '../../../shared/file-types';
import { findAnswers } from '../find-answers';
import type { Inspection } from '../inspection/inspection';
import type { JobControl } from '../job-control';
import { KnownTexts } from '../known-texts';
import { saveRejectedRows } from '../save-rows';
import type { Scoring } from '../scoring';
import type { HostServices } from '../services';
import type { HandlerGroup } from './handlers';

type Methods = 'predict.texts' | keyof typeof fileMethods;

/** What came of the newest file of a kind; the one before it is let go. */
class Newest<T> {
  #kept: { readonly id: string; readonly result: T } | null = null;

  of(id: string): T | null {
    return this.#kept?.id === id ? this.#kept.result : null;
  }

  keep(id: string, result: T): void {
    this.#kept = { id, result };
  }
}

/** Using the project's classifier. */
export function scoringHandlers(
  services: HostServices,
  scoring: Scoring,
  inspection: Inspection,
): HandlerGroup<Methods> {
  const classifier = (): string => services.project.models.classifier;
  const classified = new Newest<ClassifiedFile>();
  const measured = new Newest<MeasuredFile>();
  const queue = (
    kind: 'predict-file' | 'evaluate',
    file: string,
    run: (id: string, control: JobControl) => Promise<void>,
  ): { jobId: string } => {
    const id = `${kind}-${randomUUID()}`;
    const subject = path.basename(file);
    const title = kind === 'evaluate' ? `Measuring on ${subject}` : `Predicting ${subject}`;
    const job = services.queue.add({ id, kind, title, subject, runId: null, run: (control) => run(id, control) });
    return { jobId: job.id };
  };
  return {
    'predict.texts': ({ texts }) => scoring.predictTexts(classifier(), texts),
    'predict.file': async (request) => {
      const folder = classifier();
      await scoring.openForPrediction(folder); // without a classifier the caller is told at once, not by a failed job
      if (path.resolve(request.path) === path.resolve(request.out)) {
        throw new AppError(
          'bad-input',
          `${request.out} is the file that is read; the labels need another one to be written to.`,
          { says: { sentence: 'sameFile', path: request.out } },
        );
      }
      if (request.format === undefined) outputFormatOf(request.out); // a name that cannot be is told at once too
      return queue('predict-file', request.path, async (id, control) => {
        classified.keep(id, await scoring.predictFile(folder, request, control));
      });
    },
    'predict.result': async ({ jobId }) => classified.of(jobId),
    'predict.abstain': () => inspection.abstainOnValidation(),
    'evaluate.columns': async (request) => findAnswers(await scoring.open(classifier()), request),
    'evaluate.file': async (request) => {
      const folder = classifier();
      await scoring.open(folder);
      return queue('evaluate', request.path, async (id, control) => {
        const known = await KnownTexts.load(services.project, () => inspection.heldOut(null));
        measured.keep(id, await scoring.evaluateFile(folder, { ...request, known }, control));
      });
    },
    'evaluate.result': async ({ jobId }) => measured.of(jobId),
    'file.saveRejected': ({ jobId, out }) => {
      const rows = (classified.of(jobId) ?? measured.of(jobId))?.rejectedRows;
      if (!rows) {
        throw new AppError('not-found', 'What could not be read of that file is not known any more.', {
          hint: 'Run it over the file again.',
        });
      }
      return saveRejectedRows(rows, out);
    },
  };
}
