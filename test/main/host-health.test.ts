import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EngineHost } from '../../src/main/host/engine-host';
import type { HealthProgress } from '../../src/shared/data-methods';

/** The health report through the engine host: its worker thread, progress and cancel, and what its remedies change. */

const data = path.resolve(__dirname, '../fixtures/e2e/subj-400.csv');
const columns = { textColumns: ['text'], labelColumns: ['label'], multiLabel: false, labelSeparator: null };
let folder: string;
let host: EngineHost;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'thaw-health-'));
  host = new EngineHost();
  await host.handle('project.create', { path: path.join(folder, 'project'), name: 'Odd' });
  // Twice the same file: each row has a copy.
  for (let i = 0; i < 2; i++)
    await host.jobEnded((await host.handle('import.run', { path: data, options: {}, columns })).jobId);
}, 60_000);

afterAll(async () => {
  await host.close();
  await rm(folder, { recursive: true, force: true });
});

describe('health.report', () => {
  it('that is cancelled ends as cancelled at once, and the next one begins anew', async () => {
    const report = host.handle('health.report', {});
    await host.handle('health.cancel', {});
    await expect(report).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('tells how far reading and comparing are, and finds the copies', async () => {
    const told: HealthProgress[] = [];
    const stop = host.events.on('health', (progress) => told.push(progress));
    const { rows, issues } = await host.handle('health.report', {});
    stop();
    expect(rows).toBe(800);
    expect(told[0]).toEqual({ done: 0, total: 800, stage: 'reading' });
    expect(told.at(-1)).toEqual({ done: 800, total: 800, stage: 'comparing' });
    const copies = issues.find(({ id }) => id === 'duplicate');
    expect(copies).toMatchObject({ count: 400, groups: 400 });
    expect(copies?.examples.map(({ rowId }) => rowId)).toEqual([0, 400, 1, 401, 2, 402]);
  });

  it('sets copies aside; the counts of every screen and the queues leave them out, until it is taken back', async () => {
    const before = await host.handle('labels.state', {});
    await host.handle('health.apply', { issue: 'duplicate', remedy: 'keep-first' });
    const state = await host.handle('labels.state', {});
    expect(state).toMatchObject({ total: 400, labelled: 400 });
    expect(state.labels.map(({ count }) => 2 * count)).toEqual(before.labels.map(({ count }) => count));
    expect(await host.handle('project.current', {})).toMatchObject({ rows: 400, labelled: 400 });
    await host.handle('labels.set', { rowId: 5, labels: [] });
    await host.handle('labels.set', { rowId: 405, labels: [] });
    const queue = await host.handle('labels.queue', { order: 'random', limit: 20, exclude: [] });
    expect(queue).toMatchObject({ left: 1, rows: [{ id: 5 }] });
    await host.handle('health.undo', { id: 1, undone: true });
    expect(await host.handle('labels.state', {})).toMatchObject({ total: 800, labelled: 798 });
  });
});

describe('rows that are set aside', () => {
  it('are listed with why, page by page, and restored one by one, for one reason, or all', async () => {
    await host.handle('health.apply', { issue: 'duplicate', remedy: 'keep-first' });
    await host.handle('import.setAside', { importId: 0 });
    const reasons = [
      { reason: 'duplicate', rows: 400 },
      { reason: 'file', rows: 400 },
    ];
    const page = await host.handle('health.aside', { offset: 399, limit: 2 });
    expect(page).toMatchObject({ total: 800, rows: [{ reason: 'file' }, { reason: 'duplicate' }] });
    expect(page.rows.map(({ id }) => id)).toEqual([399, 400]);
    expect([...page.reasons].sort((a, b) => a.reason.localeCompare(b.reason))).toEqual(reasons);
    const [copy] = (await host.handle('labels.rows', { rowIds: [400] })).map(({ text }) => text);
    expect(page.rows[1]?.text).toBe(copy);

    expect(await host.handle('health.restore', { rowIds: [400] })).toMatchObject({ total: 1 });
    const copies = await host.handle('health.aside', { reason: 'duplicate', offset: 0, limit: 500 });
    expect(copies).toMatchObject({ total: 399, rows: { length: 399 } });
    expect(new Set(copies.rows.map(({ reason }) => reason))).toEqual(new Set(['duplicate']));
    expect(copies.rows[0]?.id).toBe(401);

    expect(await host.handle('health.restore', { reason: 'duplicate' })).toMatchObject({ total: 400 });
    expect(await host.handle('project.current', {})).toMatchObject({ rows: 400 });
    const state = await host.handle('health.restore', {});
    expect(state).toMatchObject({ total: 800, undoStep: { kind: 'restore', rows: 400 } });
    expect(await host.handle('health.aside', { offset: 0, limit: 9 })).toEqual({ total: 0, reasons: [], rows: [] });
    expect(await host.handle('history.undo', {})).toMatchObject({ total: 400 });
    expect(await host.handle('health.aside', { offset: 0, limit: 1 })).toMatchObject({
      total: 400,
      reasons: [{ reason: 'file', rows: 400 }],
    });
  });
});
