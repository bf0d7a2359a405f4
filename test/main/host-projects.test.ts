import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EngineHost } from '../../src/main/host/engine-host';
import { RecentProjects } from '../../src/main/ipc/recent-projects';

/** Whole projects through the engine host, and what the shell remembers of them. */

const columns = { textColumns: ['text'], labelColumns: ['kind'], multiLabel: false, labelSeparator: null };
let folder: string;
let host: EngineHost;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'thaw-projects-'));
  host = new EngineHost();
});
afterAll(async () => {
  await host.close();
  await rm(folder, { recursive: true, force: true });
});
const at = (...names: readonly string[]): string => path.join(folder, ...names);

describe('a project', () => {
  it('that is open gets another name and stays open', async () => {
    await host.handle('project.create', { path: at('mails'), name: 'Mails' });
    await host.handle('project.rename', { path: at('mails'), name: ' Letters ' });
    expect(await host.handle('project.current', {})).toMatchObject({ path: at('mails'), name: 'Letters' });
    await host.handle('project.close', {});
    await host.handle('project.rename', { path: at('mails'), name: 'Cards' });
    expect(await host.handle('project.open', { path: at('mails') })).toMatchObject({ name: 'Cards' });
  });

  it('that was made for a sample says so; its copy is an own project', async () => {
    const made = await host.handle('project.create', { path: at('films'), name: 'Films', sample: 'film-reviews' });
    expect(made.sample).toBe('film-reviews');
    await host.handle('project.rename', { path: at('films'), name: 'Cinema' });
    expect((await host.handle('project.current', {}))?.sample).toBe('film-reviews');
    const copy = await host.handle('project.duplicate', { path: at('films'), name: 'Copy' });
    expect((await host.handle('project.open', copy)).sample).toBeUndefined();
  });

  it('that was the only one of its folder can be restored once it is off the list', async () => {
    const recent = new RecentProjects(at());
    const project = await host.handle('project.create', { path: at('elsewhere', 'only'), name: 'Only' });
    recent.opened(project, new Date());
    await host.handle('project.trash', { path: project.path });
    recent.forget(project.path);
    expect(recent.list()).toEqual([]);
    const trashed = await host.handle('project.trashed', { folders: new RecentProjects(at()).places() });
    expect(trashed).toMatchObject([{ name: 'Only' }]);
    const restored = await host.handle('project.restore', { path: trashed[0]?.path ?? '' });
    expect(restored.path).toBe(project.path);
  });
});

describe('several imported files', () => {
  it('keep what could not be read of each', async () => {
    await host.handle('project.create', { path: at('several'), name: 'Several' });
    const texts = [
      'text,kind\nfine,a\none,too,many\nfine too,b\n',
      'text,kind\nclean,a\n',
      'text,kind\nx,y,z\nlast,b\n',
    ];
    for (const [i, text] of texts.entries()) {
      await writeFile(at(`${String(i)}.csv`), text);
      await host.jobEnded(
        (await host.handle('import.run', { path: at(`${String(i)}.csv`), options: {}, columns })).jobId,
      );
    }
    const files = await host.handle('import.files', {});
    expect(files.map(({ path: file, role, summary }) => [path.basename(file), role, summary.rows, summary.rejectedCount])) // prettier-ignore
      .toEqual([['0.csv', 'data', 2, 1], ['1.csv', 'data', 1, 0], ['2.csv', 'data', 1, 1]]); // prettier-ignore
    const out = at('refused.csv');
    expect(await host.handle('rejected.save', { out, importId: files[2]?.id })).toMatchObject({ rows: 1 });
    expect(await readFile(out, 'utf8')).toContain('"x,y,z"');
    expect(await host.handle('rejected.save', { out })).toMatchObject({ rows: 2 });
    expect((await readFile(out, 'utf8')).split('\n')[1]).toContain(at('0.csv'));
  });
});

describe('requests that do not fit', () => {
  it('are refused with a code and what was expected', async () => {
    const before = host.handle('rows.page', { offset: -1, limit: 10, filter: {} });
    await expect(before).rejects.toMatchObject({ code: 'bad-input' });
    await expect(host.handle('jobs.pause', { jobId: 'nothing' })).rejects.toMatchObject({ code: 'not-found' });
    await expect(host.handle('runs.get', { runId: '../..' })).rejects.toMatchObject({ code: 'not-found' });
  });
});
