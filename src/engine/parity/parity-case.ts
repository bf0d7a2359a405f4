import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../shared/errors';
import type { EncoderConfig } from '../model/config';
import type { FloatTensor, FloatTensors } from '../weights/fastai-names';
import { readSafetensorsSync } from '../weights/safetensors';
import type { StoredTensor } from '../weights/stored-tensor';
import { toFloat32 } from '../weights/stored-tensor';

/** One reference case: tensors made with PyTorch or fastai, and the sizes that go with them. */
export interface ParityCase {
  readonly name: string;
  readonly folder: string;
  readonly sizes: Readonly<Record<string, unknown>>;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
}

/** The largest absolute difference of one compared tensor. */
export interface Difference {
  readonly what: string;
  readonly error: number;
}

/** Finds every case below a folder: a folder with `case.json` and `tensors.safetensors`. */
export function findCases(folder: string): string[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new AppError('file-not-found', `${folder} is not a folder.`, {
      hint: 'Give the folder of the reference cases.',
    });
  }
  if (existsSync(join(folder, 'case.json'))) return [folder];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) => findCases(join(folder, entry.name)))
    .sort();
}

export function readCase(folder: string): ParityCase {
  const sizes = JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8')) as Record<string, unknown>;
  const { tensors } = readSafetensorsSync(join(folder, 'tensors.safetensors'));
  return { name: folder.split(/[\\/]/).slice(-2).join('/'), folder, sizes, tensors };
}

/** A number of `case.json`. */
export function size(parityCase: ParityCase, name: string): number {
  const value = parityCase.sizes[name];
  if (typeof value !== 'number')
    throw new AppError('file-format', `${parityCase.folder}/case.json: expected a number for ${name}.`);
  return value;
}

export function encoderConfigOf(parityCase: ParityCase): EncoderConfig {
  return {
    kind: 'awd-lstm',
    vocabulary: size(parityCase, 'vocab'),
    embedding: size(parityCase, 'emb_sz'),
    hidden: size(parityCase, 'n_hid'),
    layers: size(parityCase, 'n_layers'),
    padding: size(parityCase, 'pad'),
  };
}

/** A tensor of the case as floats. */
export function floats(parityCase: ParityCase, name: string): FloatTensor {
  const tensor = parityCase.tensors.get(name);
  if (!tensor) throw new AppError('file-format', `${parityCase.folder}: there is no tensor ${name}.`);
  return { shape: tensor.shape, data: toFloat32(tensor) };
}

/** An integer tensor of the case. */
export function integers(parityCase: ParityCase, name: string): { shape: readonly number[]; data: Int32Array } {
  const tensor = parityCase.tensors.get(name);
  if (!tensor) throw new AppError('file-format', `${parityCase.folder}: there is no tensor ${name}.`);
  return { shape: tensor.shape, data: Int32Array.from(tensor.data as ArrayLike<number | bigint>, Number) };
}

/** All float tensors under a prefix, with the prefix taken off. */
export function under(parityCase: ParityCase, prefix: string): FloatTensors {
  const result: FloatTensors = new Map();
  for (const [name, tensor] of parityCase.tensors) {
    if (name.startsWith(prefix))
      result.set(name.slice(prefix.length), { shape: tensor.shape, data: toFloat32(tensor) });
  }
  return result;
}

/** The largest absolute difference; NaN and unequal sizes count as infinite. */
export function compare(what: string, got: ArrayLike<number>, expected: ArrayLike<number>): Difference {
  if (got.length !== expected.length)
    return { what: `${what} (${got.length} values for ${expected.length})`, error: Infinity };
  let error = 0;
  for (let i = 0; i < got.length; i++) {
    const difference = Math.abs(got[i]! - expected[i]!);
    if (!(difference <= error)) error = Number.isNaN(difference) ? Infinity : difference;
  }
  return { what, error };
}

/** `[batch, time]` to the engine's time-major order. */
export function timeMajor(data: Int32Array, batch: number, time: number): Int32Array {
  const result = new Int32Array(data.length);
  for (let b = 0; b < batch; b++) for (let t = 0; t < time; t++) result[t * batch + b] = data[b * time + t]!;
  return result;
}

/** Time-major `[time·batch, width]` to `[batch, time, width]`. */
export function batchMajor(data: Float32Array, batch: number, time: number): Float32Array {
  const width = data.length / (batch * time);
  const result = new Float32Array(data.length);
  for (let b = 0; b < batch; b++) {
    for (let t = 0; t < time; t++) {
      result.set(data.subarray((t * batch + b) * width, (t * batch + b + 1) * width), (b * time + t) * width);
    }
  }
  return result;
}
