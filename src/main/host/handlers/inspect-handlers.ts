import type { Comparison } from '../../../shared/training-types';
import { readTrainingNotes } from '../classifier-folder';
import type { HostServices } from '../services';
import type { HandlerGroup } from './handlers';

/** How good the project's classifier is, and the rows behind it. */
export function inspectHandlers(services: HostServices): HandlerGroup<'inspect.comparison' | 'inspect.cell'> {
  const comparison = async (): Promise<Comparison | null> => {
    const { models } = services.project;
    return models.hasClassifier ? ((await readTrainingNotes(models.classifier))?.comparison ?? null) : null;
  };
  return {
    'inspect.comparison': comparison,
    'inspect.cell': async ({ actual, predicted, offset, limit }) => {
      const measured = await comparison();
      if (!measured) return { total: 0, rows: [] };
      return services.project.store.page({ split: measured.split, label: actual, predicted }, offset, limit);
    },
  };
}
