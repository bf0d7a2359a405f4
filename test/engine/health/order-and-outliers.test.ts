import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { nearestTexts } from '../../../src/engine/health/nearest-texts';
import { runsTest } from '../../../src/engine/health/runs-test';
import { TextSample } from '../../../src/engine/health/text-sample';
import { HealthScan } from '../../../src/engine/health/health-scan';
import { examine } from '../../../src/engine/health/examine';
import { seededOrder } from '../../../src/engine/evaluate/seeded-order';
import { ProjectStore } from '../../../src/engine/store/project-store';
import type { ColumnChoice } from '../../../src/shared/data-types';
import { csv, projectFolder, storeWith, TEXT_LABEL } from '../store/project-folder';

const root = path.resolve(__dirname, '../../..');
const subjectivity = path.join(root, 'resources/samples/subjectivity/data.csv');

/** What the report finds in a project, by name. */
async function look(store: ProjectStore) {
  const scan = new HealthScan(store.counts().rows);
  for await (const batch of store.documents(1000)) scan.add(batch.map(({ fields }) => fields.join('\n')));
  const { findings } = examine(store.health.rowFacts(), scan.finish());
  return new Map(findings.map((one) => [one.issue.id, one]));
}

interface Sentence {
  readonly line: string;
  readonly label: string;
}

/** The first 1,500 sentences of the sample, as lines of a file and with their labels. */
async function readSentences(): Promise<readonly Sentence[]> {
  const store = await ProjectStore.open(projectFolder());
  await store.importFile(subjectivity, { header: true, delimiter: ',' }, TEXT_LABEL, 'data');
  const { rows } = await store.page({}, 0, 1500);
  await store.close();
  return rows.map(({ text, labels: [label = ''] }) => ({ line: `"${text.replaceAll('"', '""')}",${label}`, label }));
}
let all: readonly Sentence[];
beforeAll(async () => {
  all = await readSentences();
});
const sorted = (): Sentence[] => [...all].sort((a, b) => a.label.localeCompare(b.label));
const lines = (rows: readonly { line: string }[]): string[] => rows.map(({ line }) => line);

const strangers = [
  'Lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor,objective',
  'qwpoeri zxmcnv alskdjf qpwoei mznxbcv,subjective',
  '0x7f3a 0xdeadbeef 0x00ff 0x1234 0xcafe 0x9999,objective',
];

describe('texts unlike all others', () => {
  it('are found among real sentences, those first that are least like them, and can be set aside and taken back', async () => {
    const real = lines(all);
    const { store } = await storeWith([...real.slice(0, 700), ...strangers, ...real.slice(700)]);
    const outlier = (await look(store)).get('outlier');
    const rows = [...(outlier?.rows ?? [])];
    expect(rows.slice(0, 2).every((row) => [701, 702].includes(row))).toBe(true);
    expect(rows.filter((row) => row < 700 || row > 702).length).toBeLessThanOrEqual(3);
    expect(outlier?.issue.facts['looked']).toBeGreaterThan(1450);
    const order = { kind: 'set-aside', rows: Int32Array.from(rows).sort() } as const;
    expect(await store.health.apply('outlier', 'set-aside', order)).toBe(rows.length);
    expect((await look(store)).has('outlier')).toBe(false);
    await store.health.setUndone(1, true);
    expect([...((await look(store)).get('outlier')?.rows ?? [])]).toEqual(rows);
    await store.close();
  });

  it('are not found where texts merely differ, and not among too few', async () => {
    const { store } = await storeWith(lines(all));
    expect((await look(store)).get('outlier')?.rows.length ?? 0).toBeLessThanOrEqual(2);
    await store.close();
    const few = await storeWith([...lines(all).slice(0, 60), ...strangers]);
    expect((await look(few.store)).has('outlier')).toBe(false);
    await few.store.close();
  });

  it('are found in Chinese, where no space parts words', () => {
    const parts = ['酒店', '房间', '服务', '很好', '位置', '方便', '早餐', '干净', '下次', '还会', '再来', '推荐'];
    const order = seededOrder(parts.length, 4);
    const sample = new TextSample();
    for (let i = 0; i < 200; i++) sample.add(i, [...order()].map((place) => parts[place]).join(''));
    sample.add(200, '股票市场今日暴跌');
    const { likeness } = nearestTexts(sample.take().words);
    const least = likeness.indexOf(likeness.reduce((a, b) => Math.min(a, b)));
    expect(least).toBe(200);
  });
});

