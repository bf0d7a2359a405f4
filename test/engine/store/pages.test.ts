import { describe, expect, it } from 'vitest';
import { ProjectStore } from '../../../src/engine/store/project-store';
import { storeWith } from './project-folder';

const ROWS = ['The Card is lost,card', 'my loan,loan', 'card again,', '100% fee_,loan', 'nothing,', 'a cárd,'];

describe('pages of rows', () => {
  it('filters by text in any case, label, being labelled, split; everything given must hold', async () => {
    const { store } = await storeWith(ROWS);
    const ids = async (filter: Parameters<ProjectStore['page']>[0]): Promise<number[]> =>
      (await store.page(filter, 0, 99)).rows.map(({ id }) => id);
    expect(await ids({ search: 'CARD' })).toEqual([0, 2]);
    expect(await ids({ search: 'CÁRD' })).toEqual([5]);
    expect(await ids({ search: '%' })).toEqual([3]);
    expect(await ids({ search: '_' })).toEqual([3]);
    expect(await ids({ search: "' OR 1=1 --" })).toEqual([]);
    expect(await ids({ search: '  ' })).toHaveLength(6);
    expect(await ids({ label: 'loan' })).toEqual([1, 3]);
    expect(await ids({ label: 'nobody has this' })).toEqual([]);
    expect(await ids({ labelled: false })).toEqual([2, 4, 5]);
    expect(await ids({ labelled: false, search: 'card' })).toEqual([2]);
    expect(await ids({ split: 'unlabelled' })).toEqual([2, 4, 5]);
    expect(await ids({ split: 'test' })).toEqual([]);
    await store.close();
  });

  it('cuts pages, counts all, and sees a change at once', async () => {
    const { store } = await storeWith(ROWS);
    expect(await store.page({}, 4, 10)).toMatchObject({ total: 6, rows: [{ id: 4 }, { id: 5 }] });
    expect(await store.page({}, 10, 10)).toEqual({ total: 6, rows: [] });
    expect(await store.page({ labelled: false }, 1, 1)).toMatchObject({ total: 3, rows: [{ id: 4 }] });
    await store.setLabels(4, ['card']);
    expect(await store.page({ labelled: false }, 1, 1)).toMatchObject({ total: 2, rows: [{ id: 5 }] });
    await store.undo();
    expect((await store.page({ labelled: false }, 1, 1)).total).toBe(3);
    expect((await store.rowsByIds([5, 0, 99, 5])).map(({ id }) => id)).toEqual([5, 0, 5]);
    await store.close();
  });
});

describe('predictions', () => {
  const labels = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];

  it('keep the best five of each row, filter pages, and survive closing', async () => {
    const { store, folder } = await storeWith(['t0,a', 't1,', 't2,b', 't3,']);
    const probabilities = Float32Array.from([
      ...[0.05, 0.5, 0.02, 0.2, 0.1, 0.09, 0.04],
      ...[0.15, 0.14, 0.15, 0.14, 0.14, 0.14, 0.14],
      ...[0.94, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01],
    ]);
    await store.savePredictions([0, 1, 3], labels, probabilities);
    const check = async (open: ProjectStore): Promise<void> => {
      const [first, , third] = (await open.page({}, 0, 9)).rows;
      expect(first?.predicted?.map(({ label }) => label)).toEqual(['b', 'd', 'e', 'f', 'a']);
      expect(first?.predicted?.[0]?.probability).toBeCloseTo(0.5);
      expect(third?.predicted).toBeNull();
      expect((await open.page({ predicted: 'a' }, 0, 9)).rows.map(({ id }) => id)).toEqual([1, 3]);
      expect((await open.page({ predicted: 'b', label: 'a' }, 0, 9)).rows.map(({ id }) => id)).toEqual([0]);
      expect(open.unlabelledCandidates('uncertain', 5, [])).toMatchObject({
        rowIds: Int32Array.of(1, 3),
        basis: 'classifier',
      });
      expect(open.unlabelledCandidates('uncertain', 5, [1])).toEqual({
        rowIds: Int32Array.of(3),
        basis: 'classifier',
        left: 1,
      });
    };
    await check(store);
    await store.close();
    const again = await ProjectStore.open(folder);
    await check(again);
    await again.close();
  });

  it('newer ones replace those of the same rows; another model replaces all; a renamed label shows its new name', async () => {
    const { store } = await storeWith(['t0,a', 't1,b', 't2,']);
    await store.savePredictions([0, 1, 2], ['a', 'b'], Float32Array.of(0.9, 0.1, 0.8, 0.2, 0.6, 0.4), 'baseline');
    expect(store.unlabelledCandidates('uncertain', 1, []).basis).toBe('baseline');
    await store.savePredictions([1], ['a', 'b'], Float32Array.of(0.3, 0.7), 'baseline');
    await store.renameLabel('b', 'B');
    const best = async (): Promise<(string | undefined)[]> =>
      (await store.page({}, 0, 9)).rows.map(({ predicted }) => predicted?.[0]?.label);
    expect(await best()).toEqual(['a', 'B', 'a']);
    expect((await store.page({ predicted: 'B' }, 0, 9)).total).toBe(1);
    await store.savePredictions([2], ['a', 'B'], Float32Array.of(0.2, 0.8), 'classifier');
    expect(await best()).toEqual([undefined, undefined, 'B']);
    await expect(store.savePredictions([0], ['a', 'B'], Float32Array.of(1))).rejects.toMatchObject({
      code: 'bad-input',
    });
    await store.close();
  });

  it('queues of unlabelled rows: as in the file, at random by a seed, and most uncertain first with the others behind', async () => {
    const { store } = await storeWith(Array.from({ length: 200 }, (_, i) => `t${String(i)},${i < 10 ? 'a' : ''}`));
    expect([...store.unlabelledCandidates('file', 3, [11]).rowIds]).toEqual([10, 12, 13]);
    const drawn = await store.unlabelledRowIds(50, 7);
    expect(drawn).toEqual(await store.unlabelledRowIds(50, 7));
    expect(drawn).not.toEqual(await store.unlabelledRowIds(50, 8));
    expect(new Set(drawn).size).toBe(50);
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(10);
    expect(store.unlabelledCandidates('uncertain', 2, []).basis).toBe('none');
    await store.savePredictions([150, 160], ['a', 'b'], Float32Array.of(0.9, 0.1, 0.5, 0.5));
    expect([...store.unlabelledCandidates('uncertain', 3, []).rowIds]).toEqual([160, 150, 10]);
    await store.close();
  });
});
