import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngineHost } from '../../src/main/host/engine-host';
import type { Job, ProgressEvent } from '../../src/shared/jobs';

/** Pausing, cancelling and closing in the middle of real training, on real rows. */

const data = path.resolve(__dirname, '../fixtures/e2e/subj-400.csv');
const columns = { textColumns: ['text'], labelColumns: ['label'], multiLabel: false, labelSeparator: null };
/** Classifier only and from scratch: training begins within seconds. */
const request = { preset: 'quick', fineTuneLanguageModel: false, pretrained: null, minutes: 0.3 } as const;

let folder: string;
let host: EngineHost;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'thaw-interruptions-'));
  host = new EngineHost();
  host.services.checkpointSeconds = 0.5;
  await host.handle('project.create', { path: path.join(folder, 'project'), name: 'Interrupted' });
  const { jobId } = await host.handle('import.run', { path: data, options: {}, columns });
  expect((await host.jobEnded(jobId)).state).toBe('done');
});

afterEach(async () => {
  await host.close();
  await rm(folder, { recursive: true, force: true });
});

/** Resolves with the first event of a type. */
function next(type: ProgressEvent['type']): Promise<ProgressEvent> {
  return new Promise((resolve) => {
    const off = host.events.on('progress', ({ event }) => {
      if (event.type !== type) return;
      off();
      resolve(event);
    });
  });
}

describe('a training run', () => {
  it('stands still while it is paused, with the host free for other questions, and goes on', async () => {
    const step = next('step');
    const { jobId } = await host.handle('training.start', request);
    await step;
    expect((await host.handle('jobs.pause', { jobId })).state).toBe('paused');
    await new Promise((resolve) => setTimeout(resolve, 700)); // the step under way ends, and its report is shown
    const steps: ProgressEvent[] = [];
    const off = host.events.on('progress', ({ event }) => void (event.type === 'step' && steps.push(event)));
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect(steps).toEqual([]);
    off();
    // The host itself stays free.
    expect((await host.handle('rows.page', { offset: 0, limit: 5, filter: {} })).total).toBe(400);
    const again = next('step');
    expect((await host.handle('jobs.resume', { jobId })).state).toBe('running');
    await again;
    await host.handle('jobs.cancel', { jobId });
    expect((await host.jobEnded(jobId)).state).toBe('cancelled');
  }, 180_000);

  it('can be cancelled, keeps what it saved, and goes on to its end with the same id', async () => {
    const step = next('step');
    const { jobId } = await host.handle('training.start', request);
    await step;
    await next('epoch');
    await host.handle('jobs.cancel', { jobId });
    const cancelled = await host.jobEnded(jobId);
    expect(cancelled.state).toBe('cancelled');
    const runId = cancelled.runId ?? '';
    expect((await host.handle('runs.get', { runId })).state).toBe('cancelled');
    expect((await host.handle('project.current', {}))?.hasClassifier).toBe(false);
    const resumed = await host.handle('training.start', { ...request, resumeRunId: runId });
    expect(resumed.jobId).toBe(jobId);
    const job = await host.jobEnded(jobId);
    expect(job.error).toBeNull();
    expect(job).toMatchObject({ state: 'done', runId });
    expect((await host.handle('runs.get', { runId })).comparison?.model.n).toBe(40);
    expect((await host.handle('runs.list', {})).map((run) => run.id)).toEqual([runId]);
  }, 180_000);

  it('is shown as interrupted after the engine was closed in the middle, and can go on in the next one', async () => {
    const step = next('step');
    const { jobId } = await host.handle('training.start', request);
    await step;
    const project = path.join(folder, 'project');
    await host.close();
    host = new EngineHost();
    await host.handle('project.open', { path: project });
    const [job] = await host.handle('jobs.list', {});
    expect(job).toMatchObject({ id: jobId, state: 'interrupted', kind: 'train' } satisfies Partial<Job>);
    const goesOn = next('step');
    expect((await host.handle('jobs.resume', { jobId })).state).toMatch(/queued|running/);
    await goesOn;
    await host.handle('jobs.cancel', { jobId });
    expect((await host.jobEnded(jobId)).state).toBe('cancelled');
  }, 180_000);

  it('cannot start without two labels, and says so at once', async () => {
    await host.handle('project.create', { path: path.join(folder, 'empty'), name: 'Empty' });
    await expect(host.handle('training.start', request)).rejects.toMatchObject({ code: 'no-rows' });
    const unlabelled = { path: data, options: {}, columns: { ...columns, labelColumns: [] } };
    const { jobId } = await host.handle('import.run', unlabelled);
    await host.jobEnded(jobId);
    await expect(host.handle('training.start', request)).rejects.toMatchObject({ code: 'too-few-labels' });
  });
});
