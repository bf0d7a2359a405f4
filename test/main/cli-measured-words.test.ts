import { describe, expect, it } from 'vitest';
import { withColumnHint } from '../../src/main/cli/column-hint';
import { measuredShare, standingWords, sureness } from '../../src/main/cli/measured-words';
import { AppError } from '../../src/shared/errors';
import type { Comparison, Metrics } from '../../src/shared/training-types';

/** What the command line says of a measurement, and of a file with other columns than the classifier reads. */

const figures = (n: number, accuracy: number, accuracyInterval: [number, number]): Metrics => ({ n, accuracy, accuracyInterval, macroF1: accuracy, microF1: accuracy, ece: 0, loss: 1, perClass: [], confusion: null }); // prettier-ignore
const one = figures(1, 0, [0, 0.793]);
const many = figures(400, 0.9, [0.867, 0.926]);
const comparison = (model: Metrics, more: Partial<Comparison> = {}): Comparison => ({
  split: 'test',
  labels: ['a', 'b'],
  model,
  baseline: model,
  majority: { label: 'a', accuracy: 0.5 },
  temperature: 1,
  eceBeforeTemperature: 0,
  ...more,
});

describe('a measurement on too few rows', () => {
  it('is told as counts that say next to nothing, with what validation says and what helps', () => {
    expect(measuredShare(one)).toBe('0 of 1');
    const validation = { n: 9, accuracy: 7 / 9, accuracyInterval: [0.453, 0.937] as [number, number] };
    expect(standingWords(comparison(one, { validation }))).toEqual([
      '1 test row is too few to measure by: 0 right says no more than an accuracy of 0.0 to 79.3 %.',
      'On 9 validation rows, by which its weights were chosen: 7 right (45.3 to 93.7 %), which flatters a little.',
      'Label more rows, or keep more of them for the test (--test-share).',
    ]);
  });

  it('is one below 30, and no longer from there on', () => {
    expect(sureness(figures(29, 1, [0.883, 1]), 'rows')).toContain('29 rows are too few');
    expect(sureness(figures(30, 1, [0.886, 1]), 'rows')).toBe('The 95 % interval of this accuracy is 88.6 to 100.0 %.');
    expect(measuredShare(many)).toBe('90.0 %');
  });
});

describe('what stands behind a classifier', () => {
  it('is said where the blend was not judged, and where the network has learned nothing', () => {
    const byRule = { used: true, by: 'rule', n: 9 } as const;
    const said = standingWords(comparison(many, { blendChoice: byRule, learned: 'no' })).join('\n');
    expect(said).toContain('9 held-out rows are too few to judge that by');
    expect(said).toContain('learned nothing yet: it tells no more than that "a" is the most frequent label');
    const judged = { used: true, by: 'judged', n: 200 } as const;
    expect(standingWords(comparison(many, { blendChoice: judged, learned: 'yes' }))).toHaveLength(1);
    expect(standingWords(comparison(many, { learned: 'unsure' })).join('\n')).toContain('cannot be told yet');
  });
});

describe('a column that the file does not have', () => {
  const missing = new AppError('no-such-column', 'x.csv: expected a column "text", got "body", "kind".', {
    hint: 'Choose one of the columns that are there.',
    data: { expected: 'text', got: ['body', 'kind'] },
  });
  const run = (error: Error) =>
    withColumnHint({ '--text': ['text'], '--label': ['label'] }, () => Promise.reject(error));

  it('is answered with what the classifier reads and the flag that names it', async () => {
    await expect(run(missing)).rejects.toMatchObject({
      code: 'no-such-column',
      message: missing.message,
      hint: expect.stringContaining('reads "text". Name what holds the same in this file, in the same order: --text COLUMN.') as string, // prettier-ignore
      data: { got: ['body', 'kind'], reads: ['text'], flag: '--text' },
    });
  });

  it('and nothing else is changed', async () => {
    const other = new AppError('no-such-column', 'x.csv: expected a column "id".', { data: { expected: 'id' } });
    await expect(run(other)).rejects.toBe(other);
    const full = new AppError('disk-full', 'No room left on the disk for x.csv.');
    await expect(run(full)).rejects.toBe(full);
    expect(await withColumnHint({ '--columns': ['text'] }, () => Promise.resolve(3))).toBe(3);
  });
});
