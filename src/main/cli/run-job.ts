import { randomUUID } from 'node:crypto';
import type { JobControl } from '../host/job-control';
import { AppError } from '../../shared/errors';
import type { JobKind } from '../../shared/jobs';
import { watchJob, type Session } from './session';

/**
 * Runs work that is no method of the contract as a job of the engine's queue: with progress, pause and Ctrl+C.
 * @param resumeHint said after Ctrl+C
 */
export async function runJob<T>(
  session: Session,
  title: string,
  resumeHint: string,
  work: (control: JobControl) => Promise<T>,
  kind: JobKind = 'train',
): Promise<T> {
  const results: T[] = [];
  const job = session.host.services.queue.add({
    id: `command-${randomUUID()}`,
    kind,
    title,
    runId: null,
    run: async (control) => void results.push(await work(control)),
  });
  await watchJob(session, job.id, resumeHint);
  const [result] = results;
  if (result === undefined) throw new AppError('internal', `The job "${title}" ended without a result.`);
  return result;
}
