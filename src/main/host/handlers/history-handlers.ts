import { AppError } from '../../../shared/errors';
import type { historyMethods } from '../../../shared/history-types';
import type { LabelState } from '../../../shared/label-types';
import type { Labelling } from '../labelling/labelling';
import type { HostServices } from '../services';
import type { HandlerGroup } from './handlers';

/** Undo and redo of every change of the project's data. */
export function historyHandlers(
  services: HostServices,
  labelling: Labelling,
): HandlerGroup<keyof typeof historyMethods> {
  const changed = async (state: LabelState): Promise<LabelState> => {
    labelling.labelsChanged();
    await services.projectChanged();
    return state;
  };
  const step = async (source: 'undo' | 'redo', meant: number | undefined): Promise<LabelState> => {
    const { project } = services;
    const { store } = project;
    store.history.expectNext(source, meant);
    if (store.labelState()[`${source}Step`]?.kind === 'import') {
      refuseWhileBusy(services);
      // What is computed in the background has the numbers of rows that go, or misses those that come.
      await labelling.reset();
    }
    const before = store.history.importCount;
    const state = await store[source](meant);
    if (store.history.importCount < before) await project.takeBackSource();
    else if (store.history.importCount > before) await project.bringBackSource();
    return changed(state);
  };
  return {
    'history.undo': ({ step: meant }) => step('undo', meant),
    'history.redo': ({ step: meant }) => step('redo', meant),
    'import.setAside': async ({ importId }) => changed(await services.project.store.history.setAside(importId)),
  };
}

/** A job that is under way may be reading the rows that would go. @throws AppError `busy` */
function refuseWhileBusy(services: HostServices): void {
  const job = services.queue.current();
  if (job === null) return;
  throw new AppError(
    'busy',
    `Expected no job under way while a file is taken out or brought back, found "${job.title}".`,
    {
      hint: 'Wait until it is done, or stop it; then undo again.',
      data: { got: job.kind },
    },
  );
}
