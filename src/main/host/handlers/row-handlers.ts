import type { LabelState } from '../../../shared/contract';
import { rowHeadCharacters } from '../../../shared/data-types';
import type { labelMethods } from '../../../shared/label-types';
import type { HostServices } from '../services';
import { readLabelSet, saveLabelSet } from '../label-set-file';
import type { Labelling } from '../labelling/labelling';
import type { HandlerGroup } from './handlers';

type Methods = 'rows.page' | keyof typeof labelMethods;

/** Rows and their labels. */
export function rowHandlers(services: HostServices, labelling: Labelling): HandlerGroup<Methods> {
  const changed = async (change: Promise<LabelState>): Promise<LabelState> => {
    const state = await change;
    labelling.labelsChanged();
    await services.projectChanged();
    return state;
  };
  const store = () => services.project.store;
  return {
    'rows.page': ({ filter, offset, limit }) => store().page(filter, offset, limit, rowHeadCharacters),
    'labels.state': async () => store().labelState(),
    'labels.add': ({ name }) => changed(store().addLabel(name)),
    'labels.rename': ({ from, to }) => changed(store().renameLabel(from, to)),
    'labels.describe': ({ name, ...words }) => changed(store().describeLabel(name, words)),
    'labels.move': ({ name, place }) => changed(store().moveLabel(name, place)),
    'labels.saveSet': ({ out }) => saveLabelSet(store().labelState().labels, out),
    'labels.previewSet': async ({ path }) => ({
      file: path,
      ...(await store().previewLabelSet(await readLabelSet(path))),
    }),
    'labels.takeSet': async ({ path }) => changed(store().takeLabelSet(await readLabelSet(path))),
    'labels.set': ({ rowId, labels, none }) => changed(store().setLabels(rowId, labels, none)),
    'labels.mark': ({ rowIds, mark, on }) => changed(store().markRows(rowIds ?? null, mark, on)),
    'labels.note': ({ rowId, note }) => changed(store().noteRow(rowId, note)),
    'labels.preview': ({ change, from }) => store().previewChange(change, from),
    'labels.likelihood': ({ filter, ...ask }) => store().suggestions.counts(ask, filter),
    'labels.apply': ({ change }) => changed(store().applyChange(change)),
    'labels.queue': (request) => labelling.next(request),
    'labels.suggest': (request) => labelling.suggest(request),
    'labels.rows': ({ rowIds }) => store().rowsByIds(rowIds),
    'labels.insight': () => labelling.insight(),
  };
}
