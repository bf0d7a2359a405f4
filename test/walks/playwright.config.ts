import { defineConfig } from '@playwright/test';

/** The walks of docs/guide/walks.md: the real app driven as a person would, timed, with pictures of every step. */
export default defineConfig({
  testDir: '.',
  testMatch: '**/*.walk.ts',
  workers: 1,
  timeout: 40 * 60_000,
  expect: { timeout: 60_000 },
  reporter: 'list',
  outputDir: '../../artifacts/walks/results',
});
