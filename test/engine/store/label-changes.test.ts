import { describe, expect, it } from 'vitest';
import { ProjectStore } from '../../../src/engine/store/project-store';
import { counts, storeWith, TEXT_LABEL, TEXT_ONLY } from './project-folder';

const labelsOf = async (store: ProjectStore): Promise<string[][]> =>
  (await store.page({}, 0, 200)).rows.map(({ labels }) => labels);
const MULTI = { ...TEXT_LABEL, multiLabel: true, labelSeparator: ';' };

describe('changes of many rows', () => {
  it('label all rows of a filter as one step, after a preview that changes nothing', async () => {
    const { store, folder } = await storeWith(['red cat,x', 'red dog,y', 'blue dog,', 'red bird,']);
    const change = { kind: 'rows', filter: { search: 'RED' }, labels: ['x'], mode: 'replace' } as const;
    const effect = await store.previewChange(change);
    expect(effect).toMatchObject({ matched: 3, changed: 2, overwritten: 1, losing: 0 });
    expect(effect.labels).toEqual([
      { name: 'y', before: 1, after: 0 },
      { name: 'x', before: 1, after: 3 },
    ]);
    expect(effect.examples.map(({ text }) => text)).toEqual(['red dog', 'red bird']);
    expect(counts(store)).toEqual({ x: 1, y: 1 });
    expect(await store.applyChange(change)).toMatchObject({ undoStep: { kind: 'bulk', rows: 2, label: 'x' } });
    expect(await labelsOf(store)).toEqual([['x'], ['x'], [], ['x']]);
    await store.close();
    const again = await ProjectStore.open(folder);
    expect(again.labelState().undoStep).toMatchObject({ kind: 'bulk', rows: 2, label: 'x' });
    await again.undo();
    expect(await labelsOf(again)).toEqual([['x'], ['y'], [], []]);
    await again.redo();
    expect(counts(again)).toEqual({ x: 3, y: 0 });
    await again.close();
  });

  it('of thousands of rows are written in bulk and taken back whole', async () => {
    const { store, folder } = await storeWith(
      Array.from({ length: 5000 }, (_, i) => `text ${String(i)}`),
      TEXT_ONLY,
    );
    await store.addLabel('all');
    await store.applyChange({ kind: 'rows', filter: {}, labels: ['all'], mode: 'replace' });
    expect(counts(store)).toEqual({ all: 5000 });
    await store.close();
    const again = await ProjectStore.open(folder);
    expect(counts(again)).toEqual({ all: 5000 });
    await again.undo();
    expect(again.counts().labelled).toBe(0);
    await again.close();
  });

  it('add to, replace or take from the labels that rows have, where they can have several', async () => {
    const { store } = await storeWith(['a,x;y', 'b,z', 'c,'], MULTI);
    const all = { kind: 'rows', filter: {}, labels: ['x'] } as const;
    await store.applyChange({ ...all, mode: 'add' });
    expect(await labelsOf(store)).toEqual([['x', 'y'], ['x', 'z'], ['x']]);
    expect(await store.previewChange({ ...all, mode: 'remove' })).toMatchObject({ changed: 3, losing: 1 });
    await store.applyChange({ ...all, mode: 'remove' });
    expect(await labelsOf(store)).toEqual([['y'], ['z'], []]);
    await store.applyChange({ ...all, mode: 'replace' });
    expect(await labelsOf(store)).toEqual([['x'], ['x'], ['x']]);
    await store.close();
  });

  it('are refused where rows would get several labels though they can have one', async () => {
    const { store } = await storeWith(['a,x', 'b,y']);
    const change = { kind: 'rows', filter: {}, labels: ['x'], mode: 'add' } as const;
    await expect(store.applyChange(change)).rejects.toMatchObject({ code: 'bad-input' });
    await store.close();
  });
});

