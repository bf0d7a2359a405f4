import type { DoctorCheck, DoctorReport } from '../../shared/doctor-types';
import { toEnvelope } from '../../shared/errors';
import { choosePrecision, cpuFlags, hasFastBf16, type Precision } from './environment';
import { cacheFolder } from './paths';
import { readSetupFacts, type SetupFacts } from './setup-facts';
import { folderBytes, isWritable, systemFacts, type SystemFacts } from './system-facts';

/** What the training worker says about the backend it loaded. */
export interface BackendFacts {
  readonly kernels: 'native' | 'portable';
  readonly backend: string;
  readonly version: string;
  readonly why: string;
  readonly precision: Precision;
  readonly device: string;
  readonly fused: { readonly name: string; readonly threads: number } | null;
  readonly fusedWhy: string;
}

/** Everything the report is made from; the probe's error stands in for its facts where it failed. */
export interface DoctorFacts {
  readonly system: SystemFacts;
  readonly setup: SetupFacts;
  readonly backend: BackendFacts | Error;
  readonly electronRunning: string | null;
  readonly node: string;
  readonly env: NodeJS.ProcessEnv;
  readonly cpuFlags: ReadonlySet<string>;
  readonly cache: { readonly folder: string; readonly bytes: number; readonly writable: boolean };
}

const GIGABYTE = 1e9;
const LITTLE_MEMORY = 4 * GIGABYTE;
const LITTLE_DISK = 2 * GIGABYTE;
const retryCommand = 'npm run setup -- --retry';

/**
 * Looks at the machine and at what Thaw runs on, for `thaw doctor` and the window.
 * @param probe asks the training worker; when it fails, the report says so instead of failing too
 */
export async function collectDoctorReport(probe: () => Promise<BackendFacts>): Promise<DoctorReport> {
  const folder = cacheFolder();
  const backend = await probe().catch((error: unknown) => new Error(toEnvelope(error).message));
  return doctorReport({
    system: systemFacts(folder),
    setup: readSetupFacts(),
    backend,
    electronRunning: process.versions['electron'] ?? null,
    node: process.versions.node,
    env: process.env,
    cpuFlags: cpuFlags(),
    cache: { folder, bytes: folderBytes(folder), writable: isWritable(folder) },
  });
}

/** The report from facts alone: the same facts give the same report. */
export function doctorReport(facts: DoctorFacts): DoctorReport {
  const checks = [
    electronCheck(facts),
    nodeCheck(facts),
    tensorflowCheck(facts),
    deviceCheck(facts),
    kernelsCheck(facts),
    precisionCheck(facts),
    ...machineChecks(facts),
    cacheCheck(facts),
  ];
  const { backend } = facts;
  const loaded =
    backend instanceof Error ? { kernels: 'portable' as const, backend: 'none', precision: 'fp32' as const } : backend;
  return {
    ok: checks.every((check) => check.state === 'ok'),
    kernels: loaded.kernels,
    backend: loaded.backend,
    precision: loaded.precision,
    checks,
  };
}

function ok(
  id: string,
  title: string,
  value: string,
  why: string | null = null,
  toDo: string | null = null,
): DoctorCheck {
  return { id, title, state: 'ok', value, why, toDo };
}

function problem(id: string, title: string, value: string, why: string, toDo: string): DoctorCheck {
  return { id, title, state: 'problem', value, why, toDo };
}

function electronCheck({ electronRunning, setup }: DoctorFacts): DoctorCheck {
  const reason = setup.electron?.reasons.at(-1);
  const why = reason === undefined ? null : `not the official release: ${reason}`;
  if (electronRunning !== null) return ok('electron', 'Electron', `${electronRunning}, running this`, why);
  if (setup.electron === undefined) {
    const needed = 'the command line does without; the window needs it';
    return ok('electron', 'Electron', 'not fetched yet', needed, 'npm run setup -- --for=window');
  }
  const source = setup.electron.route === 'package' ? 'from an npm package' : 'official';
  return ok('electron', 'Electron', `${setup.electron.version} (${source}); this command runs in plain Node`, why);
}

function nodeCheck({ node, electronRunning }: DoctorFacts): DoctorCheck {
  const [major = 0, minor = 0] = node.split('.').map(Number);
  const enough = electronRunning !== null || major > 20 || (major === 20 && minor >= 19);
  if (enough) return ok('node', 'Node', node, electronRunning === null ? null : 'the one inside Electron');
  return problem('node', 'Node', node, 'Thaw needs Node 20.19 or later', 'Install a current Node.');
}

