import { mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import path from 'node:path';
import { expect } from '@playwright/test';
import { watchFrames, type FrameFigures } from './frames';
import { artifacts, fixture, test, type ThawApp } from './thaw-app';
import { importFile, newProject, openFile, startTraining, trainingJob, waitForSteps } from './walk';

const WATCHED = 10_000;

/** Waits until the newest run trains its classifier. */
async function waitForClassifier(app: ThawApp): Promise<void> {
  await expect
    .poll(async () => (await trainingJob(app))?.stage ?? '', { timeout: 180_000, intervals: [500] })
    .toMatch(/^classifier/);
}

const watched = 'the window is drawn on while a model trains: its main thread is free most of the time';

test(watched, { tag: '@alone' }, async ({ start }) => {
  test.setTimeout(8 * 60_000);
  const app = await start();
  await newProject(app, 'Frames');
  await openFile(app, fixture('e2e/subj-400.csv'));
  await importFile(app, 400);
  const figures: Record<string, FrameFigures> = { idle: await watchFrames(app, WATCHED / 2) };
  await startTraining(app, { preset: 'quick', minutes: 1 });
  await waitForSteps(app, 120_000);
  figures['language model'] = await watchFrames(app, WATCHED);
  await waitForClassifier(app);
  await app.page.getByTestId('rail-classifier').click();
  await expect(app.page.getByTestId('classifier-loss-chart')).toBeVisible();
  figures['classifier'] = await watchFrames(app, WATCHED);
  await app.page.getByTestId('train-cancel').click();

  mkdirSync(artifacts, { recursive: true });
  const report = { load: loadavg(), figures };
  writeFileSync(path.join(artifacts, 'frames.json'), `${JSON.stringify(report, null, 2)}\n`);
  console.info(JSON.stringify(report));
  for (const name of ['language model', 'classifier']) {
    const one = figures[name];
    // Training has all cores, so a task of the page can wait in its middle: these bounds hold on a busy machine too.
    expect(one?.busy, `${name}: share of time that the main thread is at work`).toBeLessThan(0.5);
    expect(one?.longestTask, `${name}: longest task`).toBeLessThan(500);
    expect(one?.frames, `${name}: frames in ${String(WATCHED)} ms`).toBeGreaterThan(100);
  }
  expect(app.complaints).toEqual([]);
});
