import { expect } from '@playwright/test';
import { lookAt } from './look';
import { fixture, test } from './thaw-app';
import { importFile, newProject, openFile, startTraining, waitForTraining } from './walk';

test('texts without labels: two labels are added, 30 rows labelled by keyboard, and a model trained', async ({
  start,
}) => {
  test.setTimeout(10 * 60_000);
  const app = await start();
  const { page } = app;
  await newProject(app, 'By hand');
  await openFile(app, fixture('e2e/subj-unlabelled-300.csv'));
  await importFile(app, 300);
  await page.getByTestId('rail-label').click();

  for (const name of ['plot', 'opinion']) {
    await page.getByTestId('label-add-name').fill(name);
    await page.getByTestId('label-add').click();
    await expect(page.getByTestId('label-add-name')).toHaveValue('');
  }
  await expect(page.getByTestId('label-option-1')).toBeVisible();
  // The keys belong to the screen only once the field has let go of them.
  await page.getByTestId('label-add-name').press('Escape');

  const text = page.getByTestId('label-text');
  const count = page.getByTestId('label-count');
  /** Labels the shown text as a person would who goes by one rule, and waits for the next. */
  const label = async (): Promise<void> => {
    const shown = await text.innerText();
    await page.keyboard.press(/\b(he|she|his|her|they|who|when|after)\b/i.test(shown) ? '1' : '2');
    await expect(text).not.toHaveText(shown);
  };
  for (let done = 1; done <= 30; done++) {
    await label();
    await expect(count).toHaveText(String(done));
    if (done === 12) {
      // A slip: taken back, the same text is there again, and redone.
      await page.keyboard.press('Control+z');
      await expect(count).toHaveText('11');
      await page.keyboard.press('Control+z');
      await expect(count).toHaveText('10');
      await page.keyboard.press('Control+Shift+z');
      await page.keyboard.press('Control+Shift+z');
      await expect(count).toHaveText('12');
    }
    if (done === 15) await lookAt(app, '07-label');
  }
  // The screen counts a label when its key goes down; the engine has it a moment later.
  const given = async (): Promise<number> =>
    (await app.call('labels.state', {})).labels.reduce((sum, one) => sum + one.count, 0);
  await expect.poll(given).toBe(30);
  const { labels } = await app.call('labels.state', {});
  expect(labels.map(({ name }) => name).sort()).toEqual(['opinion', 'plot']);
  expect(labels.every((one) => one.count > 0)).toBe(true);

  await startTraining(app, { preset: 'quick', minutes: 1 });
  await waitForTraining(app, ['done'], 6 * 60_000);
  await page.getByTestId('rail-label').click();
  await expect(page.getByTestId('label-basis')).toBeVisible();
  expect((await app.call('labels.queue', { order: 'uncertain', limit: 5, exclude: [] })).basis).toBe('classifier');
  expect(app.complaints).toEqual([]);
});
