import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EngineHost } from '../../src/main/host/engine-host';
import { labelledSample, QuickModel } from '../../src/main/host/labelling/quick-model';
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