describe('changes of labels', () => {
  it('merge two into one and give the name free; undo brings both back', async () => {
    const { store, folder } = await storeWith(['a,Spam', 'b,spam', 'c,ham']);
    const merge = { kind: 'merge', labels: ['Spam'], into: 'spam' } as const;
    expect((await store.previewChange(merge)).labels).toEqual([
      { name: 'Spam', before: 1, after: 0 },
      { name: 'spam', before: 1, after: 2 },
    ]);
    expect(await store.applyChange(merge)).toMatchObject({ undoStep: { kind: 'merge', rows: 1 } });
    expect(counts(store)).toEqual({ ham: 1, spam: 2 });
    await store.renameLabel('spam', 'Spam');
    await store.close();
    const again = await ProjectStore.open(folder);
    expect(counts(again)).toEqual({ ham: 1, Spam: 2 });
    await again.undo();
    await again.undo();
    expect(counts(again)).toEqual({ ham: 1, spam: 1, Spam: 1 });
    await again.close();
  });

  it('merge within rows that have both labels', async () => {
    const { store } = await storeWith(['a,x;y', 'b,y', 'c,z'], MULTI);
    await store.applyChange({ kind: 'merge', labels: ['x', 'y'], into: 'xy' });
    expect(await labelsOf(store)).toEqual([['xy'], ['xy'], ['z']]);
    await store.close();
  });

  it('split a label by what the texts hold, into a new one', async () => {
    const { store } = await storeWith(['card lost,card', 'card late,card', 'card lost,other']);
    await store.applyChange({ kind: 'split', label: 'card', filter: { search: 'lost' }, into: 'lost_card' });
    expect(await labelsOf(store)).toEqual([['lost_card'], ['card'], ['other']]);
    await store.undo();
    expect(counts(store)).toEqual({ card: 2, other: 1 });
    await store.close();
  });

  it('remove a label from all rows, which are unlabelled then', async () => {
    const { store } = await storeWith(['a,x', 'b,y']);
    expect(await store.previewChange({ kind: 'remove', label: 'x' })).toMatchObject({ changed: 1, losing: 1 });
    await store.applyChange({ kind: 'remove', label: 'x' });
    expect(store.labelState()).toMatchObject({ labelled: 1, labels: [{ name: 'y' }] });
    await store.addLabel('x');
    expect(counts(store)).toEqual({ x: 0, y: 1 });
    await store.close();
  });

  it('describe and colour a label for good', async () => {
    const { store, folder } = await storeWith(['a,x']);
    await store.describeLabel('x', { description: ' all of it ', color: '#123456' });
    expect(store.labels()).toEqual([{ name: 'x', count: 1, color: '#123456', description: 'all of it' }]);
    await store.close();
    const again = await ProjectStore.open(folder);
    expect(again.labels()[0]).toMatchObject({ color: '#123456', description: 'all of it' });
    await again.undo();
    expect(again.labels()[0]?.description).toBeUndefined();
    await again.close();
  });
});

describe('marks and notes', () => {
  it('stay with the row, can be filtered by, and are steps that undo takes back', async () => {
    const { store, folder } = await storeWith(['a', 'b', 'c'], TEXT_ONLY);
    await store.markRows([1], 'flag', true);
    await store.noteRow(2, ' odd ');
    await store.markRows([0, 1], 'skip', true);
    expect(store.unlabelledCandidates('file', 5, []).rowIds).toEqual(Int32Array.of(2));
    await store.close();
    const again = await ProjectStore.open(folder);
    const ids = async (filter: object): Promise<number[]> => (await again.page(filter, 0, 9)).rows.map(({ id }) => id);
    expect(await ids({ flagged: true })).toEqual([1]);
    expect(await ids({ noted: true })).toEqual([2]);
    expect((await again.rowsByIds([2]))[0]?.marks?.note).toBe('odd');
    expect(again.labelState().marks).toEqual({ flagged: 1, skipped: 2, noted: 1 });
    expect(await again.undo()).toMatchObject({ marks: { skipped: 0 } });
    expect(await again.undo()).toMatchObject({ marks: { noted: 0 }, rowId: 2 });
    expect(await again.undo()).toMatchObject({ marks: { flagged: 0 }, undoStep: { kind: 'import' } });
    await again.close();
  });

  it('a row can be said to have none of several labels, and that is undone too', async () => {
    const { store } = await storeWith(['a,x;y', 'b,'], MULTI);
    expect(await store.setLabels(1, [], true)).toMatchObject({ labelled: 2 });
    expect(store.labelsOf(1)).toEqual([]);
    await store.undo();
    expect(store.labelsOf(1)).toBeNull();
    await store.close();
  });
});
