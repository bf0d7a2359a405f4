import { describe, expect, it } from 'vitest';
import { examine } from '../../../src/engine/health/examine';
import { HealthScan } from '../../../src/engine/health/health-scan';
import { majorityLabels } from '../../../src/engine/health/label-findings';
import { repairMojibake } from '../../../src/engine/health/mojibake';
import { ProjectStore } from '../../../src/engine/store/project-store';
import { counts, csv, projectFolder, storeWith, TEXT_LABEL } from './project-folder';

async function look(store: ProjectStore) {
  const scan = new HealthScan(store.counts().rows);
  for await (const batch of store.documents(100)) scan.add(batch.map(({ fields }) => fields.join('\n')));
  const { findings, ...figures } = examine(store.health.rowFacts(), scan.finish());
  return { ...figures, findings: new Map(findings.map((one) => [one.issue.id, one])) };
}

const long = 'The delivery of my order was late again and nobody answered my mails about it';
const rows = [
  `${long},delivery`, // 0
  `${long},delivery`,
  `${long.toUpperCase()},billing`,
  `${long}!!,delivery`, // 3: the same but for marks
  'The invoice shows a price that is too high for me,billing', // 4
  'The invoice shows a price that is too high for us,Billing ', // 5: nearly 4
  '   ,billing', // 6
  'Ã¼ber die Rechnung bin ich gar nicht froh,billing', // 7
  '<p>My parcel is <b>lost</b></p>,delivery', // 8
  'ok,delivery', // 9
];

