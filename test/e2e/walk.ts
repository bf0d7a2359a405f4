import { expect } from '@playwright/test';
import type { Job } from '../../src/shared/jobs';
import type { ThawApp } from './thaw-app';

/** Makes a project on the home screen. */
export async function newProject({ page }: ThawApp, name: string): Promise<void> {
  await page.getByTestId('home-new').click();
  await page.getByTestId('home-name').fill(name);
  await page.getByTestId('home-create').click();
  await expect(page.getByTestId('import-choose')).toBeVisible();
}

/** Opens a file by typing its path, and waits for its preview. */
export async function openFile({ page }: ThawApp, file: string): Promise<void> {
  await page.getByTestId('import-path').fill(file);
  await page.getByTestId('import-path-open').click();
  await expect(page.getByTestId('import-preview-table')).toBeVisible();
}

/** Imports the file of the preview and waits for the summary. */
export async function importFile({ page }: ThawApp, rows: number): Promise<void> {
  await page.getByTestId('import-run').click();
  await expect(page.getByTestId('import-summary')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByTestId('import-rows')).toContainText(rows.toLocaleString('en'));
}

/** What a person sets before training. */
export interface TrainingSetting {
  readonly preset: 'quick' | 'standard' | 'best';
  readonly minutes: number;
}

/** Starts training on the language-model screen. */
export async function startTraining({ page }: ThawApp, { preset, minutes }: TrainingSetting): Promise<void> {
  await page.getByTestId('rail-language-model').click();
  await page.getByTestId(`train-preset-${preset}`).click();
  await page.getByTestId('train-minutes').fill(String(minutes));
  await page.getByTestId('train-start').click();
  await expect(page.getByTestId('train-cancel')).toBeVisible({ timeout: 30_000 });
}

/** The newest training job. */
export async function trainingJob(app: ThawApp): Promise<Job | null> {
  const jobs = await app.call('jobs.list', {});
  return jobs.findLast((job) => job.kind === 'train') ?? null;
}

/** Waits until the newest training job is in one of the states. */
export async function waitForTraining(
  app: ThawApp,
  states: readonly Job['state'][],
  milliseconds: number,
): Promise<Job> {
  let job: Job | null = null;
  await expect(async () => {
    job = await trainingJob(app);
    const failed = job?.state === 'failed' && !states.includes('failed');
    if (failed) throw new Error(`The training has failed: ${job?.error?.message ?? 'no reason given'}`);
    expect(states).toContain(job?.state);
  }).toPass({ timeout: milliseconds, intervals: [500] });
  if (job === null) throw new Error('There is no training job.');
  return job;
}

/** Waits until a run has reported training steps, so that there is something to lose. */
export async function waitForSteps(app: ThawApp, milliseconds: number): Promise<void> {
  await expect
    .poll(
      async () => {
        const runId = (await trainingJob(app))?.runId ?? null;
        if (runId === null) return 0;
        const { events } = await app.call('runs.get', { runId });
        return events.filter((event) => event.type === 'step').length;
      },
      { timeout: milliseconds, intervals: [500] },
    )
    .toBeGreaterThan(2);
}
