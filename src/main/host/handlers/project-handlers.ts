import path from 'node:path';
import type { Project } from '../../../shared/contract';
import type { Job } from '../../../shared/jobs';
import type { Run } from '../../../shared/training-types';
import { OpenProject } from '../open-project';
import type { HostServices } from '../services';
import { trainingJobId } from '../training-job-id';
import type { HandlerGroup } from './handlers';

type Methods = 'project.create' | 'project.open' | 'project.current' | 'project.close';

/** Opening and closing projects; one is open at a time. */
export function projectHandlers(services: HostServices, leave: () => Promise<void>): HandlerGroup<Methods> {
  // One after the other: two windows' worth of opening at once would leave a store open that nobody knows of.
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(work);
    turn = result.catch(() => undefined); // whoever asked is told
    return result;
  };
  /** The old project is left only once the new one is open: where that fails, nothing has changed. */
  const enter = async (project: OpenProject): Promise<Project> => {
    await leave();
    services.setProject(project);
    services.queue.reopen();
    for (const run of project.interruptedRuns) services.queue.showInterrupted(interruptedJob(run));
    await services.projectChanged();
    return project.describe();
  };
  const open = async (folder: string): Promise<Project> => {
    if (services.currentProject?.path === folder) return services.currentProject.describe();
    return enter(await OpenProject.open(folder));
  };
  return {
    'project.create': ({ path: folder, name, sample }) =>
      inTurn(async () => enter(await OpenProject.create(path.resolve(folder), name, sample))),
    'project.open': ({ path: folder }) => inTurn(() => open(path.resolve(folder))),
    'project.current': async () => (await services.currentProject?.describe()) ?? null,
    'project.close': () =>
      inTurn(async () => {
        await leave();
        await services.projectChanged();
        return {};
      }),
  };
}

/** An unfinished run of an earlier session, as a job that can be taken up again. */
function interruptedJob(run: Run): Job {
  return {
    id: trainingJobId(run.id),
    kind: 'train',
    title: 'Training',
    state: 'interrupted',
    stage: null,
    fraction: null,
    secondsLeft: null,
    startedAt: run.startedAt,
    endedAt: run.endedAt,
    error: null,
    runId: run.id,
  };
}
