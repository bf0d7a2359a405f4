import type { ParsedRequest } from '../../../shared/contract';
import { AppError } from '../../../shared/errors';
import { pretrainedFolder } from '../pretrained';
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
    checkRows(services);
    await pretrainedFolder(request); // a wrong folder is said at once, not by a failed job
    const run = await project.runs.create(request);
    return queue.add(trainTask(services, project, run.id, request, false)).id;
  };
  const resumeRun = async (runId: string): Promise<string> => {
    const { project, queue } = services;
    const run = await project.runs.get(runId);
    if (run.state === 'done')
      throw new AppError('bad-input', `The run ${runId} is complete; there is nothing to go on with.`);
    await project.runs.update(runId, { state: 'queued', endedAt: null });
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

/** @throws AppError `no-rows` or `too-few-labels` */
function checkRows({ project }: HostServices): void {
  const { rows, labelled } = project.store.inUse();
  if (rows === 0) throw new AppError('no-rows', 'The project has no rows yet.', { hint: 'Import a file first.' });
  const used = project.store.labels().filter((label) => label.count > 0);
  if (used.length >= 2) return;
  const names = used.map((label) => `"${label.name}"`).join(', ') || 'none';
  throw new AppError(
    'too-few-labels',
    `Training needs at least two labels with rows; there is ${names} (${labelled} labelled rows).`,
    {
      hint: 'Label some rows of a second kind.',
      data: { labels: used.length, labelled },
    },
  );
}
