import { describe, expect, it } from 'vitest';
import { ablationCsv, ablationMarkdown, ablationRow, spreadOf } from '../../../src/engine/evaluate/ablation-table';
import { ablationNames, ablationVariants } from '../../../src/engine/tasks/ablation-variants';
import type { AblationCell, AblationTable } from '../../../src/shared/ablation-types';
import { trainingRequestSchema } from '../../../src/shared/training-types';

const request = trainingRequestSchema.parse({ preset: 'quick', seed: 3, options: { lmClip: 1, unfreezing: 'full' } });

describe('variants of an ablation', () => {
  it('begin with the run itself and differ from it in one thing each, which its options may not hide', () => {
    const variants = ablationVariants(request, ['pretraining', 'lm-finetuning', 'unfreezing', 'backward']);
    expect(variants[0]).toMatchObject({ name: 'full', request });
    const of = (name: string) => variants.find((variant) => variant.name === name)?.request;
    expect(of('no-pretraining')).toEqual({ ...request, pretrained: null });
    expect(of('no-lm-finetuning')).toEqual({ ...request, fineTuneLanguageModel: false });
    expect(of('unfreezing-last')?.options).toEqual({ lmClip: 1, unfreezing: 'last' });
    expect(of('direction-both')?.options).toEqual({ ...request.options, direction: 'both' });
  });

  it('are known by name, valid requests all of them, and come once however often they are asked for', () => {
    const variants = ablationVariants(request, [...ablationNames, ...ablationNames]);
    expect(variants.length).toBeGreaterThan(ablationNames.length);
    expect(new Set(variants.map(({ name }) => name)).size).toBe(variants.length);
    for (const variant of variants) {
      expect(trainingRequestSchema.safeParse(variant.request).success).toBe(true);
      expect(variant.name).toMatch(/^[0-9A-Za-z.-]+$/); // it names a folder
    }
  });

  it('may be any option, and nothing else', () => {
    const [, variant] = ablationVariants(request, ['labelSmoothing=0.1']);
    expect(variant).toMatchObject({ name: 'labelSmoothing-0.1', request: { options: { labelSmoothing: 0.1 } } });
    expect(() => ablationVariants(request, ['magic'])).toThrow('"magic"');
    expect(() => ablationVariants(request, ['labelSmoothing=much'])).toThrow('labelSmoothing');
  });
});

describe('the table of an ablation', () => {
  const cell = (variant: string, seed: number, accuracy: number): AblationCell => ({
    variant,
    seed,
    accuracy,
    macroF1: accuracy - 0.1,
    loss: 1 - accuracy,
    ece: 0.05,
    seconds: 90,
  });
  const cells = [cell('full', 0, 0.8), cell('full', 1, 0.84), cell('one-rate', 0, 0.7)];
  const variants = [
    { name: 'full', change: 'everything as it is' },
    { name: 'one-rate', change: 'one rate' },
    { name: 'focal', change: 'focal loss' },
  ];
  const table: AblationTable = {
    split: 'test',
    n: 200,
    seeds: 2,
    finished: 3,
    planned: 6,
    rows: variants.map((variant) => ablationRow(variant, cells)),
    baseline: { accuracy: 0.75, macroF1: 0.7 },
    cells,
  };

  it('has mean and sample deviation', () => {
    expect(spreadOf([2, 4, 4, 4, 5, 5, 7, 9])).toEqual({ mean: 5, deviation: expect.closeTo(Math.sqrt(32 / 7), 12) });
    expect(spreadOf([0.5])).toEqual({ mean: 0.5, deviation: 0 });
    expect(spreadOf([])).toBeNull();
    const [full, oneRate, focal] = table.rows;
    expect(full?.accuracy?.mean).toBeCloseTo(0.82, 12);
    expect(full?.accuracy?.deviation).toBeCloseTo(0.04 / Math.SQRT2, 12);
    expect([full?.runs, oneRate?.runs, focal?.runs]).toEqual([2, 1, 0]);
    expect(focal?.accuracy).toBeNull();
  });

  it('is written in Markdown with the difference to the full method, and as CSV with every run', () => {
    const markdown = ablationMarkdown(table).split('\n');
    expect(markdown[0]).toBe('3 of 6 runs, 2 seeds each, measured on the same 200 test rows.');
    expect(markdown).toContain('| one rate | 1 | 70.0 ± 0.0 | −12.0 | 60.0 ± 0.0 | 0.300 ± 0.000 | 1.5 ± 0.0 |');
    expect(markdown).toContain('| focal loss | 0 |  |  |  |  |  |');
    expect(markdown).toContain('| TF-IDF baseline | | 75.0 | −7.0 | 70.0 | | |');
    expect(ablationCsv(table).trim().split('\n')).toHaveLength(4);
    expect(ablationCsv(table)).toContain('one-rate,0,0.7,');
  });
});
