import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { ParsedRequest } from '../../../shared/contract';
import { AppError } from '../../../shared/errors';
import type { RateCurve } from '../../../shared/training-types';
import type { JobControl } from '../job-control';
import type { OpenProject } from '../open-project';
import type { HostServices } from '../services';
import { directionsOf, paramsOf } from './train-passes';
import { newInputs } from './train-task';

/** Sweeps the learning rate of the run that a request describes; of two directions, the first. */
export async function findRate(
  services: HostServices,
  project: OpenProject,
  { part, from, to, steps, ...request }: ParsedRequest<'training.findRate'>,
  control: JobControl,
): Promise<RateCurve> {
  if (from >= to) throw new AppError('bad-input', `The sweep goes from ${from} to ${to}; expected a rising rate.`);
  control.report({ type: 'stage', stage: 'tokenize', stages: ['tokenize', 'find-rate'] });
  const inputs = await newInputs(services, project, request, control);
  await control.checkpoint();
  const [direction = 'forward'] = directionsOf(request);
  // Nothing is written there; the task's type wants folders.
  const folder = await mkdtemp(path.join(os.tmpdir(), 'thaw-rate-'));
  try {
    const run = paramsOf(services, project, { inputs, resume: false }, direction);
    const train = { ...run, request, runDir: folder, outDir: folder };
    return await services.training.findRate({ train, part, range: { from, to, steps } }, control);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
