/** `npm run bench`: sets Thaw up, bundles `bench/` beside the product, and measures. `-- --help` says how. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/context.mjs';
import { runSetup, tellFailure } from './setup.mjs';

const output = join(root, 'out', 'bench');
const external = [/^node:/, /^@tensorflow\//, /^@duckdb\//, /^playwright-core/];

async function bundle() {
  const { build } = await import('vite');
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir: output,
      emptyOutDir: true,
      target: 'node20',
      rollupOptions: {
        input: { bench: join(root, 'bench', 'main.ts'), product: join(root, 'bench', 'product', 'main.ts') },
        external,
        output: { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: 'chunks/[name]-[hash].cjs' },
      },
    },
  });
}

async function main() {
  try {
    // The result alone goes to standard output. To say how it is used nothing has to be set up but the bundler.
    const asksHow = process.argv.includes('--help') && existsSync(join(root, 'node_modules', 'vite'));
    if (!asksHow) await runSetup('test', { stream: process.stderr });
  } catch (error) {
    process.exitCode = tellFailure(error, process.stderr);
    return;
  }
  await bundle();
  const child = spawn(process.execPath, [join(output, 'bench.cjs'), ...process.argv.slice(2)], { stdio: 'inherit' });
  child.once('close', (code) => (process.exitCode = code ?? 128));
}

await main();
