import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { EngineHost } from '../../src/main/host/engine-host';
import { lookingMethods } from '../../src/main/host/test-looks';
import { engineMethods, type EngineMethod } from '../../src/shared/contract';
import type { Comparison } from '../../src/shared/training-types';

/** Looks at the test rows are counted where figures leave the engine. */

let folder: string;
let project: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'thaw-looks-'));
  project = path.join(folder, 'project');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const metrics = {
  n: 2,
  accuracy: 0.5,
  accuracyInterval: [0.1, 0.9] as [number, number],
  macroF1: 0.5,
  microF1: 0.5,
  ece: 0.1,
  loss: 0.6,
  perClass: [],
  confusion: null,
};
const measuredOn = (split: 'valid' | 'test'): Comparison => ({
  split,
  labels: ['a', 'b'],
  model: metrics,
  baseline: metrics,
  majority: { label: 'a', accuracy: 0.5 },
  temperature: 1,
  eceBeforeTemperature: 0.1,
});

async function withHost<T>(work: (host: EngineHost) => Promise<T>): Promise<T> {
  const host = new EngineHost();
  try {
    return await work(host);
  } finally {
    await host.close();
  }
}
const looksOf = async (host: EngineHost) =>
  (await host.handle('splits.state', {})).looks.map(({ run, what }) => `${run} ${what}`);

describe('looks at the test rows', () => {
  let tested = '';
  let validated = '';

  it('are counted once a run and sitting, by whatever method figures are handed out', async () => {
    await withHost(async (host) => {
      await host.handle('project.create', { path: project, name: 'Looks' });
      const { runs } = host.services.project;
      const request = { preset: 'quick', seed: 0, fineTuneLanguageModel: true, classWeights: false, options: {} } as const; // prettier-ignore
      tested = (await runs.create(request)).id;
      validated = (await runs.create(request)).id;
      await runs.update(tested, { state: 'done', comparison: measuredOn('test') });
      await runs.update(validated, { state: 'done', comparison: measuredOn('valid') });

      const hidden = await host.handle('runs.list', { figures: false });
      expect(hidden.find(({ id }) => id === tested)?.comparison).toBeNull();
      expect(hidden.find(({ id }) => id === validated)?.comparison?.split).toBe('valid');
      expect((await host.handle('runs.get', { runId: tested, figures: false })).comparison).toBeNull();
      expect(await looksOf(host)).toEqual([]);

      // Two answers on their way at the same time, and a later one, are one look.
      await Promise.all([host.handle('runs.list', {}), host.handle('runs.get', { runId: tested })]);
      await host.handle('runs.rename', { runId: tested, name: 'first' });
      expect(await looksOf(host)).toHaveLength(1);
      expect((await looksOf(host))[0]).toMatch(new RegExp(`^${tested} runs\\.`));
    });
  });

  it('are not counted anew by an engine that starts again at once, but later they are', async () => {
    await withHost(async (host) => {
      await host.handle('project.open', { path: project });
      await host.handle('runs.list', {});
      expect(await looksOf(host)).toHaveLength(1);
    });
    const later = Date.now() + 31 * 60_000;
    vi.spyOn(Date, 'now').mockImplementation(() => later);
    await withHost(async (host) => {
      await host.handle('project.open', { path: project });
      await host.handle('runs.get', { runId: validated });
      expect(await looksOf(host)).toHaveLength(1);
      await host.handle('runs.get', { runId: tested });
      expect(await looksOf(host)).toHaveLength(2);
    });
    vi.restoreAllMocks();
  });

  it('count an ablation that was measured on test rows', async () => {
    await withHost(async (host) => {
      await host.handle('project.open', { path: project });
      const out = path.join(project, 'ablations', 'one');
      const figures = { accuracy: 0.5, macroF1: 0.5 };
      const table = { split: 'test', n: 2, seeds: 1, finished: 0, planned: 2, rows: [], baseline: figures, cells: [] };
      await mkdir(out, { recursive: true });
      await writeFile(path.join(out, 'table.json'), JSON.stringify(table));
      await host.handle('ablation.list', {});
      await host.handle('ablation.table', { folder: out });
      expect((await looksOf(host)).filter((look) => look.startsWith('ablation'))).toEqual([
        'ablation one ablation.list',
      ]);
    });
  });

  it('know every method that answers with figures of the rows of the project', () => {
    const telling = (Object.keys(engineMethods) as EngineMethod[]).filter((method) =>
      /^(inspect|runs|ablation|export)\./.test(method),
    );
    const silent = ['inspect.abstain', 'inspect.explain', 'inspect.similar', 'runs.disk', 'runs.prune', 'runs.trash'];
    const others = [
      'runs.trashed',
      'runs.deleteTrashed',
      'ablation.start',
      'ablation.parts',
      'export.contents',
      'export.past',
    ];
    expect(telling.filter((method) => !lookingMethods.includes(method)).sort()).toEqual([...silent, ...others].sort());
  });
});
