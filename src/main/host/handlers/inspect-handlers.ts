import type { inspectMethods, Overview } from '../../../shared/inspect-types';
import type { Comparison } from '../../../shared/training-types';
import { readTrainingNotes } from '../classifier-folder';
import type { Inspection } from '../inspection/inspection';
import type { HostServices } from '../services';
import type { HandlerGroup } from './handlers';

type Methods = 'inspect.comparison' | 'inspect.cell' | keyof typeof inspectMethods;

/** How good the project's classifier and its runs are, the rows behind it, and why it says what it says. */
export function inspectHandlers(services: HostServices, inspection: Inspection): HandlerGroup<Methods> {
  const comparison = async (): Promise<Comparison | null> => {
    const { models } = services.project;
    return models.hasClassifier ? ((await readTrainingNotes(models.classifier))?.comparison ?? null) : null;
  };
  /** Runs whose figures on the test rows were shown since the engine started: another glance is no new look. */
  const looked = new Set<string>();
  const overview = async (runId: string | null): Promise<Overview> => {
    const figures = await inspection.overview(runId);
    const key = `${services.project.path} ${figures.runId}`;
    if (figures.split === 'test' && !looked.has(key)) {
      looked.add(key);
      await services.project.store.division.countLook(figures.runId, 'overview');
    }
    return figures;
  };
  return {
    'inspect.comparison': comparison,
    'inspect.cell': async ({ actual, predicted, offset, limit }) => {
      const measured = await comparison();
      if (!measured) return { total: 0, rows: [] };
      return services.project.store.page({ split: measured.split, label: actual, predicted }, offset, limit);
    },
    'inspect.overview': ({ runId }) => overview(runId),
    'inspect.confidence': ({ runId }) => inspection.confidence(runId),
    'inspect.rows': ({ runId, list, offset, limit }) => inspection.rows(runId, list, offset, limit),
    'inspect.slices': ({ runId, by }) => inspection.slices(runId, by),
    'inspect.changes': ({ before, after }) => inspection.changes(before, after),
    'inspect.explain': (request) => inspection.explain(request),
    'inspect.similar': ({ text, limit }) => inspection.similar(text, limit),
    'inspect.report': ({ runId, out, language }) => inspection.report(runId, out, language),
  };
}
