import { describe, expect, it } from 'vitest';
import { ProjectStore } from '../../../src/engine/store/project-store';
import { storeWith, TEXT_ONLY } from './project-folder';

/** 200 texts, of which every third holds "hockey"; two labels. */
async function texts(): Promise<{ store: ProjectStore; folder: string }> {
  const opened = await storeWith(
    Array.from({ length: 200 }, (_, i) => `${i % 3 === 0 ? 'hockey' : 'text'} ${String(i)}`),
    TEXT_ONLY,
  );
  for (const name of ['sport', 'other']) await opened.store.addLabel(name);
  return opened;
}
const hockey = { kind: 'rows', filter: { search: 'hockey' }, labels: ['sport'], mode: 'replace' } as const;
const atOnce = async (store: ProjectStore): Promise<number[]> =>
  [...(await store.labelledAtOnce(everyRow)).entries()].filter(([, is]) => is === 1).map(([row]) => row);
const everyRow = Int32Array.from({ length: 200 }, (_, row) => row);
const everyThird = Array.from({ length: 67 }, (_, i) => 3 * i);

describe('rows that were labelled many at once', () => {
  it('are known, also after closing, taking back and doing again', async () => {
    const { store, folder } = await texts();
    await store.setLabels(0, ['sport']);
    await store.setLabels(1, ['other']);
    await store.applyChange(hockey);
    // Row 0 had its label already.
    expect(await atOnce(store)).toEqual(everyThird.slice(1));
    await store.undo();
    expect(await atOnce(store)).toEqual([]);
    await store.redo();
    await store.close();
    const again = await ProjectStore.open(folder);
    expect(await atOnce(again)).toEqual(everyThird.slice(1));
    await again.close();
  });

  it('are so no longer once somebody has looked at the row by itself, and stay so through a merge', async () => {
    const { store } = await texts();
    await store.applyChange(hockey);
    await store.setLabels(3, ['other']);
    await store.markRows([6], 'keep', true);
    expect((await atOnce(store)).slice(0, 3)).toEqual([0, 9, 12]);
    await store.addLabel('games');
    await store.applyChange({ kind: 'merge', labels: ['sport'], into: 'games' });
    expect((await atOnce(store)).slice(0, 3)).toEqual([0, 9, 12]);
    await store.close();
  });

  it('only train, whatever the shares, as long as enough were labelled one by one', async () => {
    const { store } = await texts();
    for (let row = 1; row < 32; row += 3) await store.setLabels(row, ['sport']);
    for (let row = 2; row < 32; row += 3) await store.setLabels(row, ['other']);
    await store.applyChange(hockey);
    await store.assignSplits({ seed: 1, validShare: 0.25, testShare: 0.25 });
    const [train, valid, test] = [
      await store.labelled('train'),
      await store.labelled('valid'),
      await store.labelled('test'),
    ];
    expect(everyThird.every((row) => train.rowIds.includes(row))).toBe(true);
    expect([valid.rowIds.length, test.rowIds.length]).toEqual([5, 5]);
    expect(train.rowIds).toHaveLength(67 + 21 - 10);
    await store.close();
  });

  it('are divided like others where hardly any were labelled one by one', async () => {
    const { store } = await texts();
    for (let row = 1; row < 20; row += 3) await store.setLabels(row, ['other']);
    await store.applyChange(hockey);
    await store.assignSplits({ seed: 1, validShare: 0.25, testShare: 0.25 });
    expect((await store.labelled('test')).rowIds.filter((row) => row % 3 === 0).length).toBeGreaterThan(10);
    await store.close();
  });

  it('are held back where the same text is measured on', async () => {
    const { store } = await storeWith([...Array.from({ length: 60 }, (_, i) => `text ${String(i % 30)}`)], TEXT_ONLY);
    for (const name of ['a', 'b']) await store.addLabel(name);
    for (let row = 0; row < 30; row++) await store.setLabels(row, [row % 2 === 0 ? 'a' : 'b']);
    await store.applyChange({ kind: 'rows', filter: { labelled: false }, labels: ['a'], mode: 'replace' });
    await store.assignSplits({ seed: 1, validShare: 0.2, testShare: 0.2 });
    const sides = await Promise.all((['train', 'valid', 'test'] as const).map((side) => store.labelled(side)));
    const [train, ...measured] = sides.map(({ rowIds }) => new Set([...rowIds].map((row) => row % 30)));
    for (const side of measured) for (const text of side) expect(train!.has(text)).toBe(false);
    expect(measured.map(({ size }) => size)).toEqual([6, 6]);
    await store.close();
  });
});
