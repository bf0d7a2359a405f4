import { describe, expect, it } from 'vitest';
import { planTraining, validationSeconds, type DataFacts } from '../../../src/engine/tasks/plan';
import { sayNote } from '../../../src/shared/note-words';
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

const reasonsOf = ({ reasons }: ReturnType<typeof plan>) => reasons.map(sayNote);

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

  it('thaws nothing for few labelled texts, where the model knows sentences and no head was asked for that trains', () => {
    const few = { documents: 80, sentenceVectors: 384 };
    const stagesOf = (request: object, more: Partial<DataFacts>) =>
      plan(request, more).stages.map(({ stage }) => stage);
    expect(stagesOf({}, few)).toEqual(['classifier-linear']);
    expect(reasonsOf(plan({ minutes: 2 }, few))).toContain(
      'With 80 labelled texts nothing thaws: a linear head is fitted on what the language model, left as it is, makes of each text.',
    );
    expect(reasonsOf(plan({ minutes: 2 }, few)).join()).not.toMatch(/language model is not fine-tuned/);
    for (const [request, more] of [
      [{}, { ...few, documents: 300 }],
      [{}, { ...few, sentenceVectors: null }],
      [{}, { ...few, newWordShare: 0.5 }],
      [{ options: { unfreezing: 'gradual' } }, few],
      [{ options: { classifierEpochs: 3 } }, few],
    ] as const) {
      expect(stagesOf(request, more)).toContain('language-model-all');
      expect(stagesOf(request, more)).toContain('classifier-all');
    }
    expect(stagesOf({ options: { unfreezing: 'none' } }, { sentenceVectors: 384 })).toEqual(['classifier-linear']);
    // A model that learned no sentences forgets none: it reads the texts first.
    expect(stagesOf({ options: { unfreezing: 'none' } }, {})).toEqual(['language-model-new-rows', 'language-model-all', 'classifier-linear']); // prettier-ignore
    const fineTuned = stagesOf({ options: { lmEpochs: 1 } }, few);
    expect(fineTuned).toEqual(['language-model-new-rows', 'language-model-all', 'classifier-linear']);
  });

  it('keeps to the minutes that it is given, and says so', () => {
    const made = plan({ preset: 'best', minutes: 3 });
    expect(made.seconds).toBeLessThanOrEqual(180);
    expect(reasonsOf(made)[0]).toMatch(/^Training is cut to \d+(\.\d)? % of what is usual, to keep to 3 minutes\.$/);
    expect(made.warnings).toEqual([]);
    expect(reasonsOf(plan({ preset: 'best', minutes: 1 }))[0]).toMatch(/to keep to 1 minute\.$/);
    // A run of two models is told of the minutes that were asked for, not of one model's share.
    const half = planTraining(facts, trainingRequestSchema.parse({ preset: 'best', minutes: 1.5 }), speeds, { askedMinutes: 3 }); // prettier-ignore
    expect(reasonsOf(half)[0]).toMatch(/to keep to 3 minutes\.$/);
  });

  it('gives reasons that are true of the stages as they are cut', () => {
    for (const request of [{}, { minutes: 3 }, { preset: 'quick', minutes: 1 }, { preset: 'best', minutes: 6 }]) {
      const made = plan(request);
      const seen = made.reasons.find((one) => typeof one !== 'string' && one.code.startsWith('classifier-sees'));
      const { epochs } = stageOf(made, 'classifier-all')!;
      expect(seen).toEqual(
        epochs < 0.95
          ? { code: 'classifier-sees-part', texts: 1000, share: epochs }
          : { code: 'classifier-sees', texts: 1000, times: epochs },
      );
      const read = made.reasons.find((one) => typeof one !== 'string' && one.code.startsWith('language-model-reads'));
      const times = stageOf(made, 'language-model-all')!.epochs;
      expect(read).toMatchObject(times < 0.95 ? { share: times } : { times });
    }
    const once = reasonsOf(plan({ options: { classifierEpochs: 1, lmEpochs: 1 } })).join(' ');
    expect(once).toContain('sees 1,000 labelled texts once.');
    expect(once).toContain('reads 590,000 tokens once.');
    expect(reasonsOf(plan({ options: { unfreezing: 'last', classifierHeadEpochs: 1 } })).join(' ')).toContain(
      'Only the head learns; it sees 1,000 labelled texts once.',
    );
    expect(reasonsOf(plan({}, { languageModelTokens: 900 })).join(' ')).toMatch(/too little text .* \(tokens: 900\)/);
    expect(reasonsOf(plan({ fineTuneLanguageModel: false })).join(' ')).not.toMatch(/language model/i);
  });

  it('cuts texts shorter where only reading them would take the budget, unless their length was set', () => {
    const long: Partial<DataFacts> = {
      documents: 16_000,
      validDocuments: 2000,
      longest: 1500,
      languageModelTokens: 8_000_000,
      tokensWithin: (most) => 16_000 * Math.min(most, 400),
    };
    const made = plan({ minutes: 5 }, long);
    const usual = plan({}, long);
    expect(made.maxLength).toBeLessThan(usual.maxLength);
    expect(made.maxLength).toBeGreaterThanOrEqual(32);
    expect(reasonsOf(made).join(' ')).toMatch(/would not fit into 5 minutes/);
    expect(made.seconds).toBeLessThanOrEqual(300);
    expect(plan({ minutes: 5, options: { maxTokens: 128 } }, long).maxLength).toBe(128);
  });

  it('leaves the language model as it is where it could read next to nothing, unless its epochs were asked for', () => {
    const stages = (made: ReturnType<typeof plan>) => made.stages.map(({ stage }) => stage).join(' ');
    const short = plan({ preset: 'best', minutes: 1 });
    expect(stages(short)).not.toContain('language-model');
    expect(reasonsOf(short).join(' ')).toContain('The language model is not fine-tuned: in 1 minute it');
    expect(stages(plan({ preset: 'best', minutes: 1, options: { lmEpochs: 1 } }))).toContain('language-model-all');
    expect(stages(plan({ minutes: 10 }))).toContain('language-model-all');
  });

  it('says what a budget that cannot be kept to would have to be, and keeps to that', () => {
    const many: Partial<DataFacts> = {
      documents: 16_000,
      validDocuments: 2000,
      longest: 1500,
      languageModelTokens: 8_000_000,
      tokensWithin: (most) => 16_000 * Math.min(most, 400),
    };
    const [warning] = plan({ minutes: 1 }, many).warnings ?? [];
    expect(warning).toMatchObject({ code: 'budget-too-small', minutes: 1 });
    const { least } = warning as { least: number };
    expect(least).toBeGreaterThan(1);
    const enough = plan({ minutes: least }, many);
    expect(enough.warnings).toEqual([]);
    expect(enough.seconds + validationSeconds(enough, { ...facts, ...many }, speeds)).toBeLessThanOrEqual(60 * least);
    expect(plan({ minutes: 1 }).warnings).toEqual([]);
  });
});
