import { existsSync, readFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { AppError } from '../../shared/errors';

/** How matrices are multiplied: in 32-bit floats, or with factors rounded to bfloat16 and sums in 32 bits. */
export type Precision = 'fp32' | 'bf16';

/** The CPU's abilities as Linux lists them (`flags` of /proc/cpuinfo); empty where there is no such list. */
export function cpuFlags(file = '/proc/cpuinfo'): ReadonlySet<string> {
  if (!existsSync(file)) return new Set();
  const line = /^flags\s*:(.*)$/m.exec(readFileSync(file, 'utf8'))?.[1] ?? '';
  return new Set(line.trim().split(/\s+/).filter(Boolean));
}

/** True when the CPU multiplies bfloat16 in hardware; without that the mode would only cost accuracy. */
export function hasFastBf16(flags: ReadonlySet<string>): boolean {
  return flags.has('amx_bf16') || flags.has('avx512_bf16');
}

/** Which precision is used, and why in a few words. */
export interface PrecisionChoice {
  readonly precision: Precision;
  readonly why: string;
}

/**
 * Chooses the precision: what `THAW_PRECISION` says, else what was asked for, else bf16 where the CPU is made for it.
 * @throws AppError `bad-input` when THAW_PRECISION is neither fp32 nor bf16
 */
export function choosePrecision(
  asked: Precision | undefined,
  env: NodeJS.ProcessEnv,
  flags: ReadonlySet<string>,
): PrecisionChoice {
  const wanted = env.THAW_PRECISION;
  if (wanted !== undefined && wanted !== '') {
    if (wanted !== 'fp32' && wanted !== 'bf16') {
      throw new AppError('bad-input', `THAW_PRECISION is "${wanted}"; expected fp32 or bf16.`);
    }
    return { precision: wanted, why: 'THAW_PRECISION asks for it' };
  }
  if (asked !== undefined) return { precision: asked, why: 'asked for by this command' };
  const fast = hasFastBf16(flags);
  return fast
    ? { precision: 'bf16', why: 'this CPU multiplies bfloat16 in hardware' }
    : { precision: 'fp32', why: 'this CPU has no bfloat16 multiplication' };
}

/**
 * Sets the variables that TensorFlow reads when it is loaded. To be called once, in the main thread of the process
 * whose worker will load it, before that worker starts: a worker's `process.env` is a copy that C++ code never sees.
 * @throws AppError `internal` when called from a worker thread
 */
export function prepareEnvironment(options: { readonly precision?: Precision } = {}): PrecisionChoice {
  if (!isMainThread)
    throw new AppError('internal', 'prepareEnvironment was called in a worker thread; there it has no effect.');
  const choice = choosePrecision(options.precision, process.env, cpuFlags());
  process.env.ONEDNN_DEFAULT_FPMATH_MODE = choice.precision === 'bf16' ? 'BF16' : 'STRICT';
  // Without this TensorFlow writes pages about the CPU and about missing CUDA to stderr; errors still show.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  return choice;
}
