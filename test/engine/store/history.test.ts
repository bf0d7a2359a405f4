import { describe, expect, it } from 'vitest';
import { stripMarkup } from '../../../src/engine/health/markup';
import { repairMojibake } from '../../../src/engine/health/mojibake';
import { HISTORY_LIMITS } from '../../../src/engine/store/history-limits';
import { ProjectStore } from '../../../src/engine/store/project-store';
import { counts, csv, projectFolder, storeWith, TEXT_LABEL, TEXT_ONLY } from './project-folder';

const rows = [
  '<p>My parcel is <b>lost</b></p>,delivery',
  'Ã¼ber die Rechnung,billing',
  'where is my refund,billing',
  '<i>never</i> arrived,delivery',
  'thanks,',
];
const options = { header: true, delimiter: ',' };
const plan = { strategy: 'random', column: null, validShare: 0.2, testShare: 0.2, seed: 3 } as const;

/** All that a person sees of a project's rows, labels and sides. */
async function seen(store: ProjectStore) {
  const { rows: all } = await store.page({}, 0, 1000);
  const documents: string[][] = [];
  for await (const batch of store.documents(100)) documents.push(...batch.map(({ fields }) => [...fields]));
  const { looks: _, ...sides } = await store.division.state();
  return {
    all,
    documents,
    sides,
    labels: counts(store),
    counts: { ...store.counts(), ...store.inUse() },
    columns: await store.columnChoice(),
    files: (await store.importedFiles()).map(({ id, role, summary }) => [id, role, summary.rows]),
    rejected: await store.rejectedRows(0, 100),
    marks: store.labelState().marks,
    aside: [...store.health.setAsideRows()],
  };
}

const strip = (store: ProjectStore) =>
  store.health.apply('markup', 'strip-markup', { kind: 'edit', rows: Int32Array.of(0, 1, 2, 3), edit: stripMarkup });
const repair = (store: ProjectStore) =>
  store.health.apply('mojibake', 'repair-text', { kind: 'edit', rows: Int32Array.of(1), edit: repairMojibake });

