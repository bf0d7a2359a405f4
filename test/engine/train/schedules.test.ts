import { describe, expect, it } from 'vitest';
import { scheduleDefaults, stageSchedule, type ScheduleName } from '../../../src/engine/train/schedules';
import { usualRate } from '../../../src/engine/tasks/recipe';

const at = (name: ScheduleName, position: number, steps = 100): number =>
  stageSchedule(1, steps, { ...scheduleDefaults, name }).rate(position);

describe('schedules over a stage', () => {
  it('one cycle: a 25th, the greatest rate after a quarter, next to nothing', () => {
    expect(at('one-cycle', 0)).toBeCloseTo(1 / 25, 9);
    expect(at('one-cycle', 0.25)).toBeCloseTo(1, 9);
    expect(at('one-cycle', 1)).toBeCloseTo(1e-5, 9);
  });

  it('one cycle moves the momentum down and up; the others keep its first value', () => {
    const momentum = (name: ScheduleName, position: number): number =>
      stageSchedule(1, 100, { ...scheduleDefaults, name }).momentum(position);
    expect([0, 0.25, 1].map((position) => momentum('one-cycle', position))).toEqual([0.8, 0.7, 0.8]);
    for (const name of ['slanted-triangular', 'cosine', 'constant'] as const) expect(momentum(name, 0.25)).toBe(0.8);
  });

  it('slanted triangular: straight up to step T·cut_frac, then straight down (equation 3, worked by hand)', () => {
    // T 100, cut_frac .1, ratio 32: cut 10; p is 0, .5, 1, .5 and 0 at t 0, 5, 10, 55 and 100.
    const value = (p: number): number => (1 + p * 31) / 32;
    const points = [0, 0.05, 0.1, 0.55, 1].map((position) => at('slanted-triangular', position));
    [0, 0.5, 1, 0.5, 0].forEach((p, i) => expect(points[i]).toBeCloseTo(value(p), 9));
  });

  it('cosine falls from the greatest rate, half of it in the middle; constant stays', () => {
    expect(at('cosine', 0)).toBe(1);
    expect(at('cosine', 0.5)).toBeCloseTo(0.5, 4);
    expect(at('cosine', 1)).toBeCloseTo(1e-5, 9);
    expect([0, 0.3, 1].map((position) => at('constant', position))).toEqual([1, 1, 1]);
  });

  it('an optimiser without scaling of its own gets a greater rate where none is given', () => {
    expect(usualRate(undefined, 0.004)).toBe(0.004);
    expect(usualRate('nt-asgd', 0.004)).toBeGreaterThan(usualRate('sgd-momentum', 0.004));
  });
});
