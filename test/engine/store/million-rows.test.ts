import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ProjectStore } from '../../../src/engine/store/project-store';
import { projectFolder, TEXT_LABEL } from './project-folder';

/** A million with THAW_MILLION=1; otherwise a tenth, so that the daily tests stay short. */
const ROWS = process.env['THAW_MILLION'] === '1' ? 1_000_000 : 100_000;
const WORDS = 'the card was lost in town before my loan came and nobody at this bank could say where it had gone'.split(
  ' ',
);

/** Sentences of 8 to 24 words in seven classes; every tenth row has no label. */
async function writeRows(path: string): Promise<void> {
  const file = createWriteStream(path);
  file.write('id,text,label\n');
  let state = 1;
  const next = (n: number): number => (state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff) % n;
  for (let row = 0; row < ROWS; row += 1000) {
    let lines = '';
    for (let i = row; i < row + 1000; i++) {
      let text = `text ${String(i)}`;
      for (let words = 8 + next(16); words > 0; words--) text += ` ${WORDS[next(WORDS.length)] ?? ''}`;
      lines += `${String(i)},"${text}, said ""they""",${i % 10 === 0 ? '' : `class ${String(next(7))}`}\n`;
    }
    if (!file.write(lines)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'close');
}

/** Milliseconds that `work` takes, the best of three once it is warm. */
async function warmTime(work: () => Promise<unknown>): Promise<number> {
  await work();
  let best = Infinity;
  for (let i = 0; i < 3; i++) {
    const begun = performance.now();
    await work();
    best = Math.min(best, performance.now() - begun);
  }
  return best;
}

describe(`${ROWS.toLocaleString('en')} rows`, () => {
  it('come in whole, and pages, filters, labelling and splits stay quick', { timeout: 600_000 }, async () => {
    const folder = projectFolder();
    const path = join(folder, 'large.csv');
    await writeRows(path);
    const times: Record<string, number> = {};
    const timed = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
      const begun = performance.now();
      const result = await work();
      times[name] = Math.round(performance.now() - begun);
      return result;
    };
    let store = await ProjectStore.open(folder);
    const summary = await timed('import', () => store.importFile(path, {}, TEXT_LABEL, 'data'));
    expect(summary).toMatchObject({ rows: ROWS, labelled: ROWS * 0.9, rejectedCount: 0 });
    await timed('close', () => store.close());
    store = await timed('open', () => ProjectStore.open(folder));
    expect(store.counts()).toEqual({ rows: ROWS, labelled: ROWS * 0.9 });
    await timed('assignSplits', () => store.assignSplits({ seed: 1, validShare: 0.1, testShare: 0.1 }));
    const test = await timed('labelled', () => store.labelled('test'));
    expect(test.rowIds.length).toBeGreaterThan(ROWS * 0.089);
    expect(test.names).toHaveLength(7);

    const rowIds = Int32Array.from({ length: ROWS }, (_, i) => i);
    const probabilities = new Float32Array(ROWS * 7).map((_, i) => ((i * 2654435761) >>> 0) / 2 ** 33);
    await timed('savePredictions', () => store.savePredictions(rowIds, test.names, probabilities));

    const middle = Math.floor(ROWS / 2);
    const pages = {
      plain: await warmTime(() => store.page({}, middle, 100)),
      label: await warmTime(() => store.page({ label: 'class 3' }, 5000, 100)),
      unlabelled: await warmTime(() => store.page({ labelled: false }, 5000, 100)),
      predicted: await warmTime(() => store.page({ predicted: 'class 3', split: 'test' }, 500, 100)),
      searched: await warmTime(() => store.page({ search: 'LOAN CAME', label: 'class 3' }, 100, 100)),
    };
    await timed('first search', () => store.page({ search: 'Nobody At' }, 0, 100));
    const ask = { kind: 'sure', label: 'class 3' } as const;
    const { percents } = await timed('suggestions counted', () => store.suggestions.counts(ask, {}));
    const sure = { sure: { label: 'class 3', from: 40 } };
    const surest = await timed('surest first', () =>
      store.previewChange({ kind: 'rows', filter: sure, labels: ['class 3'], mode: 'replace' }),
    );
    // What stands beside the slider is what the change would be about.
    expect(surest.matched).toBe(percents.slice(40).reduce((sum, rows) => sum + rows, 0));
    expect(surest.matched).toBeGreaterThan(ROWS / 20);
    let changes = 0;
    const label = await warmTime(() => store.setLabels(middle, [`class ${String(changes++ % 7)}`]));
    const undo = await warmTime(() => store.undo());
    const queue = await warmTime(() => Promise.resolve(store.unlabelledCandidates('uncertain', 20, [1, 2, 3])));
    let texts = 0;
    await timed('documents', async () => {
      for await (const batch of store.documents(10_000)) texts += batch.length;
    });
    expect(texts).toBe(ROWS);
    await store.close();
    console.info(
      JSON.stringify({
        rows: ROWS,
        ...times,
        pages,
        label,
        undo,
        queue,
        memory: Math.round(process.memoryUsage().rss / 2 ** 20),
      }),
    );
    // Beside other tests on a busy machine the bound says only that nothing grows with the rows.
    const limit = ROWS === 1_000_000 ? 50 : 250;
    for (const [name, milliseconds] of Object.entries({ ...pages, label, queue }))
      expect(milliseconds, name).toBeLessThan(limit);
  });
});
