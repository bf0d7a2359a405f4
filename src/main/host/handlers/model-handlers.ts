import type { HostServices } from '../services';
import type { HandlerGroup } from './handlers';

type Methods = 'models.list' | 'models.download' | 'models.cancel' | 'models.remove' | 'models.import';

/** Language models: what is there, what can be fetched, and files of a person's own. */
export function modelHandlers({ models }: HostServices): HandlerGroup<Methods> {
  return {
    'models.list': () => models.list(),
    'models.download': async ({ id, trustNew }) => {
      await models.show(id); // a name that is not known is said at once
      // Its end, good or bad, is told by the event `modelDownload`.
      void models.download(id, trustNew).catch(() => undefined);
      return {};
    },
    'models.cancel': async ({ id }) => {
      models.cancel(id);
      return {};
    },
    'models.remove': ({ id }) => models.remove(id),
    'models.import': async (request) => {
      const { model, saved } = await models.import(request);
      return { model, notes: [...saved.notes] };
    },
  };
}
