import { expect } from '@playwright/test';
import { startFileServer } from '../helpers/file-server';
import { multifitArchive } from '../helpers/multifit-archive';
import { lookAt } from './look';
import { fixture, test } from './thaw-app';
import { newProject } from './walk';

const name = 'de_multifit_paper_version';

test('language models are fetched after a click that says from whom and how much, and taken in from files', async ({
  start,
  folder,
}) => {
  const server = await startFileServer();
  process.env['THAW_MODEL_MIRROR'] = server.url;
  process.env['THAW_MODELS'] = `${folder}/models`;
  try {
    server.files.set(`/${name}.tgz`, await multifitArchive(name, 3_000_000));
    const app = await start();
    const { page } = app;
    await newProject(app, 'With another model');
    await page.getByTestId('settings-open').click();
    await page.getByTestId('settings-models').click();
    const panel = page.getByTestId('models-panel');
    await expect(panel.getByTestId('model-en-forward')).toContainText('Ships with Thaw');
    await lookAt(app, 'models');

    const card = panel.getByTestId('model-multifit-de');
    await card.getByTestId('model-download').click();
    await expect(card.getByTestId('model-download-sure')).toContainText('127.0.0.1');
    await card.scrollIntoViewIfNeeded();
    await lookAt(app, 'models-sure');
    expect(server.asked).toEqual([]);

    // The connection breaks, and the server is gone: what has come stays, and the next click goes on from there.
    server.breakAfter = 600_000;
    server.misbehave = (_request, response) => {
      if (server.asked.length < 1) return false;
      response.writeHead(403).end();
      return true;
    };
    await card.getByTestId('model-download-sure').click();
    await expect(card.getByRole('alert')).toContainText('403', { timeout: 30_000 });
    server.breakAfter = null;
    server.misbehave = null;
    await card.getByTestId('model-download').click();
    await card.getByTestId('model-download-sure').click();
    await expect(card.getByTestId('model-use')).toBeVisible({ timeout: 60_000 });
    expect(server.asked.at(-1)?.status).toBe(206);
    await card.getByTestId('model-use').click();
    await expect(card).toContainText('Used for the next run');

    await panel.getByTestId('models-import-open').click();
    await page.getByTestId('import-name').fill('Our own');
    await page.getByTestId('import-weights').fill(fixture('parity/small/fastai-files/model_v2.pth'));
    await page.getByTestId('import-vocabulary').fill(fixture('parity/small/fastai-files/vocab_v2.pkl'));
    await lookAt(app, 'models-import');
    await page.getByTestId('import-submit').click();
    await expect(panel.getByTestId('model-our-own')).toBeVisible({ timeout: 30_000 });
    expect(app.complaints).toEqual([]);
  } finally {
    delete process.env['THAW_MODEL_MIRROR'];
    delete process.env['THAW_MODELS'];
    await server.close();
  }
});
