import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { expect } from '@playwright/test';
import { artifacts, type ThawApp } from './thaw-app';

/** The sizes that every screen must work in: a common one and the smallest. */
const sizes = [
  [900, 600],
  [1280, 800],
] as const;

/** What axe finds on the screen as it stands, as short lines. */
async function violations(app: ThawApp): Promise<readonly string[]> {
  // Legacy mode: the other one opens a second page, which an Electron app does not have.
  const { violations: found } = await new AxeBuilder({ page: app.page }).setLegacyMode(true).analyze();
  return found.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`),
  );
}

/** Keeps pictures of a screen in both themes and sizes and checks it with axe in both themes. */
export async function lookAt(app: ThawApp, name: string): Promise<void> {
  for (const [width, height] of sizes) {
    await app.resize(width, height);
    for (const theme of ['dark', 'light'] as const) {
      await app.theme(theme);
      await app.page.screenshot({ path: path.join(artifacts, `${name}-${String(width)}-${theme}.png`) });
      if (width === 1280) expect.soft(await violations(app), `axe on ${name} in ${theme}`).toEqual([]);
      const wide = await app.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect.soft(wide, `${name} is wider than a window of ${String(width)}`).toBeLessThanOrEqual(0);
    }
  }
}
