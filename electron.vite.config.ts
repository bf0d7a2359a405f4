import { resolve } from 'node:path';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'electron-vite';

/**
 * Packages that stay outside the bundle: native code that is found by its place in node_modules, and `electron` itself.
 * Everything else is bundled, so that packages published as ES modules only also run on the Node 18 of older Electrons.
 */
const external = ['electron', /^node:/, /^@tensorflow\//, /^@duckdb\//];

/** Every entry becomes one CommonJS file in `out/main`; workers are started by that file name. */
const mainEntries = [
  'index',
  'cli',
  'engine-host',
  'training-worker',
  'tokenization-worker',
  'baseline-worker',
  'health-worker',
  'conversion-worker',
] as const;
const entryFile: Record<(typeof mainEntries)[number], string> = {
  index: 'src/main/index.ts',
  cli: 'src/main/cli/index.ts',
  'engine-host': 'src/main/host/entry.ts',
  'training-worker': 'src/main/workers/training-worker.ts',
  'tokenization-worker': 'src/main/workers/tokenization-worker.ts',
  'baseline-worker': 'src/main/workers/baseline-worker.ts',
  'health-worker': 'src/main/workers/health-worker.ts',
  'conversion-worker': 'src/main/workers/conversion-worker.ts',
};

const commonjs = { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: 'chunks/[name]-[hash].cjs' } as const;

export default defineConfig({
  main: {
    build: {
      externalizeDeps: false,
      target: 'node18',
      sourcemap: true,
      rollupOptions: {
        external,
        input: Object.fromEntries(mainEntries.map((name) => [name, resolve(entryFile[name])])),
        output: commonjs,
      },
    },
  },
  preload: {
    build: {
      externalizeDeps: false,
      target: 'node18',
      rollupOptions: { external: ['electron'], input: { index: resolve('src/preload/index.ts') }, output: commonjs },
    },
  },
  renderer: {
    root: 'src/renderer',
    plugins: [vue()],
    // Parts of vue-i18n that the window does not use; without these they stay in the bundle.
    define: {
      __VUE_I18N_LEGACY_API__: 'false',
      __VUE_I18N_FULL_INSTALL__: 'false',
      __INTLIFY_PROD_DEVTOOLS__: 'false',
    },
    build: { target: 'chrome114', minify: true, rollupOptions: { input: resolve('src/renderer/index.html') } },
  },
});
