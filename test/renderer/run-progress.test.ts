import { describe, expect, it } from 'vitest';
import type { ProgressEvent } from '../../src/shared/jobs';
import { applyEvent, emptyProgress, finishProgress } from '../../src/renderer/stores/run-progress';
import { runEvents, runStages } from './harness/fake-run';

function step(
  stage: 'language-model-all' | 'classifier-head' | 'classifier-last',
  at: number,
  steps = 100,
): ProgressEvent {
  return {
    type: 'step',
    stage,
    step: at,
    steps,
    epoch: at / steps,
    epochs: 1,
    loss: 2,
    smoothedLoss: 2.1,
    learningRate: 0.01,
    momentum: 0.9,
    tokensPerSecond: 1000,
    secondsLeft: 60,
    memoryBytes: 1e9,
  };
}

describe('the progress of a run', () => {
  it('fills the stages before the one that runs and none after it', () => {
    const progress = emptyProgress();
    for (const event of runEvents({ stage: 'classifier-last', share: 0.5 })) applyEvent(progress, event);
    expect(progress.stages).toEqual(runStages);
    expect(progress.stage).toBe('classifier-last');
    expect(progress.fractions.get('language-model-all')).toBe(1);
    expect(progress.fractions.get('classifier-last')).toBeCloseTo(0.5, 1);
    expect(progress.fractions.get('classifier-all')).toBe(0);
  });

  it('puts the stages of one part on one axis and keeps the parts apart', () => {
    const progress = emptyProgress();
    for (const event of [
      step('language-model-all', 50),
      step('classifier-head', 10),
      step('classifier-head', 100),
      step('classifier-last', 10),
    ]) {
      applyEvent(progress, event);
    }
    expect(progress.curves['language-model'].points.map(({ x }) => x)).toEqual([50]);
    expect(progress.curves.classifier.points.map(({ x }) => x)).toEqual([10, 100, 110]);
  });

  it('draws anew what a run repeats after it went on from its checkpoint', () => {
    const progress = emptyProgress();
    for (const at of [10, 20, 30, 40]) applyEvent(progress, step('language-model-all', at));
    applyEvent(progress, step('language-model-all', 20));
    applyEvent(progress, step('language-model-all', 30));
    expect(progress.curves['language-model'].points.map(({ x }) => x)).toEqual([10, 20, 30]);
  });

  it('keeps a bounded number of points that still span the whole run', () => {
    const progress = emptyProgress();
    for (let at = 1; at <= 20_000; at += 1) applyEvent(progress, step('language-model-all', at, 20_000));
    const points = progress.curves['language-model'].points;
    expect(points.length).toBeLessThanOrEqual(4000);
    expect(points.length).toBeGreaterThan(1000);
    expect(points[0]?.x).toBeLessThan(20);
    expect(points.at(-1)?.x).toBeGreaterThan(19_980);
  });

  it('is whole when the run is done', () => {
    const progress = emptyProgress();
    for (const event of runEvents()) applyEvent(progress, event);
    finishProgress(progress);
    expect([...progress.fractions.values()].every((share) => share === 1)).toBe(true);
    expect(progress.secondsLeft).toBeNull();
  });
});