describe('the health of a project', () => {
  it('finds what is odd, each with its rows', async () => {
    const { store } = await storeWith(rows);
    const { findings } = await look(store);
    expect([...(findings.get('conflict')?.rows ?? [])]).toEqual([0, 1, 2]);
    expect(findings.get('duplicate')?.issue).toMatchObject({ count: 2, groups: 1 });
    expect([...(findings.get('near-duplicate')?.remedyRows.get('keep-first') ?? [])]).toEqual([3, 5]);
    expect([...(findings.get('empty')?.rows ?? [])]).toEqual([6]);
    expect([...(findings.get('mojibake')?.rows ?? [])]).toEqual([7]);
    expect([...(findings.get('markup')?.rows ?? [])]).toEqual([8]);
    expect([...(findings.get('short')?.rows ?? [])]).toEqual([9]);
    expect(findings.get('label-variants')?.issue.variants).toEqual([
      { keep: 'billing', merge: ['Billing'], rows: 1, why: 'spelling' },
    ]);
    expect(findings.get('rare-label')?.issue.count).toBe(3);
    expect(findings.has('leakage')).toBe(false);
    await store.close();
  });

  it('sets rows aside: they are kept, and neither shown, labelled, split nor found odd again', async () => {
    const { store, folder } = await storeWith(rows);
    const copies = (await look(store)).findings.get('duplicate')?.remedyRows.get('keep-first');
    expect(
      await store.health.apply('duplicate', 'keep-first', { kind: 'set-aside', rows: copies ?? new Int32Array() }),
    ).toBe(2);
    expect((await look(store)).findings.has('duplicate')).toBe(false);
    expect((await store.page({}, 0, 50)).total).toBe(8);
    expect((await store.page({ aside: true }, 0, 50)).rows.map(({ id }) => id)).toEqual([1, 2]);
    await store.assignSplits({ seed: 1, validShare: 0.2, testShare: 0.2 });
    const used = await Promise.all((['train', 'valid', 'test'] as const).map((split) => store.labelled(split)));
    expect(used.flatMap(({ rowIds }) => [...rowIds]).sort((a, b) => a - b)).toEqual([0, 3, 4, 5, 6, 7, 8, 9]);
    await store.close();

    const again = await ProjectStore.open(folder);
    expect([...again.health.setAsideRows()]).toEqual([1, 2]);
    const [applied] = await again.health.remedies();
    expect(applied).toMatchObject({ issue: 'duplicate', remedy: 'keep-first', rows: 2, undone: false });
    await again.undo(); // the undo of every other screen knows it
    expect([...again.health.setAsideRows()]).toEqual([]);
    expect((await again.health.remedies())[0]?.undone).toBe(true);
    await again.redo();
    await again.health.setUndone(applied?.id ?? 0, true);
    expect([...again.health.setAsideRows()]).toEqual([]);
    await again.close();
  });

  it('takes a remedy back by itself, and leaves alone what was changed since', async () => {
    const { store } = await storeWith(rows);
    await store.health.apply('rare-label', 'unlabel', { kind: 'unlabel', rows: Int32Array.of(4, 7) });
    expect(store.counts().labelled).toBe(8);
    await store.setLabels(7, ['delivery']);
    const [applied] = await store.health.remedies();
    await store.health.setUndone(applied?.id ?? 0, true);
    expect((await store.rowsByIds([4, 7])).map(({ labels }) => labels)).toEqual([['billing'], ['delivery']]);
    await store.health.setUndone(applied?.id ?? 0, false);
    expect((await store.rowsByIds([4, 7])).map(({ labels }) => labels)).toEqual([[], ['delivery']]);
    await store.close();
  });

  it('merges labels, and brings them back', async () => {
    const { store } = await storeWith(rows);
    const merges = (await look(store)).findings.get('label-variants')?.issue.variants ?? [];
    expect(await store.health.apply('label-variants', 'merge-labels', { kind: 'merge', merges })).toBe(1);
    expect(counts(store)).toEqual({ billing: 5, delivery: 5 });
    await store.setLabels(9, ['billing']); // something else in between
    await store.health.setUndone(1, true);
    expect(counts(store)).toEqual({ billing: 5, Billing: 1, delivery: 4 });
    await store.close();
  });

  it('lets the majority decide about contradictions, and sets ties aside', async () => {
    const { store } = await storeWith([
      ...rows,
      'twice the same text here,delivery',
      'twice the same text here,billing',
    ]);
    const finding = (await look(store)).findings.get('conflict');
    const all = finding?.rows ?? new Int32Array();
    const winners = majorityLabels(store.health.rowFacts(), all, finding?.groupOf ?? (() => 0));
    const setFor = (row: number): number | null => winners.get(finding?.groupOf(row) ?? 0) ?? null;
    expect(await store.health.apply('conflict', 'majority-label', { kind: 'relabel', rows: all, setFor })).toBe(3);
    expect((await store.rowsByIds([0, 1, 2])).map(({ labels }) => labels)).toEqual(Array(3).fill(['delivery']));
    expect([...store.health.setAsideRows()]).toEqual([10, 11]);
    expect((await look(store)).findings.has('conflict')).toBe(false);
    await store.close();
  });

  it('repairs texts, of each column by itself, and puts them back as they were', async () => {
    const folder = projectFolder();
    const store = await ProjectStore.open(folder);
    const file = csv(folder, 'two.csv', ['title,body,label', 'GrÃ¼ÃŸe,fÃ¼r dich,a', 'Fine,fine too,b', ',fÃ¼r alle,a']);
    await store.importFile(file, { header: true }, { ...TEXT_LABEL, textColumns: ['title', 'body'] }, 'data');
    const before = [...(await all(store))];
    const revision = await store.health.textRevision();
    const order = { kind: 'edit', rows: Int32Array.of(0, 1, 2), edit: repairMojibake } as const;
    expect(await store.health.apply('mojibake', 'repair-text', order)).toBe(2);
    expect(await all(store)).toEqual([
      ['Grüße', 'für dich'],
      ['Fine', 'fine too'],
      ['', 'für alle'],
    ]);
    expect((await store.page({ search: 'Grüße' }, 0, 5)).rows[0]?.text).toBe('Grüße\nfür dich');
    expect(await store.health.textRevision()).toBeGreaterThan(revision);
    await store.health.setUndone(1, true);
    expect(await all(store)).toEqual(before);
    await store.health.setUndone(1, false);
    expect((await all(store))[2]).toEqual(['', 'für alle']);
    await store.close();
  });
});

async function all(store: ProjectStore): Promise<string[][]> {
  const found: string[][] = [];
  for await (const batch of store.documents(10)) found.push(...batch.map(({ fields }) => fields));
  return found;
}

