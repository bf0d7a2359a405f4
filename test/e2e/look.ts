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

/** What axe finds on the screen as it stands, as short lines. */
async function violations(app: ThawApp): Promise<readonly string[]> {
  // Legacy mode: the other one opens a second page, which an Electron app does not have.
  const { violations: found } = await new AxeBuilder({ page: app.page }).setLegacyMode(true).analyze();
  return found.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`),
  );
}

/**
 * Keeps pictures of a screen in three sizes and both themes, and checks it with axe in both themes.
 *
 * @param part test id of what is scrolled to the top, where the screen is longer than the window
 */
export async function lookAt(app: ThawApp, name: string, part?: string): Promise<void> {
  for (const { width, height, themes } of views) {
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
