import { checkFile } from '../../../engine/data/check-file';
import { previewFile } from '../../../engine/data/preview-file';
import { importTask } from '../pipelines/import-task';
import type { HostServices } from '../services';
import type { HandlerGroup } from './handlers';

type Methods = 'import.preview' | 'import.check' | 'import.run' | 'import.summary';

/** Looking into files and reading them into the open project. */
export function importHandlers(services: HostServices): HandlerGroup<Methods> {
  return {
    'import.preview': ({ path, options }) => previewFile(path, options),
    'import.check': ({ path, options }) => checkFile(path, options),
    'import.run': async (request) => ({
      jobId: services.queue.add(importTask(services, services.project, request)).id,
    }),
    'import.summary': async () => services.project.sources.at(-1)?.summary ?? null,
  };
}
