import { describe, expect, it } from 'vitest';
import { multiLabels } from '../../src/engine/evaluate/label-csr';
import { dataChangesOf } from '../../src/main/host/inspection/data-changes';

/** A run that knew some rows by some labels; its answers play no part. */
function runWith(
  labels: readonly string[],
  rows: Readonly<Record<'train' | 'valid' | 'test', Readonly<Record<number, readonly string[]>>>>,
): Parameters<typeof dataChangesOf>[0] {
  const side = (name: keyof typeof rows): { rows: Int32Array; truth: ReturnType<typeof multiLabels> } => {
    const entries = Object.entries(rows[name]);
    const numbers = entries.map(([, names]) => names.map((label) => labels.indexOf(label)).sort((a, b) => a - b));
    return { rows: Int32Array.from(entries, ([row]) => Number(row)), truth: multiLabels(numbers) };
  };
  const nothing = new Float32Array(0);
  const split = (name: 'valid' | 'test'): NonNullable<ReturnType<typeof runWith>['test']> => ({
    ...side(name),
    final: nothing,
    deep: nothing,
    baseline: nothing,
    blend: null,
  });
  return { labels, train: side('train'), valid: split('valid'), test: split('test') };
}

describe('what two runs learned from', () => {
  it('counts rows by the names of their labels, whatever number or side they have', () => {
    const before = runWith(['a', 'b'], { train: { 1: ['a'], 2: ['b'], 3: ['a'] }, valid: { 4: ['b'] }, test: {} });
    const after = runWith(['b', 'a', 'c'], {
      train: { 1: ['a'], 2: ['c'], 4: ['b'], 6: ['a'] },
      valid: {},
      test: { 5: ['b'] },
    });
    expect(dataChangesOf(before, after)).toEqual({
      relabelled: 1, // row 2; row 4 only went to another side
      added: 2,
      gone: 1,
      learnedBefore: 3,
      learnedAfter: 4,
    });
  });

  it('takes several labels of a row for a set', () => {
    const before = runWith(['a', 'b'], { train: { 1: ['a', 'b'], 2: [], 3: ['a'] }, valid: {}, test: {} });
    const after = runWith(['b', 'a'], { train: { 1: ['b', 'a'], 2: ['a'], 3: ['a', 'b'] }, valid: {}, test: {} });
    expect(dataChangesOf(before, after)).toMatchObject({ relabelled: 2, added: 0, gone: 0 });
  });
});
