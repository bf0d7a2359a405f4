import { describe, expect, it } from 'vitest';
import { TopRows } from '../../../src/engine/evaluate/top-rows';

describe('the best of many rows', () => {
  it('are those that sorting all of them would give, equals in the order in which they came', () => {
    const scores = Array.from({ length: 500 }, (_, i) => ((i * 7919) % 97) / 97);
    const top = new TopRows<number>(20);
    scores.forEach((score, i) => {
      top.offer(score, () => i);
    });
    const sorted = scores.map((_, i) => i).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
    expect(top.rows()).toEqual(sorted.slice(0, 20));
  });

  it('makes no row that is not kept', () => {
    const top = new TopRows<string>(1);
    let made = 0;
    for (const score of [0.5, 0.4, 0.9, 0.9]) {
      top.offer(score, () => {
        made++;
        return String(score);
      });
    }
    expect(top.rows()).toEqual(['0.9']);
    expect(made).toBe(2);
  });
});
