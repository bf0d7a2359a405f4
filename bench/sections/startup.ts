import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron } from 'playwright-core';
import { applicationRoot } from '../../src/main/platform/paths';
import { readSetupFacts } from '../../src/main/platform/setup-facts';
import type { Bench } from '../bench';
import { range } from '../precisions';
import { row, type DetailedRow } from '../report';
import { median } from '../statistics';

/** From starting Electron to a window that is drawn and answers, and to an engine that is ready. */
export async function startup(bench: Bench): Promise<DetailedRow[]> {
  const executable = readSetupFacts().electron?.executable;
  const display = process.platform !== 'linux' || (process.env['DISPLAY'] ?? '') !== '';
  if (executable === undefined || !existsSync(executable) || !display) {
    const note = display ? 'no Electron is set up' : 'no display: run it under xvfb-run';
    return [row('startup', 'window usable', 'ms', { product: null, note })];
  }
  const profile = await mkdtemp(join(tmpdir(), 'thaw-bench-profile-'));
  const times: { readonly window: number; readonly engine: number }[] = [];
  try {
    // The first start of a profile makes its folders: not counted.
    for (let i = 0; i <= bench.options.repeats; i++) {
      const one = await startOnce(executable, profile);
      if (i > 0) times.push(one);
    }
  } finally {
    await rm(profile, { recursive: true, force: true });
  }
  const of = (name: 'window' | 'engine'): readonly number[] => times.map((each) => each[name]);
  return [
    row('startup', 'window usable', 'ms', { product: median(of('window')), note: range(of('window')) }),
    row('startup', 'engine ready', 'ms', { product: median(of('engine')), note: range(of('engine')) }),
  ];
}

async function startOnce(executablePath: string, profile: string): Promise<{ window: number; engine: number }> {
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const begun = performance.now();
  const app = await _electron.launch({
    executablePath,
    args: [...asRoot, applicationRoot(), `--user-data-dir=${profile}`],
  });
  try {
    const page = await app.firstWindow();
    await page.locator('main button:not([disabled])').first().waitFor();
    const window = performance.now() - begun;
    // The first call that the engine answers.
    await page.evaluate("window.thaw.invoke('jobs.list', {})");
    return { window, engine: performance.now() - begun };
  } finally {
    await app.close();
  }
}
