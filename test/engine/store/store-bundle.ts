import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll } from 'vitest';
import { build } from 'vite';

/** Bundles `labeller.ts` so that plain Node can run it as a process of its own; returns its file. */
export async function bundleLabeller(): Promise<string> {
  // Inside node_modules, so that DuckDB's binding is found from there.
  const cache = resolve(__dirname, '../../../node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const outDir = mkdtempSync(join(cache, 'thaw-store-'));
  afterAll(() => rmSync(outDir, { recursive: true, force: true }));
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: resolve(__dirname, 'labeller.ts'),
      outDir,
      target: 'node18',
      rollupOptions: { output: { format: 'cjs', entryFileNames: '[name].cjs' } },
    },
  });
  return join(outDir, 'labeller.cjs');
}
