import type { inspectMethods } from '../../../shared/inspect-types';
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
  return {
    'inspect.comparison': comparison,
    'inspect.cell': async ({ actual, predicted, offset, limit }) => {
      const measured = await comparison();
      if (!measured) return { total: 0, rows: [] };
      return services.project.store.page({ split: measured.split, label: actual, predicted }, offset, limit);
    },
    'inspect.overview': ({ runId }) => inspection.overview(runId),
    'inspect.confidence': ({ runId }) => inspection.confidence(runId),
    'inspect.abstain': async ({ below }) => {
      await inspection.abstain(below);
      return {};
    },
    'inspect.rows': ({ runId, list, side, offset, limit }) => inspection.rows(runId, list, { offset, limit }, side),
    'inspect.slices': ({ runId, by }) => inspection.slices(runId, by),
    'inspect.changes': ({ before, after }) => inspection.changes(before, after),
    'inspect.explain': ({ runId, ...request }) => inspection.explainOf(runId, request),
    'inspect.similar': ({ runId, text, limit }) => inspection.similar(runId, text, limit),
    'inspect.report': ({ runId, out, language }) => inspection.report(runId, out, language),
  };
}
