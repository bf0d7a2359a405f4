import type { LabelState } from '../../../shared/contract';
import type { HostServices } from '../services';
import type { LabelQueue } from '../label-queue';
import type { HandlerGroup } from './handlers';

type Methods =
  | 'rows.page'
  | 'labels.state'
  | 'labels.add'
  | 'labels.rename'
  | 'labels.set'
  | 'labels.undo'
  | 'labels.redo'
  | 'labels.queue';

/** Rows and their labels. */
export function rowHandlers(services: HostServices, labelQueue: LabelQueue): HandlerGroup<Methods> {
  const changed = async (change: Promise<LabelState>): Promise<LabelState> => {
    const state = await change;
    labelQueue.labelsChanged();
    await services.projectChanged();
    return state;
  };
  const store = () => services.project.store;
  return {
    'rows.page': ({ filter, offset, limit }) => store().page(filter, offset, limit),
    'labels.state': async () => store().labelState(),
    'labels.add': ({ name }) => changed(store().addLabel(name)),
    'labels.rename': ({ from, to }) => changed(store().renameLabel(from, to)),
    'labels.set': ({ rowId, labels }) => changed(store().setLabels(rowId, labels)),
    'labels.undo': () => changed(store().undo()),
    'labels.redo': () => changed(store().redo()),
    'labels.queue': (request) => labelQueue.next(request),
  };
}