describe('the one history of a project', () => {
  it('takes back changes of every kind in order, makes them again, and goes on after the project was closed', async () => {
    const { store, folder } = await storeWith(rows);
    const states = [await seen(store)];
    const more = csv(folder, 'more.csv', ['text,label', 'new one,refund', '"a, b",billing', 'broken,"x']);
    const steps: (() => Promise<unknown>)[] = [
      () => strip(store),
      () => store.setLabels(4, ['billing']),
      () => repair(store),
      () => store.markRows([2], 'aside', true),
      () => store.division.divide(plan),
      () => store.applyChange({ kind: 'merge', labels: ['delivery'], into: 'parcels' }),
      () => store.importFile(more, options, TEXT_LABEL, 'data'),
      () => store.setLabels(5, ['parcels']),
      () => store.markRows([6], 'flag', true),
      () => store.noteRow(6, 'odd'),
      () => store.division.divide({ ...plan, seed: 4, testShare: 0.4 }),
      () => store.division.setLocked(true),
      () => store.division.leaveToTraining(),
    ];
    for (const step of steps) {
      await step();
      states.push(await seen(store));
    }
    for (let at = steps.length - 1; at >= 0; at--) {
      await store.undo();
      expect(await seen(store)).toEqual(states[at]);
    }
    await store.close();

    let again = await ProjectStore.open(folder);
    expect(await seen(again)).toEqual(states[0]);
    for (let at = 1; at <= steps.length; at++) {
      await again.redo();
      expect(await seen(again)).toEqual(states[at]);
      if (at % 4 !== 0) continue;
      // Closed and opened anew at some of them: what can be done again is still there.
      await again.close();
      again = await ProjectStore.open(folder);
      expect(await seen(again)).toEqual(states[at]);
    }
    expect(again.labelState()).toMatchObject({ canRedo: false, undoStep: { kind: 'undivide' } });
    for (let at = steps.length - 1; at >= 0; at--) await again.undo();
    expect(await seen(again)).toEqual(states[0]);
    await again.close();
  });

  it('any walk of changes, undo and redo, with closing in between, ends where a plain list of states says', async () => {
    const opened = await storeWith(rows);
    let { store } = opened;
    await store.history.seal(); // the first file stays
    const past = [await seen(store)];
    let at = 0;
    let seed = 5;
    const next = (n: number): number => (seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff) % n;
    const some = (): number => next(store.counts().rows);
    const changes: ((step: number) => Promise<unknown>)[] = [
      () => store.setLabels(some(), next(3) === 0 ? [] : ['billing']),
      () => store.markRows([some(), 1], 'aside', next(2) === 0),
      () => store.noteRow(some(), `note ${String(next(9))}`),
      (step) => store.addLabel(`new${String(step)}`),
      () => store.division.divide({ ...plan, seed: next(9) }),
      () => store.division.leaveToTraining(),
      async () => {
        const { locked, rows: sides } = await store.division.state();
        if (locked || sides.test > 0) await store.division.setLocked(!locked);
      },
      (step) => {
        const edit = (text: string): string => `${text} ${String(step)}`;
        return store.health.apply('markup', 'strip-markup', { kind: 'edit', rows: Int32Array.of(some()), edit });
      },
      async () => {
        const [one] = await store.health.remedies();
        if (one) await store.health.setUndone(one.id, !one.undone);
      },
      (step) => {
        const lines = ['text,label', `more ${String(step)},billing`, `and more,l${String(next(4))}`];
        return store.importFile(csv(opened.folder, 'more.csv', lines), options, TEXT_LABEL, 'data');
      },
    ];
    for (let step = 0; step < 90; step++) {
      const what = next(20);
      const { canUndo, canRedo } = store.labelState();
      if (what < 7) {
        await store.undo();
        at -= Number(canUndo);
      } else if (what < 10) {
        await store.redo();
        at += Number(canRedo);
      } else {
        const before = store.labelState().canRedo;
        await changes[what - 10]?.(step);
        const now = await seen(store);
        const isNew = store.labelState().undoStep !== null && JSON.stringify(now) !== JSON.stringify(past[at]);
        const known = past.findIndex((one) => JSON.stringify(one) === JSON.stringify(now));
        // Applying a remedy again that was undone last is redo; taking the newest one back is undo.
        if (what === 18 && known >= 0 && Math.abs(known - at) === 1 && store.labelState().canRedo) at = known;
        else if (isNew) {
          past.splice(at + 1);
          past.push(now);
          at++;
        } else expect(store.labelState().canRedo).toBe(before);
      }
      expect([step, what, await seen(store)]).toEqual([step, what, past[at]]);
      expect(store.labelState()).toMatchObject({ canUndo: at > 0, canRedo: at < past.length - 1 });
      if (step % 15 === 14) {
        await store.close();
        store = await ProjectStore.open(opened.folder);
        expect(await seen(store)).toEqual(past[at]);
        expect(store.labelState()).toMatchObject({ canUndo: at > 0, canRedo: at < past.length - 1 });
      }
    }
    await store.close();
    // Each step is synced to the disk and all of the project is read after it: slow where others use the disk too.
  }, 300_000);

  it('says what each step is', async () => {
    const { store } = await storeWith(rows);
    expect(store.labelState().undoStep).toEqual({ number: 0, kind: 'import', rows: 5, label: 'data.csv' });
    await strip(store);
    expect(store.labelState().undoStep).toMatchObject({ kind: 'strip-markup', rows: 2, label: '' });
    await store.division.divide(plan);
    await store.division.setLocked(true);
    expect(store.labelState()).toMatchObject({ undoStep: { kind: 'lock' }, redoStep: null });
    await store.undo();
    expect(store.labelState()).toMatchObject({ undoStep: { kind: 'divide' }, redoStep: { kind: 'lock' } });
    await store.close();
  });

  it('takes back and makes again only the step that is meant, where one is named', async () => {
    const { store } = await storeWith(rows);
    await strip(store);
    const named = store.labelState().undoStep?.number;
    await store.division.divide(plan);
    await expect(store.undo(named)).rejects.toMatchObject({ code: 'outdated', data: { expected: named } });
    expect(store.labelState()).toMatchObject({ undoStep: { kind: 'divide' }, canRedo: false });
    const { undoStep } = store.labelState();
    expect(await store.undo(undoStep?.number)).toMatchObject({ redoStep: { number: undoStep?.number } });
    await expect(store.redo(named)).rejects.toMatchObject({ code: 'outdated' });
    expect(await store.redo(undoStep?.number)).toMatchObject({ undoStep, canRedo: false });
    await expect(store.redo(undoStep?.number)).rejects.toMatchObject({ code: 'outdated', data: { got: null } });
    await store.close();
  });

  it('makes no step of what changes nothing', async () => {
    const { store } = await storeWith(rows);
    expect(await repair(store)).toBe(1);
    expect(
      await store.health.apply('mojibake', 'repair-text', { kind: 'edit', rows: Int32Array.of(2), edit: (one) => one }),
    ).toBe(0);
    await store.division.divide(plan);
    await store.division.divide(plan);
    await store.division.setLocked(false);
    await store.undo();
    expect(store.labelState().undoStep).toMatchObject({ kind: 'repair-text', rows: 1 });
    expect(await store.health.remedies()).toHaveLength(1);
    await store.close();
  });

  it('takes a change of texts back by itself, as a step that can itself be taken back', async () => {
    const { store } = await storeWith(rows);
    await strip(store);
    await repair(store);
    const [second, first] = await store.health.remedies();
    await store.health.setUndone(first?.id ?? 0, true);
    expect(store.labelState().undoStep).toMatchObject({ kind: 'text-back', rows: 2 });
    expect((await store.rowsByIds([0]))[0]?.text).toBe('<p>My parcel is <b>lost</b></p>');
    await store.undo();
    expect((await store.rowsByIds([0]))[0]?.text).toBe(stripMarkup('<p>My parcel is <b>lost</b></p>'));
    expect((await store.health.remedies()).map(({ undone }) => undone)).toEqual([false, false]);

    // The newest of all is that step itself, not one more.
    await store.health.setUndone(second?.id ?? 0, true);
    expect(store.labelState()).toMatchObject({ undoStep: { kind: 'strip-markup' }, redoStep: { kind: 'repair-text' } });
    await store.health.setUndone(second?.id ?? 0, false);
    expect(store.labelState()).toMatchObject({ undoStep: { kind: 'repair-text' }, redoStep: { kind: 'text-back' } });
    await store.close();
  });

  it('knows a remedy of labels as applied again after its taking back was taken back', async () => {
    const { store } = await storeWith(rows);
    await store.health.apply('rare-label', 'unlabel', { kind: 'unlabel', rows: Int32Array.of(1, 2) });
    await store.setLabels(0, ['billing']);
    const [one] = await store.health.remedies();
    await store.health.setUndone(one?.id ?? 0, true);
    expect((await store.health.remedies())[0]?.undone).toBe(true);
    await store.undo();
    expect((await store.health.remedies())[0]?.undone).toBe(false);
    expect(store.labelsOf(1)).toBeNull();
    await store.close();
  });

  it('keeps the newest changes of texts within the limit; the older ones are passed over and say so', async () => {
    const folder = projectFolder();
    const store = await ProjectStore.open(folder, { ...HISTORY_LIMITS, textBytes: 100 });
    await store.importFile(csv(folder, 'data.csv', ['text,label', ...rows]), options, TEXT_LABEL, 'data');
    await store.setLabels(4, ['billing']);
    await strip(store); // about 90 bytes
    await repair(store); // and some more
    await store.close();

    const again = await ProjectStore.open(folder);
    const [, first] = await again.health.remedies();
    expect(first).toMatchObject({ remedy: 'strip-markup', forgotten: true });
    await expect(again.health.setUndone(first?.id ?? 0, true)).rejects.toMatchObject({ code: 'bad-input' });
    await again.undo();
    expect(again.labelState().undoStep).toMatchObject({ kind: 'label', label: 'billing' });
    await again.redo();
    expect(again.labelState().undoStep).toMatchObject({ kind: 'repair-text' });
    await again.close();
  });

  it('keeps the newest divisions within the limit', async () => {
    const folder = projectFolder();
    const store = await ProjectStore.open(folder, { ...HISTORY_LIMITS, divisions: 2 });
    const lines = Array.from({ length: 60 }, (_, i) => `text ${String(i)},${i % 2 === 0 ? 'a' : 'b'}`);
    await store.importFile(csv(folder, 'data.csv', ['text,label', ...lines]), options, TEXT_LABEL, 'data');
    const states: unknown[] = [];
    for (const seed of [1, 2, 3, 4]) {
      await store.division.divide({ ...plan, seed });
      states.push(await seen(store));
    }
    await store.undo();
    expect(await seen(store)).toEqual(states[2]);
    await store.undo();
    expect(await seen(store)).toEqual(states[1]);
    expect(store.labelState().undoStep).toMatchObject({ kind: 'import' });
    await store.close();
  });
});

