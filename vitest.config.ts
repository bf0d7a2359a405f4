import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [vue()],
  test: {
    include: ['test/{engine,main,renderer,parity}/**/*.test.ts'],
    // TensorFlow must be loaded once per process and never shared between threads: one process a test file.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
  },
});
