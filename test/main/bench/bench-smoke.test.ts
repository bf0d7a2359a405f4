import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { applicationRoot } from '../../../src/main/platform/paths';

interface Result {
  readonly machine: string;
  readonly gemmPeak: { readonly fp32: number | null; readonly bf16: number | null };
  readonly rows: readonly Record<string, unknown>[];
}

/** Runs sections in their tiny form; the last line of output is the result. */
async function smoke(...sections: readonly string[]): Promise<Result> {
  const script = join(applicationRoot(), 'scripts', 'bench.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...sections, '--smoke', '--json']);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Result;
}

describe('npm run bench', () => {
  it('runs its sections without peers and gives one object of rows', { timeout: 400_000 }, async () => {
    const sections = ['lm-train', 'predict', 'tokenize', 'import'];
    const { machine, gemmPeak, rows } = await smoke(...sections);
    expect(machine).not.toBe('');
    expect(gemmPeak.fp32).toBeGreaterThan(0);
    expect([...new Set(rows.map((each) => each['section']))]).toEqual(sections);
    for (const each of rows) {
      const keys = ['section', 'what', 'unit', 'product', 'peer', 'ratio', 'fp32Ratio'];
      expect(Object.keys(each)).toEqual(keys);
      expect(each['product']).toBeGreaterThanOrEqual(0);
    }
    // read_csv is measured in this process's own kind: it needs no peers.
    expect(rows.find((each) => each['section'] === 'import')?.['ratio']).toBeGreaterThan(0);
  });
});
