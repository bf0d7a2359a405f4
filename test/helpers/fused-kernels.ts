import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { FusedAddon } from '../../src/engine/kernels/fused-kernels';
import { NativeKernels } from '../../src/engine/kernels/native-kernels';
import { prepareEnvironment } from '../../src/main/platform/environment';
import { loadBackend } from '../../src/main/workers/tensorflow';

/** The kernels of native/ beside TensorFlow's own, in full precision. */
export interface KernelsForTests {
  /** TensorFlow's own. */
  readonly plain: NativeKernels;
  /** Thaw's of one instruction set, on so many threads; null where this processor does not have it. */
  fused(name: string, threads: number): NativeKernels | null;
  /** The best there are again, on all threads. */
  restore(): void;
}

/** Loads TensorFlow in full precision, and the addon of native/. */
export async function kernelsForTests(): Promise<KernelsForTests> {
  prepareEnvironment({ precision: 'fp32' });
  const load = createRequire(__filename);
  const { binding } = await loadBackend();
  const folder = dirname(load.resolve('@tensorflow/tfjs-node-gpu/package.json'));
  const addon = load(join(folder, 'lib', 'napi-v8', 'thaw_kernels.node')) as FusedAddon;
  return {
    plain: new NativeKernels(binding!),
    fused(name, threads) {
      const facts = addon.configure(name.endsWith('bf16') || name === 'amx', threads, name);
      return facts && new NativeKernels(binding!, facts);
    },
    restore: () => void addon.configure(false, 0, ''),
  };
}
