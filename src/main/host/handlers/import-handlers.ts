import { checkFile } from '../../../engine/data/check-file';
import { previewFile } from '../../../engine/data/preview-file';
import type { saveMethods } from '../../../shared/save-types';
import { importTask } from '../pipelines/import-task';
import { saveRejected, saveRows } from '../save-rows';
import type { HostServices } from '../services';
import type { HandlerGroup } from './handlers';

type Methods = `import.${'preview' | 'check' | 'run' | 'summary' | 'files'}` | keyof typeof saveMethods;

/** Looking into files, reading them into the open project, and writing rows into files. */
export function importHandlers(services: HostServices): HandlerGroup<Methods> {
  return {
    'import.preview': ({ path, options }) => previewFile(path, options),
    'import.check': ({ path, options }) => checkFile(path, options),
    'import.run': async (request) => ({
      jobId: services.queue.add(importTask(services, services.project, request)).id,
    }),
    'rows.save': ({ out, filter }) => saveRows(services.project, filter, out),
    'rejected.save': ({ out, importId }) => saveRejected(services.project, out, importId ?? null),
    'import.summary': async () => services.project.sources.at(-1)?.summary ?? null,
    'import.files': () => services.project.store.importedFiles(),
  };
}
