import type { ParsedRequest } from '../../../shared/contract';
import { AppError } from '../../../shared/errors';
import { pretrainedFolder } from '../pretrained';
import { checkLabels } from '../pipelines/check-trainable';
import { planTraining } from '../pipelines/plan-training';
import { trainTask } from '../pipelines/train-task';
import type { HostServices } from '../services';
import type { HandlerGroup } from './handlers';

/** Training, and going on with a run by its id. */
export interface TrainingHandlers {
  readonly handlers: HandlerGroup<'training.plan' | 'training.start'>;
  /** @returns the id of the run's job */
  readonly resumeRun: (runId: string) => Promise<string>;
}

/** Planning, starting and resuming of training runs. */
export function trainingHandlers(services: HostServices): TrainingHandlers {
  const start = async ({ resumeRunId, ...request }: ParsedRequest<'training.start'>): Promise<string> => {
    const { project, queue } = services;
    if (resumeRunId !== undefined) return resumeRun(resumeRunId);
    // What can be known at once is said at once, not by a failed job.
    await checkLabels(project);
    await pretrainedFolder(request);
    const run = await project.runs.create(request);
    return queue.add(trainTask(services, project, run.id, request, false)).id;
  };
  const resumeRun = async (runId: string): Promise<string> => {
    const { project, queue } = services;
    const run = await project.runs.get(runId);
    if (run.state === 'done')
      throw new AppError('bad-input', `The run ${runId} is complete; there is nothing to go on with.`, {
        says: { sentence: 'runComplete', run: runId },
      });
    await project.runs.update(runId, { state: 'queued', endedAt: null, error: null });
    return queue.add(trainTask(services, project, runId, run.request, true)).id;
  };
  return {
    handlers: {
      'training.plan': ({ timed, ...request }) => planTraining(services, services.project, request, timed),
      'training.start': async (request) => ({ jobId: await start(request) }),
    },
    resumeRun,
  };
}
