import { describe, expect, it } from 'vitest';
import { hasDisplay, windowArguments } from '../../../scripts/lib/display.mjs';
import { missingPackages } from '../../../scripts/steps/packages.mjs';
import { missingLibraries } from '../../../scripts/steps/system-packages.mjs';
import { hasNvidiaGpu, planTensorflow, shouldTryAgain } from '../../../scripts/steps/tensorflow-plan.mjs';
import { compilerArguments, placeOf } from '../../../scripts/steps/tensorflow-wheel.mjs';

describe('the way to TensorFlow', () => {
  const linux = { platform: 'linux', arch: 'x64', glibc: '2.36', gpu: false, forced: undefined };

  it('asks for the official libraries first, then takes the wheel, and can always be portable', () => {
    expect(planTensorflow(linux)).toEqual(['official', 'wheel', 'portable']);
  });

  it('begins with the CUDA wheels where there is an NVIDIA GPU', () => {
    expect(planTensorflow({ ...linux, gpu: true })).toEqual(['cuda', 'official', 'wheel', 'portable']);
  });

  it('leaves out wheels where they cannot run: musl, an old C library, another processor', () => {
    expect(planTensorflow({ ...linux, glibc: null })).toEqual(['portable']);
    expect(planTensorflow({ ...linux, glibc: '2.17' })).toEqual(['official', 'portable']);
    expect(planTensorflow({ ...linux, arch: 'arm64' })).toEqual(['portable']);
  });

  it('is the official one on Windows and macOS', () => {
    expect(planTensorflow({ ...linux, platform: 'win32', glibc: null })).toEqual(['official', 'portable']);
    expect(planTensorflow({ ...linux, platform: 'darwin', arch: 'arm64', glibc: null })).toEqual([
      'official',
      'portable',
    ]);
  });

  it('is only the portable one when that is asked for', () => {
    expect(planTensorflow({ ...linux, forced: 'wasm' })).toEqual(['portable']);
    expect(planTensorflow({ ...linux, forced: 'native' })).toEqual(['official', 'wheel', 'portable']);
  });

  it('is tried again after a change of the machine, a damaged download, an hour, or on request; not before', () => {
    const record = { conditions: 'official wheel portable python3', at: 1000, again: false };
    expect(shouldTryAgain(record, record.conditions, 2000, false)).toBe(false);
    expect(shouldTryAgain(record, `${record.conditions} g++`, 2000, false)).toBe(true);
    expect(shouldTryAgain({ ...record, again: true }, record.conditions, 2000, false)).toBe(true);
    expect(shouldTryAgain(record, record.conditions, 1000 + 3_600_001, false)).toBe(true);
    expect(shouldTryAgain(record, record.conditions, 2000, true)).toBe(true);
  });

  it('finds an NVIDIA GPU by what its driver shows', () => {
    expect(hasNvidiaGpu({ exists: () => true, list: () => ['0000:01:00.0'] })).toBe(true);
    expect(hasNvidiaGpu({ exists: () => true, list: () => [] })).toBe(false);
    expect(hasNvidiaGpu({ exists: () => false, list: () => ['x'] })).toBe(false);
  });
});

describe('what is taken out of a wheel', () => {
  it('is the two libraries, the headers that the binding reads, the notices, and NVIDIA’s libraries', () => {
    expect(placeOf('tensorflow/libtensorflow_cc.so.2')).toBe('deps/lib/libtensorflow_cc.so.2');
    expect(placeOf('tensorflow/libtensorflow_framework.so.2')).toBe('deps/lib/libtensorflow_framework.so.2');
    expect(placeOf('tensorflow/include/tensorflow/c/c_api.h')).toBe('include/tensorflow/c/c_api.h');
    expect(placeOf('tensorflow/THIRD_PARTY_NOTICES.txt')).toBe('licenses/tensorflow/THIRD_PARTY_NOTICES.txt');
    expect(placeOf('nvidia/cudnn/lib/libcudnn.so.9')).toBe('deps/nvidia/cudnn/lib/libcudnn.so.9');
    expect(placeOf('nvidia_cudnn_cu12-9.28.0.42.dist-info/licenses/License.txt')).toBe(
      'licenses/nvidia_cudnn_cu12-9.28.0.42/License.txt',
    );
  });

  it('is nothing of Python, nor the thousands of other headers', () => {
    expect(placeOf('tensorflow/python/_pywrap_tfe.so')).toBeNull();
    expect(placeOf('tensorflow/include/external/llvm-project/llvm/include/llvm/x.h')).toBeNull();
    expect(placeOf('nvidia/cudnn/include/cudnn.h')).toBeNull();
  });
});

