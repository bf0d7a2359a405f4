import { expect } from '@playwright/test';
import { lookAt } from './look';
import { fixture, test } from './thaw-app';
import { newProject, openFile } from './walk';

test.describe('the data of a project', () => {
  test('a workbook is imported, looked at, mended, divided, and the project thrown away and restored', async ({
    start,
  }) => {
    const app = await start();
    const { page } = app;
    await newProject(app, 'Mails');
    await openFile(app, fixture('formats/mails.xlsx'));
    await expect(page.getByTestId('import-sheet')).toHaveValue('Mails');
    await expect(page.getByTestId('import-role-Received')).toHaveValue('time');
    await page.getByTestId('import-run').click();
    await expect(page.getByTestId('import-rows')).toHaveText('40');
    // A copy with another label, pasted: contradicts the row it is a copy of.
    const first = (await app.call('rows.page', { offset: 3, limit: 1, filter: {} })).rows[0];
    const other = (await app.call('labels.state', {})).labels.find(({ name }) => name !== first?.labels[0])?.name ?? '';
    await page.getByTestId('data-tab-more').click();
    await page.getByTestId('import-paste').click();
    await page
      .getByTestId('import-paste-field')
      .fill(`Text\tTopic\n${first?.text ?? ''}\t${other}\nSomething new\t${other}`);
    await page.getByTestId('import-paste-use').click();
    await expect(page.getByTestId('import-preview-table')).toContainText('Something new');
    await page.getByTestId('import-run').click();
    await expect(page.getByTestId('import-rows')).toHaveText('42');
    // The file goes again, and comes back: by the keys, and from the notice.
    await page.keyboard.press('Control+z');
    await expect(page.getByTestId('import-rows')).toHaveText('40');
    await expect(page.getByTestId('import-files')).toHaveCount(0);
    await page.getByTestId('notice-action').click();
    await expect(page.getByTestId('import-rows')).toHaveText('42');
    await expect(page.getByTestId('import-aside-1')).toBeVisible();
    await lookAt(app, '05-files');

    await page.getByTestId('import-health').click();
    await expect(page.getByTestId('health-conflict')).toBeVisible();
    await lookAt(app, '05-health');
    await page.getByTestId('health-do-conflict-set-aside').click();
    await expect(page.getByTestId('health-aside')).toHaveText('2');
    await page.getByTestId('health-aside-show').click();
    await expect(page.getByTestId('aside-count')).toHaveText('2 of 2');
    await lookAt(app, '05-aside');
    await page
      .getByTestId('aside-rows')
      .getByRole('button', { name: /^Restore row/ })
      .first()
      .click();
    await expect(page.getByTestId('aside-count')).toHaveText('1 of 1');
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('health-aside')).toHaveText('1');
    await page.getByTestId('health-undo-1').click();
    await expect(page.getByTestId('health-aside')).toHaveText('0');

    await page.getByTestId('data-tab-splits').click();
    await page.getByTestId('split-time').click();
    await page.getByTestId('split-apply').click();
    await expect(page.getByTestId('split-rows-test')).not.toHaveText('0');
    await page.getByTestId('split-lock').click();
    await expect(page.getByTestId('split-test')).toHaveCount(0);
    await lookAt(app, '05-splits');
    await page.keyboard.press('Control+z');
    await expect(page.getByTestId('notice')).toContainText('Undone: test rows locked');
    await expect(page.getByTestId('split-lock')).not.toBeChecked();
    const nameOf = (what: 'undo' | 'redo') =>
      app.electron.evaluate(({ Menu }, id) => Menu.getApplicationMenu()?.getMenuItemById(id)?.label, what);
    await expect.poll(() => nameOf('undo')).toMatch(/^Undo: rows divided, \d+ of them anew$/);
    await expect.poll(() => nameOf('redo')).toBe('Redo: test rows locked');
    await app.electron.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('redo')?.click());
    await expect(page.getByTestId('split-lock')).toBeChecked();

    await page.getByTestId('rail-home').click();
    await page.getByTestId('home-more-0').click();
    await expect(page.getByTestId('project-size')).toContainText('rows');
    await lookAt(app, '05-home');
    await page.getByTestId('project-trash').click();
    await expect(page.getByTestId('home-recent-0')).toHaveCount(0);
    await page.getByTestId('home-trash').locator('summary').click();
    await expect(page.getByTestId('trash-restore')).toBeVisible();
    await lookAt(app, '05-home-trash', 'home-trash');
    await page.getByTestId('trash-restore').click();
    await expect(page.getByTestId('rail-home')).toContainText('Mails');
    expect((await app.call('project.current', {}))?.rows).toBe(42);
    expect((await app.call('splits.state', {})).locked).toBe(true);
  });
});
