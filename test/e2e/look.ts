import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { expect } from '@playwright/test';
import { artifacts, type ThawApp } from './thaw-app';

/**
 * The sizes that every screen must work in, and the themes to look at it there: the smallest, 4K, and a common one, at
 * which axe looks too and what follows goes on. Colours do not depend on the size, so each theme is seen large and small.
 */
const views = [
  { width: 900, height: 600, themes: ['dark'] },
  { width: 3840, height: 2160, themes: ['light'] },
  { width: 1280, height: 800, themes: ['light', 'dark'] },
] as const;

/**
 * The screens that are looked at in 4K each time: those with charts, tables and long lines. A picture of that size takes
 * seconds without a graphics card; `THAW_LOOK=all` takes it of every screen.
 */
const wideScreens = [
  '01-home',
  '03-import-preview',
  '06-import-summary',
  '07-label',
  '08-train-setup',
  '12-inspect-overview',
  '13-inspect-confusion',
  '37-runs-compared',
  '39-ablation',
];

/** What axe finds on the screen as it stands, as short lines. */
async function violations(app: ThawApp): Promise<readonly string[]> {
  // Legacy mode: the other one opens a second page, which an Electron app does not have.
  const { violations: found } = await new AxeBuilder({ page: app.page }).setLegacyMode(true).analyze();
  return found.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`),
  );
}

/**
 * Keeps pictures of a screen in two sizes, or three, and both themes, and checks it with axe in both themes.
 *
 * @param part test id of what is scrolled to the top, where the screen is longer than the window
 */
export async function lookAt(app: ThawApp, name: string, part?: string): Promise<void> {
  const isWide = process.env['THAW_LOOK'] === 'all' || wideScreens.includes(name);
  for (const { width, height, themes } of views) {
    if (width > 2000 && !isWide) continue;
    await app.resize(width, height);
    for (const theme of themes) {
      await app.theme(theme);
      if (part !== undefined) {
        await app.page.getByTestId(part).evaluate((element) => element.scrollIntoView({ block: 'start' }));
        await app.page.waitForTimeout(400); // charts that come into sight are drawn anew in a moment
      }
      await app.page.screenshot({ path: path.join(artifacts, `${name}-${String(width)}-${theme}.png`) });
      if (width === 1280) expect.soft(await violations(app), `axe on ${name} in ${theme}`).toEqual([]);
      const wide = await app.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect.soft(wide, `${name} is wider than a window of ${String(width)}`).toBeLessThanOrEqual(0);
    }
  }
}
