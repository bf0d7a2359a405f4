import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@playwright/test';
import { lookAt } from './look';
import { lookAtLabelPanels, lookAtOverlays, lookAtTraining } from './more-looks';
import { fixture, test, thaw } from './thaw-app';

/** Two runs of a small project, made by the command line: a window opens what the other face has made. */
async function trainedProject(folder: string): Promise<string> {
  const project = path.join(folder, 'films');
  const common = ['--project', project, '--preset', 'quick', '--no-language-model', '--minutes', '0.4'];
  await thaw('train', '--data', fixture('e2e/subj-400.csv'), ...common);
  await thaw('train', ...common, '--seed', '3', '--option', 'unfreezing=last');
  return project;
}

test('inspect: eight tabs over two runs, a label mended and taken back, a report where it was asked for', async ({
  start,
  folder,
}) => {
  test.setTimeout(10 * 60_000);
  const project = await trainedProject(folder);
  const app = await start();
  const { page } = app;
  await app.answerOpenDialog(project);
  await page.getByTestId('home-open').click();
  await page.getByTestId('rail-inspect').click();
  await expect(page.getByTestId('inspect-accuracy')).toContainText('%');
  await expect(page.getByTestId('inspect-verdict')).not.toBeEmpty();
  await expect(page.getByTestId('inspect-comparison-chart').locator('canvas')).toBeVisible();

  await page.getByTestId('inspect-tab-classes').click();
  await expect(page.getByTestId('inspect-classes')).toContainText('subjective');

  await page.getByTestId('inspect-tab-confusion').click();
  const matrix = (await app.call('inspect.overview', {})).confusion ?? [];
  await expect(page.getByTestId('inspect-cell-0-0')).toContainText(String(matrix[0]?.[0] ?? -1));

  await page.getByTestId('inspect-tab-confidence').click();
  await expect(page.getByTestId('inspect-kept')).toContainText('100');
  await page.getByTestId('inspect-threshold').fill('90');
  await expect(page.getByTestId('inspect-kept')).not.toContainText('100.0%');
  await lookAt(app, '20-inspect-confidence');

  await page.getByTestId('inspect-tab-rows').click();
  await page.getByTestId('inspect-list-uncertain').click();
  await expect(page.getByTestId('inspect-rows').locator('li').first()).toBeVisible();
  await page.getByTestId('inspect-why').first().click();
  await expect(page.getByTestId('inspect-words')).toBeVisible();
  await lookAt(app, '21-inspect-rows-explained');
  await page.keyboard.press('Escape');
  await page.getByTestId('inspect-list-doubted').click();
  const doubted = await app.call('inspect.rows', { list: { kind: 'doubted' }, offset: 0, limit: 5 });
  const [first] = doubted.rows;
  if (first !== undefined) {
    await page.getByTestId(`inspect-fix-${String(first.row.id)}`).click();
    await expect.poll(async () => (await app.call('labels.rows', { rowIds: [first.row.id] }))[0]?.labels).toEqual(first.suggestion); // prettier-ignore
    await page.getByTestId('notice-action').click();
    await expect.poll(async () => (await app.call('labels.rows', { rowIds: [first.row.id] }))[0]?.labels).toEqual(first.row.labels); // prettier-ignore
  }

  await page.getByTestId('inspect-tab-slices').click();
  await expect(page.getByTestId('inspect-slices').locator('tbody tr').first()).toBeVisible();
  await lookAt(app, '22-inspect-slices');

  await page.getByTestId('inspect-tab-changes').click();
  await expect(page.getByTestId('inspect-changes')).not.toBeEmpty();
  await expect(page.locator('body')).toContainText('only the head');
  await lookAt(app, '23-inspect-changes');

  await page.getByTestId('inspect-tab-try').click();
  await page.getByTestId('inspect-try').fill('the director tells the story of two brothers');
  await expect(page.getByTestId('inspect-try-results')).toContainText('%');

  const out = path.join(folder, 'report.html');
  await app.answerSaveDialog(out);
  await page.getByTestId('inspect-report').click();
  await expect.poll(() => existsSync(out), { timeout: 60_000 }).toBe(true);
  expect(readFileSync(out, 'utf8')).toContain('films');

  // Two trained runs are there: what else is to be seen of a project like that.
  await lookAtOverlays(app);
  await lookAtLabelPanels(app);
  await lookAtTraining(app, project);
  expect(app.complaints).toEqual([]);
});