describe('taking a file out of the project', () => {
  it('leaves nothing of it: other rows come in its place, with their own labels and marks', async () => {
    const { store, folder } = await storeWith(rows);
    const first = csv(folder, 'first.csv', ['text,label', 'one,refund', 'two,refund']);
    await store.importFile(first, options, TEXT_LABEL, 'data');
    await store.setLabels(5, ['billing']);
    await store.markRows([6], 'flag', true);
    await store.savePredictions([5, 6], ['billing', 'refund'], Float32Array.of(0.9, 0.1, 0.2, 0.8));
    for (let i = 0; i < 3; i++) await store.undo();
    expect(counts(store)).toEqual({ billing: 2, delivery: 2 });
    expect(store.counts()).toEqual({ rows: 5, labelled: 4 });

    await store.importFile(csv(folder, 'second.csv', ['text', 'three', 'four']), options, TEXT_ONLY, 'data');
    expect(store.labelState()).toMatchObject({ canRedo: false });
    const check = async (now: ProjectStore) => {
      const [five, six] = await now.rowsByIds([5, 6]);
      expect(five).toEqual({ id: 5, text: 'three', labels: [], split: 'unlabelled', predicted: null });
      expect(six).toMatchObject({ text: 'four', labels: [], predicted: null });
      expect(now.inUse()).toMatchObject({ rows: 7, labelled: 4, waiting: 3 });
      expect(counts(now)).toEqual({ billing: 2, delivery: 2 });
    };
    await check(store);
    await store.close();
    const again = await ProjectStore.open(folder);
    await check(again);
    await again.close();
  });

  it('takes the first file out as well: the columns can be chosen anew', async () => {
    const folder = projectFolder();
    const store = await ProjectStore.open(folder);
    const file = csv(folder, 'data.csv', ['text,label', 'one,refund', 'two,billing']);
    await store.importFile(file, options, { ...TEXT_LABEL, textColumns: ['label'], labelColumns: ['text'] }, 'data');
    await store.undo();
    expect(store.counts().rows).toBe(0);
    expect(await store.columnChoice()).toBeNull();
    await store.importFile(file, options, TEXT_LABEL, 'data');
    expect((await store.page({}, 0, 9)).rows.map(({ text, labels }) => [text, labels])).toEqual([
      ['one', ['refund']],
      ['two', ['billing']],
    ]);
    expect(counts(store)).toEqual({ billing: 1, refund: 1 });
    await store.close();
  });

  it('goes past files once a training has read them, and still knows what was before', async () => {
    const { store, folder } = await storeWith(rows);
    await store.setLabels(4, ['billing']);
    await store.importFile(csv(folder, 'more.csv', ['text', 'new']), options, TEXT_ONLY, 'data');
    await store.history.seal();
    expect(store.labelState().undoStep).toMatchObject({ kind: 'label', label: 'billing' });
    await store.undo();
    expect(store.labelState()).toMatchObject({ canUndo: false, redoStep: { kind: 'label' } });
    await store.close();
    const again = await ProjectStore.open(folder);
    expect(again.labelState()).toMatchObject({ canUndo: false, redoStep: { kind: 'label' } });
    expect(again.counts().rows).toBe(6);
    await again.close();
  });

  it('takes several files out one after the other, and brings them back', async () => {
    const { store, folder } = await storeWith(rows);
    const files = ['b', 'c'].map((name) => csv(folder, `${name}.csv`, ['text,label', `${name} one,${name}`]));
    for (const file of files) await store.importFile(file, options, TEXT_LABEL, 'data');
    const before = await seen(store);
    await store.undo();
    await store.undo();
    expect(store.counts().rows).toBe(5);
    await store.close();
    const again = await ProjectStore.open(folder);
    await again.redo();
    await again.redo();
    expect(await seen(again)).toEqual(before);
    await again.close();
  });
});

