import { AppError } from '../../../shared/errors';
import type { HostServices } from '../services';
import { withoutTestFigures } from '../test-looks';
import type { HandlerGroup } from './handlers';

type Methods =
  | 'jobs.list'
  | 'jobs.pause'
  | 'jobs.resume'
  | 'jobs.cancel'
  | 'jobs.finish'
  | 'jobs.move'
  | 'runs.list'
  | 'runs.get'
  | 'runs.rename'
  | 'runs.disk'
  | 'runs.prune';

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
    'jobs.finish': async ({ jobId }) => queue.finish(jobId),
    'jobs.move': async ({ jobId, before }) => queue.move(jobId, before),
    'runs.list': async ({ figures }) => {
      const runs = await services.project.runs.list();
      return figures ? runs : runs.map(withoutTestFigures);
    },
    'runs.get': async ({ runId, figures }) => {
      const run = await services.project.runs.withEvents(runId);
      return figures ? run : withoutTestFigures(run);
    },
    'runs.rename': ({ runId, name }) => services.project.runs.update(runId, { name }),
    'runs.disk': () => services.project.runs.disk(),
    'runs.prune': async ({ runId }) => {
      const { project } = services;
      const job = queue.list().find((each) => each.runId === runId);
      if (job && ['queued', 'running', 'paused'].includes(job.state))
        throw new AppError('busy', `The run ${runId} is still ${job.state}.`, {
          says: { sentence: 'runBusy', run: runId },
        });
      return { freed: await project.runs.prune(runId) };
    },
  };
}
