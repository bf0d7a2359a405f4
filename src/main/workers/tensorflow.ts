import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { dirname, join, sep } from 'node:path';
import util from 'node:util';
import type { FusedAddon, FusedFacts } from '../../engine/kernels/fused-kernels';
import type { TensorFlowBinding } from '../../engine/kernels/native-binding';
import { AppError } from '../../shared/errors';
import { type Precision } from '../platform/environment';
import { readSetupFacts } from '../platform/setup-facts';

/** The public interface of TensorFlow.js, as a type. */
export type TensorFlow = typeof import('@tensorflow/tfjs-core');

/** What was loaded, and why it and not something faster. */
export interface LoadedBackend {
  readonly tf: TensorFlow;
  /** The C++ binding below the native backend; null on the portable ones. */
  readonly binding: TensorFlowBinding | null;
  readonly kind: 'native' | 'portable';
  /** 'tensorflow', 'wasm' or 'cpu'. */
  readonly backend: string;
  readonly version: string;
  readonly why: string;
  readonly precision: Precision;
  readonly device: string;
  /** Thaw's own kernels, configured, or null where they do not run; `fusedWhy` says why. */
  readonly fused: FusedFacts | null;
  readonly fusedWhy: string;
}

type Wanted = 'native' | 'wasm' | 'cpu' | null;

interface NativeBackend {
  readonly isUsingGpuDevice?: boolean;
  readonly binding: TensorFlowBinding & { readonly TF_Version: string; isUsingGpuDevice(): boolean };
}

/** Node's own `require`: every part must get the one instance of tfjs-core that tfjs-node registers itself with. */
const load = createRequire(__filename);

let loaded: Promise<LoadedBackend> | undefined;

/**
 * Loads the best TensorFlow there is: native kernels (tfjs-node), else WebAssembly, else plain JavaScript.
 * Once a process: later calls give the same. Only to be called in a worker thread (or a test's own process).
 * `THAW_BACKEND=native|wasm|cpu` allows only that one.
 * @throws AppError `tensorflow-missing` when the one that was asked for cannot be loaded
 */
export function loadBackend(): Promise<LoadedBackend> {
  loaded ??= loadFirst(wantedBackend(process.env.THAW_BACKEND));
  return loaded;
}

function wantedBackend(value: string | undefined): Wanted {
  if (value === undefined || value === '') return null;
  if (value === 'native' || value === 'wasm' || value === 'cpu') return value;
  throw new AppError('bad-input', `THAW_BACKEND is "${value}"; expected native, wasm or cpu.`);
}

async function loadFirst(wanted: Wanted): Promise<LoadedBackend> {
  let why = wanted === null ? '' : 'THAW_BACKEND asks for it';
  if (wanted === null || wanted === 'native') {
    try {
      return loadNative(why);
    } catch (error) {
      if (wanted === 'native') throw missing('native', error);
      why = whyNotNative(error);
    }
  }
  if (wanted !== 'cpu') {
    try {
      return await loadWasm(why);
    } catch (error) {
      if (wanted === 'wasm') throw missing('wasm', error);
      why = `${why} WebAssembly does not run either: ${messageOf(error)}`;
    }
  }
  return loadCpu(why);
}

/**
 * tfjs-node 4.22 calls two functions that Node 23 took away; they are given back before it is loaded.
 * Source: `nodejs_kernel_backend.js` of @tensorflow/tfjs-node.
 */
function restoreOldUtilities(): void {
  const target = util as unknown as Record<string, unknown>;
  target.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  target.isArray ??= Array.isArray;
}

function loadNative(why: string): LoadedBackend {
  restoreOldUtilities();
  load('@tensorflow/tfjs-node-gpu');
  const tf = load('@tensorflow/tfjs-core') as TensorFlow;
  const { binding } = tf.backend() as unknown as NativeBackend;
  const gpu = binding.isUsingGpuDevice();
  const precision = process.env.ONEDNN_DEFAULT_FPMATH_MODE === 'BF16' && !gpu ? 'bf16' : 'fp32';
  return {
    tf,
    binding,
    kind: 'native',
    backend: 'tensorflow',
    version: binding.TF_Version,
    why: why || 'TensorFlow is installed and runs',
    precision,
    device: gpu ? 'NVIDIA GPU' : cpuName(),
    ...loadFused(precision, gpu),
  };
}

