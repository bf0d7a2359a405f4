import { readFileSync } from 'node:fs';
import { expect } from '@playwright/test';
import { lookAt } from './look';
import { fixture, test } from './thaw-app';
import { importFile, newProject, openFile } from './walk';

const messy = fixture('e2e/banking77-cp1252.csv');

test.describe('importing', () => {
  test('shows how a messy file was read, and keeps the rows that could not be', async ({ start }) => {
    const app = await start();
    const { page } = app;
    await newProject(app, 'Bank');
    await lookAt(app, '02-import-empty');
    await openFile(app, messy);

    await expect(page.getByTestId('import-encoding')).toContainText('1252');
    const table = page.getByTestId('import-preview-table');
    await expect(table).toContainText('Message');
    // The pound sign is byte 0xA3 in the file: shown right only where the encoding was recognised.
    expect(readFileSync(messy).includes(0xa3)).toBe(true);
    await expect(page.getByTestId('import-role-Message')).toHaveValue('text');
    await expect(page.getByTestId('import-role-Type')).toHaveValue('label');
    await page.getByTestId('import-check').click();
    await expect(page.getByTestId('import-check-result')).toContainText('72');
    await lookAt(app, '03-import-preview');

    await importFile(app, 72);
    const rejected = page.getByTestId('import-rejected');
    await expect(rejected).toContainText('23');
    await expect(rejected).toContainText('44');
    await expect(rejected).toContainText('one cell too many;here;and here');
    await lookAt(app, '04-import-rejected');

    const { rows } = await app.call('rows.page', { offset: 0, limit: 100, filter: { search: '£' } });
    expect(rows.length).toBeGreaterThan(0);

    // A row of the table is read as a whole beside it.
    await page.getByTestId('row-search').fill(rows[0]?.text ?? '');
    await expect(page.getByTestId('row-open')).toHaveCount(1);
    await page.getByTestId('row-open').click();
    await expect(page.getByTestId('row-text')).toHaveText(rows[0]?.text ?? '');
    await lookAt(app, '04-row-opened');
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('row-panel')).toHaveCount(0);
  });

  test('re-reads at once when the separator is changed, and back', async ({ start }) => {
    const app = await start();
    const { page } = app;
    await newProject(app, 'Bank');
    await openFile(app, messy);
    await page.getByTestId('import-delimiter').selectOption(',');
    await expect(page.getByTestId('import-role-Type')).toHaveCount(0);
    await page.getByTestId('import-delimiter').selectOption(';');
    await expect(page.getByTestId('import-role-Type')).toHaveCount(1);
  });

  test('says what is wrong with a file that is not there', async ({ start }) => {
    const app = await start();
    const { page } = app;
    await newProject(app, 'Nothing');
    await page.getByTestId('import-path').fill('/no/such/file.csv');
    await page.getByTestId('import-path-open').click();
    await expect(page.getByTestId('error-panel')).toContainText('/no/such/file.csv');
    await lookAt(app, '05-error');
    await page.getByTestId('error-close').click();
    await expect(page.getByTestId('error-panel')).toHaveCount(0);
  });

  test('knows the place of a file that is dropped', async ({ start }) => {
    const app = await start();
    const { page } = app;
    await newProject(app, 'Dropped');
    // A drop from the desktop cannot be played; a file from an input of the page is the same kind of object.
    await page.evaluate(() => {
      const input = document.createElement('input');
      input.type = 'file';
      input.id = 'played-drop';
      document.body.append(input);
    });
    await page.locator('#played-drop').setInputFiles(messy);
    await page.evaluate(() => {
      const input = document.querySelector<HTMLInputElement>('#played-drop');
      const data = new DataTransfer();
      for (const file of input?.files ?? []) data.items.add(file);
      window.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
    });
    await expect(page.getByTestId('import-preview-table')).toContainText('Message');
    const made = await page.evaluate(() =>
      (Reflect.get(window, 'thaw') as { pathOfFile: (file: unknown) => string }).pathOfFile(new File(['x'], 'x.csv')),
    );
    expect(made).toBe('');
  });
});
