import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EngineHost } from '../../src/main/host/engine-host';

/** Undo and redo through the engine host: what the project's folder says of its files follows, and jobs are not disturbed. */

const columns = { textColumns: ['text'], labelColumns: ['label'], multiLabel: false, labelSeparator: null };
let folder: string;
let host: EngineHost;

async function add(name: string, lines: readonly string[]): Promise<void> {
  const file = path.join(folder, name);
  await writeFile(file, ['text,label', ...lines, ''].join('\n'));
  await host.jobEnded((await host.handle('import.run', { path: file, options: {}, columns })).jobId);
}
async function files(): Promise<{ readonly sources: string[]; readonly takenBack: string[] }> {
  const file = path.join(folder, 'project', 'project.json');
  const { sources, takenBack } = JSON.parse(await readFile(file, 'utf8')) as Record<string, { path: string }[]>;
  const names = (list: readonly { path: string }[] | undefined) => (list ?? []).map((one) => path.basename(one.path));
  return { sources: names(sources), takenBack: names(takenBack) };
}
const project = () => host.handle('project.current', {});

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'thaw-history-'));
  host = new EngineHost();
  await host.handle('project.create', { path: path.join(folder, 'project'), name: 'Past' });
  await add('first.csv', ['one,a', 'two,b', 'three,a']);
  await add('second.csv', ['four,b', 'five,c']);
}, 60_000);

afterAll(async () => {
  await host.close();
  await rm(folder, { recursive: true, force: true });
});

describe('history.undo', () => {
  it('takes a file out and brings it back, with the note of it in the folder, also after opening anew', async () => {
    expect(await host.handle('history.undo', {})).toMatchObject({ total: 3, redoStep: { label: 'second.csv' } });
    expect(await project()).toMatchObject({ rows: 3, labels: [{ name: 'a' }, { name: 'b' }] });
    expect(await host.handle('import.files', {})).toMatchObject([{ id: 0, inUse: 3 }]);
    expect(await files()).toEqual({ sources: ['first.csv'], takenBack: ['second.csv'] });
    expect(await host.handle('import.summary', {})).toMatchObject({ rows: 3 });

    await host.handle('project.close', {});
    await host.handle('project.open', { path: path.join(folder, 'project') });
    expect(await host.handle('history.redo', {})).toMatchObject({ total: 5, undoStep: { label: 'second.csv' } });
    expect(await files()).toEqual({ sources: ['first.csv', 'second.csv'], takenBack: [] });
  });

  it('of another step leaves the files alone', async () => {
    await host.handle('labels.set', { rowId: 0, labels: ['b'] });
    await host.handle('history.undo', {});
    expect(await files()).toEqual({ sources: ['first.csv', 'second.csv'], takenBack: [] });
  });

  it('does not take rows from under a job', async () => {
    let finish = (): void => undefined;
    const reading = new Promise<void>((resolve) => (finish = resolve));
    const job = host.services.queue.add({
      id: 'reads',
      kind: 'evaluate',
      title: 'Reading rows',
      runId: null,
      run: () => reading,
    });
    await expect.poll(() => host.services.queue.current()?.id).toBe(job.id);
    await expect(host.handle('history.undo', {})).rejects.toMatchObject({ code: 'busy' });
    expect(await project()).toMatchObject({ rows: 5 });
    // What is no file goes on meanwhile.
    await host.handle('labels.set', { rowId: 0, labels: ['b'] });
    expect(await host.handle('history.undo', {})).toMatchObject({ total: 5, undoStep: { kind: 'import' } });
    finish();
    await host.jobEnded(job.id);
  });

  it('goes past files that a training has read; their rows can be set aside, and that can be undone', async () => {
    await host.services.project.store.history.seal();
    expect(await host.handle('labels.state', {})).toMatchObject({ canUndo: false });
    expect(await host.handle('import.setAside', { importId: 1 })).toMatchObject({ total: 3 });
    expect(await host.handle('import.files', {})).toMatchObject([{ inUse: 3 }, { inUse: 0 }]);
    expect(await host.handle('history.undo', {})).toMatchObject({ total: 5, canUndo: false });
    await expect(host.handle('import.setAside', { importId: 9 })).rejects.toMatchObject({ code: 'not-found' });
    expect(existsSync(path.join(folder, 'second.csv'))).toBe(true); // nobody's file is touched
  });
});
