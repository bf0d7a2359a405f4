import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@playwright/test';
import { lookAt } from './look';
import { fixture, test, thaw } from './thaw-app';
import { importFile, newProject, startTraining, waitForSteps, waitForTraining } from './walk';
import { giveOnnxRuntime, runExample } from '../helpers/run-exported';

test('the wizard leads from a CSV to an exported model', async ({ start, folder }) => {
  test.setTimeout(12 * 60_000);
  const app = await start();
  const { page } = app;
  await expect(page.getByTestId('home-new')).toBeVisible();
  await lookAt(app, '01-home');

  await newProject(app, 'Films');
  await app.answerOpenDialog(fixture('e2e/subj-400.csv'));
  await page.getByTestId('import-choose').click();
  await expect(page.getByTestId('import-role-text')).toHaveValue('text');
  await expect(page.getByTestId('import-role-label')).toHaveValue('label');
  await importFile(app, 400);
  await lookAt(app, '06-import-summary');

  await page.getByTestId('rail-language-model').click();
  await expect(page.getByTestId('train-plan')).toBeVisible();
  await lookAt(app, '08-train-setup');
  await startTraining(app, { preset: 'quick', minutes: 1 });
  await waitForSteps(app, 120_000);
  await lookAt(app, '09-train-running');
  // To leave now would end the training: Thaw asks, and nothing ends by looking at the question.
  await page.getByTestId('rail-home').click();
  await page.getByTestId('home-sample-subjectivity').click();
  await expect(page.getByTestId('leave-question')).toBeVisible();
  await lookAt(app, '09-leave-question', 'leave-question');
  await page.getByTestId('leave-no').click();
  await expect(page.getByTestId('leave-question')).toHaveCount(0);
  await page.getByTestId('home-back').click();
  await page.getByTestId('rail-language-model').click();

  await page.getByTestId('train-pause').click();
  await expect(page.getByTestId('train-resume')).toBeVisible();
  await waitForTraining(app, ['paused'], 30_000);
  await page.getByTestId('train-resume').click();
  await waitForTraining(app, ['running', 'done'], 30_000);
  await waitForTraining(app, ['done'], 8 * 60_000);
  await expect(page.getByTestId('train-cancel')).toHaveCount(0);
  await expect(page.getByTestId('train-loss-chart').locator('canvas, svg').first()).toBeVisible();
  await lookAt(app, '10-train-done');

  await page.getByTestId('rail-classifier').click();
  await expect(page.getByTestId('classifier-accuracy')).toContainText('%');
  await lookAt(app, '11-classifier');

  await page.getByTestId('rail-inspect').click();
  await expect(page.getByTestId('inspect-accuracy')).toContainText('%');
  const comparison = await app.call('inspect.comparison', {});
  expect.soft(comparison?.model.accuracy ?? 0).toBeGreaterThan(comparison?.majority.accuracy ?? 1);
  await lookAt(app, '12-inspect-overview');
  await page.getByTestId('inspect-tab-confusion').click();
  await page.getByTestId('inspect-cell-0-0').click();
  await expect(page.getByTestId('inspect-cell-rows')).toContainText(/\w/);
  await lookAt(app, '13-inspect-confusion');
  await page.getByTestId('inspect-tab-classes').click();
  await expect(page.getByTestId('inspect-classes')).toContainText('objective');
  await lookAt(app, '14-inspect-classes');
  await page.getByTestId('inspect-tab-try').click();
  await page.getByTestId('inspect-try').fill('a warm , funny and thoroughly enjoyable film that never loses its way');
  await expect(page.getByTestId('inspect-try-results')).toContainText('subjective', { timeout: 60_000 });
  await expect(page.getByTestId('inspect-try-results')).toContainText('%');
  await lookAt(app, '15-inspect-try');

  const labelled = path.join(folder, 'labelled.csv');
  await page.getByTestId('inspect-try-file').click();
  await app.answerOpenDialog(fixture('e2e/subj-400.csv'));
  await page.getByTestId('classify-file-choose').click();
  await app.answerSaveDialog(labelled);
  await page.getByTestId('classify-file-run').click();
  await expect(page.getByTestId('classify-file-done')).toContainText('400', { timeout: 120_000 });
  expect(readFileSync(labelled, 'utf8').split('\n')[0]).toContain('predicted');
  await lookAt(app, '15-label-a-file');
  await page.getByTestId('classify-file-measure').click();
  await expect(page.getByTestId('classify-file-measured')).toContainText('400', { timeout: 120_000 });
  await lookAt(app, '15-measure-on-a-file');

  const target = path.join(folder, 'exported');
  await page.getByTestId('rail-export').click();
  await page.getByTestId('export-folder').fill(target);
  await page.getByTestId('export-run').click();
  await expect(page.getByTestId('export-done')).toBeVisible({ timeout: 60_000 });
  await page.getByTestId('export-way-python').click();
  await expect(page.getByTestId('export-use')).toContainText(`thaw serve --model ${target}`);
  await lookAt(app, '16-export');
  expect(existsSync(path.join(target, 'weights.safetensors')), readdirSync(target).join(', ')).toBe(true);

  // What was exported is of use outside of the window, and says the same.
  const text = 'a warm , funny and thoroughly enjoyable film that never loses its way';
  const [inside] = await app.call('predict.texts', { texts: [text] });
  const outside = await thaw('predict', '--model', target, '--text', text);
  const [first] = outside['predictions'] as { labels: { label: string; probability: number }[] }[];
  expect(first?.labels[0]?.label).toBe(inside?.labels[0]?.label);
  expect(first?.labels[0]?.probability).toBeCloseTo(inside?.labels[0]?.probability ?? 0, 3);

  // Nor is Thaw needed for it.
  await giveOnnxRuntime(target);
  const [alone] = await runExample(target, [text]);
  expect(alone?.best).toBe(inside?.labels[0]?.label);
  expect(alone?.probability).toBeCloseTo(inside?.labels[0]?.probability ?? 0, 3);

  // Closed and opened again, the project is as it was.
  await app.close();
  const again = await start();
  await expect(again.page.getByTestId('rail-inspect')).toBeVisible();
  expect(await again.call('inspect.comparison', {})).toEqual(comparison);
  expect(again.complaints).toEqual([]);
  expect(app.complaints).toEqual([]);
});
