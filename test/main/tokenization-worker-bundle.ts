import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'vite';

/** Bundles the tokenization worker as the build of the application does, into a temporary folder; returns its file. */
export async function bundleTokenizationWorker(): Promise<string> {
  const outDir = mkdtempSync(join(tmpdir(), 'thaw-worker-'));
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: resolve(__dirname, '../../src/main/workers/tokenization-worker.ts'),
      outDir,
      target: 'node18',
      rollupOptions: { output: { format: 'cjs', entryFileNames: '[name].cjs' } },
    },
  });
  return join(outDir, 'tokenization-worker.cjs');
}
