import type { Kernels } from '../../src/engine/kernels/kernels';
import { NativeKernels } from '../../src/engine/kernels/native-kernels';
import { loadMachine } from './machine';
import type { Prepare } from './serve';

/** GFLOP/s of the product of two square matrices, the best of a few: with our own kernels, and with TensorFlow's. */
export const gemm: Prepare = async (spec) => {
  const { size, times } = spec as { readonly size: number; readonly times: number };
  const { backend, kernels } = await loadMachine();
  const tensorflow = backend.binding ? new NativeKernels(backend.binding) : kernels;
  return () =>
    Promise.resolve({
      own: kernels.fused ? speed(kernels, size, times) : 0,
      tensorflow: speed(tensorflow, size, times),
    });
};

function speed(kernels: Kernels, size: number, times: number): number {
  const matrix = kernels.fill([size, size], 0.5);
  let best = Infinity;
  for (let i = 0; i <= times; i++) {
    const begun = performance.now();
    kernels.dispose(kernels.matmul(matrix, matrix));
    if (i > 0) best = Math.min(best, performance.now() - begun);
  }
  kernels.dispose(matrix);
  return (2 * size ** 3) / best / 1e6;
}
