import { describe, expect, it } from 'vitest';
import { planWarnings, type LabelledFacts } from '../../../src/engine/tasks/plan-warnings';
import { labelDoubt } from '../../../src/shared/label-doubt';
import { sayNote } from '../../../src/shared/note-words';

/** Four kinds with 1,000 rows each, a tenth of them on each of the measuring sides. */
const plenty: LabelledFacts = {
  labels: ['a', 'b', 'c', 'd'].map((name) => ({ name, count: 1000 })),
  labelled: 4000,
  validRows: 400,
  foldRows: 0,
  testRows: 400,
  testByShare: true,
  judgesBlend: true,
};
const codes = (facts: LabelledFacts) => planWarnings(facts).map(({ code }) => code);

describe('the warnings of a plan', () => {
  it('are none where there is enough of everything', () => {
    expect(planWarnings(plenty)).toEqual([]);
    expect(codes({ ...plenty, testRows: 30, validRows: 100 })).toEqual([]);
  });

  it('tell how little few test rows measure, and which share would be enough', () => {
    const few = { ...plenty, labels: [{ name: 'a', count: 60 }, { name: 'b', count: 60 }], labelled: 120, testRows: 12 }; // prettier-ignore
    const [warning] = planWarnings(few);
    // Of twelve the Wilson interval of 90 % right goes from about 61 to 98 %.
    expect(warning).toMatchObject({ code: 'few-test-rows', n: 12, points: 18, testShare: 0.27 });
    expect(0.27 * 120).toBeGreaterThanOrEqual(30);
    expect(planWarnings({ ...few, labelled: 50, testRows: 5 })[0]).toMatchObject({ n: 5, testShare: null });
    expect(planWarnings({ ...few, testByShare: false })[0]).toMatchObject({ testShare: null });
    expect(planWarnings({ ...few, testRows: 0 })[0]).toEqual({ code: 'no-test-rows', testShare: 0.27 });
    expect(sayNote({ code: 'few-test-rows', n: 1, points: 43, testShare: null })).toMatch(/^Only 1 test text measures/);
  });

  it('tell that few validation rows judge no blend', () => {
    expect(planWarnings({ ...plenty, validRows: 99 })).toEqual([{ code: 'few-validation-rows', n: 99, needed: 100 }]);
    expect(planWarnings({ ...plenty, validRows: 99, judgesBlend: false })).toEqual([]);
    expect(planWarnings({ ...plenty, validRows: 12, foldRows: 88 })).toEqual([]);
  });

  it('name the labels with few rows, the rarest first', () => {
    const labels = [...plenty.labels, { name: 'rare', count: 3 }, { name: 'rarest', count: 1 }];
    const [warning] = planWarnings({ ...plenty, labels });
    expect(warning).toEqual({ code: 'small-classes', n: 2, fewest: 10, labels: ['rarest (1)', 'rare (3)'] });
    const many = Array.from({ length: 12 }, (_, i) => ({ name: `x${i}`, count: 2 }));
    expect(planWarnings({ ...plenty, labels: many })[0]).toMatchObject({ n: 12, labels: [expect.anything(), expect.anything(), expect.anything(), expect.anything(), expect.anything(), '…'] }); // prettier-ignore
    expect(sayNote(planWarnings({ ...plenty, labels: labels.slice(0, 5) })[0]!)).toBe(
      '1 label has fewer than 10 labelled texts and will hardly be found: rare (3).',
    );
  });

  it('tell of labels that look like another column, and then of nothing else', () => {
    const unique = Array.from({ length: 300 }, (_, i) => ({ name: `ticket ${i}`, count: 1 }));
    expect(planWarnings({ ...plenty, labels: unique, labelled: 320, testRows: 3 })).toEqual([
      { code: 'labels-nearly-unique', labels: 300, texts: 320 },
    ]);
    const prices = Array.from({ length: 300 }, (_, i) => ({ name: `${i}.99`, count: 4 }));
    expect(codes({ ...plenty, labels: prices, labelled: 1200 })).toEqual(['labels-are-numbers']);
  });
});

describe('a doubt about labels', () => {
  const named = (count: number, name: (i: number) => string) => Array.from({ length: count }, (_, i) => name(i));

  it('is for many numbers and for a value a row', () => {
    expect(labelDoubt({ values: named(200, (i) => `${i},50 €`), alone: 0, rows: 1000 })).toBe('numbers');
    expect(labelDoubt({ values: named(200, (i) => `1,${100 + i}.5`), alone: 0, rows: 1000 })).toBe('numbers');
    expect(labelDoubt({ values: named(200, (i) => `id ${i}`), alone: 180, rows: 300 })).toBe('unique');
  });

  it('is not for stars, for postcodes with many rows each, and for many kinds with names', () => {
    expect(labelDoubt({ values: ['1', '2', '3', '4', '5'], alone: 5, rows: 5 })).toBeNull();
    expect(labelDoubt({ values: named(77, (i) => `intent_${i}`), alone: 2, rows: 300 })).toBeNull();
    expect(labelDoubt({ values: named(40, (i) => `80${i}`), alone: 0, rows: 4000 })).toBeNull();
  });

  it('is not for classes that are counted, few rows, or the first hundred rows of many classes', () => {
    expect(labelDoubt({ values: named(77, (i) => String(i)), alone: 3, rows: 300 })).toBeNull();
    expect(labelDoubt({ values: named(18, (i) => `kind ${i}`), alone: 18, rows: 18 })).toBeNull();
    // A hundred rows of ninety classes: some sixty of them are met, a third of the rows have one that is met once.
    expect(labelDoubt({ values: named(60, (i) => `kind ${i}`), alone: 33, rows: 100 })).toBeNull();
  });
});
