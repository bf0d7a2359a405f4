import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { ParsedRequest } from '../../../shared/contract';
import type { JobTask } from '../job-queue';
import type { OpenProject } from '../open-project';
import type { HostServices } from '../services';

/** Reads a file into the project and keeps note of it. */
export function importTask(
  services: HostServices,
  project: OpenProject,
  request: ParsedRequest<'import.run'>,
): JobTask {
  const file = path.resolve(request.path);
  return {
    id: `import-${randomUUID()}`,
    kind: 'import',
    title: `Importing ${path.basename(file)}`,
    subject: path.basename(file),
    runId: null,
    async run(control) {
      control.report({ type: 'stage', stage: 'import', stages: ['import'] });
      const { options, columns, role } = request;
      const { size, mtime } = await stat(file);
      const summary = await project.store.importFile(file, options, columns, role, {
        signal: control.signal,
        onProgress: (event) => control.report(event),
      });
      const source = { path: file, bytes: size, modifiedAt: mtime.toISOString(), role, options, columns, summary };
      await project.addSource(source);
      await services.projectChanged();
    },
  };
}
