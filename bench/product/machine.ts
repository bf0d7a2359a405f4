import { NativeKernels } from '../../src/engine/kernels/native-kernels';
import type { Kernels } from '../../src/engine/kernels/kernels';
import { PortableKernels } from '../../src/engine/kernels/portable-kernels';
import { prepareEnvironment } from '../../src/main/platform/environment';
import { loadBackend, type LoadedBackend } from '../../src/main/workers/tensorflow';

/** Loads TensorFlow in this process, in the precision that `THAW_PRECISION` names, as the training worker does. */
export async function loadMachine(): Promise<{ readonly backend: LoadedBackend; readonly kernels: Kernels }> {
  prepareEnvironment();
  const backend = await loadBackend();
  const kernels = backend.binding ? new NativeKernels(backend.binding, backend.fused) : new PortableKernels(backend.tf);
  return { backend, kernels };
}
