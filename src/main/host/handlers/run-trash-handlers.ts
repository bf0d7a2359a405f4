import { AppError } from '../../../shared/errors';
import type { runTrashMethods } from '../../../shared/run-trash-types';
import { readTrainingNotes } from '../classifier-folder';
import type { HostServices } from '../services';
import { withoutTestFigures } from '../test-looks';
import { RunTrash } from '../run-trash';
import type { HandlerGroup } from './handlers';

/** Runs that are thrown away and fetched back. */
export function runTrashHandlers(services: HostServices): HandlerGroup<keyof typeof runTrashMethods> {
  const trash = (): RunTrash => new RunTrash(services.project.runs);
  return {
    'runs.trash': async ({ runId }) => {
      await checkUnused(services, runId);
      await trash().trash(runId);
      return {};
    },
    'runs.trashed': async () => (await trash().list()).map((each) => ({ ...each, run: withoutTestFigures(each.run) })),
    'runs.restore': ({ runId }) => trash().restore(runId),
    'runs.deleteTrashed': async ({ runId }) => ({ freed: await trash().remove(runId) }),
  };
}

/** @throws AppError `busy` for a run that is under way, or that the project's classifier came from */
async function checkUnused({ queue, project }: HostServices, runId: string): Promise<void> {
  const job = queue.list().find((each) => each.runId === runId);
  if (job && ['queued', 'running', 'paused'].includes(job.state))
    throw new AppError('busy', `The run ${runId} is still ${job.state}.`, {
      data: { runId },
      says: { sentence: 'runBusy', run: runId },
    });
  const notes = project.models.hasClassifier ? await readTrainingNotes(project.models.classifier) : null;
  if (notes?.runId !== runId) return;
  throw new AppError('busy', `The project's classifier came from the run ${runId}.`, {
    hint: 'Its figures and rows are needed to inspect it. Train another one first.',
    data: { runId },
    says: { sentence: 'runInUse', run: runId },
  });
}
