import { existsSync, readdirSync } from 'node:fs';

/**
 * The ways to TensorFlow that are worth trying on a machine, best first. `portable` is always last and always works:
 * the WebAssembly backend comes with the npm packages.
 *
 * - `cuda`: TensorFlow's GPU wheel and NVIDIA's CUDA wheels, our own compile of the binding
 * - `official`: what the install script of @tensorflow/tfjs-node-gpu downloads
 * - `wheel`: TensorFlow's CPU wheel, our own compile of the binding
 */
export function planTensorflow({ platform, arch, glibc, gpu, forced }) {
  if (forced === 'wasm' || forced === 'cpu' || forced === 'portable') return ['portable'];
  const wheels = platform === 'linux' && arch === 'x64' && glibc !== null && atLeast(glibc, '2.27');
  const official =
    (platform === 'linux' && arch === 'x64' && glibc !== null) ||
    (platform === 'win32' && arch === 'x64') ||
    platform === 'darwin';
  const routes = [];
  if (wheels && gpu) routes.push('cuda');
  if (official) routes.push('official');
  if (wheels) routes.push('wheel');
  return [...routes, 'portable'];
}

function atLeast(version, wanted) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = wanted.split('.').map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

/** Version of the C library that runs this Node, or null where it is another one (musl) or none (Windows, macOS). */
export function glibcVersion() {
  return process.report?.getReport?.().header?.glibcVersionRuntime ?? null;
}

/**
 * True when the driver of an NVIDIA GPU is loaded: its device files are there.
 * @param {{exists?: (path: string) => boolean, list?: (path: string) => string[]}} look
 */
export function hasNvidiaGpu({ exists = existsSync, list = (path) => readdirSync(path) } = {}) {
  if (!exists('/proc/driver/nvidia/gpus')) return false;
  try {
    return list('/proc/driver/nvidia/gpus').length > 0;
  } catch {
    return false;
  }
}

const HOUR = 3_600_000;

/**
 * Whether set-up tries again for TensorFlow where it had to be content with the portable backend: when asked to, after
 * a damaged download, when the machine has got something it lacked, or after an hour (a network may be back).
 */
export function shouldTryAgain(record, conditions, now, retry) {
  return retry || record.again || record.conditions !== conditions || now - record.at > HOUR;
}
