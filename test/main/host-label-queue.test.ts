import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EngineHost } from '../../src/main/host/engine-host';

/** Labelling with the baseline in the loop: the real store, tokenizer and baseline on 400 real sentences. */

const data = path.resolve(__dirname, '../fixtures/e2e/subj-400.csv');
const columns = { textColumns: ['text'], labelColumns: ['label'], multiLabel: false, labelSeparator: null };

let folder: string;
let host: EngineHost;
/** The true label of each row, which the project does not know. */
const truth: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'thaw-label-'));
  host = new EngineHost();
  const preview = await host.handle('import.preview', { path: data, options: {} });
  expect(preview.columns.map((column) => column.name)).toEqual(['text', 'label']);
  await host.handle('project.create', { path: path.join(folder, 'known'), name: 'Known' });
  await host.jobEnded((await host.handle('import.run', { path: data, options: {}, columns })).jobId);
  const { rows } = await host.handle('rows.page', { offset: 0, limit: 400, filter: {} });
  truth.push(...rows.map((row) => row.labels[0] ?? ''));
  await host.handle('project.create', { path: path.join(folder, 'unknown'), name: 'Unknown' });
  const unlabelled = { path: data, options: {}, columns: { ...columns, labelColumns: [] } };
  await host.jobEnded((await host.handle('import.run', unlabelled)).jobId);
  for (const name of new Set(truth)) await host.handle('labels.add', { name });
}, 60_000);

afterAll(async () => {
  await host.close();
  await rm(folder, { recursive: true, force: true });
});

async function label(rowId: number): Promise<void> {
  await host.handle('labels.set', { rowId, labels: [truth[rowId] ?? ''] });
}

describe('labels.queue', () => {
  it('has no basis for doubts before there are labels', async () => {
    const { rows, basis } = await host.handle('labels.queue', { order: 'uncertain', limit: 5, exclude: [] });
    expect(basis).toBe('none');
    expect(rows).toHaveLength(5);
  });

  it('asks for the rows the baseline doubts most, a moment after the tenth label', async () => {
    const first = await host.handle('labels.queue', { order: 'random', limit: 12, exclude: [] });
    for (const row of first.rows) await label(row.id);
    await host.labelling.settled();
    const { rows, basis } = await host.handle('labels.queue', {
      order: 'uncertain',
      limit: 20,
      exclude: [first.rows[0]?.id ?? 0],
    });
    expect(basis).toBe('baseline');
    expect(rows.every((row) => row.labels.length === 0)).toBe(true);
    // Two classes: the row with the best probability nearest to a half comes first.
    const best = rows.map((row) => row.predicted?.[0]?.probability ?? 1);
    expect(best.every((probability, i) => probability >= (best[i - 1] ?? 0) - 1e-6)).toBe(true);
  });

  it('leaves rows out that are on the screen already, and those labelled since', async () => {
    const shown = await host.handle('labels.queue', { order: 'uncertain', limit: 10, exclude: [] });
    const exclude = shown.rows.map((row) => row.id);
    await label(exclude[0] ?? 0);
    const more = await host.handle('labels.queue', { order: 'uncertain', limit: 10, exclude: exclude.slice(1) });
    expect(more.rows.filter((row) => exclude.includes(row.id))).toEqual([]);
  });

  it('learns: after 75 answers to its doubts the baseline is right about most of the others', async () => {
    for (let round = 0; round < 5; round++) {
      await host.labelling.settled();
      const { rows, basis } = await host.handle('labels.queue', { order: 'uncertain', limit: 15, exclude: [] });
      expect(basis).toBe('baseline');
      for (const row of rows) await label(row.id);
    }
    await host.labelling.settled();
    const page = await host.handle('rows.page', { offset: 0, limit: 400, filter: { labelled: false } });
    const right = page.rows.filter((row) => row.predicted?.[0]?.label === truth[row.id]).length;
    expect(page.rows.length).toBeGreaterThan(300);
    expect(right / page.rows.length).toBeGreaterThan(0.7);
  });

  it('never blocks the host for long while it fits', async () => {
    let longest = 0;
    let last = performance.now();
    const ticks = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 5);
    const { rows } = await host.handle('labels.queue', { order: 'random', limit: 1, exclude: [] });
    await label(rows[0]?.id ?? 0);
    await host.labelling.settled();
    clearInterval(ticks);
    // 50 ms is the aim on an idle machine; a busy one takes the thread away for longer.
    expect(longest).toBeLessThan(250);
  });
});
