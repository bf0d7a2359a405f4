import { describe, expect, it } from 'vitest';
import { makeFormat } from '../../src/renderer/app/format';
import { createTranslations } from '../../src/renderer/app/i18n';
import { sayRunNote } from '../../src/renderer/app/note-words';
import { englishNotes, noteEvent, sayNote } from '../../src/shared/note-words';
import { progressEventSchema } from '../../src/shared/jobs';
import type { RunNote } from '../../src/shared/run-notes';
import { trainingPlanSchema } from '../../src/shared/training-types';

const say = (language: 'en' | 'de' | 'fr', note: RunNote | string): string => {
  const { t } = createTranslations(language).global;
  return sayRunNote(note, (key, named, count) => t(key, named, count), makeFormat(language), language);
};

const judged = { weight: 0.38, score: 'accuracy', lossBefore: 0.41, lossAfter: 0.3952, scoreBefore: 0.8712, scoreAfter: 0.884 } as const; // prettier-ignore

/** One of each code. */
const examples: { readonly [C in RunNote['code']]: Extract<RunNote, { code: C }> } = {
  'texts-cut': { code: 'texts-cut', tokens: 256, longest: 19_544 },
  'texts-cut-for-budget': { code: 'texts-cut-for-budget', tokens: 64, longest: 19_544, minutes: 2.5 },
  'language-model-too-short': { code: 'language-model-too-short', tokens: 900 },
  'language-model-left-out': { code: 'language-model-left-out', minutes: 2 },
  'language-model-reads': { code: 'language-model-reads', tokens: 4_402_641, times: 2.5 },
  'language-model-reads-part': { code: 'language-model-reads-part', tokens: 4_402_641, share: 0.31 },
  'changed-little': { code: 'changed-little' },
  'new-words': { code: 'new-words', words: 1200, vocabulary: 60_000 },
  'linear-head': { code: 'linear-head', texts: 80 },
  'head-only': { code: 'head-only', texts: 438, times: 1 },
  'classifier-sees': { code: 'classifier-sees', texts: 438, times: 12 },
  'classifier-sees-part': { code: 'classifier-sees-part', texts: 16_000, share: 0.04 },
  'cut-to-budget': { code: 'cut-to-budget', share: 0.36, minutes: 1 },
  'both-directions': { code: 'both-directions' },
  'estimated-usual': { code: 'estimated-usual', texts: 1000, of: 25_000 },
  'estimated-timed': { code: 'estimated-timed', texts: 1000, of: 25_000, languageModel: 3000, classifier: 4100 },
  'few-test-rows': { code: 'few-test-rows', n: 12, points: 18, testShare: 0.27 },
  'no-test-rows': { code: 'no-test-rows', testShare: null },
  'few-validation-rows': { code: 'few-validation-rows', n: 12, needed: 100 },
  'small-classes': { code: 'small-classes', n: 2, fewest: 10, labels: ['a (1)', 'b (3)'] },
  'labels-are-numbers': { code: 'labels-are-numbers', labels: 300, texts: 1200 },
  'labels-nearly-unique': { code: 'labels-nearly-unique', labels: 1100, texts: 1200 },
  'budget-too-small': { code: 'budget-too-small', minutes: 1, least: 3 },
  'goes-on': { code: 'goes-on' },
  'forward-now': { code: 'forward-now' },
  'backward-now': { code: 'backward-now' },
  'no-backward': { code: 'no-backward' },
  'both-ways': { code: 'both-ways' },
  'nothing-taken': { code: 'nothing-taken', model: 'en-forward' },
  'embedding-taken': { code: 'embedding-taken', model: 'en-forward' },
  'other-language': {
    code: 'other-language',
    model: 'en-forward',
    readLanguage: 'en',
    textsLanguage: 'de',
    fitting: ['multifit-de'],
  },
  'other-language-alone': { code: 'other-language-alone', model: 'x', readLanguage: 'en', textsLanguage: 'da' },
  'learning-pieces': { code: 'learning-pieces' },
  'cut-into-words': { code: 'cut-into-words', texts: 5000, language: 'en', tokens: 100_000, vocabulary: 8000, share: 0.0123 }, // prettier-ignore
  'cut-into-pieces': { code: 'cut-into-pieces', texts: 5000, language: 'en', tokens: 100_000, vocabulary: 8000, share: 0 }, // prettier-ignore
  'stepped-back': {
    code: 'stepped-back',
    stage: 'classifier-all',
    at: 812,
    tensor: 'the loss',
    step: 500,
    rate: 0.125,
  },
  patience: { code: 'patience', stage: 'classifier-all', epochs: 3, of: 8, n: 2 },
  'ended-early': { code: 'ended-early', stage: 'classifier-all' },
  'blend-pays': { code: 'blend-pays', ...judged },
  'blend-asked': { code: 'blend-asked', ...judged },
  'blend-left-out': { code: 'blend-left-out', ...judged, score: 'micro-f1' },
  'blend-unjudged': { code: 'blend-unjudged', weight: 0.4, n: 12 },
  'rows-unreadable': { code: 'rows-unreadable', n: 3, file: '/a/mails.csv' },
  'rows-unlabelled': { code: 'rows-unlabelled', n: 1200 },
  'few-rows-to-weigh': { code: 'few-rows-to-weigh', n: 12 },
  'rows-not-weighed': { code: 'rows-not-weighed', n: 3 },
  'ablation-run': { code: 'ablation-run', run: 3, of: 6, variant: 'no-dropout', change: 'no dropout', seed: 2000 },
};

