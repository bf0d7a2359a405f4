import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import { asideReasons } from '../../../src/shared/health-types';
import { ProjectStore } from '../../../src/engine/store/project-store';
import { csv, storeWith, TEXT_LABEL } from './project-folder';

const rows = ['one,a', 'two,b', 'three,a', 'four,b', 'five,a', 'six,'];
const options = { header: true, delimiter: ',' };

/** The rows that are set aside, each with why: `0 empty, 3 file`. */
async function aside(store: ProjectStore): Promise<string> {
  const { rows: found, reasons } = await store.health.asideRows();
  return Array.from(found, (row, i) => `${String(row)} ${asideReasons[reasons[i] ?? -1] ?? '?'}`).join(', ');
}

function setAside(store: ProjectStore, issue: string, ...wanted: number[]): Promise<number> {
  return store.health.apply(issue, 'set-aside', { kind: 'set-aside', rows: Int32Array.from(wanted) });
}

describe('rows that are set aside', () => {
  it('say why, whoever has set them aside, also after the project was closed', async () => {
    const { store, folder } = await storeWith(rows);
    await setAside(store, 'short', 0, 2);
    const setFor = (row: number): number | null => (row === 1 ? 1 : null);
    const ties = { kind: 'relabel', rows: Int32Array.of(1, 3), setFor } as const;
    await store.health.apply('conflict', 'majority-label', ties);
    await store.markRows([5], 'aside', true);
    await store.importFile(csv(folder, 'more.csv', ['text,label', 'seven,a']), options, TEXT_LABEL, 'data');
    await store.history.setAside(1);
    expect(await aside(store)).toBe('0 short, 2 short, 3 conflict, 5 other, 6 file');
    await store.close();
    const again = await ProjectStore.open(folder);
    expect(await aside(again)).toBe('0 short, 2 short, 3 conflict, 5 other, 6 file');
    await again.close();
  });

  it('say that a row with the same id is used in their place', async () => {
    const columns = { ...TEXT_LABEL, idColumn: 'id' };
    const { store, folder } = await storeWith(rows);
    const first = csv(folder, 'first.csv', ['id,text,label', 'x,old words,a', 'y,the same,b']);
    const second = csv(folder, 'second.csv', ['id,text,label', 'x,new words,a', 'y,the same,b']);
    await store.importFile(first, options, columns, 'data');
    await store.importFile(second, options, columns, 'data');
    expect(await aside(store)).toBe('6 id, 9 id');
    await store.close();
  });

  it('come back one by one, for one reason, or all; each is one step, and undo gives them their reasons again', async () => {
    const { store, folder } = await storeWith(rows);
    await setAside(store, 'short', 0, 1);
    await setAside(store, 'outlier', 2, 3, 4);
    expect(await store.health.restore([1])).toMatchObject({ total: 2, undoStep: { kind: 'restore', rows: 1 } });
    expect(await aside(store)).toBe('0 short, 2 outlier, 3 outlier, 4 outlier');
    // It is used like any other.
    expect((await store.page({ aside: false }, 0, 9)).rows.map(({ id }) => id)).toEqual([1, 5]);
    expect(store.labels().map(({ count }) => count)).toEqual([0, 1]);

    expect(await store.health.restore('outlier')).toMatchObject({ total: 5, undoStep: { kind: 'restore', rows: 3 } });
    expect(await aside(store)).toBe('0 short');
    await store.undo();
    expect(await aside(store)).toBe('0 short, 2 outlier, 3 outlier, 4 outlier');
    expect(await store.health.restore(null)).toMatchObject({ total: 6, undoStep: { kind: 'restore', rows: 4 } });
    expect(await aside(store)).toBe('');
    await store.close();

    const again = await ProjectStore.open(folder);
    expect(again.labelState().undoStep).toMatchObject({ kind: 'restore', rows: 4 });
    await again.undo();
    await again.undo();
    expect(await aside(again)).toBe('0 short, 1 short, 2 outlier, 3 outlier, 4 outlier');
    await again.redo();
    await again.redo();
    expect(await aside(again)).toBe('');
    await again.close();
  });

  it('that are not set aside stay as they are, and are no step', async () => {
    const { store } = await storeWith(rows);
    await setAside(store, 'short', 0);
    expect(await store.health.restore([3, 99])).toMatchObject({ total: 5, undoStep: { kind: 'aside', rows: 1 } });
    expect(await store.health.restore('file')).toMatchObject({ total: 5, undoStep: { kind: 'aside' } });
    await store.close();
  });

  it('have the reason of before where a later one is undone, and none of steps that undo has passed', async () => {
    const { store } = await storeWith(rows);
    await setAside(store, 'short', 0);
    await store.health.restore([0]);
    await setAside(store, 'language', 0);
    expect(await aside(store)).toBe('0 language');
    await store.undo(); // in use
    await store.undo(); // set aside for the first reason, although the second is noted later
    expect(await aside(store)).toBe('0 short');
    await store.redo();
    await store.redo();
    expect(await aside(store)).toBe('0 language');
    await store.close();
  });

  it('keep their reason where a remedy is taken back and applied again by itself', async () => {
    const { store } = await storeWith(rows);
    await setAside(store, 'duplicate', 0, 1);
    await store.setLabels(5, ['a']); // so that taking it back is a step of its own
    await store.health.setUndone(1, true);
    expect(await aside(store)).toBe('');
    await store.setLabels(5, ['b']);
    await store.health.setUndone(1, false);
    expect(await aside(store)).toBe('0 duplicate, 1 duplicate');
    await store.undo();
    await store.undo();
    await store.undo();
    expect(await aside(store)).toBe('0 duplicate, 1 duplicate');
    await store.close();
  });

  it('all come back with their remedy, also after some came back by hand', async () => {
    const { store } = await storeWith(rows);
    await setAside(store, 'duplicate', 0, 1);
    await store.health.restore([0]);
    await store.health.setUndone(1, true);
    expect(await aside(store)).toBe('');
    expect(store.labelState().undoStep).toMatchObject({ kind: 'restore', rows: 1 });
    await store.close();
  });

  it('are told by their remedies in projects from before reasons were noted', async () => {
    const { store, folder } = await storeWith(rows);
    await setAside(store, 'duplicate', 0, 1);
    await store.markRows([4], 'aside', true);
    await store.close();
    const older = await DuckDBInstance.create(join(folder, 'store.duckdb'));
    const connection = await older.connect();
    await connection.run("UPDATE label_events SET name = NULL WHERE kind = 'aside'");
    connection.closeSync();
    older.closeSync();
    const again = await ProjectStore.open(folder);
    expect(await aside(again)).toBe('0 duplicate, 1 duplicate, 4 other');
    await again.close();
  });

  it('say why and come back in one step where they are many', async () => {
    const n = 20_000;
    const { store } = await storeWith(Array.from({ length: n }, (_, i) => `text ${String(i)},a`));
    const half = Int32Array.from({ length: n / 2 }, (_, i) => 2 * i);
    await store.health.apply('near-duplicate', 'keep-first', { kind: 'set-aside', rows: half });
    const { rows: found, reasons } = await store.health.asideRows();
    expect(found).toEqual(half);
    expect(new Set(reasons)).toEqual(new Set([asideReasons.indexOf('near-duplicate')]));
    expect(await store.health.restore('near-duplicate')).toMatchObject({ total: n, undoStep: { rows: n / 2 } });
    await store.close();
  });
});
