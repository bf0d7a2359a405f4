import { describe, expect, it } from 'vitest';
import {
  collectDoctorReport,
  doctorReport,
  type BackendFacts,
  type DoctorFacts,
} from '../../../src/main/platform/doctor';
import { doctorReportSchema } from '../../../src/shared/doctor-types';
import { AppError } from '../../../src/shared/errors';

const native: BackendFacts = {
  kernels: 'native',
  backend: 'tensorflow',
  version: '2.21.0',
  why: 'runs',
  precision: 'bf16',
  device: 'Some CPU',
  fused: { name: 'avx2', threads: 4 },
  fusedWhy: 'compiled',
};
const portable: BackendFacts = {
  ...native,
  kernels: 'portable',
  backend: 'wasm',
  version: '4.22.0',
  precision: 'fp32',
  why: 'no compiler',
  fused: null,
  fusedWhy: 'they need native TensorFlow',
};

const healthy: DoctorFacts = {
  system: {
    platform: 'linux',
    arch: 'x64',
    cpu: 'Some CPU',
    cores: 4,
    memoryBytes: 16e9,
    freeMemoryBytes: 8e9,
    freeDiskBytes: 50e9,
    nvidiaGpu: false,
  },
  setup: { tensorflow: { route: 'wheel', title: 'TensorFlow 2.21.0 (CPU)', version: '2.21.0', reasons: [] } },
  backend: native,
  electronRunning: null,
  node: '20.20.2',
  env: {},
  cpuFlags: new Set(['amx_bf16']),
  cache: { folder: '/home/someone/.cache/thaw', bytes: 1.1e9, writable: true },
};

function problemsOf(facts: Partial<DoctorFacts>): string[] {
  return doctorReport({ ...healthy, ...facts })
    .checks.filter((check) => check.state === 'problem')
    .map((check) => check.id);
}

describe('the report of thaw doctor', () => {
  it('has a row for everything the issue names, in the shape of the contract', () => {
    const report = doctorReportSchema.parse(doctorReport(healthy));
    expect(report.checks.map((check) => check.id)).toEqual([
      'electron',
      'node',
      'tensorflow',
      'device',
      'kernels',
      'precision',
      'cores',
      'memory',
      'disk',
      'cache',
    ]);
    expect(report).toMatchObject({ ok: true, kernels: 'native', backend: 'tensorflow', precision: 'bf16' });
  });

  it('calls portable kernels a problem with its reason, unless they were asked for', () => {
    expect(problemsOf({ backend: portable })).toEqual(['kernels']);
    expect(doctorReport({ ...healthy, backend: portable }).checks.find(({ id }) => id === 'kernels')?.why).toBe(
      'no compiler',
    );
    expect(problemsOf({ backend: portable, env: { THAW_BACKEND: 'wasm' } })).toEqual([]);
  });

  it('names a GPU that lies idle, an old Node, little memory, little disk and a cache that cannot be written', () => {
    expect(problemsOf({ system: { ...healthy.system, nvidiaGpu: true } })).toEqual(['device']);
    expect(
      problemsOf({ system: { ...healthy.system, nvidiaGpu: true }, backend: { ...native, device: 'NVIDIA GPU' } }),
    ).toEqual([]);
    expect(problemsOf({ node: '20.18.0' })).toEqual(['node']);
    expect(problemsOf({ node: '18.15.0', electronRunning: '25.1.1' })).toEqual([]);
    expect(problemsOf({ system: { ...healthy.system, memoryBytes: 2e9, freeDiskBytes: 1e9 } })).toEqual([
      'memory',
      'disk',
    ]);
    expect(problemsOf({ cache: { ...healthy.cache, writable: false } })).toEqual(['cache']);
  });

  it('calls bf16 on a CPU without it a problem', () => {
    expect(problemsOf({ cpuFlags: new Set(['avx2']) })).toEqual(['precision']);
  });

  it('gives every problem something to do', () => {
    const broken = doctorReport({
      ...healthy,
      backend: new Error('gone'),
      node: '16.0.0',
      system: { ...healthy.system, memoryBytes: 1e9, freeDiskBytes: 0 },
    });
    const problems = broken.checks.filter((check) => check.state === 'problem');
    expect(problems.map((check) => check.id)).toEqual(['node', 'tensorflow', 'kernels', 'memory', 'disk']);
    expect(problems.filter((check) => !check.toDo || !check.why)).toEqual([]);
  });
});

it('reports about this machine also when the worker cannot load any backend', async () => {
  const report = await collectDoctorReport(() =>
    Promise.reject(new AppError('tensorflow-missing', 'nothing could be loaded')),
  );
  expect(doctorReportSchema.parse(report).ok).toBe(false);
  expect(report.checks.find((check) => check.id === 'tensorflow')).toMatchObject({
    state: 'problem',
    why: 'nothing could be loaded',
  });
  expect(report.checks.find((check) => check.id === 'node')?.value).toBe(process.versions.node);
});
