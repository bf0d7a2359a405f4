import { describe, expect, it } from 'vitest';
import { judgeLearning } from '../../../src/engine/evaluate/judge-learning';
import { multiLabels, singleLabels } from '../../../src/engine/evaluate/label-csr';

/** Whether a network has learned anything, from what it says of rows that it has not seen. */

const alternating = (n: number): number[] => Array.from({ length: n }, (_, i) => i % 2);
const train = singleLabels(alternating(200));
const single = { classes: 2, multiLabel: false };
/** Probabilities of two classes: `sure` for the true one, but in every `wrongEvery`-th row for the other. */
const answers = (truth: readonly number[], sure: number, wrongEvery = Infinity) => ({
  labels: singleLabels([...truth]),
  probabilities: Float32Array.from(
    truth.flatMap((label, row) => {
      const chosen = row % wrongEvery === 1 ? 1 - label : label;
      return chosen === 0 ? [sure, 1 - sure] : [1 - sure, sure];
    }),
  ),
});

describe('a network has learned', () => {
  it('where it is right far more often than by chance', () => {
    expect(judgeLearning(train, [answers(alternating(40), 0.8, 10)], single)).toBe('yes');
  });

  it('not where it says what the shares of the labels say, on however many rows', () => {
    for (const n of [1, 9, 500]) expect(judgeLearning(train, [answers(alternating(n), 0.5)], single)).toBe('no');
  });

  it('not where it is as often wrong as right', () => {
    expect(judgeLearning(train, [answers(alternating(100), 0.55, 2)], single)).toBe('no');
  });

  it('perhaps, where a handful of rows point that way', () => {
    expect(judgeLearning(train, [answers([0], 0.9)], single)).toBe('unsure');
    expect(judgeLearning(train, [], single)).toBe('unsure');
  });

  it('over many rows what a few of them do not say', () => {
    const few = answers(alternating(9), 0.75, 3);
    expect(judgeLearning(train, [few], single)).toBe('unsure');
    expect(
      judgeLearning(
        train,
        Array.from({ length: 12 }, () => few),
        single,
      ),
    ).toBe('yes');
  });

  it('where nearly all rows have one label and it finds the others by their probability, though it never says so', () => {
    const rare = Array.from({ length: 200 }, (_, i) => Number(i % 20 === 0));
    const probabilities = Float32Array.from(rare.flatMap((label) => (label === 1 ? [0.6, 0.4] : [0.99, 0.01])));
    expect(judgeLearning(singleLabels(rare), [{ probabilities, labels: singleLabels(rare) }], single)).toBe('yes');
  });

  it('several labels a text, where it tells them better than their shares do', () => {
    const truth = Array.from({ length: 60 }, (_, i) => (i % 3 === 0 ? [0, 1] : i % 3 === 1 ? [1] : []));
    const says = (yes: number, no: number) => ({
      labels: multiLabels(truth),
      probabilities: Float32Array.from(truth.flatMap((own) => [0, 1].map((label) => (own.includes(label) ? yes : no)))),
    });
    const several = { classes: 2, multiLabel: true };
    expect(judgeLearning(multiLabels(truth), [says(0.8, 0.2)], several)).toBe('yes');
    expect(judgeLearning(multiLabels(truth), [says(0.5, 0.5)], several)).toBe('no');
  });
});
