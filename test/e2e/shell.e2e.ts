import { expect } from '@playwright/test';
import { test } from './thaw-app';
import { newProject } from './walk';

test.describe('the shell', () => {
  test('opens again where it was closed: size, theme, language, project and step', async ({ start }) => {
    const app = await start();
    await newProject(app, 'Remembered');
    await app.page.getByTestId('rail-export').click();
    await app.call('shell.saveSettings', { theme: 'dark', language: 'de' });
    await app.electron.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.setBounds({ width: 1000, height: 650 }),
    );
    await app.page.waitForTimeout(800);
    await app.close();

    const again = await start();
    await expect(again.page.getByTestId('rail-export')).toHaveAttribute('aria-current', 'step');
    const { bounds, menu, dark } = await again.electron.evaluate(({ BrowserWindow, Menu, nativeTheme }) => ({
      bounds: BrowserWindow.getAllWindows()[0]?.getBounds(),
      menu: Menu.getApplicationMenu()?.items.map((item) => item.label),
      dark: nativeTheme.shouldUseDarkColors,
    }));
    expect(bounds).toMatchObject({ width: 1000, height: 650 });
    expect(menu).toContain('Bearbeiten');
    expect(dark).toBe(true);
    await expect(again.page.locator('html')).toHaveAttribute('lang', 'de');
    const [recent] = await again.call('shell.recentProjects', {});
    expect(recent).toMatchObject({ name: 'Remembered', exists: true });
  });

  test('never gets smaller than 900 x 600', async ({ start }) => {
    const app = await start();
    await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setSize(300, 200));
    await app.page.waitForTimeout(300);
    const bounds = await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds());
    expect(bounds?.width).toBeGreaterThanOrEqual(900);
    expect(bounds?.height).toBeGreaterThanOrEqual(600);
  });

  test('has samples that are there, and opens one in one click', async ({ start }) => {
    const app = await start();
    const samples = await app.call('shell.samples', {});
    expect(samples.length).toBeGreaterThan(0);
    await app.page.getByTestId(`home-sample-${samples[0]?.id ?? ''}`).click();
    await expect(app.page.getByTestId('import-preview-table').or(app.page.getByTestId('import-summary'))).toBeVisible({
      timeout: 60_000,
    });
  });
});