describe('how rows are divided', () => {
  const many = Array.from({ length: 60 }, (_, i) => {
    const day = `2025-${String(1 + Math.floor(i / 28)).padStart(2, '0')}-${String(1 + (i % 28)).padStart(2, '0')}`;
    return `text number ${String(i)} about things,${i % 2 ? 'a' : 'b'},customer ${String(i % 12)},${day}`;
  });
  async function store60() {
    const folder = projectFolder();
    const store = await ProjectStore.open(folder);
    const file = csv(folder, 'many.csv', ['text,label,customer,day', ...many]);
    await store.importFile(
      file,
      { header: true },
      { ...TEXT_LABEL, groupColumn: 'customer', timeColumn: 'day' },
      'data',
    );
    return { store, folder };
  }
  const plan = { column: null, validShare: 0.2, testShare: 0.2, seed: 7 };
  const ids = async (store: ProjectStore, split: 'train' | 'valid' | 'test') => [
    ...(await store.labelled(split)).rowIds,
  ];

  it('keeps the rows of a group on one side', async () => {
    const { store } = await store60();
    expect(await store.division.state()).toMatchObject({
      decided: false,
      suggestedGroup: 'customer',
      suggestedTime: 'day',
    });
    await store.division.divide({ ...plan, strategy: 'group', column: 'customer' });
    const sides = new Map<number, Set<string>>();
    for (const side of ['train', 'valid', 'test'] as const)
      for (const row of await ids(store, side)) sides.set(row % 12, (sides.get(row % 12) ?? new Set()).add(side));
    expect([...sides.values()].every((set) => set.size === 1)).toBe(true);
    const { rows: counted } = await store.division.state();
    expect(counted.valid).toBeGreaterThanOrEqual(5);
    expect(counted.test).toBeGreaterThanOrEqual(5);
    await store.close();
  });

  it('tests on the newest rows and validates on those before', async () => {
    const { store } = await store60();
    await store.division.divide({ ...plan, strategy: 'time', column: 'day' });
    expect(await ids(store, 'test')).toEqual(Array.from({ length: 12 }, (_, i) => 48 + i));
    expect(await ids(store, 'valid')).toEqual(Array.from({ length: 12 }, (_, i) => 36 + i));
    await store.close();
  });

  it('keeps locked test rows what they are, whatever is decided later, and counts looks at them', async () => {
    const { store, folder } = await store60();
    await expect(store.division.setLocked(true)).rejects.toThrow('no test rows');
    await store.division.divide({ ...plan, strategy: 'random' });
    const test = await ids(store, 'test');
    await store.division.setLocked(true);
    await store.division.countLooks(['run-1'], 'overview');
    await store.division.divide({ ...plan, strategy: 'stratified', seed: 99 });
    expect(await ids(store, 'test')).toEqual(test);
    await store.close();
    const again = await ProjectStore.open(folder);
    expect(await again.division.state()).toMatchObject({ locked: true, looks: [{ run: 'run-1', what: 'overview' }] });
    await again.assignSplits({ seed: 3, validShare: 0.1, testShare: 0.3 });
    expect(await ids(again, 'test')).toEqual(test);
    await again.close();
  });

  it('takes the sides that a column of the file names, and drops labels of rows called unlabelled', async () => {
    const folder = projectFolder();
    const store = await ProjectStore.open(folder);
    const file = csv(folder, 'given.csv', [
      'text,label,split',
      ...Array.from(
        { length: 20 },
        (_, i) => `row ${String(i)},${i % 2 ? 'a' : 'b'},${['train', 'Dev', 'TEST', 'unsup'][i % 4] ?? ''}`,
      ),
    ]);
    await store.importFile(file, { header: true }, { ...TEXT_LABEL, splitColumn: 'split' }, 'data');
    expect(store.counts()).toEqual({ rows: 20, labelled: 15 });
    await store.division.divide({ ...plan, strategy: 'given' });
    expect(await ids(store, 'valid')).toEqual([1, 5, 9, 13, 17]);
    expect(await ids(store, 'test')).toEqual([2, 6, 10, 14, 18]);
    expect((await store.division.state()).given).toBe(15);
    await store.close();
  });
});