/**
 * Thaw's own kernels, which set-up put beside TensorFlow's binding. `THAW_KERNELS=tensorflow` does without them, the
 * name of an instruction set takes that one; `THAW_THREADS` sets how many threads they use.
 */
function loadFused(precision: Precision, gpu: boolean): { fused: FusedFacts | null; fusedWhy: string } {
  const wanted = process.env.THAW_KERNELS ?? '';
  if (gpu) return { fused: null, fusedWhy: 'the GPU computes' };
  if (wanted === 'tensorflow') return { fused: null, fusedWhy: 'THAW_KERNELS asks for those of TensorFlow' };
  const folder = dirname(load.resolve('@tensorflow/tfjs-node-gpu/package.json'));
  const file = join(folder, 'lib', 'napi-v8', 'thaw_kernels.node');
  if (!existsSync(file)) {
    return { fused: null, fusedWhy: readSetupFacts().kernels?.reason ?? 'set-up did not build them' };
  }
  const threads = Number(process.env.THAW_THREADS ?? 0);
  if (!Number.isInteger(threads) || threads < 0 || threads > 256) {
    throw new AppError('bad-input', `THAW_THREADS is "${process.env.THAW_THREADS}"; expected a number from 1 to 256.`);
  }
  const fused = (load(file) as FusedAddon).configure(precision === 'bf16', threads, wanted);
  if (fused) return { fused, fusedWhy: wanted ? 'THAW_KERNELS asks for them' : 'compiled at set-up for this machine' };
  if (wanted === '') return { fused: null, fusedWhy: 'this processor has no AVX2' };
  throw new AppError('bad-input', `THAW_KERNELS is "${wanted}", which this processor cannot run in ${precision}.`, {
    hint: 'Leave it unset, or use amx, avx512-bf16, avx512, avx2 or tensorflow.',
  });
}

async function loadWasm(why: string): Promise<LoadedBackend> {
  const tf = load('@tensorflow/tfjs-core') as TensorFlow;
  const wasm = load('@tensorflow/tfjs-backend-wasm') as typeof import('@tensorflow/tfjs-backend-wasm');
  wasm.setWasmPaths(dirname(load.resolve('@tensorflow/tfjs-backend-wasm')) + sep);
  if (!(await tf.setBackend('wasm'))) throw new Error('the WebAssembly backend could not start');
  await tf.ready();
  return {
    tf,
    binding: null,
    kind: 'portable',
    backend: 'wasm',
    version: wasm.version_wasm,
    why,
    precision: 'fp32',
    device: cpuName(),
    fused: null,
    fusedWhy: 'they need native TensorFlow',
  };
}

async function loadCpu(why: string): Promise<LoadedBackend> {
  const tf = load('@tensorflow/tfjs-core') as TensorFlow;
  // Else this backend writes an advertisement for tfjs-node to the console; `why` says it better.
  tf.env().set('PROD', true);
  const cpu = load('@tensorflow/tfjs-backend-cpu') as typeof import('@tensorflow/tfjs-backend-cpu');
  if (!(await tf.setBackend('cpu'))) throw missing('cpu', new Error('the JavaScript backend could not start'));
  return {
    tf,
    binding: null,
    kind: 'portable',
    backend: 'cpu',
    version: cpu.version_cpu,
    why,
    precision: 'fp32',
    device: cpuName(),
    fused: null,
    fusedWhy: 'they need native TensorFlow',
  };
}

function cpuName(): string {
  return cpus()[0]?.model.trim() ?? 'unknown CPU';
}

/** Set-up knows why it could not get TensorFlow; where it could, the loader's own message says what went wrong. */
function whyNotNative(error: unknown): string {
  const facts = readSetupFacts().tensorflow;
  const reason = facts?.route === 'portable' ? facts.reasons.at(-1) : undefined;
  return reason ?? `TensorFlow could not be loaded: ${messageOf(error)}`;
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}

function missing(backend: string, cause: unknown): AppError {
  return new AppError('tensorflow-missing', `The ${backend} backend could not be loaded: ${messageOf(cause)}`, {
    hint: 'Run `npm run setup -- --retry`, or leave THAW_BACKEND unset to use what is there.',
    cause,
  });
}