describe('the notes of plans and runs', () => {
  it('are whole sentences in every language, with every value in them', () => {
    expect(Object.keys(examples).sort()).toEqual(Object.keys(englishNotes).sort());
    for (const note of Object.values(examples)) {
      for (const language of ['en', 'de', 'fr'] as const) {
        const words = say(language, note);
        expect(words, note.code).toMatch(/^\p{Lu}|^\d/u);
        expect(words, note.code).not.toMatch(/[{}|]|undefined|NaN|runNotes/);
        if (language !== 'en') expect(words, note.code).not.toBe(say('en', note));
      }
      // The window's English is that of the command line, but for how it writes percent and names stages.
      const bare = (words: string) => words.replaceAll(' %', '%').replace('All layers', 'classifier-all');
      expect(bare(say('en', note))).toBe(bare(sayNote(note)));
    }
  });

  it('write numbers, shares and times as each language does', () => {
    expect(say('de', examples['language-model-reads'])).toBe('Das Sprachmodell liest 4.402.641 Wörter 2,5-mal.');
    expect(say('fr', examples['texts-cut'])).toContain('19\u202f544');
    expect(say('de', examples['classifier-sees-part'])).toContain('4,0\u00a0%');
    expect(say('fr', examples['texts-cut-for-budget'])).toContain('2,5 minutes');
    expect(say('de', examples['stepped-back'])).toMatch(/„Alle Schichten“.*0,125-Fachen/);
    expect(sayNote(examples['stepped-back'])).toContain('goes on with 0.125 of its rate');
    expect(sayNote(examples['blend-pays'])).toContain('(weight 0.38), the loss on validation goes from 0.410 to 0.395 and accuracy from 87.1 % to 88.4 %'); // prettier-ignore
    expect(say('fr', examples['blend-left-out'])).toContain('le micro-F1 de 87,1');
    expect(say('de', examples['other-language'])).toMatch(/Deutsch.*Englisch/);
    expect(say('fr', examples['ablation-run'])).toBe('Essai 3 sur 6 : sans dropout, graine 2000.');
    const own = { ...examples['ablation-run'], variant: 'lmAlpha-0', change: 'lmAlpha=0' };
    expect(say('de', own)).toContain(': lmAlpha=0,');
  });

  it('tell one from many', () => {
    expect(sayNote(examples['cut-to-budget'])).toContain('keep to 1 minute.');
    expect(say('de', examples['cut-to-budget'])).toContain('in 1 Minute fertig');
    expect(say('fr', examples['head-only'])).toContain('étiquetés une fois.');
    expect(sayNote({ ...examples['head-only'], times: 3.04 })).toContain('3 times.');
    expect(say('de', { ...examples['few-test-rows'], n: 1 })).toMatch(/^Nur 1 Testtext misst/);
    expect(say('fr', { ...examples['small-classes'], n: 1 })).toMatch(/^1 étiquette a moins/);
    expect(sayNote({ ...examples.patience, n: 1 })).toMatch(/for 1 epoch\.$/);
    expect(sayNote({ ...examples['rows-unlabelled'], n: 1 })).toBe('1 row without a label was left out.');
    expect(say('de', examples['rows-unlabelled'])).toBe('1.200 Zeilen ohne Label wurden ausgelassen.');
  });

  it('of earlier versions are sentences, and stay as they are', () => {
    const old = { stages: [], batchSize: 32, bptt: 70, maxLength: 100, seconds: 1, reasons: ['Epochs are cut.'] };
    const { reasons } = trainingPlanSchema.parse(old);
    expect(reasons.map((reason) => say('de', reason))).toEqual(['Epochs are cut.']);
    const event = { type: 'note', level: 'info', message: 'Something was decided.' };
    expect(progressEventSchema.parse(event)).toEqual(event);
  });

  it('of newer versions are told by their English sentence', () => {
    const event = { type: 'note', level: 'info', message: 'Something new.', note: { code: 'something-new', n: 3 } };
    expect(progressEventSchema.parse(event)).toMatchObject({ message: 'Something new.', note: undefined });
    expect(progressEventSchema.parse(noteEvent(examples.patience))).toMatchObject({ note: examples.patience });
  });
});
