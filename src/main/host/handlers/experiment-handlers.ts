import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { ablationParts, ablationVariants } from '../../../engine/tasks/ablation-variants';
import type { RateCurve } from '../../../shared/training-types';
import { ablate, ablationsIn, ablationTable } from '../pipelines/ablate';
import { findRate } from '../pipelines/find-rate-task';
import { startingModels } from '../pretrained';
import type { HostServices } from '../services';
import type { HandlerGroup } from './handlers';

type Methods =
  'training.findRate' | 'training.rateCurve' | 'ablation.start' | 'ablation.table' | 'ablation.parts' | 'ablation.list';

/** Learning-rate finder and ablations: training that leaves the project's models as they are. */
export function experimentHandlers(services: HostServices): HandlerGroup<Methods> {
  let found: { readonly id: string; readonly curve: RateCurve } | null = null;
  return {
    'training.findRate': async (request) => {
      const { project, queue } = services;
      await startingModels(request); // a wrong folder is said at once, not by a failed job
      const id = `find-rate-${randomUUID()}`;
      const run = async (control: Parameters<typeof findRate>[3]): Promise<void> => {
        found = { id, curve: await findRate(services, project, request, control) };
      };
      return { jobId: queue.add({ id, kind: 'find-rate', title: 'Finding a learning rate', runId: null, run }).id };
    },
    'training.rateCurve': async ({ jobId }) => (found?.id === jobId ? found.curve : null),
    'ablation.start': async (request) => {
      const { project, queue } = services;
      for (const variant of ablationVariants(request.request, request.what)) await startingModels(variant.request);
      const job = queue.add({
        id: `ablate-${randomUUID()}`,
        kind: 'ablate',
        title: `Ablation in ${path.basename(request.folder)}`,
        subject: path.basename(request.folder),
        runId: null,
        run: async (control) => void (await ablate(services, project, request, control)),
      });
      return { jobId: job.id };
    },
    'ablation.table': ({ folder }) => ablationTable(folder),
    'ablation.parts': async () => ablationParts(),
    'ablation.list': () => ablationsIn(path.join(services.project.path, 'ablations')),
  };
}
