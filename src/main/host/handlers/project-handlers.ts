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
  const enter = async (project: OpenProject): Promise<Project> => {
    services.setProject(project);
    services.queue.reopen();
    for (const run of project.interruptedRuns) services.queue.showInterrupted(interruptedJob(run));
    await services.projectChanged();
    return project.describe();
  };
  return {
    'project.create': async ({ path: folder, name }) => {
      await leave();
      return enter(await OpenProject.create(path.resolve(folder), name));
    },
    'project.open': async ({ path: folder }) => {
      const wanted = path.resolve(folder);
      if (services.currentProject?.path === wanted) return services.currentProject.describe();
      await leave();
      return enter(await OpenProject.open(wanted));
    },
    'project.current': async () => (await services.currentProject?.describe()) ?? null,
    'project.close': async () => {
      await leave();
      await services.projectChanged();
      return {};
    },
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