function tensorflowCheck({ backend, setup }: DoctorFacts): DoctorCheck {
  if (backend instanceof Error) return problem('tensorflow', 'TensorFlow', 'none', backend.message, retryCommand);
  const name = backend.backend === 'tensorflow' ? 'TensorFlow' : 'TensorFlow.js';
  const why =
    backend.kernels === 'native' && setup.tensorflow
      ? [setup.tensorflow.title, ...setup.tensorflow.reasons].join('. ')
      : null;
  return ok('tensorflow', 'TensorFlow', `${name} ${backend.version}`, why);
}

function deviceCheck({ backend, system }: DoctorFacts): DoctorCheck {
  const device = backend instanceof Error ? system.cpu : backend.device;
  if (!system.nvidiaGpu || device.includes('GPU')) return ok('device', 'Device', device);
  return problem(
    'device',
    'Device',
    device,
    'this machine has an NVIDIA GPU that TensorFlow does not use',
    retryCommand,
  );
}

function kernelsCheck({ backend, env }: DoctorFacts): DoctorCheck {
  if (backend instanceof Error) return problem('kernels', 'Kernels', 'none', backend.message, retryCommand);
  if (backend.kernels === 'native') return ownKernelsCheck(backend, env);
  const value = `portable (${backend.backend}): right, but much slower`;
  if (env.THAW_BACKEND)
    return ok('kernels', 'Kernels', value, backend.why, 'Unset THAW_BACKEND for the native kernels.');
  return problem('kernels', 'Kernels', value, backend.why, retryCommand);
}

function ownKernelsCheck({ fused, fusedWhy, why }: BackendFacts, env: NodeJS.ProcessEnv): DoctorCheck {
  if (fused) return ok('kernels', 'Kernels', `native, Thaw’s own (${fused.name}, ${fused.threads} threads)`, fusedWhy);
  const value = 'native, TensorFlow’s';
  if (env.THAW_KERNELS) return ok('kernels', 'Kernels', value, fusedWhy, 'Unset THAW_KERNELS for Thaw’s own.');
  return ok(
    'kernels',
    'Kernels',
    value,
    `${why}; Thaw’s own, which are faster, are not used: ${fusedWhy}`,
    retryCommand,
  );
}

function precisionCheck({ backend, env, cpuFlags: flags }: DoctorFacts): DoctorCheck {
  const precision = backend instanceof Error ? 'fp32' : backend.precision;
  if (backend instanceof Error || backend.kernels === 'portable') {
    return ok('precision', 'Precision', precision, 'the portable kernels compute in 32 bits');
  }
  if (precision === 'bf16' && !hasFastBf16(flags)) {
    const why = 'THAW_PRECISION asks for bf16, and this CPU has no bfloat16 multiplication';
    return problem('precision', 'Precision', precision, why, 'Unset THAW_PRECISION.');
  }
  const choice = choosePrecision(undefined, env, flags);
  return ok('precision', 'Precision', precision, choice.precision === precision ? choice.why : null);
}

function machineChecks({ system }: DoctorFacts): DoctorCheck[] {
  const memory = `${gigabytes(system.memoryBytes)}, ${gigabytes(system.freeMemoryBytes)} of it free`;
  const disk = system.freeDiskBytes === null ? 'not known' : `${gigabytes(system.freeDiskBytes)} free`;
  const littleDisk = system.freeDiskBytes !== null && system.freeDiskBytes < LITTLE_DISK;
  return [
    ok('cores', 'Cores', `${system.cores} (${system.platform} ${system.arch})`),
    system.memoryBytes < LITTLE_MEMORY
      ? problem(
          'memory',
          'Memory',
          memory,
          `less than ${gigabytes(LITTLE_MEMORY)}`,
          'Use the quick preset, and close other programs while it trains.',
        )
      : ok('memory', 'Memory', memory),
    littleDisk
      ? problem(
          'disk',
          'Free disk',
          disk,
          `less than ${gigabytes(LITTLE_DISK)}`,
          'Make room: models and checkpoints are written here.',
        )
      : ok('disk', 'Free disk', disk),
  ];
}

function cacheCheck({ cache }: DoctorFacts): DoctorCheck {
  const value = `${cache.folder}, ${gigabytes(cache.bytes)}`;
  if (cache.writable) return ok('cache', 'Cache folder', value);
  return problem('cache', 'Cache folder', value, 'it cannot be written', 'Name another one with THAW_CACHE.');
}

function gigabytes(bytes: number): string {
  return `${(bytes / GIGABYTE).toFixed(1)} GB`;
}
