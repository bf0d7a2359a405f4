import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RunStore } from '../../src/main/host/run-store';
import { RunTrash } from '../../src/main/host/run-trash';
import { trainingRequestSchema } from '../../src/shared/training-types';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(path.join(os.tmpdir(), 'thaw-runs-'))));
afterEach(async () => rm(folder, { recursive: true, force: true }));

const request = trainingRequestSchema.parse({ preset: 'quick', seed: 7 });

describe('RunStore', () => {
  it('keeps a run and its changes on disk', async () => {
    const run = await new RunStore(folder).create(request);
    await new RunStore(folder).update(run.id, { state: 'running', device: 'a processor' });
    expect(await new RunStore(folder).get(run.id)).toMatchObject({
      state: 'running',
      device: 'a processor',
      request: { seed: 7 },
    });
    const stored = JSON.parse(await readFile(path.join(folder, 'runs', run.id, 'run.json'), 'utf8')) as {
      format: string;
    };
    expect(stored.format).toBe('thaw-run');
  });

  it('shows what a killed process left running as interrupted, and a finished run as it was', async () => {
    const store = new RunStore(folder);
    const killed = await store.create(request);
    const done = await store.create(request);
    await store.update(killed.id, { state: 'running' });
    await store.update(done.id, { state: 'done' });
    expect((await new RunStore(folder).findInterrupted()).map((run) => run.id)).toEqual([killed.id]);
    expect((await store.get(killed.id)).state).toBe('interrupted');
    expect((await store.get(done.id)).state).toBe('done');
  });

  it('reads the curves although the last line was cut by a kill', async () => {
    const store = new RunStore(folder);
    const run = await store.create(request);
    await store.append(run.id, [{ type: 'note', level: 'info', message: 'one' }]);
    await appendFile(path.join(store.folder(run.id), 'events.jsonl'), '{"type":"note","lev');
    expect((await store.withEvents(run.id)).events).toEqual([{ type: 'note', level: 'info', message: 'one' }]);
  });

  it('thins training steps for drawing and keeps everything else', async () => {
    const store = new RunStore(folder);
    const run = await store.create(request);
    const rest = {
      epoch: 1,
      epochs: 1,
      loss: 1,
      smoothedLoss: 1,
      learningRate: 1,
      momentum: 1,
      tokensPerSecond: 1,
      secondsLeft: null,
      memoryBytes: 1,
    };
    const steps = Array.from(
      { length: 1000 },
      (_, n) => ({ type: 'step', stage: 'classifier-all', step: n, steps: 1000, ...rest }) as const,
    );
    await store.append(run.id, [{ type: 'note', level: 'info', message: 'first' }, ...steps]);
    const { events } = await store.withEvents(run.id, 100);
    expect(events.filter((event) => event.type === 'step')).toHaveLength(100);
    expect(events[0]).toMatchObject({ message: 'first' });
  });

  it('gives a run a name, and reads runs of before that have none', async () => {
    const store = new RunStore(folder);
    const run = await store.create(request);
    expect((await store.update(run.id, { name: 'slow layers' })).name).toBe('slow layers');
    const file = path.join(folder, 'runs', run.id, 'run.json');
    const { name: _name, ...older } = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
    await writeFile(file, JSON.stringify(older));
    expect((await store.get(run.id)).name).toBeNull();
  });

  it('says what runs take, and gives the weights back without the curves and figures', async () => {
    const store = new RunStore(folder);
    const run = await store.create(request);
    const own = store.folder(run.id);
    await mkdir(path.join(own, 'models/classifier'), { recursive: true });
    await writeFile(path.join(own, 'models/classifier/weights.safetensors'), Buffer.alloc(5000));
    await writeFile(path.join(own, 'classifier.safetensors'), Buffer.alloc(3000));
    await store.append(run.id, [{ type: 'note', level: 'info', message: 'kept' }]);
    const [disk] = await store.disk();
    expect(disk).toMatchObject({ runId: run.id, classifier: 5000 });
    expect(await store.prune(run.id)).toBe(8000);
    expect((await readdir(own)).sort()).toEqual(['events.jsonl', 'run.json']);
    expect((await store.withEvents(run.id)).events).toMatchObject([{ message: 'kept' }]);
    expect((await store.disk())[0]).toMatchObject({ classifier: 0, whole: (disk?.whole ?? 0) - 8000 });
    expect(await store.prune(run.id)).toBe(0);
  });

  it('refuses an id that would leave the runs folder', () => {
    expect(() => new RunStore(folder).folder('../../etc')).toThrow(/not the id of a run/);
  });
});

describe('RunTrash', () => {
  it('takes a run out of the list, gives it back as it was, and deletes it only from the trash', async () => {
    const store = new RunStore(folder);
    const trash = new RunTrash(store);
    const [run, other] = [await store.create(request), await store.create(request)];
    await store.update(run.id, { state: 'done', name: 'First try' });
    await writeFile(path.join(store.folder(run.id), 'result.safetensors'), 'x'.repeat(1000));
    await expect(trash.restore(run.id)).rejects.toMatchObject({ code: 'not-found' });
    await expect(trash.remove(run.id)).rejects.toMatchObject({ code: 'not-found' });

    await trash.trash(run.id);
    expect((await store.list()).map(({ id }) => id)).toEqual([other.id]);
    expect(await store.disk()).toHaveLength(1);
    const [thrown] = await trash.list();
    expect(thrown).toMatchObject({ run: { id: run.id, name: 'First try' } });
    expect(thrown?.bytes).toBeGreaterThan(1000);
    expect(Date.now() - Date.parse(thrown?.at ?? '')).toBeLessThan(60_000);

    expect(await trash.restore(run.id)).toMatchObject({ id: run.id, name: 'First try', state: 'done' });
    expect(await trash.list()).toEqual([]);
    expect((await readdir(store.folder(run.id))).sort()).toEqual(['result.safetensors', 'run.json']);

    await trash.trash(run.id);
    expect(await trash.remove(run.id)).toBeGreaterThan(1000);
    expect(await readdir(path.join(folder, 'runs'))).toEqual([other.id]);
    await expect(trash.trash('../..')).rejects.toMatchObject({ code: 'not-found' });
  });
});
