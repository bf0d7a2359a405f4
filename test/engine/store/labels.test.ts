import { describe, expect, it } from 'vitest';
import { labelColor } from '../../../src/engine/store/label-palette';
import { ProjectStore } from '../../../src/engine/store/project-store';
import { counts, storeWith, TEXT_LABEL, TEXT_ONLY } from './project-folder';

const labelsOf = async (store: ProjectStore): Promise<string[][]> =>
  (await store.page({}, 0, 100)).rows.map(({ labels }) => labels);

describe('labels', () => {
  it('a row without labels can be labelled, changed and cleared; counts follow', async () => {
    const { store } = await storeWith(['a', 'b', 'c'], TEXT_ONLY);
    await store.addLabel('yes');
    await store.addLabel(' no ');
    expect(await store.setLabels(1, ['no'])).toMatchObject({ labelled: 1, total: 3, canUndo: true, rowId: 1 });
    expect(counts(store)).toEqual({ yes: 0, no: 1 });
    await store.setLabels(1, ['yes']);
    await store.setLabels(2, ['yes']);
    await store.setLabels(2, []);
    expect(counts(store)).toEqual({ yes: 1, no: 0 });
    expect(await labelsOf(store)).toEqual([[], ['yes'], []]);
    await store.close();
  });

  it('a label given by hand wins over the one from the file, also after opening again', async () => {
    const { store, folder } = await storeWith(['a,x', 'b,y']);
    await store.setLabels(0, ['y']);
    await store.close();
    const again = await ProjectStore.open(folder);
    expect(await labelsOf(again)).toEqual([['y'], ['y']]);
    await again.undo();
    expect(await labelsOf(again)).toEqual([['x'], ['y']]);
    // What came from the file goes only with the file, and not at all once a training has read it.
    await again.history.seal();
    expect(await again.undo()).toMatchObject({ labelled: 2, canUndo: false, canRedo: true });
    await again.close();
  });

  it('renaming keeps rows and colour, and can be undone; the name must be free', async () => {
    const { store } = await storeWith(['a,x', 'b,y']);
    const color = store.labels()[0]?.color;
    await store.renameLabel('x', 'new name');
    expect(store.labels()[0]).toEqual({ name: 'new name', count: 1, color });
    await expect(store.renameLabel('y', 'new name')).rejects.toMatchObject({ code: 'bad-input' });
    await expect(store.renameLabel('x', 'z')).rejects.toMatchObject({ code: 'bad-input' });
    await store.undo();
    expect(counts(store)).toEqual({ x: 1, y: 1 });
    await store.redo();
    expect(counts(store)).toEqual({ 'new name': 1, y: 1 });
    await store.close();
  });

  it('several rows at once are one step', async () => {
    const { store } = await storeWith(['a', 'b', 'c', 'd'], TEXT_ONLY);
    await store.addLabel('x');
    await store.setLabels(1, ['x']);
    await store.setLabelsOfRows([0, 1, 2, 3], ['x']);
    expect(counts(store)).toEqual({ x: 4 });
    await store.undo();
    expect(await labelsOf(store)).toEqual([[], ['x'], [], []]);
    await store.redo();
    expect(counts(store)).toEqual({ x: 4 });
    await store.close();
  });

  it.each([
    ['an unknown label', (store: ProjectStore) => store.setLabels(0, ['z']), 'bad-input'],
    [
      'two labels where there is one for each row',
      (store: ProjectStore) => store.setLabels(0, ['x', 'y']),
      'bad-input',
    ],
    ['an unknown row', (store: ProjectStore) => store.setLabels(2, ['x']), 'not-found'],
    ['an empty name', (store: ProjectStore) => store.addLabel('  '), 'bad-input'],
  ])('%s is refused and changes nothing', async (_, change, code) => {
    const { store } = await storeWith(['a,x', 'b,y']);
    const before = store.labelState();
    await expect(change(store)).rejects.toMatchObject({ code });
    expect(store.labelState()).toEqual(before);
    await store.close();
  });

  it('any walk of changes, undo and redo, with closing in between, ends where a plain list of states says', async () => {
    const opened = await storeWith(['a,x', 'b,y', 'c,', 'd,z'], {
      ...TEXT_LABEL,
      multiLabel: true,
      labelSeparator: ';',
    });
    let { store } = opened;
    await store.history.seal(); // the file stays
    const snapshot = async (): Promise<string> => JSON.stringify([await labelsOf(store), store.labels()]);
    const past = [await snapshot()];
    let at = 0;
    let seed = 11;
    const next = (n: number): number => (seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff) % n;
    for (let step = 0; step < 150; step++) {
      const what = next(10);
      if (what < 3) {
        await store.undo();
        at = Math.max(0, at - 1);
      } else if (what < 5) {
        await store.redo();
        at = Math.min(past.length - 1, at + 1);
      } else {
        const names = store.labels().map(({ name }) => name);
        if (what === 5) await store.addLabel(`new${String(step)}`);
        else if (what === 6) await store.renameLabel(names[next(names.length)] ?? '', `name${String(step)}`);
        else
          await store.setLabels(
            next(4),
            names.filter(() => next(3) === 0),
          );
        const now = await snapshot();
        if (now !== past[at]) {
          past.splice(at + 1);
          past.push(now);
          at++;
        }
      }
      expect(await snapshot()).toBe(past[at]);
      expect(store.labelState()).toMatchObject({ canUndo: at > 0, canRedo: at < past.length - 1 });
      if (step % 40 === 39) {
        await store.close();
        store = await ProjectStore.open(opened.folder);
        expect(await snapshot()).toBe(past[at]);
      }
    }
    while (store.labelState().canUndo) await store.undo();
    expect(await snapshot()).toBe(past[0]);
    await store.close();
  });

  it('colours belong to labels for good and are all different for the first forty', () => {
    expect(new Set(Array.from({ length: 40 }, (_, id) => labelColor(id))).size).toBe(40);
    expect(labelColor(3)).toMatch(/^#[0-9a-f]{6}$/);
  });
});