describe('the compiler call', () => {
  const base = { package: '/p', headers: '/h', folder: '/c', output: '/o/a.node' };

  it('lets the addon find TensorFlow by its own place', () => {
    const args = compilerArguments(base);
    expect(args).toContain('-Wl,-rpath,$ORIGIN/../../deps/lib');
    expect(args.slice(-2)).toEqual(['-o', '/o/a.node']);
    expect(args).not.toContain('-Wl,--no-as-needed');
  });

  it('names the CUDA libraries as needed ones and where they lie', () => {
    const args = compilerArguments({ ...base, cuda: ['/c/deps/nvidia/cudnn/lib/libcudnn.so.9'] });
    expect(args.indexOf('-Wl,--no-as-needed')).toBeLessThan(args.indexOf('/c/deps/nvidia/cudnn/lib/libcudnn.so.9'));
    expect(args).toContain('-Wl,-rpath,$ORIGIN/../../deps/nvidia/cudnn/lib');
  });
});

describe('the npm packages', () => {
  const machine = { platform: 'linux', arch: 'x64', libc: 'glibc' };
  const a = { version: '1.0.0', integrity: 'sha512-a' };
  const native = {
    version: '2.0.0',
    integrity: 'sha512-n',
    optional: true,
    os: ['linux'],
    cpu: ['x64'],
    libc: ['glibc'],
  };
  const packages = {
    '': {},
    'node_modules/a': a,
    'node_modules/@s/native-linux': native,
    'node_modules/@s/native-musl': { ...native, libc: ['musl'] },
    'node_modules/only-on-windows': { version: '1.0.0', integrity: 'sha512-w', optional: true, os: ['win32'] },
  };
  const lock = { packages };
  const installed = { packages: { 'node_modules/a': a, 'node_modules/@s/native-linux': native } };

  it('are in place when npm’s own record of node_modules says what the lock file says for this machine', () => {
    expect(missingPackages(lock, installed, machine)).toEqual([]);
  });

  it('are all missing where an installation was interrupted', () => {
    expect(missingPackages(lock, null, machine)).toEqual(['a', '@s/native-linux']);
  });

  it('are named where one differs, or where npm passed over native code for this machine', () => {
    const other = { packages: { ...installed.packages, 'node_modules/a': { ...a, integrity: 'sha512-other' } } };
    expect(missingPackages(lock, other, machine)).toEqual(['a']);
    expect(missingPackages(lock, { packages: { 'node_modules/a': a } }, machine)).toEqual(['@s/native-linux']);
    expect(missingPackages(lock, installed, { ...machine, libc: 'musl' })).toEqual(['@s/native-musl']);
  });
});

describe('the window', () => {
  it('needs a display server on Linux only', () => {
    expect(hasDisplay({}, 'linux')).toBe(false);
    expect(hasDisplay({ DISPLAY: ':0' }, 'linux')).toBe(true);
    expect(hasDisplay({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux')).toBe(true);
    expect(hasDisplay({}, 'darwin')).toBe(true);
  });

  it('gives up Chromium’s sandbox only for root on Linux', () => {
    const base = { root: '/thaw', more: ['--x'] };
    expect(windowArguments({ ...base, platform: 'linux', asRoot: true })).toEqual(['--no-sandbox', '/thaw', '--x']);
    expect(windowArguments({ ...base, platform: 'linux', asRoot: false })).toEqual(['/thaw', '--x']);
    expect(windowArguments({ ...base, platform: 'darwin', asRoot: true })).toEqual(['/thaw', '--x']);
  });

  it('names the libraries that the system lacks', () => {
    const output = '\tlibgtk-3.so.0 => not found\n\tlibc.so.6 => /lib/libc.so.6 (0x1)\n\tlibnss3.so => not found\n';
    expect(missingLibraries(output)).toEqual(['libgtk-3.so.0', 'libnss3.so']);
  });
});
