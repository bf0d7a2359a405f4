import { describe, expect, it } from 'vitest';
import { ProjectStore } from '../../../src/engine/store/project-store';
import { counts, storeWith } from './project-folder';

const namesOf = (store: ProjectStore): string[] => store.labels().map(({ name }) => name);
const ROWS = ['one,a', 'two,b', 'three,c', 'four,d'];

describe('the order of labels', () => {
  it('is changed, taken back and done again, and is there after the project is opened again', async () => {
    const { store, folder } = await storeWith(ROWS);
    expect(namesOf(store)).toEqual(['a', 'b', 'c', 'd']);
    const moved = await store.moveLabel('d', 0);
    expect(moved.labels.map(({ name }) => name)).toEqual(['d', 'a', 'b', 'c']);
    expect(moved.undoStep).toMatchObject({ kind: 'order', rows: 0, label: '' });
    await store.moveLabel('a', 99);
    expect(namesOf(store)).toEqual(['d', 'b', 'c', 'a']);
    await store.close();
    const again = await ProjectStore.open(folder);
    expect(namesOf(again)).toEqual(['d', 'b', 'c', 'a']);
    await again.undo();
    expect(namesOf(again)).toEqual(['d', 'a', 'b', 'c']);
    await again.undo();
    expect(namesOf(again)).toEqual(['a', 'b', 'c', 'd']);
    await again.redo();
    await again.redo();
    expect(namesOf(again)).toEqual(['d', 'b', 'c', 'a']);
    expect(counts(again)).toEqual({ d: 1, b: 1, c: 1, a: 1 });
    await again.close();
  });

  it('puts labels that come later behind those that were moved, and is kept by a new name', async () => {
    const { store } = await storeWith(ROWS);
    await store.moveLabel('c', 0);
    await store.addLabel('e');
    await store.renameLabel('a', 'first');
    expect(namesOf(store)).toEqual(['c', 'first', 'b', 'd', 'e']);
    await store.moveLabel('e', 1);
    expect(namesOf(store)).toEqual(['c', 'e', 'first', 'b', 'd']);
    await store.close();
  });

  it('is no step where nothing moves, and an unknown label is refused', async () => {
    const { store } = await storeWith(ROWS);
    await store.moveLabel('b', 0);
    const before = store.labelState().undoStep;
    await store.moveLabel('b', 0);
    await store.undo();
    expect(before).toMatchObject({ kind: 'order', rows: 0, label: '' });
    expect(namesOf(store)).toEqual(['a', 'b', 'c', 'd']);
    await expect(store.moveLabel('nobody', 0)).rejects.toMatchObject({ code: 'bad-input' });
    await store.close();
  });
});

describe('a set of labels out of a file', () => {
  it('adds, colours, describes and orders labels as one step, and leaves rows and other labels', async () => {
    const { store, folder } = await storeWith(ROWS);
    const set = [{ name: 'new', color: '#112233' }, { name: 'c', description: ' after the second ' }, { name: 'a' }];
    const effect = await store.previewLabelSet(set);
    expect(effect).toEqual({ added: ['new'], changed: ['c'], moved: true, kept: 2 });
    expect(namesOf(store)).toEqual(['a', 'b', 'c', 'd']);
    const state = await store.takeLabelSet(set);
    expect(state.undoStep).toMatchObject({ kind: 'label-set', rows: 0, label: '' });
    expect(namesOf(store)).toEqual(['new', 'c', 'a', 'b', 'd']);
    expect(store.labels()[0]).toMatchObject({ color: '#112233', count: 0 });
    expect(store.labels()[1]).toMatchObject({ description: 'after the second', count: 1 });
    await store.close();
    const again = await ProjectStore.open(folder);
    expect(namesOf(again)).toEqual(['new', 'c', 'a', 'b', 'd']);
    expect(again.labelState().undoStep).toMatchObject({ kind: 'label-set', rows: 0, label: '' });
    await again.undo();
    expect(namesOf(again)).toEqual(['a', 'b', 'c', 'd']);
    expect(again.labels()[2]).not.toHaveProperty('description');
    await again.close();
  });

  it('changes nothing where everything is so already', async () => {
    const { store } = await storeWith(ROWS);
    const own = store.labels().map(({ name }) => ({ name }));
    expect(await store.previewLabelSet(own)).toEqual({ added: [], changed: [], moved: false, kept: 0 });
    await store.takeLabelSet(own);
    expect(store.labelState().undoStep?.kind).not.toBe('label-set');
    await store.close();
  });

  it('brings a label back that was removed', async () => {
    const { store } = await storeWith(ROWS);
    await store.applyChange({ kind: 'remove', label: 'b' });
    expect(namesOf(store)).toEqual(['a', 'c', 'd']);
    expect(await store.previewLabelSet([{ name: 'b' }])).toEqual({ added: ['b'], changed: [], moved: false, kept: 3 });
    await store.takeLabelSet([{ name: 'b' }]);
    expect(namesOf(store)).toEqual(['b', 'a', 'c', 'd']);
    await store.close();
  });
});

describe('labelling many', () => {
  it('leaves out rows that were unticked in the preview', async () => {
    const { store } = await storeWith(['red cat,x', 'red dog,y', 'red bird,y']);
    const change = { kind: 'rows', filter: { search: 'red' }, labels: ['x'], mode: 'replace', except: [1] } as const;
    expect(await store.previewChange(change)).toMatchObject({ matched: 2, changed: 1 });
    await store.applyChange(change);
    expect(counts(store)).toEqual({ x: 2, y: 1 });
    await store.applyChange({ ...change, filter: {}, except: [0, 2] });
    expect(counts(store)).toEqual({ x: 3, y: 0 });
    await store.close();
  });
});
