import { describe, expect, it } from 'vitest';
import { ProjectStore } from '../../../src/engine/store/project-store';
import type { ColumnChoice, ImportSummary } from '../../../src/shared/data-types';
import { counts, csv, projectFolder, TEXT_LABEL, TEXT_ONLY } from './project-folder';

const WITH_ID: ColumnChoice = { ...TEXT_LABEL, idColumn: 'key' };
const OPTIONS = { header: true, delimiter: ',' } as const;

async function openWith(...rows: string[]): Promise<{ store: ProjectStore; folder: string; first: ImportSummary }> {
  const folder = projectFolder();
  const store = await ProjectStore.open(folder);
  const file = csv(folder, 'first.csv', ['key,text,label', ...rows]);
  const first = await store.importFile(file, OPTIONS, WITH_ID, 'data');
  return { store, folder, first };
}

const inUse = async (store: ProjectStore): Promise<[string, ...string[]][]> =>
  (await store.page({}, 0, 200)).rows.map(({ text, labels }) => [text, ...labels]);

describe('a file whose rows have ids', () => {
  it('brings what is new, replaces what has changed, and doubles nothing', async () => {
    const { store, folder, first } = await openWith('1,one,a', '2,two,b', '3,three,');
    expect(first.ids).toMatchObject({ fresh: 3, changed: 0, same: 0, repeatedCount: 0 });
    const next = csv(folder, 'next.csv', ['label,text,key', 'a,one,1', ',two anew,2', 'c,four,4']);
    const { ids } = await store.importFile(next, OPTIONS, WITH_ID, 'data');
    expect(ids).toMatchObject({ fresh: 1, changed: 1, same: 1, labelsKept: 0, labelsTaken: 0 });
    expect(await inUse(store)).toEqual([['one', 'a'], ['three'], ['two anew', 'b'], ['four', 'c']]);
    expect(store.labelState()).toMatchObject({ total: 4, undoStep: { kind: 'aside', rows: 2 } });
    // What is set aside is counted nowhere, also not in what a change would do.
    expect(await store.previewChange({ kind: 'remove', label: 'b' })).toMatchObject({
      matched: 4,
      changed: 1,
      labels: [{ name: 'b', before: 1, after: 0 }],
    });
    await store.close();
    const again = await ProjectStore.open(folder);
    expect((await again.lastImport())?.ids).toMatchObject({ fresh: 1, changed: 1, same: 1 });
    expect(await inUse(again)).toHaveLength(4);
    // One undo brings the rows back as two files without ids would have them.
    await again.undo();
    expect(await inUse(again)).toHaveLength(6);
    await again.redo();
    expect(await inUse(again)).toHaveLength(4);
    await again.close();
  });

  it('keeps labels that a person has given, and takes newer ones of a file', async () => {
    const { store, folder } = await openWith('1,one,a', '2,two,a', '3,three,', '4,four,a');
    await store.setLabels(0, ['a']); // the same label, but looked at: no step, so still the file's
    await store.addLabel('b');
    await store.setLabels(1, ['b']);
    await store.setLabels(2, ['b']);
    const next = csv(folder, 'next.csv', ['key,text,label', '1,one,c', '2,two,c', '3,three anew,c', '4,four anew,c']);
    const { ids } = await store.importFile(next, OPTIONS, WITH_ID, 'data');
    expect(ids).toMatchObject({ fresh: 0, changed: 2, same: 2, labelsKept: 2, labelsTaken: 2 });
    expect(await inUse(store)).toEqual([
      ['one', 'c'],
      ['two', 'b'],
      ['three anew', 'b'],
      ['four anew', 'c'],
    ]);
    expect(counts(store)).toEqual({ a: 0, b: 2, c: 2 });
    await store.close();
  });

  it('can come again and again: the newest text in use counts', async () => {
    const { store, folder } = await openWith('1,first,a');
    for (const text of ['second', 'third', 'third', 'first']) {
      await store.importFile(
        csv(folder, `${text}.csv`, ['key,text', `1,${text}`]),
        OPTIONS,
        { ...TEXT_ONLY, idColumn: 'key' },
        'data',
      );
    }
    expect(await inUse(store)).toEqual([['first', 'a']]);
    await store.close();
  });

  it('names ids that stand in it twice, with their lines, and takes rows without an id as new', async () => {
    const { store, folder, first } = await openWith('x,one,a', 'y,two,', 'x,three,', ',four,', ',five,');
    expect(first.ids).toMatchObject({ fresh: 5, repeatedCount: 1, repeated: [{ id: 'x', lines: [2, 4] }] });
    expect(await inUse(store)).toHaveLength(5);
    const { ids } = await store.importFile(
      csv(folder, 'next.csv', ['key,text,label', ',four,', 'x,one,']),
      OPTIONS,
      WITH_ID,
      'data',
    );
    expect(ids).toMatchObject({ fresh: 1, repeatedCount: 0 });
    await store.close();
  });

  it('comes in whole or not at all: what ends it behind the comparison leaves no row doubled', async () => {
    const { store, folder } = await openWith('1,one,a', '2,two,b');
    const next = csv(folder, 'next.csv', ['key,text,label', '1,one,a', '2,two anew,b', '3,three,a']);
    // The last look at the signal is behind everything that is written, and before the commit.
    const importCounting = async (endAt: number): Promise<number> => {
      const { signal } = new AbortController();
      let looks = 0;
      Object.defineProperty(signal, 'aborted', { get: () => ++looks >= endAt });
      await store.importFile(next, OPTIONS, WITH_ID, 'data', { signal }).catch((error: unknown) => {
        expect(error).toMatchObject({ name: 'CancelledError' });
      });
      return looks;
    };
    const looks = await importCounting(Infinity);
    expect(await inUse(store)).toHaveLength(3);
    await store.undo();
    await store.undo();
    expect(await inUse(store)).toHaveLength(2);
    await importCounting(looks);
    expect(store.counts().rows).toBe(2);
    await store.close();
    const again = await ProjectStore.open(folder);
    expect(await inUse(again)).toEqual([
      ['one', 'a'],
      ['two', 'b'],
    ]);
    await again.importFile(next, OPTIONS, WITH_ID, 'data');
    expect(await inUse(again)).toEqual([
      ['one', 'a'],
      ['two anew', 'b'],
      ['three', 'a'],
    ]);
    await again.close();
  });

  it('keeps a row that has changed on its side of the split', async () => {
    const lines = Array.from({ length: 60 }, (_, i) => `${String(i)},text ${String(i)},${i % 2 === 0 ? 'a' : 'b'}`);
    const { store, folder } = await openWith(...lines);
    await store.assignSplits({ validShare: 0.2, testShare: 0.2, seed: 1 });
    await store.division.setLocked(true);
    const sides = async (): Promise<string[]> =>
      (await store.page({}, 0, 200)).rows
        .map(({ text, split }) => `${/\d+/.exec(text)?.[0] ?? ''} ${split}`)
        .sort((a, b) => a.localeCompare(b));
    const before = await sides();
    expect(before.filter((side) => side.endsWith('test')).length).toBeGreaterThan(5);
    const changed = lines.map((line) => line.replace('text', 'other words for'));
    await store.importFile(csv(folder, 'next.csv', ['key,text,label', ...changed]), OPTIONS, WITH_ID, 'data');
    expect(await sides()).toEqual(before);
    await store.close();
  });

  it('is compared with files of the same part only', async () => {
    const { store, folder } = await openWith('1,one,a', '2,two,b');
    const test = csv(folder, 'test.csv', ['key,text,label', '1,one,a']);
    expect((await store.importFile(test, OPTIONS, WITH_ID, 'test')).ids).toMatchObject({ fresh: 1, same: 0 });
    await store.close();
  });

  it('is compared in one pass also where the column holds no ids at all', async () => {
    const lines = Array.from({ length: 20_000 }, (_, i) => `same,text ${i},a`);
    const { store, folder } = await openWith(...lines);
    // Each row with each would be 400 million pairs.
    const next = csv(folder, 'next.csv', ['key,text,label', ...lines]);
    const { ids } = await store.importFile(next, OPTIONS, WITH_ID, 'data');
    expect(ids).toMatchObject({ fresh: 0, same: 1, changed: 19_999, repeatedCount: 1 });
    await store.close();
  }, 120_000);

  it('of 100,000 rows is compared in one pass', async () => {
    const lines = Array.from({ length: 100_000 }, (_, i) => `${i},text ${i},${i % 2 === 0 ? 'a' : 'b'}`);
    const { store, folder } = await openWith(...lines);
    const began = performance.now();
    const changed = lines.map((line, i) => (i % 10 === 0 ? line.replace('text', 'other') : line));
    const { ids } = await store.importFile(
      csv(folder, 'next.csv', ['key,text,label', ...changed]),
      OPTIONS,
      WITH_ID,
      'data',
    );
    expect(ids).toMatchObject({ fresh: 0, changed: 10_000, same: 90_000 });
    expect(store.labelState().total).toBe(100_000);
    // Comparing every row with every other would be ten thousand million comparisons: minutes, not seconds.
    expect(performance.now() - began).toBeLessThan(60_000);
    await store.close();
  }, 120_000);
});
