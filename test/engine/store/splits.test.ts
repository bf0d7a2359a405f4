import { describe, expect, it } from 'vitest';
import { shuffled } from '../../../src/engine/store/assign-splits';
import { ProjectStore } from '../../../src/engine/store/project-store';
import { csv, projectFolder, storeWith, TEXT_LABEL } from './project-folder';

/** The rows of each split. */
async function parts(store: ProjectStore): Promise<Record<'train' | 'valid' | 'test', Int32Array>> {
  const [train, valid, test] = [
    await store.labelled('train'),
    await store.labelled('valid'),
    await store.labelled('test'),
  ];
  return { train: train.rowIds, valid: valid.rowIds, test: test.rowIds };
}

const rows = (n: number, label: (i: number) => string, text = (i: number): string => `text ${String(i)}`): string[] =>
  Array.from({ length: n }, (_, i) => `${text(i)},${label(i)}`);

describe('splits', () => {
  it('are stratified, deterministic by seed, and survive closing', async () => {
    const { store, folder } = await storeWith(rows(1000, (i) => (i % 10 === 0 ? 'rare' : 'common')));
    await store.assignSplits({ seed: 3, validShare: 0.1, testShare: 0.2 });
    const first = await parts(store);
    expect([first.train.length, first.valid.length, first.test.length]).toEqual([700, 100, 200]);
    for (const [part, rare] of [
      ['train', 70],
      ['valid', 10],
      ['test', 20],
    ] as const) {
      const { names, labels } = await store.labelled(part);
      expect(names).toEqual(['common', 'rare']);
      expect(labels.filter((label) => label === 1)).toHaveLength(rare);
    }
    await store.assignSplits({ seed: 4, validShare: 0.1, testShare: 0.2 });
    expect((await parts(store)).test).not.toEqual(first.test);
    await store.assignSplits({ seed: 3, validShare: 0.1, testShare: 0.2 });
    expect(await parts(store)).toEqual(first);
    await store.close();
    const again = await ProjectStore.open(folder);
    expect(await parts(again)).toEqual(first);
    await again.close();
  });

  it('equal texts, whatever their case, are never on two sides', async () => {
    const { store } = await storeWith(
      rows(
        600,
        (i) => (i % 2 === 0 ? 'a' : 'b'),
        (i) => (i % 3 === 0 ? ` SAME ${String(i % 45)}` : `same ${String(i % 45)}`),
      ),
    );
    await store.assignSplits({ seed: 1, validShare: 0.2, testShare: 0.2 });
    const sides = new Map<string, Set<string>>();
    for (const { text, split } of (await store.page({}, 0, 500)).rows) {
      const key = text.trim().toLowerCase();
      sides.set(key, (sides.get(key) ?? new Set()).add(split));
    }
    expect(sides.size).toBeGreaterThanOrEqual(45);
    expect([...sides.values()].every((side) => side.size === 1)).toBe(true);
    expect(new Set([...sides.values()].flatMap((side) => [...side]))).toEqual(new Set(['train', 'valid', 'test']));
    await store.close();
  });

  it('many small classes still sum up to the shares, and each keeps a row to train on', async () => {
    const { store } = await storeWith(rows(300, (i) => `class ${String(i % 150)}`));
    await store.assignSplits({ seed: 5, validShare: 0.1, testShare: 0.2 });
    const { train, valid, test } = await parts(store);
    expect(test.length).toBeGreaterThan(50);
    expect(test.length).toBeLessThan(70);
    expect(valid.length).toBeGreaterThan(20);
    expect(valid.length).toBeLessThan(40);
    const trained = await store.labelled('train');
    expect(new Set(trained.labels).size).toBe(150);
    expect(train.length + valid.length + test.length).toBe(300);
    await store.close();
  });

  it('given validation and test rows stay, and their texts are held back from training', async () => {
    const { store, folder } = await storeWith([
      ...rows(100, (i) => (i % 2 === 0 ? 'a' : 'b')),
      'Tested text,a',
      'validated text,b',
    ]);
    await store.importFile(csv(folder, 't.csv', ['text,label', 'tested TEXT,a', 'other,b']), {}, TEXT_LABEL, 'test');
    await store.importFile(csv(folder, 'v.csv', ['text,label', 'Validated text,b']), {}, TEXT_LABEL, 'valid');
    await store.assignSplits({ seed: 1, validShare: 0.3, testShare: 0.3 });
    const { train, valid, test } = await parts(store);
    expect([...test]).toEqual([102, 103]);
    expect([...valid]).toEqual([104]);
    expect(train).toHaveLength(100);
    expect((await store.rowsByIds([100, 101])).map(({ split }) => split)).toEqual(['unlabelled', 'unlabelled']);
    await store.close();
  });

  it('rows labelled later train; rows that lose their label are out', async () => {
    const { store } = await storeWith(['a,x', 'b,y', 'c,x', 'd,y', 'e,']);
    await store.assignSplits({ seed: 1, validShare: 0.25, testShare: 0.25 });
    await store.setLabels(4, ['x']);
    const [trained] = (await store.page({ split: 'train' }, 0, 9)).rows;
    await store.setLabels(trained?.id ?? -1, []);
    const states = (await store.page({}, 0, 9)).rows;
    expect(states[4]?.split).toBe('train');
    expect(states[trained?.id ?? -1]?.split).toBe('unlabelled');
    await store.close();
  });

  it('splits stay much the same when rows are added', async () => {
    const { store, folder } = await storeWith(rows(500, (i) => (i % 2 === 0 ? 'a' : 'b')));
    await store.assignSplits({ seed: 9, validShare: 0.1, testShare: 0.2 });
    const before = new Set((await parts(store)).test);
    await store.importFile(
      csv(folder, 'more.csv', [
        'text,label',
        ...rows(
          50,
          () => 'a',
          (i) => `more ${String(i)}`,
        ),
      ]),
      {},
      TEXT_LABEL,
      'data',
    );
    await store.assignSplits({ seed: 9, validShare: 0.1, testShare: 0.2 });
    const stayed = [...(await parts(store)).test].filter((row) => before.has(row)).length;
    expect(stayed).toBeGreaterThan(85);
    await store.close();
  });

  it('an empty project has empty splits', async () => {
    const store = await ProjectStore.open(projectFolder());
    await store.assignSplits({ seed: 1, validShare: 0.1, testShare: 0.1 });
    expect(await store.labelled('train')).toEqual({
      rowIds: new Int32Array(0),
      labelOffsets: Int32Array.of(0),
      labels: new Int32Array(0),
      names: [],
    });
    await store.close();
  });

  it('the order by seed has no pattern: tenths of it are even over rows and seeds', () => {
    for (const seed of [0, 1, 2, 12345, -7]) {
      const tenths = new Array<number>(10).fill(0);
      for (let row = 0; row < 10_000; row++) tenths[Math.floor((shuffled(row, seed) / 2 ** 32) * 10)]! += 1;
      const chi2 = tenths.reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0);
      expect(chi2).toBeLessThan(33.7); // p = 0.0001 with 9 degrees of freedom
      const even = Array.from({ length: 5000 }, (_, i) => shuffled(2 * i, seed)).filter((x) => x < 2 ** 31).length;
      expect(Math.abs(even - 2500)).toBeLessThan(140); // 4 standard deviations
    }
  });
});
