import { describe, expect, it } from 'vitest';
import { planTraining, type DataFacts } from '../../../src/engine/tasks/plan';
import { trainingRequestSchema } from '../../../src/shared/training-types';

/** 1,000 texts, a tenth of them 5,000 tokens long, the others 100. */
const lengths = Array.from({ length: 1000 }, (_, i) => (i % 10 === 0 ? 5000 : 100));
const facts: DataFacts = {
  languageModelTokens: 590_000,
  documents: lengths.length,
  tokensWithin: (most) => lengths.reduce((sum, length) => sum + Math.min(most, length), 0),
  longest: 5000,
  validDocuments: 100,
  classes: 4,
  newWords: 500,
  newWordShare: 0.05,
  vocabulary: 20_000,
  pretrained: true,
  sentenceVectors: null,
};
const speeds = { languageModel: 4000, classifier: 5000 };
const plan = (request: object, more: Partial<DataFacts> = {}) =>
  planTraining({ ...facts, ...more }, trainingRequestSchema.parse(request), speeds);
const stageOf = (made: ReturnType<typeof plan>, name: string) => made.stages.find(({ stage }) => stage === name);

describe('the plan of a run', () => {
  it('counts only the tokens that are left after texts are cut, in epochs and in seconds', () => {
    const made = plan({ preset: 'standard' });
    expect(made.maxLength).toBe(600);
    const tokens = 900 * 100 + 100 * 600;
    const all = stageOf(made, 'classifier-all')!;
    expect(all.epochs).toBe(12); // 3,000,000 / 150,000 would be 20; of all 590,000 tokens it would be 5
    expect(all.seconds).toBeCloseTo((12 * tokens) / 5000, 6);
    expect(plan({ preset: 'standard', options: { maxTokens: 5000 } }).stages.at(-1)!.epochs).toBeCloseTo(3e6 / 590_000);
  });

  it('cuts long texts shorter where few passes would be left, but not to nothing', () => {
    const long = (tokens: number, documents: number): Partial<DataFacts> => ({
      documents,
      longest: tokens,
      tokensWithin: (most) => documents * Math.min(most, tokens),
    });
    const few = plan({ preset: 'standard' }, long(1000, 1000));
    expect(few.maxLength).toBe(600);
    const more = plan({ preset: 'standard' }, long(1000, 3000));
    expect(more.maxLength).toBeGreaterThan(200);
    expect(more.maxLength).toBeLessThanOrEqual(250);
    expect(stageOf(more, 'classifier-all')!.epochs).toBeGreaterThanOrEqual(4);
    expect(plan({ preset: 'standard' }, long(1000, 50_000)).maxLength).toBe(128);
    expect(plan({ preset: 'best' }, long(1000, 50_000)).maxLength).toBe(1000);
    expect(plan({ preset: 'standard', options: { maxTokens: 900 } }, long(1000, 50_000)).maxLength).toBe(900);
  });

  it('changes a model gently that knows sentences and most of the words, and no other', () => {
    const rate = (more: Partial<DataFacts>) => stageOf(plan({}, more), 'language-model-all')!.learningRate;
    expect(rate({ sentenceVectors: 384 })).toBeCloseTo(rate({}) / 8, 12);
    expect(stageOf(plan({}, { sentenceVectors: 384 }), 'language-model-all')!.epochs).toBeLessThanOrEqual(1);
    // Rare words are many in a vocabulary; a foreign language shows in running text.
    expect(rate({ sentenceVectors: 384, newWords: 15_000 })).toBeCloseTo(rate({}) / 8, 12);
    expect(rate({ sentenceVectors: 384, newWordShare: 0.6 })).toBe(rate({}));
  });

  it('keeps to the minutes that it is given, and says so', () => {
    const made = plan({ preset: 'best', minutes: 3 });
    expect(made.seconds).toBeLessThanOrEqual(180);
    expect(made.reasons.join(' ')).toMatch(/Epochs are cut to \d+ % to keep to 3 minutes/);
  });
});
