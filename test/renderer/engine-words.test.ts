import { describe, expect, it } from 'vitest';
import { sayEngineSentence } from '../../src/renderer/app/engine-words';
import { makeFormat } from '../../src/renderer/app/format';
import { createTranslations } from '../../src/renderer/app/i18n';

const say = (language: 'en' | 'de' | 'fr', sentence: string): string => {
  const { t } = createTranslations(language).global;
  return sayEngineSentence(sentence, (key, named) => t(key, named), makeFormat(language));
};

describe('what the engine says', () => {
  it('is said in German and French, with numbers as these write them', () => {
    expect(say('de', 'expected 4 cells, got 5')).toBe('4 Zellen erwartet, 5 gefunden');
    expect(say('fr', 'statistics (83 %)')).toBe('statistiques (83\u00a0%)');
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
