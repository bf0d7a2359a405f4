import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EngineHost } from '../../src/main/host/engine-host';
import { trainingRequestSchema } from '../../src/shared/training-types';

/** Learning-rate finder and ablation through the host's methods, on real rows. */

const data = path.resolve(__dirname, '../fixtures/e2e/subj-400.csv');
const tiny = trainingRequestSchema.parse({
  preset: 'quick',
  pretrained: null,
  fineTuneLanguageModel: false,
  options: {
    classifierEpochs: 1,
    classifierHeadEpochs: 2,
    classifierStageEpochs: 0,
    maxTokens: 30,
    embeddingSize: 32,
    hiddenSize: 48,
    layers: 2,
  },
});

let folder: string;
let host: EngineHost;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'thaw-experiments-'));
  host = new EngineHost();
  await host.handle('project.create', { path: path.join(folder, 'project'), name: 'experiments' });
  const { jobId } = await host.handle('import.run', {
    path: data,
    options: {},
    columns: { textColumns: ['text'], labelColumns: ['label'], multiLabel: false, labelSeparator: null },
  });
  expect((await host.jobEnded(jobId)).state).toBe('done');
}, 120_000);
afterAll(async () => {
  await host.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the learning-rate finder', () => {
  it('gives its curve and suggestions once its job is done, and no run or model', async () => {
    const { jobId } = await host.handle('training.findRate', { ...tiny, from: 1e-5, to: 10, steps: 60 });
    expect(await host.handle('training.rateCurve', { jobId })).toBeNull();
    const job = await host.jobEnded(jobId);
    expect(job).toMatchObject({ state: 'done', kind: 'find-rate', error: null });
    const curve = await host.handle('training.rateCurve', { jobId });
    expect(curve?.points.length).toBeGreaterThan(20);
    expect(curve?.part).toBe('classifier');
    expect(curve?.suggestions.valley).toBeGreaterThan(1e-5);
    expect(await host.handle('runs.list', {})).toEqual([]);
    expect((await host.handle('project.current', {}))?.hasClassifier).toBe(false);
  }, 240_000);
});

describe('an ablation', () => {
  const request = () => ({ request: tiny, what: ['concat-pooling'], seeds: 1, folder: path.join(folder, 'ablation') });
  const cells = (): string => path.join(folder, 'ablation', 'cells');

  it('that is stopped keeps what is finished, and goes on from there to a whole table', async () => {
    const { jobId } = await host.handle('ablation.start', request());
    while ((existsSync(cells()) ? await readdir(cells()) : []).length === 0) {
      expect(host.services.queue.get(jobId).error).toBeNull();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await host.handle('jobs.cancel', { jobId });
    expect((await host.jobEnded(jobId)).state).toBe('cancelled');
    const kept = (await readdir(cells())).length;
    expect(kept).toBeLessThan(4);
    const first = path.join(cells(), 'full-seed-0.json');
    const written = (await stat(first)).mtimeMs;

    const again = await host.handle('ablation.start', request());
    expect((await host.jobEnded(again.jobId)).error).toBeNull();
    expect((await stat(first)).mtimeMs).toBe(written);
    const table = await host.handle('ablation.table', { folder: request().folder });
    expect(table).toMatchObject({ finished: 4, planned: 4, split: 'test', n: 40 });
    expect(table?.rows.map(({ variant, runs }) => [variant, runs])).toEqual([
      ['full', 1],
      ['pooling-last', 1],
      ['pooling-max', 1],
      ['pooling-mean', 1],
    ]);
    const markdown = await readFile(path.join(folder, 'ablation', 'table.md'), 'utf8');
    expect(markdown).toContain('| pooling: last only | 1 |');
    expect((await readFile(path.join(folder, 'ablation', 'table.csv'), 'utf8')).trim().split('\n')).toHaveLength(5);
    expect(await readdir(path.join(folder, 'ablation', 'runs'))).toEqual([]);
  }, 600_000);

  it('refuses a folder that holds another one', async () => {
    const other = { ...request(), request: { ...tiny, seed: 9 } };
    const { jobId } = await host.handle('ablation.start', other);
    const job = await host.jobEnded(jobId);
    expect(job.error).toMatchObject({ code: 'bad-input', message: expect.stringContaining('another run') as string });
  }, 60_000);

  it('says at once what there is not to vary', async () => {
    await expect(host.handle('ablation.start', { ...request(), what: ['magic'] })).rejects.toMatchObject({
      code: 'bad-input',
    });
  });
});
