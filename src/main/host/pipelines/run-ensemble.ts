import { existsSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../../../shared/errors';
import type { JobControl } from '../job-control';
import type { OpenProject } from '../open-project';
import type { HostServices } from '../services';
import { makeEnsemble, type MadeEnsemble, type ValidationRow } from './make-ensemble';
import { loadRunInputs } from './run-inputs';

const batchRows = 1000;

/** The classifier that a finished run has kept. */
function runClassifier(project: OpenProject, runId: string): string {
  return path.join(project.runs.folder(runId), 'models', 'classifier');
}

/** The runs of a project that can be averaged, newest first: finished ones whose classifier is still there. */
export async function runsToAverage(project: OpenProject): Promise<string[]> {
  const runs = await project.runs.list();
  return runs
    .filter(({ id, state }) => state === 'done' && existsSync(path.join(runClassifier(project, id), 'model.json')))
    .map(({ id }) => id);
}

/**
 * Averages finished runs of the project. Weights are chosen on the rows that were validation rows in every one of them.
 * @throws AppError `bad-input` for fewer than two runs, `no-rows` where they share no validation rows
 */
export async function averageRuns(
  services: HostServices,
  project: OpenProject,
  runIds: readonly string[],
  out: string,
  control: JobControl,
): Promise<MadeEnsemble> {
  const labels = await sharedValidation(project, runIds);
  if (labels.size === 0) {
    throw new AppError('no-rows', 'The runs have no validation rows in common to choose weights by.', {
      hint: 'Average runs that were trained on the same rows, or give a file with --valid.',
    });
  }
  const models = runIds.map((id) => ({ name: id, folder: runClassifier(project, id) }));
  return makeEnsemble(services, { models, validation: rowsOf(project, labels), out }, control);
}

/** The validation rows that all runs have, with their labels. */
async function sharedValidation(project: OpenProject, runIds: readonly string[]): Promise<Map<number, string[]>> {
  let shared: Map<number, string[]> | null = null;
  for (const id of runIds) {
    const inputs = await loadRunInputs(project.runs.folder(id));
    if (!inputs) throw new AppError('not-found', `The run ${id} has no inputs.`, { data: { id } });
    const { documents, labelOffsets, labels } = inputs.valid;
    const own = new Map<number, string[]>();
    documents.forEach((row, i) => {
      const ids = labels.subarray(labelOffsets[i], labelOffsets[i + 1]);
      if (shared === null || shared.has(row))
        own.set(
          row,
          Array.from(ids, (label) => inputs.labels[label] ?? ''),
        );
    });
    shared = own;
  }
  return shared ?? new Map<number, string[]>();
}

async function* rowsOf(
  project: OpenProject,
  labels: ReadonlyMap<number, readonly string[]>,
): AsyncGenerator<readonly ValidationRow[]> {
  for await (const batch of project.store.documents(batchRows)) {
    const rows = batch.flatMap(({ rowId, fields }) => {
      const own = labels.get(rowId);
      return own ? [{ fields, labels: own }] : [];
    });
    if (rows.length > 0) yield rows;
  }
}
