import { cpSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@playwright/test';
import { lookAt } from './look';
import { fixture, type ThawApp } from './thaw-app';

/** Looks at what lies over any screen: palette, keys, settings, and what the engine says of itself. */
export async function lookAtOverlays(app: ThawApp): Promise<void> {
  const { page } = app;
  await page.keyboard.press('Control+k');
  await expect(page.getByTestId('palette-input')).toBeVisible();
  await lookAt(app, '30-palette');
  await page.getByTestId('palette-input').fill('qqqq');
  await lookAt(app, '30-palette-nothing');
  await page.keyboard.press('Escape');

  await page.keyboard.press('F1');
  await expect(page.getByTestId('key-help')).toBeVisible();
  await lookAt(app, '31-keys');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('key-help')).toHaveCount(0);

  await page.getByTestId('settings-open').click();
  await expect(page.getByTestId('settings-language')).toBeVisible();
  await lookAt(app, '32-settings');
  await page.keyboard.press('Escape');

  await page.getByTestId('engine-open').click();
  await expect(page.getByTestId('engine-checks')).toBeFocused(); // nothing else in it could be reached by keys
  await lookAt(app, '33-engine');
  await page.keyboard.press('Escape');
}

/** Looks at the panels of the labelling screen. */
export async function lookAtLabelPanels(app: ThawApp): Promise<void> {
  const { page } = app;
  await page.getByTestId('rail-label').click();
  await page.getByTestId('label-edit-objective').click();
  await expect(page.getByTestId('label-panel')).toBeVisible();
  await lookAt(app, '34-label-panel');
  await page.keyboard.press('Escape');
  await page.getByTestId('label-bulk').click();
  await page.getByTestId('filter-state').selectOption({ index: 0 });
  await page.getByTestId('filter-search').fill('story');
  await page.getByTestId('bulk-label-subjective').click();
  await expect(page.getByTestId('bulk-panel')).toBeVisible();
  await lookAt(app, '35-bulk-panel');
  await page.keyboard.press('Escape');
}

/** Looks at the training step of a project with two finished runs: options, rate finder, runs, comparison, trash, ablation. */
export async function lookAtTraining(app: ThawApp, project: string): Promise<void> {
  const { page } = app;
  // A table that an ablation of these rows has left: to measure it anew would be four trainings.
  cpSync(fixture('e2e/ablation'), path.join(project, 'ablations/20261123-050000'), { recursive: true });
  await page.getByTestId('rail-language-model').click();
  await page.getByTestId('train-tab-runs').click();
  await expect(page.getByTestId('run-compare')).toHaveCount(2);
  await lookAt(app, '36-runs');
  for (const one of await page.getByTestId('run-compare').all()) await one.check();
  await expect(page.getByTestId('runs-comparison')).toBeVisible();
  await expect(page.getByTestId('runs-curves-chart').locator('canvas, svg').first()).toBeVisible();
  await lookAt(app, '37-runs-compared', 'runs-comparison');
  await page.getByTestId('run-trash').last().click();
  await page.getByTestId('runs-trash').locator('summary').click();
  await expect(page.getByTestId('trash-restore')).toBeVisible();
  await lookAt(app, '38-runs-trash');
  await page.getByTestId('trash-restore').click();
  await expect(page.getByTestId('run-compare')).toHaveCount(2);

  await page.getByTestId('train-tab-ablation').click();
  await expect(page.getByTestId('ablation-table')).toContainText('%');
  await lookAt(app, '39-ablation', 'ablation-chart');

  await page.getByTestId('train-another').click();
  await page.getByTestId('train-advanced').click();
  await page.getByTestId('options-open').click();
  await expect(page.getByTestId('options-search')).toBeVisible();
  await lookAt(app, '40-options', 'options-open');
  await page.getByTestId('finder-open').click();
  await page.getByTestId('finder-start').click();
  // The whole sweep is a hundred steps, minutes on a slow machine; its end has tests of its own.
  await expect(page.getByTestId('finder-stop')).toBeVisible({ timeout: 60_000 });
  await lookAt(app, '41-rate-finder', 'finder-open');
  const stop = page.getByTestId('finder-stop');
  if (await stop.isVisible()) await stop.click();
  await expect(page.getByTestId('finder-start')).toBeVisible({ timeout: 60_000 });
}
