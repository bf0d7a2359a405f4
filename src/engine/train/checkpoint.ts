import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '../../shared/errors';
import type { Parameters } from '../model/parameters';
import type { FloatTensors } from '../weights/fastai-names';
import { readSafetensors, writeSafetensors } from '../weights/safetensors';
import type { StoredTensor } from '../weights/stored-tensor';
import { toFloat32 } from '../weights/stored-tensor';
import type { Optimiser } from './optimisers';

/** Everything that a run needs to go on as if it had not been stopped. `state` is plain JSON. */
export interface Checkpoint<S> {
  readonly state: S;
  readonly tensors: FloatTensors;
}

/** The metadata key of the JSON part: one file holds both, so that they can never belong to different moments. */
const stateKey = 'thaw.checkpoint';

/** Writes a checkpoint atomically: after a kill the file is the old or the new one, never half of it. */
export async function saveCheckpoint<S>(file: string, checkpoint: Checkpoint<S>): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const stored = new Map<string, StoredTensor>();
  for (const [name, { shape, data }] of checkpoint.tensors) stored.set(name, { dtype: 'F32', shape, data });
  await writeSafetensors(file, stored, { [stateKey]: JSON.stringify(checkpoint.state) });
}

/**
 * Reads a checkpoint, or null where there is none.
 * @throws AppError 'model-format' where the file is not one
 */
export async function loadCheckpoint<S>(file: string): Promise<Checkpoint<S> | null> {
  if (!existsSync(file)) return null;
  const { tensors: stored, metadata } = await readSafetensors(file);
  const json = metadata[stateKey];
  if (json === undefined) {
    throw new AppError('model-format', `${file} is not a checkpoint of Thaw: its state is missing.`, {
      hint: 'Start the run anew.',
      data: { file },
    });
  }
  const tensors: FloatTensors = new Map();
  for (const [name, tensor] of stored) tensors.set(name, { shape: tensor.shape, data: toFloat32(tensor) });
  return { state: JSON.parse(json) as S, tensors };
}

export async function removeCheckpoint(file: string): Promise<void> {
  await rm(file, { force: true });
}

/** The parameters copied out, by name under a prefix. */
export function readParameters(parameters: Parameters, prefix = ''): FloatTensors {
  const tensors: FloatTensors = new Map();
  for (const name of parameters.names()) {
    tensors.set(`${prefix}${name}`, { shape: parameters.shape(name), data: parameters.read(name) });
  }
  return tensors;
}

/** Puts saved values back into parameters that exist; names under a prefix. */
export function writeParameters(parameters: Parameters, tensors: FloatTensors, prefix = ''): void {
  for (const name of parameters.names()) {
    const saved = tensors.get(`${prefix}${name}`);
    if (!saved) throw new AppError('model-format', `The checkpoint lacks parameter ${name}.`);
    parameters.write(name, saved.data);
  }
}

/** The optimiser's tensors under `optimiser/`, and its step counts for the JSON part. */
export function readOptimiser(optimiser: Optimiser, into: FloatTensors): Readonly<Record<string, number>> {
  const { tensors, steps } = optimiser.readState();
  for (const [name, data] of tensors) into.set(`optimiser/${name}`, { shape: [data.length], data });
  return steps;
}

export function writeOptimiser(
  optimiser: Optimiser,
  from: FloatTensors,
  steps: Readonly<Record<string, number>>,
): void {
  const tensors = new Map<string, Float32Array>();
  for (const [name, { data }] of from) if (name.startsWith('optimiser/')) tensors.set(name.slice(10), data);
  optimiser.writeState({ tensors, steps });
}
