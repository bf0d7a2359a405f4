import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Kernels } from '../../src/engine/kernels/kernels';
import { runParity } from '../../src/engine/parity/run-parity';

/** The one set of parity tests, for whichever kernels a test file brings. */
export function describeParity(which: string, makeKernels: () => Promise<Kernels>): void {
  describe(`${which} against PyTorch and fastai`, async () => {
    const kernels = await makeKernels();
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
        'encoder-gru',
        'encoder-gru-bidirectional',
        'encoder-lstm-bidirectional',
        'encoder-qrnn',
        'encoder-qrnn-f',
        'encoder-qrnn-bidirectional',
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
}
