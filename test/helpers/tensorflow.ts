import { loadBackend, type LoadedBackend } from '../../src/main/workers/tensorflow';

/**
 * TensorFlow for a test file, in exact 32-bit arithmetic unless the environment already says otherwise. A test file is
 * one process (vitest's forks), and the first call in it decides the backend.
 */
export function tensorflowForTests(backend?: 'native' | 'wasm' | 'cpu'): Promise<LoadedBackend> {
  if (backend !== undefined) process.env.THAW_BACKEND = backend;
  process.env.ONEDNN_DEFAULT_FPMATH_MODE ??= 'STRICT';
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  return loadBackend();
}
