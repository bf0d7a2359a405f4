import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@playwright/test';
import { root, test } from './thaw-app';
import { importFile, newProject, openFile, startTraining, waitForTraining } from './walk';

/** Data that must not be shipped lies beside the clone, where it does at all. */
const file = path.join(process.env['THAW_SHARED'] ?? path.resolve(root, '../shared'), 'data/trec/train.csv');

test('question types (TREC): the whole wizard on 5,452 rows split by the app', async ({ start, folder }) => {
  test.skip(!existsSync(file), `${file} is not there`);
  test.setTimeout(20 * 60_000);
  const app = await start();
  const { page } = app;
  await newProject(app, 'Questions');
  await openFile(app, file);
  await page.getByTestId('import-role-label').selectOption('label');
  await page.getByTestId('import-role-fine_label').selectOption('ignore');
  await importFile(app, 5452);
  await startTraining(app, { preset: 'quick', minutes: 3 });
  await waitForTraining(app, ['done'], 14 * 60_000);

  await page.getByTestId('rail-inspect').click();
  await expect(page.getByTestId('inspect-accuracy')).toContainText('%');
  const comparison = await app.call('inspect.comparison', {});
  if (comparison === null) throw new Error('There is nothing to compare.');
  const { model, baseline, majority, labels } = comparison;
  console.log(
    `TREC: model ${model.accuracy}, baseline ${baseline.accuracy}, majority ${majority.accuracy}, n ${model.n}`,
  );
  expect(labels).toHaveLength(6);
  expect(model.accuracy).toBeGreaterThan(majority.accuracy + 0.3);

  await page.getByTestId('rail-export').click();
  await page.getByTestId('export-folder').fill(path.join(folder, 'exported'));
  await page.getByTestId('export-run').click();
  await expect(page.getByTestId('export-done')).toBeVisible({ timeout: 60_000 });
  expect(existsSync(path.join(folder, 'exported/weights.safetensors'))).toBe(true);
});
