import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EngineHost } from '../../src/main/host/engine-host';
import { doublingShares, longCurve } from '../../src/main/host/labelling/label-curve';
import { studyLabels } from '../../src/main/host/labelling/label-study';
import { labelledSample, QuickModel } from '../../src/main/host/labelling/quick-model';
import { textsOnDisk } from '../../src/main/host/labelling/study-texts';
import { TokenPool } from '../../src/main/host/labelling/token-pool';

/** The quick model with the real store, tokenizer and baseline worker. */

const data = path.resolve(__dirname, '../fixtures/e2e/subj-400.csv');
const columns = { textColumns: ['text'], labelColumns: ['label'], multiLabel: false, labelSeparator: null };
let folder: string;
let host: EngineHost;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'thaw-quick-'));
  host = new EngineHost();
  await host.handle('project.create', { path: path.join(folder, 'known'), name: 'Known' });
  await host.jobEnded((await host.handle('import.run', { path: data, options: {}, columns })).jobId);
}, 60_000);

afterAll(async () => {
  await host.close();
  await rm(folder, { recursive: true, force: true });
});

it('answers while newer ones are fitted and take its place', async () => {
  const { signal } = new AbortController();
  const { services } = host;
  const sample = await labelledSample(services.project, 200);
  const rows = Array.from(sample.rowIds.subarray(0, 5));
  const pool = await TokenPool.make(services, services.project, sample.rowIds, signal);
  const model = new QuickModel(services);
  await model.fit(pool, sample, sample.rowIds.subarray(0, 5), signal);
  for (let round = 0; round < 12; round++) {
    const [, said] = await Promise.all([
      model.fit(pool, sample, sample.rowIds.subarray(0, 5), signal),
      model.suggest(pool, rows),
    ]);
    expect([...said.keys()]).toEqual(rows);
  }
  const last = model.suggest(pool, rows);
  await model.clear();
  expect((await last).size).toBeLessThanOrEqual(rows.length);
  expect(model.ready).toBe(false);
});

/** A word that tells by nothing but having been seen which class it is of. */
function word(kind: number, number: number): string {
  return Math.imul(3 * number + kind + 1, 0x9e3779b1)
    .toString(36)
    .replace('-', 'm');
}

/** Short texts of two words of their class, each of which is in few others: the more are seen, the more are known. */
function textOf(i: number): string {
  return `the ${word(i % 3, (i * 7919) % 400)} of ${word(i % 3, (i * 104_729) % 400)}`;
}

it('measures many labels on ever more of them, up to all that are not held out, and in the time there is', async () => {
  const count = 2600;
  const file = path.join(folder, 'many.csv');
  const lines = Array.from({ length: count }, (_, i) => `${textOf(i)},${'abc'[i % 3] ?? ''}`);
  await writeFile(file, ['text,label', ...lines, ''].join('\n'));
  await host.handle('project.create', { path: path.join(folder, 'many'), name: 'Many' });
  await host.jobEnded((await host.handle('import.run', { path: file, options: {}, columns })).jobId);
  const { services } = host;
  const { signal } = new AbortController();
  const pool = await TokenPool.make(services, services.project, services.project.store.labelledRowIds(50), signal);
  let clock = 0;
  const limits = { atLeast: 0, total: 1e6, oneFit: 1e6, now: () => clock };
  const result = await studyLabels(services, pool, signal, limits);
  const points = result?.insight.points ?? [];
  // Five folds of 520, of which four are asked about: each point learns from a share of the other 2080.
  expect(points.map(({ labels }) => labels)).toEqual([260, 520, 1040, 2080]);
  // The same rows are asked about at each point.
  expect(new Set(points.map(({ rows }) => rows)).size).toBe(1);
  expect(Math.abs((points[0]?.rows ?? 0) - 2080)).toBeLessThan(10);
  expect(points[3]?.share).toBeGreaterThan((points[0]?.share ?? 1) + 0.05);
  expect(result?.insight).toMatchObject({ state: 'ready', at: count, atOnce: 0 });
  // Each look at the clock is a second later: the third point is expected to take too long.
  const slow = { atLeast: 700, total: 3000, oneFit: 1e6, now: () => (clock += 1000) };
  const sample = await labelledSample(services.project, count);
  const texts = await textsOnDisk(services, services.project, sample.rowIds, signal);
  const short = await longCurve(services, texts, sample, slow, signal);
  await texts.remove();
  expect(short).toEqual(points.slice(0, 2));
  const stopped = new AbortController();
  const study = studyLabels(services, pool, stopped.signal, limits);
  stopped.abort();
  await expect(study).rejects.toMatchObject({ code: 'cancelled' });
}, 120_000);

it('doubles the labels from point to point', () => {
  expect(doublingShares(2001)).toEqual([0.125, 0.25, 0.5, 1]);
  expect(doublingShares(10)).toEqual([1]);
  const shares = doublingShares(50_000);
  expect(shares).toHaveLength(8);
  expect((shares[0] ?? 0) * 50_000).toBeGreaterThan(250);
});
