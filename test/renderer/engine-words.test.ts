import { describe, expect, it } from 'vitest';
import { planTraining, type DataFacts } from '../../src/engine/tasks/plan';
import { estimateWords, trainedTwice } from '../../src/main/host/pipelines/plan-words';
import { sayEngineSentence } from '../../src/renderer/app/engine-words';
import { makeFormat } from '../../src/renderer/app/format';
import { createTranslations } from '../../src/renderer/app/i18n';
import { trainingRequestSchema } from '../../src/shared/training-types';

const say = (language: 'en' | 'de' | 'fr', sentence: string): string => {
  const { t } = createTranslations(language).global;
  return sayEngineSentence(sentence, (key, named) => t(key, named), makeFormat(language));
};

/** Reasons of real plans of many kinds. */
function reasons(): readonly string[] {
  const facts = { documents: 438, tokensWithin: () => 90_000, longest: 19_544, languageModelTokens: 4_402_641, pretrained: true, newWords: 40_194, vocabulary: 60_000 } as unknown as DataFacts; // prettier-ignore
  const speeds = { languageModel: 3000, classifier: 4000 };
  const plan = (request: object, more: Partial<DataFacts> = {}) =>
    planTraining({ ...facts, ...more }, trainingRequestSchema.parse(request), speeds).reasons;
  return [
    trainedTwice,
    estimateWords(1000, 25_000, null),
    estimateWords(1000, 25_000, speeds),
    ...plan({ preset: 'quick', minutes: 5 }),
    ...plan({ preset: 'best' }, { languageModelTokens: 900 }),
    ...plan({ options: { unfreezing: 'last', lmEpochs: 1, classifierHeadEpochs: 1 } }),
    ...plan({ options: { classifierEpochs: 1, lmEpochs: 2.5, maxTokens: 100 } }),
  ];
}

describe('what the engine says', () => {
  it('is said in German and French, with numbers as these write them', () => {
    expect(say('de', 'The language model reads 4,402,641 tokens 0.7 times.')).toBe(
      'Das Sprachmodell liest 4.402.641 Wörter 0,7-mal.',
    );
    expect(say('fr', 'Texts are cut after 256 tokens (the longest has 19544).')).toContain('19\u202f544');
    expect(say('de', 'Stage classifier-all ends after 3 of 8 epochs: validation was not better for 2.')).toContain(
      '„Alle Schichten“',
    );
    expect(say('de', 'expected 4 cells, got 5')).toBe('4 Zellen erwartet, 5 gefunden');
    expect(say('fr', 'statistics (83 %)')).toBe('statistiques (83 %)');
  });

  it('is known for every reason of a plan', () => {
    const all = reasons();
    expect(new Set(all).size).toBeGreaterThanOrEqual(9);
    for (const sentence of all) {
      for (const language of ['de', 'fr'] as const) expect(say(language, sentence), sentence).not.toBe(sentence);
      expect(say('en', sentence).replaceAll(',', '')).toBe(sentence.replaceAll(',', ''));
    }
  });

  it('is known for every reason that the sources of the plan can give', () => {
    const sources = import.meta.glob<string>(
      ['../../src/engine/tasks/plan.ts', '../../src/main/host/pipelines/plan-*.ts'],
      {
        query: '?raw',
        import: 'default',
        eager: true,
      },
    );
    // A whole sentence in the source: capital, words, full stop. What is put in is a number, or how often: „2 times“.
    const found = Object.values(sources).flatMap((source) =>
      [...source.matchAll(/(['`])([A-Z][^'`\n]{20,}\.)\1/g)]
        .map((one) =>
          (one[2] ?? '')
            .replaceAll(/\$\{times\([^}]*\}/g, '2 times')
            .replaceAll(/\$\{speed\}/g, 'the usual speed of two cores')
            .replaceAll(/\$\{[^}]*\}/g, '7'),
        )
        .filter((sentence) => !/^(The project has no rows yet|A run reads in no direction)/.test(sentence)),
    );
    expect(found.length).toBeGreaterThanOrEqual(8);
    for (const sentence of found) expect(say('de', sentence), sentence).not.toBe(sentence);
  });

  it('is known for every fixed sentence of the readers of files', () => {
    const sources = import.meta.glob<string>('../../src/engine/data/**/*.ts', {
      query: '?raw',
      import: 'default',
      eager: true,
    });
    const found = Object.values(sources).flatMap((source) =>
      [...source.matchAll(/(?:notes = \[|notes\.push\(|\breason: |this\.reject\()'([^']+)'/g)].map(
        (one) => one[1] ?? '',
      ),
    );
    expect(found.length).toBeGreaterThanOrEqual(8);
    const names = ['Parquet']; // the same in every language
    for (const sentence of found.filter((one) => !names.includes(one)))
      expect(say('de', sentence), sentence).not.toBe(sentence);
  });

  it('stays as it is where there are no words for it', () => {
    expect(say('de', 'Something that nobody has foreseen.')).toBe('Something that nobody has foreseen.');
  });
});
