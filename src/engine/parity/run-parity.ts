import type { Kernels } from '../kernels/kernels';
import { checkClassifier } from './classifier-parity';
import { checkEncoder } from './encoder-parity';
import { checkFastaiFiles, hasFastaiFiles } from './fastai-files-parity';
import { checkDropout, checkLanguageModel } from './language-model-parity';
import type { Difference, ParityCase } from './parity-case';
import { findCases, readCase } from './parity-case';
import { checkQrnn } from './qrnn-parity';
import { checkOptimisers, checkSchedules } from './training-parity';

/** Ours and the reference must not differ by more than this in any value. */
export const parityTolerance = 1e-4;

export interface ParityResult {
  readonly name: string;
  /** null: a kind of case that this version does not know. */
  readonly largest: Difference | null;
  readonly differences: readonly Difference[];
  readonly ok: boolean;
}

/** Runs every case below a folder against these kernels. Set full precision before TensorFlow loads: see `THAW_PRECISION`. */
export async function runParity(k: Kernels, folder: string): Promise<ParityResult[]> {
  const results: ParityResult[] = [];
  for (const path of findCases(folder)) results.push(await runCase(k, path));
  return results;
}

async function runCase(k: Kernels, path: string): Promise<ParityResult> {
  const parityCase = readCase(path);
  const differences = await check(k, parityCase);
  if (!differences) return { name: parityCase.name, largest: null, differences: [], ok: false };
  const largest = differences.reduce((worst, each) => (each.error > worst.error ? each : worst));
  return { name: parityCase.name, largest, differences, ok: largest.error <= parityTolerance };
}

/** Recognises a case by what it holds, not by its folder's name. */
async function check(k: Kernels, parityCase: ParityCase): Promise<Difference[] | null> {
  const { tensors, sizes } = parityCase;
  if (tensors.has('step0.logits')) return checkLanguageModel(k, parityCase);
  if (tensors.has('window1.y')) return checkEncoder(k, parityCase);
  if (tensors.has('mask.input')) return checkDropout(k, parityCase);
  if (tensors.has('eval.logits')) return checkClassifier(k, parityCase);
  if (tensors.has('adam')) return checkOptimisers(k, parityCase);
  if (Array.isArray(sizes['cases'])) return checkQrnn(k, parityCase);
  if ('stlr' in sizes) return checkSchedules(parityCase);
  if (hasFastaiFiles(parityCase)) return checkFastaiFiles(parityCase);
  return null;
}
