import { describe, expect, it } from 'vitest';
import type { LabelChange, RowFilter } from '../../../src/shared/label-types';
import type { ProjectStore } from '../../../src/engine/store/project-store';
import { storeWith, TEXT_ONLY } from './project-folder';

const labels = ['a', 'b', 'c'];
const said = Float32Array.from([
  ...[0.95, 0.03, 0.02],
  ...[0.9, 0.06, 0.04],
  ...[0.48, 0.45, 0.07],
  ...[0.38, 0.6, 0.02],
  ...[0.01, 0.49, 0.5],
]);

const idsOf = async (store: ProjectStore, filter: RowFilter): Promise<number[]> =>
  (await store.page(filter, 0, 99)).rows.map(({ id }) => id);
const change = (filter: RowFilter, except: readonly number[] = []): LabelChange => ({
  kind: 'rows',
  filter,
  labels: ['a'],
  mode: 'replace',
  except,
});

describe('rows by the probability of their suggestions', () => {
  it('are those that are given a label with so many per cent, the surest first', async () => {
    const { store } = await storeWith(['t0,', 't1,b', 't2,', 't3,', 't4,c', 't5,a']);
    await store.savePredictions([0, 1, 2, 3, 4], labels, said);
    // Probabilities are kept in 32 bits, where 0.9 is a little less: it is 90 per cent all the same.
    expect(await idsOf(store, { sure: { label: 'a', from: 90 } })).toEqual([0, 1]);
    expect(await idsOf(store, { sure: { label: 'a', from: 91 } })).toEqual([0]);
    expect(await idsOf(store, { sure: { label: 'a', from: 30 }, labelled: false })).toEqual([0, 2, 3]);
    expect(await idsOf(store, { sure: { label: 'nobody said so', from: 0 } })).toEqual([]);
    const counts = await store.suggestions.counts({ kind: 'sure', label: 'a' }, { sure: { label: 'a', from: 90 } });
    expect(counts).toMatchObject({ said: 5, rows: 6 });
    expect([...counts.percents.entries()].filter(([, rows]) => rows > 0)).toEqual([1, 38, 48, 90, 95].map((one) => [one, 1])); // prettier-ignore
    const filter = { sure: { label: 'a', from: 1 } };
    const whole = await store.previewChange(change(filter));
    expect(whole).toMatchObject({ matched: 5, changed: 5, overwritten: 2 });
    expect(whole.examples.map(({ id }) => id)).toEqual([0, 1, 2, 3, 4]);
    expect((await store.previewChange(change(filter), 3)).examples.map(({ id }) => id)).toEqual([3, 4]);
    await store.applyChange(change({ sure: { label: 'a', from: 40 } }, [2]));
    expect([0, 1, 2].map((row) => store.labelsOf(row))).toEqual([['a'], ['a'], null]);
    await store.close();
  });

  it('are those whose two best are close together, the closest first', async () => {
    const { store } = await storeWith(['t0,b', 't1,c', 't2,', 't3,', 't4,', 't5,a']);
    await store.savePredictions([0, 1, 2, 3, 4], labels, said);
    expect(await idsOf(store, { torn: { label: 'a', within: 3 } })).toEqual([2]);
    expect(await idsOf(store, { torn: { label: 'b', within: 22 } })).toEqual([2, 3, 4]);
    expect(await idsOf(store, { torn: { label: 'b', other: 'c', within: 100 } })).toEqual([4]);
    expect(await idsOf(store, { torn: { label: 'c', other: 'a', within: 100 } })).toEqual([]);
    const { examples } = await store.previewChange(change({ torn: { label: 'b', within: 30 } }));
    expect(examples.map(({ id }) => id)).toEqual([4, 2, 3]);
    const { percents } = await store.suggestions.counts({ kind: 'torn', label: 'b' }, {});
    expect([1, 3, 22].map((points) => percents[points])).toEqual([1, 1, 1]);
    await store.close();
  });

  it('are those near a half where rows can have several labels', async () => {
    const { store } = await storeWith(['t0', 't1', 't2'], { ...TEXT_ONLY, multiLabel: true });
    for (const name of ['a', 'b']) await store.addLabel(name);
    await store.savePredictions([0, 1, 2], ['a', 'b'], Float32Array.of(0.99, 0.98, 0.55, 0.1, 0.4, 0.9));
    expect(await idsOf(store, { torn: { label: 'a', within: 20 } })).toEqual([1, 2]);
    expect(await idsOf(store, { torn: { label: 'b', within: 20 } })).toEqual([]);
    await store.close();
  });

  it('are none once the suggestions are forgotten', async () => {
    const { store } = await storeWith(['t0,b', 't1,c']);
    await store.savePredictions([0, 1], labels, said.slice(0, 6), 'baseline');
    await store.suggestions.forget();
    expect(store.predictionBasis).toBe('none');
    expect(await idsOf(store, { sure: { label: 'a', from: 1 } })).toEqual([]);
    expect((await store.rowsByIds([0])).map(({ predicted }) => predicted)).toEqual([null]);
    await store.savePredictions([0], labels, said.slice(0, 3), 'baseline');
    expect(await idsOf(store, { sure: { label: 'a', from: 1 } })).toEqual([0]);
    await store.close();
  });
});
