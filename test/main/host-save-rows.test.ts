import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EngineHost } from '../../src/main/host/engine-host';
import type { ColumnChoice } from '../../src/shared/data-types';

let folder: string;
const hosts: EngineHost[] = [];
beforeAll(async () => (folder = await mkdtemp(path.join(os.tmpdir(), 'thaw-save-'))));
afterAll(async () => {
  for (const host of hosts) await host.close();
  await rm(folder, { recursive: true, force: true });
});

async function projectOf(name: string, file: string, columns: ColumnChoice): Promise<EngineHost> {
  const host = new EngineHost();
  hosts.push(host);
  await host.handle('project.create', { path: path.join(folder, name), name });
  const { jobId } = await host.handle('import.run', { path: file, options: {}, columns });
  await host.jobEnded(jobId);
  return host;
}

describe('rows in a file', () => {
  const texts = ['Where is it, "my" parcel?', 'First line\nsecond line', ' spaces ', 'Größe; 5 €'];
  const columns: ColumnChoice = {
    textColumns: ['text'],
    labelColumns: ['kind'],
    multiLabel: true,
    labelSeparator: '|',
  };

  it('come back as they were: texts, labels and the columns that nobody chose', async () => {
    const file = path.join(folder, 'mails.csv');
    const cell = (text: string): string => `"${text.replaceAll('"', '""')}"`;
    const lines = texts.map((text, i) => `${cell(text)},${['a', 'a|b', '', 'b'][i] ?? ''},${String(i)}`);
    await writeFile(file, `text,kind,note\n${lines.join('\n')}\n`);
    const host = await projectOf('first', file, columns);
    await host.handle('labels.set', { rowId: 2, labels: ['b'] });
    await host.handle('labels.note', { rowId: 2, note: 'odd, very' });
    await host.handle('labels.mark', { rowIds: [0], mark: 'flag', on: true });

    const out = path.join(folder, 'saved.csv');
    const saved = await host.handle('rows.save', { out });
    expect(saved).toMatchObject({ file: out, rows: 4 });
    const written = await readFile(out, 'utf8');
    expect(Buffer.byteLength(written)).toBe(saved.bytes);
    // The file has a column of that name already: both are kept apart.
    expect(written.split('\n')[0]).toBe('\uFEFFtext,note,kind,split,flagged,note 2,predicted,probability');

    const again = await projectOf('again', out, columns);
    const page = { offset: 0, limit: 10, filter: {} };
    const [before, after] = [await host.handle('rows.page', page), await again.handle('rows.page', page)];
    expect(after.rows.map(({ text, labels }) => ({ text, labels }))).toEqual(
      before.rows.map(({ text, labels }) => ({ text, labels })),
    );
    const { cells } = again.services.project.store;
    expect(await cells.values([0, 1, 2, 3], 'note')).toEqual(['0', '1', '2', '3']);
    expect(await cells.values([0, 2], 'note 2')).toEqual(['', 'odd, very']);
    expect(await cells.values([0, 2], 'flagged')).toEqual(['yes', '']);
  });

  it('are those that a filter finds, parted by tabs where the name says so', async () => {
    const [host] = hosts;
    const out = path.join(folder, 'saved.tsv');
    expect(await host?.handle('rows.save', { out, filter: { label: 'b' } })).toMatchObject({ rows: 3 });
    expect((await readFile(out, 'utf8')).split('\n')[0]).toContain('text\tnote\tkind');
    const nowhere = host?.handle('rows.save', { out: path.join(folder, 'no', 'such', 'folder.csv') });
    await expect(nowhere).rejects.toMatchObject({ code: 'file-not-found' });
  });

  it('that could not be read are listed with line, reason and the line itself', async () => {
    const file = path.join(folder, 'broken.csv');
    await writeFile(file, 'text,kind\nfine,a\none,too,many\nfine too,b\n');
    const host = await projectOf('broken', file, { ...columns, multiLabel: false, labelSeparator: null });
    const out = path.join(folder, 'refused.csv');
    expect(await host.handle('rejected.save', { out })).toMatchObject({ rows: 1 });
    const [, line] = (await readFile(out, 'utf8')).split('\n');
    expect(line).toMatch(/^3,.+"one,too,many",.*broken\.csv$/);
  });
});

describe('a page of rows', () => {
  it('holds the beginnings of long texts, cut between characters, and whole rows are to be had', async () => {
    const file = path.join(folder, 'long.csv');
    const exact = 'ü'.repeat(2000);
    const long = `${'a'.repeat(1999)}😀${' word'.repeat(20_000)}`; // the cut falls behind a pair of surrogates
    await writeFile(file, `text,kind\nshort,a\n${exact},b\n${long},b\n`);
    const host = await projectOf('long', file, {
      textColumns: ['text'],
      labelColumns: ['kind'],
      multiLabel: false,
      labelSeparator: null,
    });
    const { total, rows } = await host.handle('rows.page', { offset: 0, limit: 10, filter: {} });
    expect(total).toBe(3);
    expect(rows.map(({ text }) => text)).toEqual(['short', exact, `${'a'.repeat(1999)}😀`]);
    expect(rows.map(({ textLength }) => textLength)).toEqual([undefined, undefined, 102_000]);
    const whole = await host.handle('labels.rows', { rowIds: [2] });
    expect(whole[0]?.text).toBe(long);
    // A search looks at whole texts, also behind what a page holds of them.
    const found = await host.handle('rows.page', { offset: 0, limit: 10, filter: { search: 'word word' } });
    expect(found.rows.map(({ id }) => id)).toEqual([2]);
    const out = path.join(folder, 'long-saved.csv');
    await host.handle('rows.save', { out });
    expect(await readFile(out, 'utf8')).toContain(long);
  });
});
