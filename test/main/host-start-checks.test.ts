import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngineHost } from '../../src/main/host/engine-host';
import { JobControl } from '../../src/main/host/job-control';
import { ensureShards, shardsMatch } from '../../src/main/host/pipelines/text-shards';
import type { ColumnChoice } from '../../src/shared/data-types';

/** A training that cannot start says so before anything is bound: what was done before can still be taken back. */

let folder: string;
let host: EngineHost;
const project = () => host.services.project;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'thaw-start-'));
  host = new EngineHost();
  await host.handle('project.create', { path: path.join(folder, 'project'), name: 'Start' });
});
afterEach(async () => {
  await host.close();
  await rm(folder, { recursive: true, force: true });
});

async function add(lines: readonly string[], chosen: Partial<ColumnChoice> = {}): Promise<void> {
  const file = path.join(folder, 'rows.csv');
  if (lines.length > 0) await writeFile(file, ['id,text,note,label', ...lines, ''].join('\n'));
  const columns = {
    textColumns: ['text'],
    labelColumns: ['label'],
    multiLabel: false,
    labelSeparator: null,
    ...chosen,
  };
  const { jobId } = await host.handle('import.run', { path: file, options: {}, columns });
  expect((await host.jobEnded(jobId)).error).toBeNull();
}
const lines = (n: number): string[] =>
  Array.from({ length: n }, (_, i) => `${i},text number ${i},other words ${i},${'ab'[i % 2] ?? ''}`);

describe('a training on the wrong label column', () => {
  it('is refused with its name and the counts; no run is made, and the import can be taken back', async () => {
    await add(lines(60), { labelColumns: ['id'] });
    await expect(host.handle('training.start', {})).rejects.toMatchObject({
      code: 'label-column',
      message: expect.stringMatching(/"id" has 60 different labels on 60 rows/) as string,
      data: { columns: ['id'], labels: 60, labelled: 60, alone: 60 },
    });
    expect(await host.handle('runs.list', {})).toEqual([]);
    expect(await host.handle('history.undo', {})).toMatchObject({ total: 0 });
  });

  it('is not suspected of labels that a person gives, however few rows each has', async () => {
    await add(lines(60), { labelColumns: [] });
    for (let row = 0; row < 30; row++) {
      const labels = [`kind ${row}`];
      await host.handle('labels.add', { name: labels[0] ?? '' });
      await host.handle('labels.set', { rowId: row, labels });
    }
    const { jobId } = await host.handle('training.start', {});
    expect((await host.jobEnded(jobId)).error).toMatchObject({ code: 'too-few-labels' });
  });
});

describe('a training that fails before it begins', () => {
  it('leaves undo and the division of the rows as they were; the run says why, also later', async () => {
    await add(lines(3));
    const { jobId } = await host.handle('training.start', {});
    const { error, runId } = await host.jobEnded(jobId);
    expect(error).toMatchObject({ code: 'too-few-labels', data: { labels: 2 } });
    expect(await host.handle('splits.state', {})).toMatchObject({ decided: false });
    expect(host.services.project.store.labelState().undoStep?.kind).toBe('import');

    await host.handle('project.close', {});
    await host.handle('project.open', { path: path.join(folder, 'project') });
    const [run] = await host.handle('runs.list', {});
    expect(run).toMatchObject({ id: runId, state: 'failed', error: { code: 'too-few-labels' }, canGoOn: false });
    expect(await host.handle('history.undo', {})).toMatchObject({ total: 0 });
  });

  it('as for want of a file of the language model', async () => {
    await add(lines(60));
    const model = path.join(folder, 'model');
    await mkdir(model);
    await writeFile(path.join(model, 'model.json'), JSON.stringify({ format: 'thaw-language-model', backward: false }));
    const { jobId } = await host.handle('training.start', { pretrained: model });
    expect((await host.jobEnded(jobId)).error).toMatchObject({
      code: 'model-missing',
      data: { missing: ['weights.safetensors', 'vocabulary.json'] },
    });
    expect(await host.handle('history.undo', {})).toMatchObject({ total: 0 });
  });
});

describe('the token shards', () => {
  it('are made anew where the same file was taken back and read with another column', async () => {
    await add(lines(20));
    const shards = () => ensureShards(host.services, project(), [], {}, new JobControl(() => undefined));
    const first = await shards();
    expect(await shardsMatch(project(), first.stamp)).toBe(true);
    expect((await shards()).stamp).toEqual(first.stamp);
    await host.handle('history.undo', {});
    await add([], { textColumns: ['note'] });
    const second = await shards();
    expect({ ...second.stamp, texts: 0 }).toEqual({ ...first.stamp, texts: 0 }); // nothing else tells them apart
    expect(second.stamp.texts).toBeGreaterThan(first.stamp.texts);
    expect(await shardsMatch(project(), first.stamp)).toBe(false);
  });
});
