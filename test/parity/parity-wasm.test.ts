import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PortableKernels } from '../../src/engine/kernels/portable-kernels';
import { runParity } from '../../src/engine/parity/run-parity';
import { tensorflowForTests } from '../helpers/tensorflow';

describe('the portable kernels on WebAssembly against PyTorch and fastai', async () => {
  const backend = await tensorflowForTests('wasm');
  const kernels = new PortableKernels(backend.tf);
  const results = await runParity(kernels, join(__dirname, '..', 'fixtures', 'parity'));

  it('finds every kind of case that this version knows', () => {
    const kinds = new Set(results.map((result) => result.name.replace(/^.*\//, '')));
    for (const kind of [
      'lm-tied',
      'lm-untied',
      'lm-dropout',
      'classifier-maxlen-none',
      'classifier-maxlen-10',
      'optimisers',
      'schedules',
      'qrnn',
      'fastai-files',
    ]) {
      expect(kinds).toContain(kind);
    }
  });

  it.each(results.filter((result) => result.largest !== null))(
    '$name differs by at most 1e-4',
    ({ largest, differences }) => {
      expect(differences.length).toBeGreaterThan(3);
      expect(largest!.error, largest!.what).toBeLessThanOrEqual(1e-4);
    },
  );

  it('leaves no tensor behind', () => {
    expect(kernels.liveTensors()).toBe(0);
  });
});
