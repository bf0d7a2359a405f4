import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ColumnChoice } from '../../../src/shared/data-types';
import type { ProgressEvent } from '../../../src/shared/jobs';
import { ProjectStore } from '../../../src/engine/store/project-store';
import { FIXTURES } from '../data/temp-file';
import { counts, csv, projectFolder, storeWith, TEXT_LABEL, TEXT_ONLY } from './project-folder';

describe('importing a file', () => {
  it('keeps rows, labels and rejected rows, and says what it did', async () => {
    const folder = projectFolder();
    const store = await ProjectStore.open(folder);
    const path = csv(folder, 'a.csv', ['text,label', 'good,pos', 'bad', '"so, so",neg', 'none,', 'fine, pos ']);
    const summary = await store.importFile(path, {}, TEXT_LABEL, 'data');
    expect(summary).toMatchObject({
      rows: 4,
      labelled: 3,
      rejectedCount: 1,
      rejected: [{ line: 3, reason: 'expected 2 cells, got 1', text: 'bad' }],
      labels: [
        { name: 'neg', count: 1 },
        { name: 'pos', count: 2 },
      ],
    });
    expect(await store.lastImport()).toEqual(summary);
    expect(await store.rejectedRows(0, 10)).toMatchObject(summary.rejected);
    expect(await store.columnChoice()).toEqual(TEXT_LABEL);
    const { total, rows } = await store.page({}, 0, 10);
    expect(total).toBe(4);
    expect(rows.map(({ id, text, labels, split }) => [id, text, labels, split])).toEqual([
      [0, 'good', ['pos'], 'train'],
      [1, 'so, so', ['neg'], 'train'],
      [2, 'none', [], 'unlabelled'],
      [3, 'fine', ['pos'], 'train'],
    ]);
    await store.close();
  });

  it('real rows in another encoding and with line breaks come in whole, with progress', async () => {
    const store = await ProjectStore.open(projectFolder());
    const events: ProgressEvent[] = [];
    const choice: ColumnChoice = { ...TEXT_LABEL, labelColumns: ['category'] };
    const banking = await store.importFile(join(FIXTURES, 'banking77-quoted-line-breaks.csv'), {}, choice, 'data', {
      onProgress: (event) => events.push(event),
    });
    expect(banking).toMatchObject({ rows: 44, labelled: 44, rejectedCount: 0 });
    expect(banking.labels.reduce((sum, { count }) => sum + count, 0)).toBe(44);
    expect(events.at(-1)).toMatchObject({ type: 'count', stage: 'import', done: 2959, total: 2959, unit: 'bytes' });
    const films = await store.importFile(
      join(FIXTURES, 'rt-polarity-windows-1252.txt'),
      {},
      { ...TEXT_ONLY, textColumns: ['column1'] },
      'unlabelled',
    );
    expect(films).toMatchObject({ rows: 112, labelled: 0, labels: [] });
    expect(store.counts()).toEqual({ rows: 156, labelled: 44 });
    const [row] = (await store.page({ search: 'A SLEW of songs \u2014 a few' }, 0, 5)).rows;
    expect(row?.text).toContain('bryan adams');
    expect((await store.page({ search: 'able to use my card\n\n\n' }, 0, 5)).total).toBe(1);
    await store.close();
  });

  it('several text columns are one row with several fields; other columns are kept out of the text', async () => {
    const folder = projectFolder();
    const store = await ProjectStore.open(folder);
    const path = csv(folder, 'a.csv', ['id,title,label,body', '7,Card,x,It is lost', '8,,y,"two\nlines"']);
    await store.importFile(path, {}, { ...TEXT_LABEL, textColumns: ['title', 'body'] }, 'data');
    expect((await store.page({}, 0, 5)).rows.map(({ text }) => text)).toEqual(['Card\nIt is lost', 'two\nlines']);
    const batches = [];
    for await (const batch of store.documents(1)) batches.push(batch);
    expect(batches).toEqual([
      [{ rowId: 0, fields: ['Card', 'It is lost'] }],
      [{ rowId: 1, fields: ['', 'two\nlines'] }],
    ]);
    await store.close();
  });

  it('lists of labels as JSON has them, each label exactly as it stands there', async () => {
    const folder = projectFolder();
    const store = await ProjectStore.open(folder);
    const records = [
      { text: 'one', labels: ['a', 'b'] },
      { text: 'two', labels: ['a|b', 'c; d'] },
      { text: 'three', labels: [] },
    ];
    const path = csv(
      folder,
      'lists.jsonl',
      records.map((record) => JSON.stringify(record)),
    );
    const columns = { textColumns: ['text'], labelColumns: ['labels'], multiLabel: true, labelSeparator: '|' };
    expect(await store.importFile(path, {}, columns, 'data')).toMatchObject({ rows: 3, labelled: 2 });
    expect((await store.page({}, 0, 9)).rows.map(({ labels }) => labels)).toEqual([['a', 'b'], ['a|b', 'c; d'], []]);
    await store.close();
  });

  it('rows with NUL bytes, whose lines are kept with the summary', async () => {
    const folder = projectFolder();
    const store = await ProjectStore.open(folder);
    const path = csv(folder, 'nul.csv', ['text,label', 'good,a', 'b\0d,b', 'padded\0\0,a']);
    await store.importFile(path, {}, TEXT_LABEL, 'data');
    expect((await store.page({}, 0, 9)).rows.map(({ text }) => text)).toEqual(['good', 'b\ufffdd', 'padded']);
    expect(await store.lastImport()).toMatchObject({
      rows: 3,
      rejectedCount: 0,
      repaired: { count: 2, lines: [3, 4] },
    });
    await store.close();
  });

  it('several labels in one cell, by a separator', async () => {
    const { store } = await storeWith(['a,x; y', 'b,y', 'c,', 'd,y;x;x', 'e,;'], {
      ...TEXT_LABEL,
      multiLabel: true,
      labelSeparator: ';',
    });
    expect(counts(store)).toEqual({ x: 2, y: 3 });
    expect((await store.page({}, 0, 9)).rows.map(({ labels }) => labels)).toEqual([
      ['x', 'y'],
      ['y'],
      [],
      ['x', 'y'],
      [],
    ]);
    expect(store.counts().labelled).toBe(3);
    await store.close();
  });

  it('several label columns: names, or yes and no by the name of the column', async () => {
    const folder = projectFolder();
    const store = await ProjectStore.open(folder);
    const flags = csv(folder, 'flags.csv', ['text,rude,spam', 'a,1,0', 'b,0,0', 'c,1,1', 'd,,']);
    await store.importFile(flags, {}, { ...TEXT_LABEL, labelColumns: ['rude', 'spam'] }, 'data');
    expect((await store.page({}, 0, 9)).rows.map(({ labels }) => labels)).toEqual([['rude'], [], ['rude', 'spam'], []]);
    // All no is labelled with none of them; empty cells are not labelled.
    expect(store.counts()).toEqual({ rows: 4, labelled: 3 });
    expect((await store.columnChoice())?.multiLabel).toBe(true);
    expect(await store.labelled('train')).toMatchObject({
      names: ['rude', 'spam'],
      rowIds: Int32Array.of(0, 1, 2),
      labelOffsets: Int32Array.of(0, 1, 1, 3),
      labels: Int32Array.of(0, 0, 1),
    });
    const names = csv(folder, 'names.csv', ['text,first,second', 'e,rude,new', 'f,,spam']);
    await store.importFile(names, {}, { ...TEXT_LABEL, labelColumns: ['first', 'second'] }, 'data');
    expect(counts(store)).toEqual({ rude: 3, spam: 2, new: 1 });
    await store.close();
  });

  it('a second file is appended, and given validation and test rows keep their part', async () => {
    const { store, folder } = await storeWith(['a,x', 'b,y']);
    await store.importFile(csv(folder, 'v.csv', ['label,text', 'x,c']), {}, TEXT_LABEL, 'valid');
    await store.importFile(csv(folder, 't.csv', ['text,label', 'd,z']), {}, TEXT_LABEL, 'test');
    await store.importFile(csv(folder, 'u.csv', ['text,label', 'e,x']), {}, TEXT_LABEL, 'unlabelled');
    expect((await store.page({}, 0, 9)).rows.map(({ text, split }) => [text, split])).toEqual([
      ['a', 'train'],
      ['b', 'train'],
      ['c', 'valid'],
      ['d', 'test'],
      ['e', 'unlabelled'],
    ]);
    expect(counts(store)).toEqual({ x: 2, y: 1, z: 1 });
    await store.close();
    const again = await ProjectStore.open(folder);
    expect((await again.page({ split: 'test' }, 0, 9)).rows.map(({ text }) => text)).toEqual(['d']);
    await again.close();
  });

  it('a cancelled or failed import leaves nothing behind', async () => {
    const { store, folder } = await storeWith(['a,x']);
    const before = await store.page({}, 0, 9);
    const stop = new AbortController();
    const big = csv(folder, 'big.csv', [
      'text,label',
      ...Array<string>(200_000).fill('some text that is long enough,x'),
    ]);
    await expect(
      store.importFile(big, {}, TEXT_LABEL, 'data', { signal: stop.signal, onProgress: () => stop.abort() }),
    ).rejects.toMatchObject({ code: 'cancelled' });
    const texts = csv(folder, 'texts.csv', [
      'text,label',
      ...Array.from({ length: 3000 }, (_, i) => `t,own value ${String(i)}`),
    ]);
    await expect(store.importFile(texts, {}, TEXT_LABEL, 'data')).rejects.toMatchObject({
      code: 'bad-input',
      data: { got: 3000 },
    });
    expect(await store.page({}, 0, 9)).toEqual(before);
    expect(counts(store)).toEqual({ x: 1 });
    await store.importFile(csv(folder, 'c.csv', ['text,label', 'b,y']), {}, TEXT_LABEL, 'data');
    expect(store.counts()).toEqual({ rows: 2, labelled: 2 });
    await store.close();
  });

  it.each([
    ['an unknown column', TEXT_LABEL, ['title,label', 'a,b'], 'data', 'no-such-column', /"text".*"title", "label"/],
    ['no rows', TEXT_LABEL, ['text,label'], 'data', 'no-rows', /only a header/],
    [
      'only bad rows',
      TEXT_LABEL,
      ['text,label', 'a', 'b'],
      'data',
      'no-rows',
      /all 2 were rejected; line 2: expected 2 cells/,
    ],
    [
      'texts and labels from one column',
      { ...TEXT_LABEL, labelColumns: ['text'] },
      ['text,label', 'a,b'],
      'data',
      'bad-input',
      /"text" for both/,
    ],
    ['test rows without labels', TEXT_ONLY, ['text,label', 'a,b'], 'test', 'bad-input', /label column for test rows/],
  ] as const)('%s is refused clearly', async (_, columns, lines, role, code, message) => {
    const folder = projectFolder();
    const store = await ProjectStore.open(folder);
    const importing = store.importFile(
      csv(folder, 'x.csv', lines),
      { header: true, delimiter: ',' },
      columns as ColumnChoice,
      role,
    );
    const error = await importing.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code });
    expect((error as Error).message).toMatch(message);
    expect(store.counts()).toEqual({ rows: 0, labelled: 0 });
    await store.close();
  });

  it('a file with several labels a row does not mix into a project with one', async () => {
    const { store, folder } = await storeWith(['a,x']);
    const path = csv(folder, 'm.csv', ['text,label', 'b,x;y']);
    await expect(
      store.importFile(path, {}, { ...TEXT_LABEL, multiLabel: true, labelSeparator: ';' }, 'data'),
    ).rejects.toMatchObject({ code: 'bad-input' });
    await store.close();
  });
});
