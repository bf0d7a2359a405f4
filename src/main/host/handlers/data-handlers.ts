import type { dataMethods } from '../../../shared/data-methods';
import { ProjectHealth } from '../health/project-health';

import type { HostServices } from '../services';
import type { HandlerGroup } from './handlers';

type Methods = keyof typeof dataMethods;

/** The health report with its remedies, and how rows are divided. */
export function dataHandlers(services: HostServices, labelsChanged: () => void): HandlerGroup<Methods> {
  let health: ProjectHealth | null = null;
  let stop = new AbortController();
  const current = (): ProjectHealth => {
    if (health?.project !== services.project) health = new ProjectHealth(services.project);
    return health;
  };
  const changed = async (): Promise<void> => {
    labelsChanged();
    await services.projectChanged();
  };
  const report = (): ReturnType<ProjectHealth['report']> => {
    if (stop.signal.aborted) stop = new AbortController();
    return current().report({
      signal: stop.signal,
      onProgress: (progress) => services.events.emit('health', progress),
    });
  };
  const division = () => services.project.store.division;
  return {
    'health.report': report,
    'health.cancel': () => {
      stop.abort();
      return Promise.resolve({});
    },
    'health.rows': ({ issue, offset, limit }) => current().rows(issue, offset, limit),
    'health.apply': async ({ issue, remedy, merges }) => {
      const rows = await current().apply(issue, remedy, merges);
      await changed();
      return { changed: rows, report: await report() };
    },
    'health.undo': async ({ id, undone }) => {
      await services.project.store.health.setUndone(id, undone);
      await changed();
      return report();
    },
    'health.aside': ({ reason, offset, limit }) => current().aside(reason ?? null, offset, limit),
    'health.restore': async ({ rowIds, reason }) => {
      const state = await services.project.store.health.restore(rowIds ?? reason ?? null);
      await changed();
      return state;
    },
    'splits.state': () => division().state(),
    'splits.divide': async ({ plan }) => {
      if (plan) await division().divide(plan);
      else await division().leaveToTraining();
      await services.projectChanged();
      return division().state();
    },
    'splits.lock': async ({ locked }) => {
      await division().setLocked(locked);
      return division().state();
    },
  };
}