describe('a history of 100,000 rows', () => {
  it('takes every kind of change back in well under the time it took to make', { timeout: 120_000 }, async () => {
    const n = 100_000;
    const folder = projectFolder();
    const store = await ProjectStore.open(folder);
    const lines = Array.from({ length: n }, (_, i) => `<p>text number ${String(i)} of many</p>,l${String(i % 7)}`);
    await store.importFile(csv(folder, 'data.csv', ['text,label', ...lines]), options, TEXT_LABEL, 'data');
    const all = Int32Array.from({ length: n }, (_, i) => i);
    await store.health.apply('markup', 'strip-markup', { kind: 'edit', rows: all, edit: stripMarkup });
    await store.health.apply('duplicate', 'set-aside', { kind: 'set-aside', rows: all.slice(0, n / 2) });
    await store.division.divide(plan);
    const times: Record<string, number> = {};
    const timed = async (work: 'undo' | 'redo'): Promise<void> => {
      const kind = store.labelState()[`${work}Step`]?.kind ?? '';
      const begun = performance.now();
      await store[work]();
      times[`${work} ${kind}`] = Math.round(performance.now() - begun);
    };
    for (let i = 0; i < 4; i++) await timed('undo');
    expect(store.counts().rows).toBe(0);
    for (let i = 0; i < 4; i++) await timed('redo');
    expect(store.inUse()).toMatchObject({ rows: n / 2 });
    expect((await store.rowsByIds([99_999]))[0]?.text).toBe('text number 99999 of many');
    // Anything that looks at rows one by one, or at each against each, would take minutes.
    for (const [step, ms] of Object.entries(times)) expect([step, ms < 10_000]).toEqual([step, true]);
    await store.close();
  });
});
