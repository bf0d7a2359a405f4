import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@playwright/test';
import { root, test } from '../e2e/thaw-app';
import { newProject, openFile, startTraining, waitForTraining } from '../e2e/walk';
import { Diary } from './diary';

const key = (text: string): string => text.replace(/\s+/g, '');

test('improving a bad label set', async ({ start, folder }) => {
  const diary = new Diary('wrong-labels');
  const lines = readFileSync(path.join(root, 'resources/samples/subjectivity/data.csv'), 'utf8').trim().split('\n');
  const head = lines[0] ?? '';
  const truth = new Map<string, string>();
  let seed = 7;
  const chance = (): number => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
  let corrupted = 0;
  const wrong = lines.slice(1).map((line) => {
    const at = line.lastIndexOf(',');
    const label = line.slice(at + 1).trim();
    const text = line.slice(0, at);
    truth.set(key(text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text), label);
    if (chance() >= 0.08) return line;
    corrupted += 1;
    return `${text},${label === 'objective' ? 'subjective' : 'objective'}`;
  });
  const file = path.join(folder, 'labelled-in-a-hurry.csv');
  writeFileSync(file, `${head}\n${wrong.join('\n')}\n`);
  diary.note(`${String(corrupted)} of ${String(wrong.length)} labels turned round`);
  const app = await start();
  const { page } = app;
  await app.resize(1280, 800);
  await newProject(app, 'Facts and opinions');
  await openFile(app, file);
  await diary.step('import', async () => {
    await page.getByTestId('import-run').click();
    await expect(page.getByTestId('import-summary')).toBeVisible({ timeout: 60_000 });
  });
  const names = (await app.call('labels.state', {})).labels.map(({ name }) => name);
  await diary.step('train on the labels as they came (quick, at most 1 minute)', async () => {
    await startTraining(app, { preset: 'quick', minutes: 1 });
    await waitForTraining(app, ['done'], 15 * 60_000);
  });
  const first = await app.call('inspect.comparison', {});
  diary.note(
    `accuracy ${String(first?.model.accuracy)} on ${String(first?.model.n)} held-out texts with wrong labels among them`,
  );
  await page.getByTestId('rail-inspect').click();
  await page.getByTestId('inspect-tab-rows').click();
  await page.getByTestId('inspect-list-doubted').click();
  await page.waitForTimeout(1500);
  await diary.look(app, 'inspect-doubted');

  await page.getByTestId('rail-label').click();
  await diary.step('doubted labels: the queue is there', async () => {
    await page.getByTestId('label-order-doubted').click();
    await expect(page.getByTestId('label-text')).toBeVisible();
  });
  await expect
    .poll(async () => (await app.call('labels.queue', { order: 'doubted', limit: 1, exclude: [] })).left ?? 0, {
      timeout: 120_000,
    })
    .toBeGreaterThan(100);
  const queue = await app.call('labels.queue', { order: 'doubted', limit: 100, exclude: [] });
  const right = queue.rows.filter((row) => truth.get(key(row.text)) !== row.labels[0]).length;
  diary.note(`${String(queue.left)} doubted; of the first 100, ${String(right)} are wrong`);
  await page.getByTestId('label-order-random').click();
  await page.waitForTimeout(500);
  await page.getByTestId('label-order-doubted').click();
  await page.waitForTimeout(1500);
  await diary.look(app, 'label-doubted');
  const text = page.getByTestId('label-text');
  let [looked, changed] = [0, 0];
  await diary.step('doubted labels gone through by key', async () => {
    while (looked < 500) {
      const shown = (await text.textContent({ timeout: 4000 }).catch(() => null)) ?? '';
      const label = truth.get(key(shown));
      if (label === undefined) break;
      const given =
        (await page
          .getByTestId('label-keep')
          .textContent({ timeout: 4000 })
          .catch(() => '')) ?? '';
      const keeps = given.includes(`“${label}”`);
      await page.keyboard.press(keeps ? 'k' : String(names.indexOf(label) + 1));
      looked += 1;
      changed += keeps ? 0 : 1;
      await expect(text)
        .not.toHaveText(shown, { timeout: 4000 })
        .catch(() => undefined);
    }
  });
  await diary.look(app, 'label-doubted-end');
  diary.note(`${String(looked)} looked at, ${String(changed)} changed`);
  let left = 0;
  for (let offset = 0; offset < wrong.length; offset += 500) {
    const page = await app.call('rows.page', { offset, limit: 500, filter: {} });
    const rows = await app.call('labels.rows', { rowIds: page.rows.map(({ id }) => id) }); // whole texts
    left += rows.filter((row) => truth.get(key(row.text)) !== row.labels[0]).length;
  }
  diary.note(`wrong labels left: ${String(left)} of ${String(corrupted)}`);
  await page.getByTestId('rail-language-model').click();
  await page.waitForTimeout(500);
  await diary.look(app, 'language-model-again');
  const again = page.getByTestId('train-another');
  if ((await again.count()) > 0) await again.click();
  await diary.step('train again (quick, at most 1 minute)', async () => {
    await startTraining(app, { preset: 'quick', minutes: 1 });
    await waitForTraining(app, ['done'], 15 * 60_000);
  });
  const second = await app.call('inspect.comparison', {});
  diary.note(`accuracy ${String(second?.model.accuracy)} on ${String(second?.model.n)}`);
  await page.getByTestId('train-tab-runs').click();
  for (const box of await page.getByTestId('run-compare').all()) await box.check();
  await page.waitForTimeout(1500);
  await diary.look(app, 'runs-compared');
  await page.getByTestId('rail-inspect').click();
  await page.getByTestId('inspect-tab-changes').click();
  await expect(page.getByTestId('inspect-changes')).not.toBeEmpty();
  await diary.look(app, 'changes');
  diary.note(`what changed: ${await page.getByTestId('inspect-changes').innerText()}`);
  expect(app.complaints).toEqual([]);
});
