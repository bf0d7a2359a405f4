import { describe, expect, it } from 'vitest';
import type { ProgressEvent, StageId } from '../../src/shared/jobs';
import { JobProgress } from '../../src/main/host/job-progress';

const stages: StageId[] = ['tokenize', 'language-model-all', 'evaluate'];

function step(n: number, secondsLeft: number | null): ProgressEvent {
  const rest = {
    epoch: 1,
    epochs: 1,
    loss: 1,
    smoothedLoss: 1,
    learningRate: 1,
    momentum: 1,
    tokensPerSecond: 1,
    memoryBytes: 1,
  };
  return { type: 'step', stage: 'language-model-all', step: n, steps: 100, secondsLeft, ...rest };
}

describe('JobProgress', () => {
  it('moves at the speed that the steps say is left: half way when as much time has gone as is left', () => {
    let now = 0;
    const progress = new JobProgress(() => now);
    progress.take({ type: 'stage', stage: 'language-model-all', stages: ['language-model-all'] });
    for (let second = 0; second <= 50; second++) {
      now = second * 1000;
      progress.take(step(second, 100 - second));
    }
    expect(progress.standing().secondsLeft).toBe(50);
    expect(progress.standing().fraction).toBeCloseTo(0.5, 1);
  });

  it('never falls and stays within 0 and 1 over a whole job', () => {
    let now = 0;
    const progress = new JobProgress(() => now);
    const seen: number[] = [];
    const take = (event: ProgressEvent): void => void seen.push(progress.take(event).fraction ?? 0);
    take({ type: 'stage', stage: 'tokenize', stages });
    for (let n = 0; n <= 10; n++)
      take({ type: 'count', stage: 'tokenize', done: n, total: 10, unit: 'texts', secondsLeft: null });
    take({ type: 'stage', stage: 'language-model-all', stages });
    for (let n = 0; n < 100; n++) {
      now += 500;
      take(step(n, n < 50 ? 80 - n : 40)); // the estimate turns worse half way
    }
    take({ type: 'stage', stage: 'evaluate', stages });
    for (let n = 0; n <= 10; n++)
      take({ type: 'count', stage: 'evaluate', done: n, total: 10, unit: 'rows', secondsLeft: null });
    expect(seen.every((value, i) => value >= (seen[i - 1] ?? 0) && value <= 1)).toBe(true);
    expect(seen.at(-1)).toBeCloseTo(1);
  });

  it('does not count paused time', () => {
    let now = 0;
    const progress = new JobProgress(() => now);
    progress.take({ type: 'stage', stage: 'tokenize', stages: ['tokenize'] });
    const count = (done: number): ProgressEvent => ({
      type: 'count',
      stage: 'tokenize',
      done,
      total: 100,
      unit: 'texts',
      secondsLeft: null,
    });
    now = 10_000;
    progress.take(count(50));
    progress.setPaused(true);
    now = 1_000_000;
    progress.setPaused(false);
    expect(progress.take(count(50)).secondsLeft).toBeCloseTo(10);
  });
});

describe('a job of several parts', () => {
  it('gives each the same share, never falls, and counts what later parts will take', () => {
    let now = 0;
    const progress = new JobProgress(() => now);
    const seen: number[] = [];
    const take = (event: ProgressEvent): void => void seen.push(progress.take(event).fraction ?? 0);
    take({ type: 'part', place: 0, parts: 3 });
    take({ type: 'stage', stage: 'tokenize', stages: ['tokenize'] });
    take({ type: 'count', stage: 'tokenize', done: 10, total: 10, unit: 'texts', secondsLeft: null });
    expect(progress.standing()).toMatchObject({ fraction: 1 / 3, secondsLeft: null });
    for (const place of [1, 2]) {
      take({ type: 'part', place, parts: 3 });
      take({ type: 'stage', stage: 'language-model-all', stages: ['language-model-all'] });
      for (let second = 0; second <= 10; second++) {
        now += 1000;
        take(step(second, 10 - second));
      }
      if (place === 1) expect(progress.standing().secondsLeft).toBeCloseTo(11, 5);
    }
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBeCloseTo(1, 1);
    expect(progress.standing().secondsLeft).toBe(0);
  });
});
