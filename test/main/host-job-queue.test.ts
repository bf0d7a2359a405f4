import { describe, expect, it } from 'vitest';
import { AppError, CancelledError } from '../../src/shared/errors';
import type { Job, ProgressEvent } from '../../src/shared/jobs';
import type { JobControl } from '../../src/main/host/job-control';
import { JobQueue, type JobTask } from '../../src/main/host/job-queue';

function recorder() {
  const jobs: Job[] = [];
  const events: ProgressEvent[] = [];
  const queue = new JobQueue({ jobChanged: (job) => jobs.push(job), jobProgress: (_job, event) => events.push(event) });
  return { queue, jobs, events };
}

const task = (id: string, run: (control: JobControl) => Promise<void>): JobTask => ({
  id,
  kind: 'train',
  title: id,
  runId: id,
  run,
});

/** A promise and the function that fulfils it. */
function gate(): { promise: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  return { promise: new Promise<void>((resolve) => (open = resolve)), open: () => open() };
}

describe('JobQueue', () => {
  it('runs one job at a time, in the order in which they came', async () => {
    const { queue } = recorder();
    const order: string[] = [];
    const first = gate();
    queue.add(task('a', async () => (order.push('a begins'), await first.promise, void order.push('a ends'))));
    queue.add(task('b', async () => void order.push('b')));
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(queue.get('a').state).toBe('running');
    expect(queue.get('b').state).toBe('queued');
    first.open();
    expect((await queue.ended('b')).state).toBe('done');
    expect(order).toEqual(['a begins', 'a ends', 'b']);
  });

  it('holds a paused job at its next safe point until it is resumed', async () => {
    const { queue } = recorder();
    const begun = gate();
    let passed = 0;
    queue.add(
      task('a', async (control) => {
        begun.open();
        for (let i = 0; i < 3; i++) {
          await new Promise((resolve) => setTimeout(resolve, 5));
          await control.checkpoint();
          passed += 1;
        }
      }),
    );
    await begun.promise;
    expect(queue.pause('a').state).toBe('paused');
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(passed).toBe(0);
    expect(queue.resume('a').state).toBe('running');
    expect((await queue.ended('a')).state).toBe('done');
    expect(passed).toBe(3);
  });

  it('cancels a running, a paused and a waiting job', async () => {
    for (const paused of [false, true]) {
      const { queue } = recorder();
      const begun = gate();
      queue.add(
        task('a', async (control) => {
          begun.open();
          for (;;) {
            await new Promise((resolve) => setTimeout(resolve, 2));
            await control.checkpoint();
          }
        }),
      );
      queue.add(task('b', async () => undefined));
      await begun.promise;
      if (paused) queue.pause('a');
      expect(queue.cancel('b').state).toBe('cancelled');
      queue.cancel('a');
      expect((await queue.ended('a')).state).toBe('cancelled');
    }
  });

  it('keeps the error of a failed job and goes on with the next', async () => {
    const { queue } = recorder();
    queue.add(
      task('a', async () => Promise.reject(new AppError('no-rows', 'Nothing there.', { hint: 'Import a file.' }))),
    );
    queue.add(task('b', async () => undefined));
    const failed = await queue.ended('a');
    expect(failed.state).toBe('failed');
    expect(failed.error).toMatchObject({ code: 'no-rows', message: 'Nothing there.', hint: 'Import a file.' });
    expect((await queue.ended('b')).state).toBe('done');
  });

  it('moves what waits, and nothing else', async () => {
    const { queue } = recorder();
    const [begun, end, order] = [gate(), gate(), [] as string[]];
    queue.add(task('a', async () => (begun.open(), await end.promise)));
    for (const id of ['b', 'c', 'd']) queue.add(task(id, async () => void order.push(id)));
    await begun.promise;
    expect(queue.move('d', 'b').map(({ id }) => id)).toEqual(['a', 'd', 'b', 'c']);
    expect(queue.move('d', 'd').map(({ id }) => id)).toEqual(['a', 'd', 'b', 'c']);
    expect(queue.move('b', null).map(({ id }) => id)).toEqual(['a', 'd', 'c', 'b']);
    expect(() => queue.move('a', 'b')).toThrow(/cannot be moved/);
    expect(() => queue.move('b', 'a')).toThrow(/cannot be moved/);
    end.open();
    await queue.ended('b');
    expect(order).toEqual(['d', 'c', 'b']);
  });

  it('passes on that a job is to end early, wakes one that is paused, and refuses one that waits', async () => {
    const { queue } = recorder();
    const [begun, asked] = [gate(), gate()];
    let held = false;
    queue.add(
      task('a', async (control) => {
        control.listen({ finish: () => asked.open() });
        begun.open();
        await asked.promise;
        held = control.paused;
      }),
    );
    queue.add(task('b', async () => undefined));
    await begun.promise;
    expect(() => queue.finish('b')).toThrow(/cannot be finished early/);
    queue.pause('a');
    expect(queue.finish('a').state).toBe('running');
    expect((await queue.ended('a')).state).toBe('done');
    expect(held).toBe(false);
  });

  it('keeps runs that wait for the next session when the host closes', async () => {
    const { queue } = recorder();
    const begun = gate();
    queue.add(
      task('a', async (control) => {
        begun.open();
        await new Promise<void>((_, reject) =>
          control.signal.addEventListener('abort', () => reject(new CancelledError())),
        );
      }),
    );
    queue.add(task('run', async () => undefined));
    queue.add({ ...task('import', async () => undefined), runId: null });
    await begun.promise;
    await queue.close();
    expect(queue.get('run').state).toBe('interrupted');
    expect(queue.get('import').state).toBe('cancelled');
  });

  it('leaves the running job interrupted when the host closes, and takes no new ones', async () => {
    const { queue } = recorder();
    const begun = gate();
    queue.add(
      task('a', async (control) => {
        begun.open();
        await new Promise<void>((_, reject) =>
          control.signal.addEventListener('abort', () => reject(new CancelledError())),
        );
      }),
    );
    await begun.promise;
    await queue.close();
    expect(queue.get('a').state).toBe('interrupted');
    expect(() => queue.add(task('b', async () => undefined))).toThrow(/closing/);
  });

  it('reports steps about four times a second and notes at once, the newest step never lost', async () => {
    const { queue, events } = recorder();
    const step = (n: number): ProgressEvent => ({
      type: 'count',
      stage: 'tokenize',
      done: n,
      total: 100,
      unit: 'texts',
      secondsLeft: null,
    });
    queue.add(
      task('a', async (control) => {
        control.report({ type: 'stage', stage: 'tokenize', stages: ['tokenize'] });
        for (let n = 1; n <= 60; n++) {
          control.report(step(n));
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
        control.report({ type: 'note', level: 'info', message: 'finished' });
      }),
    );
    await queue.ended('a');
    const counts = events.filter((event) => event.type === 'count');
    expect(counts.length).toBeGreaterThanOrEqual(3);
    expect(counts.length).toBeLessThanOrEqual(7);
    expect(counts.at(-1)).toMatchObject({ done: 60 });
    expect(events.at(-1)).toMatchObject({ type: 'note' });
    expect(queue.get('a')).toMatchObject({ state: 'done', fraction: 1, stage: 'tokenize' });
  });
});
