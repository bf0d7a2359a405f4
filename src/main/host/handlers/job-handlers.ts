import { AppError } from '../../../shared/errors';
import type { HostServices } from '../services';
import type { HandlerGroup } from './handlers';

type Methods = 'jobs.list' | 'jobs.pause' | 'jobs.resume' | 'jobs.cancel' | 'runs.list' | 'runs.get';

/** Jobs of this session and runs of all sessions. */
export function jobHandlers(
  services: HostServices,
  resumeRun: (runId: string) => Promise<string>,
): HandlerGroup<Methods> {
  const { queue } = services;
  return {
    'jobs.list': async () => queue.list(),
    'jobs.pause': async ({ jobId }) => queue.pause(jobId),
    'jobs.resume': async ({ jobId }) => {
      const job = queue.get(jobId);
      // A job that has ended before its work was done goes on as a new job of the same run.
      if (job.state !== 'interrupted' && job.state !== 'cancelled' && job.state !== 'failed')
        return queue.resume(jobId);
      if (job.runId === null) throw new AppError('bad-input', `The job "${job.title}" cannot go on; start it again.`);
      return queue.get(await resumeRun(job.runId));
    },
    'jobs.cancel': async ({ jobId }) => queue.cancel(jobId),
    'runs.list': () => services.project.runs.list(),
    'runs.get': ({ runId }) => services.project.runs.withEvents(runId),
  };
}
