import { existsSync } from 'node:fs';
import path from 'node:path';
import { readTrainingNotes } from '../classifier-folder';
import type { OpenProject } from '../open-project';

/**
 * The folder of the classifier that a run made: the project's where that one came from the run, which a run whose weights
 * were deleted still has, else the run's own. Null where its weights are gone.
 * @throws AppError `not-found` for an id that cannot be one, `model-format`
 */
export async function runClassifier(project: OpenProject, runId: string): Promise<string | null> {
  const own = path.join(project.runs.folder(runId), 'models', 'classifier');
  const notes = project.models.hasClassifier ? await readTrainingNotes(project.models.classifier) : null;
  if (notes?.runId === runId) return project.models.classifier;
  return existsSync(path.join(own, 'model.json')) ? own : null;
}
