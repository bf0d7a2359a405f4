import { expect, it } from 'vitest';
import { shuffled } from '../../../src/engine/store/assign-splits';
import { pickSmallest } from '../../../src/engine/store/pick-rows';

it('picking the smallest gives the same rows as sorting them all, also with equal keys', () => {
  const rows = Int32Array.from({ length: 20_000 }, (_, i) => 3 * i);
  for (const key of [(row: number) => shuffled(row, 5), (row: number) => row % 7, (row: number) => -row, () => 1]) {
    const all = [...rows].sort((a, b) => key(a) - key(b) || a - b);
    for (const limit of [0, 1, 10, 100, 2499, 2501, 20_000, 30_000]) {
      expect([...pickSmallest(rows, limit, key)]).toEqual(all.slice(0, limit));
    }
  }
});