describe('the sample whose texts are compared', () => {
  it('is even over all texts, bounded, the same for the same texts, and in their order', () => {
    const taken = [0, 1].map(() => {
      const sample = new TextSample(500);
      for (let i = 0; i < 50_000; i++) sample.add(i, `text ${String(i)}`);
      return sample.take();
    });
    const rows = [...(taken[0]?.rows ?? [])];
    expect(taken[1]).toEqual(taken[0]);
    expect(rows).toHaveLength(500);
    expect(rows).toEqual([...rows].sort((a, b) => a - b));
    const late = rows.filter((row) => row >= 25_000).length;
    expect(Math.abs(late - 250)).toBeLessThan(60); // more than 5 standard deviations
  });
});

describe('the order of rows', () => {
  it('is no finding where labels and texts come by chance, and one where the file is sorted by label', async () => {
    const mixed = await storeWith(lines(all));
    const none = await look(mixed.store);
    expect([none.has('label-order'), none.has('text-order')]).toEqual([false, false]);
    await mixed.store.close();

    const { store } = await storeWith(lines(sorted()));
    const before = (await look(store)).get('label-order');
    expect(before?.issue).toMatchObject({ weight: 'note', facts: { changes: 1, label: 'subjective', last: 1500 } });
    expect(before?.issue.facts['expected']).toBeCloseTo(750, -2);
    expect(before?.rows.at(-1)).toBe(1499); // the longer of the two stretches
    expect((await look(store)).has('text-order')).toBe(false); // said once
    await store.division.divide({ strategy: 'random', column: null, validShare: 0.1, testShare: 0.1, seed: 1 });
    expect((await look(store)).get('label-order')?.issue.weight).toBe('note');
    await store.close();
  });

  it('is a warning where the sides follow the sorted file', async () => {
    const folder = projectFolder();
    const rows = sorted().map(({ line }, i) => `${line},${i < 1200 ? 'train' : 'test'}`);
    const columns: ColumnChoice = { ...TEXT_LABEL, splitColumn: 'split' };
    const store = await ProjectStore.open(folder);
    const file = csv(folder, 'data.csv', ['text,label,split', ...rows]);
    await store.importFile(file, { header: true, delimiter: ',' }, columns, 'data');
    await store.division.divide({ strategy: 'given', column: null, validShare: 0.1, testShare: 0.1, seed: 1 });
    expect((await look(store)).get('label-order')?.issue.weight).toBe('warning');
    await store.close();
  });

  it('is found without labels, where like texts stand together', async () => {
    const { store } = await storeWith(sorted().map(({ line }) => line.replace(/,[^,]*$/, ',')));
    const found = await look(store);
    expect(found.has('label-order')).toBe(false);
    expect(Number(found.get('text-order')?.issue.facts['share'])).toBeGreaterThanOrEqual(23);
    await store.close();
  });
});

describe('the runs test', () => {
  it('has the mean and the deviation that shuffling gives', () => {
    const values = Int32Array.from({ length: 240 }, (_, i) => (i < 120 ? 0 : i < 200 ? 1 : 2));
    const order = seededOrder(values.length, 9);
    const shuffled = Array.from({ length: 4000 }, () => {
      const places = order();
      return runsTest(values.map((_, i) => values[places[i] ?? 0] ?? 0));
    });
    const mean = shuffled.reduce((sum, { changes }) => sum + changes, 0) / shuffled.length;
    const spread = Math.sqrt(shuffled.reduce((sum, { z }) => sum + z * z, 0) / shuffled.length);
    expect(mean).toBeCloseTo(shuffled[0]?.expected ?? 0, 0);
    expect(Math.abs(spread - 1)).toBeLessThan(0.05);
    expect(runsTest(values)).toMatchObject({ changes: 2, longest: { at: 0, length: 120 } });
    expect(runsTest(values).z).toBeLessThan(-15);
  });

  it('says nothing of one value and of none', () => {
    expect(runsTest(new Int32Array(50))).toMatchObject({ changes: 0, expected: 0, z: 0 });
    expect(runsTest(new Int32Array(0))).toMatchObject({ length: 0, z: 0, longest: { length: 0 } });
  });
});
