import { defineConfig } from '@playwright/test';

/** The end-to-end tests: the real app with the real engine. `npm test` runs two windows at a time, and those with `@alone` after them. */
export default defineConfig({
  testDir: 'test/e2e',
  testMatch: '**/*.e2e.ts',
  workers: 1,
  timeout: 5 * 60_000,
  expect: { timeout: 15_000 },
  forbidOnly: process.env['CI'] !== undefined,
  reporter: 'list',
  outputDir: 'artifacts/e2e/results',
});
