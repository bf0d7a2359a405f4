import { describe, expect, it } from 'vitest';
import type { ProjectStore } from '../../../src/engine/store/project-store';
import { csv, storeWith, TEXT_LABEL } from './project-folder';

const rows = ['my parcel is lost,delivery', 'where is my refund,billing', 'never arrived,delivery', 'thanks,'];

/** A moment after everything that was done so far: events are known to the millisecond. */
async function now(): Promise<Date> {
  const at = new Date();
  await new Promise((resolve) => setTimeout(resolve, 5));
  return at;
}

/** What is said after a change, after its undo, and after its redo. */
async function aroundUndo(store: ProjectStore, change: () => Promise<unknown>): Promise<boolean[]> {
  const then = await now();
  const said = [];
  for (const step of [change, () => store.undo(), () => store.redo()]) {
    await step();
    said.push(await store.labelsDifferSince(then));
  }
  return said;
}

describe('whether labels are otherwise than they were', () => {
  it('follows a change of any kind, its undo and its redo', async () => {
    const { store, folder } = await storeWith(rows);
    expect(await store.labelsDifferSince(await now())).toBe(false);
    const more = csv(folder, 'more.csv', ['text,label', 'one more,billing']);
    const changes: Readonly<Record<string, () => Promise<unknown>>> = {
      'another label': () => store.setLabels(0, ['billing']),
      'no label': () => store.setLabels(1, []),
      'a first label': () => store.setLabels(3, ['billing']),
      'another name': () => store.renameLabel('delivery', 'parcels'),
      'a merge': () => store.applyChange({ kind: 'merge', labels: ['parcels'], into: 'mail' }),
      'a labelled row set aside': () => store.markRows([2], 'aside', true),
      'more labelled rows': () => store.importFile(more, { header: true, delimiter: ',' }, TEXT_LABEL, 'data'),
    };
    for (const [what, change] of Object.entries(changes))
      expect(await aroundUndo(store, change), what).toEqual([true, false, true]);
    await store.close();
  });

  it('says nothing of what the classifier does not learn from', async () => {
    const { store } = await storeWith(rows);
    const then = await now();
    await store.markRows([0], 'flag', true);
    await store.markRows([3], 'aside', true);
    await store.noteRow(1, 'odd');
    await store.addLabel('praise');
    await store.describeLabel('billing', { description: 'money' });
    expect(await store.labelsDifferSince(then)).toBe(false);
    await store.close();
  });

  it('knows that a label was given back by hand, also beside another change', async () => {
    const { store } = await storeWith(rows);
    const then = await now();
    await store.setLabels(0, ['billing']);
    await store.setLabels(1, ['delivery']);
    await store.setLabels(0, ['delivery']);
    expect(await store.labelsDifferSince(then)).toBe(true);
    await store.setLabels(1, ['billing']);
    expect(await store.labelsDifferSince(then)).toBe(false);
    await store.close();
  });
});
