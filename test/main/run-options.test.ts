import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/shared/errors';
import { parseRunOptions, runOptionsSchema, runOptionTable } from '../../src/shared/run-options';
import { trainingRequestSchema } from '../../src/shared/training-types';

describe('advanced options of a run', () => {
  it('are all optional: a request without them is as before', () => {
    expect(trainingRequestSchema.parse({}).options).toEqual({});
  });

  it('each say what they do, what they follow and what holds without them', () => {
    expect(runOptionTable.map(({ name }) => name).sort()).toEqual(Object.keys(runOptionsSchema.shape).sort());
    for (const { name, effect, symbol, usual, values } of runOptionTable) {
      expect([name, effect.endsWith('.') && effect.length > 20, symbol !== '', usual !== '', values !== '']).toEqual([
        name,
        true,
        true,
        true,
        true,
      ]);
    }
  });

  it('each have a line in the guide to the method', () => {
    const guide = readFileSync(path.resolve(__dirname, '../../docs/guide/method.md'), 'utf8');
    const missing = runOptionTable.filter(({ name }) => !guide.includes(`| \`${name}\` `)).map(({ name }) => name);
    expect(missing).toEqual([]);
  });

  it('are read from name=value: numbers, names, switches and lists', () => {
    const options = parseRunOptions([
      'lmRate=1e-3',
      'lm-optimiser=nt-asgd',
      'lmVariableBptt=false',
      'momentums=.9,0.8,.9',
    ]);
    expect(options).toEqual({
      lmRate: 0.001,
      lmOptimiser: 'nt-asgd',
      lmVariableBptt: false,
      momentums: [0.9, 0.8, 0.9],
    });
  });

  it('given one by one go before those of a file', () => {
    expect(parseRunOptions(['lmClip=0.4'], { lmClip: 1, lmAlpha: 0 })).toEqual({ lmClip: 0.4, lmAlpha: 0 });
  });

  it.each([
    ['lmRates=1', 'lmRates'],
    ['lmRate=fast', 'lmRate'],
    ['lmRate', 'lmRate'],
    ['classifierBatchSize=2.5', 'classifierBatchSize'],
    ['unfreezing=slowly', 'gradual | full'],
  ])('%s is refused with words that name it', (text, word) => {
    expect(() => parseRunOptions([text])).toThrow(AppError);
    expect(() => parseRunOptions([text])).toThrow(word);
  });

  it('of an unknown name in a stored request are refused', () => {
    expect(trainingRequestSchema.safeParse({ options: { speed: 1 } }).success).toBe(false);
  });
});
