import { describe, expect, it } from 'vitest';
import { shuffled } from '../../../src/engine/store/assign-splits';
import { ProjectStore } from '../../../src/engine/store/project-store';
import { sortedByKey } from '../../../src/engine/store/row-order';
import { counts, storeWith } from './project-folder';

const ROWS = 300;

/** What a row is, as the test keeps it beside the store. */
interface Model {
  readonly labelled: Set<number>;
  readonly skipped: Set<number>;
  readonly aside: Set<number>;
  readonly doubt: Map<number, number>;
}

function waits({ labelled, skipped, aside }: Model, row: number): boolean {
  return !labelled.has(row) && !skipped.has(row) && !aside.has(row);
}

/** The next rows by sorting all of them. */
function expected(
  model: Model,
  order: 'uncertain' | 'random' | 'file',
  limit: number,
  exclude: number[],
  seed: number,
) {
  const rows = Array.from({ length: ROWS }, (_, row) => row).filter(
    (row) => waits(model, row) && !exclude.includes(row),
  );
  const doubt = (row: number): number => model.doubt.get(row) ?? -1;
  if (order === 'random') rows.sort((a, b) => shuffled(a, seed) - shuffled(b, seed) || a - b);
  if (order === 'uncertain') rows.sort((a, b) => doubt(b) - doubt(a) || a - b);
  return { rows: rows.slice(0, limit), left: rows.length };
}

describe('rows that wait', () => {
  it('come in the order that sorting all of them would give, whatever was labelled, skipped, set aside or undone', async () => {
    const { store } = await storeWith(
      Array.from({ length: ROWS }, (_, i) => `text ${String(i)},${i % 3 === 0 ? 'a' : ''}`),
    );
    const model: Model = {
      labelled: new Set(Array.from({ length: ROWS / 3 }, (_, i) => 3 * i)),
      skipped: new Set(),
      aside: new Set(),
      doubt: new Map(),
    };
    let state = 7;
    const next = (n: number): number => (state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff) % n;
    const check = (): void => {
      for (const order of ['uncertain', 'random', 'file'] as const) {
        const exclude = Array.from({ length: next(30) }, () => next(ROWS));
        const [limit, seed] = [1 + next(40), next(3)];
        const found = store.unlabelledCandidates(order, limit, exclude, seed);
        const wanted = expected(model, order, limit, exclude, seed);
        expect([[...found.rowIds], found.left], order).toEqual([wanted.rows, wanted.left]);
      }
      expect(store.inUse()).toEqual({
        rows: ROWS - model.aside.size,
        labelled: [...model.labelled].filter((row) => !model.aside.has(row)).length,
        waiting: expected(model, 'file', ROWS, [], 0).left,
      });
    };
    for (let step = 0; step < 60; step++) {
      const row = next(ROWS);
      const kind = next(6);
      if (kind <= 1) {
        await store.setLabels(row, kind === 0 ? ['a'] : []);
        if (kind === 0) model.labelled.add(row);
        else model.labelled.delete(row);
      } else if (kind === 2) {
        await store.markRows([row], 'skip', true);
        model.skipped.add(row);
      } else if (kind === 3) {
        await store.markRows(null, 'skip', false);
        model.skipped.clear();
      } else if (kind === 4) {
        await store.health.apply('short', 'set-aside', { kind: 'set-aside', rows: Int32Array.of(row) });
        model.aside.add(row);
      } else {
        const rows = [row, (row + 50) % ROWS, (row + 90) % ROWS];
        const shares = rows.map(() => 0.5 + next(50) / 100);
        await store.savePredictions(rows, ['a', 'b'], Float32Array.from(shares.flatMap((share) => [share, 1 - share])));
        for (const each of rows) model.doubt.set(each, doubtOf(store, each));
      }
      check();
    }
    await store.undo();
    await store.redo();
    check();
    await store.close();
  });

  it('that are set aside are in no count, and come back with undo, also after closing', async () => {
    const { store, folder } = await storeWith(['one,a', 'two,a', 'three,b', 'four,', 'five,']);
    await store.health.apply('rare-label', 'set-aside', { kind: 'set-aside', rows: Int32Array.of(1, 2, 3) });
    const check = (open: ProjectStore): void => {
      expect(open.labelState()).toMatchObject({ total: 2, labelled: 1 });
      expect(counts(open)).toEqual({ a: 1, b: 0 });
      expect(open.inUse()).toEqual({ rows: 2, labelled: 1, waiting: 1 });
      expect(open.counts()).toEqual({ rows: 5, labelled: 3 });
      expect([...open.labelledRowIds(10)]).toEqual([0]);
    };
    check(store);
    await store.close();
    const again = await ProjectStore.open(folder);
    check(again);
    // A label that changes while its row is set aside is counted when the row comes back.
    await again.applyChange({ kind: 'merge', labels: ['a'], into: 'b' });
    expect(counts(again)).toEqual({ b: 1 });
    await again.health.setUndone(1, true);
    expect(counts(again)).toEqual({ b: 3 });
    expect(again.inUse()).toEqual({ rows: 5, labelled: 3, waiting: 2 });
    await again.close();
  });
});

/** How uncertain the store holds a row, by where it stands among others in the queue. */
function doubtOf(store: ProjectStore, row: number): number {
  return (store as unknown as { predictions: { uncertaintyOf: (row: number) => number } }).predictions.uncertaintyOf(
    row,
  );
}

it('sorting by a key and the row gives what a comparison gives, also with equal keys', () => {
  const rows = Int32Array.from({ length: 20_000 }, (_, i) => 3 * i);
  for (const key of [(row: number) => shuffled(row, 5), (row: number) => row % 7, () => 1]) {
    const all = [...rows].sort((a, b) => key(a) - key(b) || a - b);
    expect([...sortedByKey(rows, key)]).toEqual(all);
  }
});
